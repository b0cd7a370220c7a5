// StepwireCrossEntropy: -log softmax(logits)[label] of each row, and the gradient of the rows' sum times a weight.
//
// Inputs   logits: float [n, classes]; labels: int32 [n]. Attr weight; slopes (0: the gradient is not wanted, and has no rows).
// Outputs  loss: float [n]; correct: float [n], 1 where no logit is greater than the label's and none of a lower class is as great;
//          slope: float [n, classes], weight * (softmax - one-hot).
// Twin     services/engine/layers/crossEntropy.ts.
#include "cross_entropy.h"

#include <cmath>

#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

STEPWIRE_CLONES
float Greatest(const float* logits, int64_t n) {
  float greatest = logits[0];
#pragma omp simd reduction(max : greatest)
  for (int64_t i = 0; i < n; i++) greatest = logits[i] > greatest ? logits[i] : greatest;
  return greatest;
}

STEPWIRE_CLONES
float SumOfExponentials(const float* logits, float greatest, int64_t n) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += Exponential(logits[i] - greatest);
  return sum;
}

STEPWIRE_CLONES
void Slope(const float* logits, float normaliser, float weight, float* slope, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) slope[i] = weight * Exponential(logits[i] - normaliser);
}

STEPWIRE_CLONES
bool IsFirstGreatest(const float* logits, int64_t label, int64_t n) {
  const float own = logits[label];
  int32_t above = 0;
#pragma omp simd reduction(+ : above)
  for (int64_t i = 0; i < n; i++) above += (logits[i] > own) | ((i < label) & (logits[i] == own));
  return above == 0 && own == own;
}

struct CrossEntropy {
  static constexpr const char* kName = "StepwireCrossEntropy";
  static Names Inputs() { return {"logits: float", "labels: int32"}; }
  static Names Outputs() { return {"loss: float", "correct: float", "slope: float"}; }
  static Names AttributeNames() { return {"weight: float", "slopes: int"}; }
  static void Compute(Call& call) {
    call.Expect(0, "logits", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "labels", {rows});
    if (!call.ok()) return;
    const int32_t* labels = call.In<int32_t>(1);
    for (int64_t row = 0; row < rows; row++)
      if (labels[row] < 0 || labels[row] >= n) {
        call.Refuse("label " + std::to_string(labels[row]) + " of row " + std::to_string(row) + " is not among " + std::to_string(n) + " classes");
        return;
      }
    const bool slopes = call.Attribute("slopes") != 0;
    float *loss = call.Out(0, {rows}), *correct = call.Out(1, {rows}), *slope = call.Out(2, {slopes ? rows : 0, n});
    if (!call.ok()) return;
    const float* logits = call.In(0);
    const float weight = static_cast<float>(call.Attribute("weight"));
    InParts(rows, 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const float* own = logits + row * n;
        const float greatest = Greatest(own, n);
        // Infinite and other odd logits make the sum not a number, and with it the loss.
        const float normaliser = greatest + std::log(SumOfExponentials(own, greatest, n));
        loss[row] = normaliser - own[labels[row]];
        correct[row] = IsFirstGreatest(own, labels[row], n) ? 1.0f : 0.0f;
        if (!slopes) continue;
        Slope(own, normaliser, weight, slope + row * n, n);
        slope[row * n + labels[row]] -= weight;
      }
    });
  }
};

}  // namespace

void RegisterCrossEntropy(TF_Status* status) { RegisterOperation<CrossEntropy>(status); }

}  // namespace stepwire
