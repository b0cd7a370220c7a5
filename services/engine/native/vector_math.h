// Functions of one number that compilers turn into vector instructions.
#pragma once
#include <cstdint>
#include <cstring>

#include "operations.h"

namespace stepwire {

// e^x for x up to 88, 0 below -87. Taylor's series of degree 7 over half a power of two: relative error under 2e-7.
STEPWIRE_OPERATION Exponential(float x) {
  // What is not a number becomes one until the end: it has no whole number to round to.
  const float low = x > -87.0f ? x : -87.0f;
  const float bounded = low > 88.0f ? 88.0f : low;
  // Adding and taking away 1.5 * 2^23 rounds to a whole number.
  const float power = (bounded * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  const float rest = (bounded - power * 0.693145751953125f) - power * 1.428606765330187e-6f;
  float series = 1.0f / 5040;
  series = series * rest + 1.0f / 720;
  series = series * rest + 1.0f / 120;
  series = series * rest + 1.0f / 24;
  series = series * rest + 1.0f / 6;
  series = series * rest + 0.5f;
  series = series * rest + 1.0f;
  series = series * rest + 1.0f;
  const uint32_t bits = static_cast<uint32_t>(static_cast<int32_t>(power) + 127) << 23;
  float factor;
  std::memcpy(&factor, &bits, sizeof(factor));
  const float value = series * factor;
  const float large = x < -87.0f ? 0.0f : value;
  return x != x ? x : large;
}

STEPWIRE_OPERATION Sigmoid(float x) { return 1.0f / (1.0f + Exponential(-x)); }

// The normal distribution function and its density. Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 (for erf);
// error under 1e-7.
STEPWIRE_OPERATION NormalDensity(float x) { return 0.398942280401432678f * Exponential(-0.5f * x * x); }

STEPWIRE_OPERATION NormalDistribution(float x) {
  const float z = __builtin_fabsf(x) * 0.707106781186547524f;
  const float t = 1.0f / (1.0f + 0.3275911f * z);
  float series = 1.061405429f;
  series = series * t - 1.453152027f;
  series = series * t + 1.421413741f;
  series = series * t - 0.284496736f;
  series = series * t + 0.254829592f;
  const float tail = 0.5f * series * t * Exponential(-z * z);
  return x > 0 ? 1.0f - tail : tail;
}

// The distribution function by tanh, 0.5 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), and its derivative. Source: Hendrycks and Gimpel,
// Gaussian Error Linear Units, arXiv:1606.08415, section 2. 0.5 (1 + tanh(u)) is sigmoid(2 u).
STEPWIRE_OPERATION TanhDistribution(float x) { return Sigmoid(1.59576912160573071f * (x + 0.044715f * x * x * x)); }

STEPWIRE_OPERATION TanhDensity(float x, float distribution) {
  return 1.59576912160573071f * (1.0f + 0.134145f * x * x) * distribution * (1.0f - distribution);
}

}  // namespace stepwire
