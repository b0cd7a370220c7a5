// What each vector instruction computes for one element (services/core/optimizers/program.ts): the block machine and the fused programs share
// it. They differ in rounding only: in a fused program a compiler may make one instruction of a product and a sum.
#pragma once

// The square root is a vector instruction only where the compiler may forget errno (GCC defines this with -fno-math-errno).
#if defined(__GNUC__) && !defined(__clang__) && !defined(__NO_MATH_ERRNO__)
#warning "compile with -fno-math-errno -fno-trapping-math: without them the optimizers run at half their speed"
#endif

// Compiled for AVX-512, AVX2 and the baseline; the processor decides at load time.
#if defined(__x86_64__) && defined(__GLIBC__) && (defined(__clang__) || __GNUC__ >= 12)
#define STEPWIRE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#elif defined(__x86_64__) && defined(__GLIBC__)
// Older compilers know no levels of the architecture.
#define STEPWIRE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define STEPWIRE_CLONES
#endif

#define STEPWIRE_OPERATION inline __attribute__((always_inline)) float

namespace stepwire {
namespace operations {

STEPWIRE_OPERATION Copy(float a) { return a; }
STEPWIRE_OPERATION Fill(float s) { return s; }
STEPWIRE_OPERATION Scale(float a, float s) { return s * a; }
STEPWIRE_OPERATION Affine(float a, float s, float t) { return s * a + t; }
STEPWIRE_OPERATION Add(float a, float b) { return a + b; }
STEPWIRE_OPERATION Mul(float a, float b) { return a * b; }
STEPWIRE_OPERATION Div(float a, float b) { return a / b; }
// Not-a-number on either side stays, as in JavaScript. In two steps, because compilers make no vector instructions of "or".
STEPWIRE_OPERATION Max(float a, float b) {
  const float larger = a > b ? a : b;
  return a != a ? a : larger;
}
STEPWIRE_OPERATION Min(float a, float b) {
  const float smaller = a < b ? a : b;
  return a != a ? a : smaller;
}
STEPWIRE_OPERATION MaxScalar(float a, float s) { return Max(a, s); }
STEPWIRE_OPERATION MinScalar(float a, float s) { return Min(a, s); }
STEPWIRE_OPERATION Greater(float a, float b) { return a > b ? 1.0f : 0.0f; }
STEPWIRE_OPERATION Above(float a, float s) { return a > s ? 1.0f : 0.0f; }
STEPWIRE_OPERATION Below(float a, float s) { return a < s ? 1.0f : 0.0f; }
STEPWIRE_OPERATION Select(float a, float b, float c) { return a == 0 ? c : b; }
STEPWIRE_OPERATION Abs(float a) { return __builtin_fabsf(a); }
STEPWIRE_OPERATION Sign(float a) { return a > 0 ? 1.0f : a < 0 ? -1.0f : a; }
STEPWIRE_OPERATION Square(float a) { return a * a; }
STEPWIRE_OPERATION Sqrt(float a) { return __builtin_sqrtf(a); }
STEPWIRE_OPERATION ScaleAdd(float a, float b, float s, float t) { return s * a + t * b; }
STEPWIRE_OPERATION SquareScaleAdd(float a, float b, float s, float t) { return s * (a * a) + t * b; }
STEPWIRE_OPERATION ScaledSqrtAdd(float a, float s, float t) { return __builtin_sqrtf(s * a) + t; }
STEPWIRE_OPERATION ScaledDivide(float a, float b, float s) { return s * a / b; }
STEPWIRE_OPERATION ScaledReciprocal(float a, float s) { return s / a; }

}  // namespace operations
}  // namespace stepwire
