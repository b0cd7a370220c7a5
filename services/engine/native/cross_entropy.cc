// StepwireCrossEntropy, StepwireCrossEntropyLosses: -log softmax(logits)[label] of each row, with its gradient and without.
//
// Inputs   logits: float [n, c]; labels: int32 [n], each from 0 to c - 1. Of the first: weight: float [], of each row's loss in the whole;
//          no attribute, because TensorFlow keeps a kernel for every value that an attribute ever had.
// Outputs  loss: float [n], not finite where a logit is not; correct: float [n], 1 where the label's logit is the greatest, of equal ones
//          the first; of the first operation slope: float [n, c], weight (softmax - one-hot).
// Twin     services/engine/layers/crossEntropy.ts.
// Source   the softmax's denominator in one pass: Milakov and Gimelshein, 2018, Online normalizer calculation for softmax, arXiv:1805.02867.
// A row is read once for its loss and once for its slope, in blocks that stay in the cache between their maximum and their exponentials.
#include "cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

constexpr int64_t kBlock = 4096;
// Numbers that a thread takes at a time, in whole rows.
constexpr int64_t kPart = 16384;

STEPWIRE_CLONES
float Greatest(const float* x, int64_t length) {
  float greatest = -std::numeric_limits<float>::infinity();
#pragma omp simd reduction(max : greatest)
  for (int64_t i = 0; i < length; i++) greatest = x[i] > greatest ? x[i] : greatest;
  return greatest;
}

// x - x is 0, and not a number where x is infinite: e^x would be 0 of minus infinity.
STEPWIRE_CLONES
float SumOfExponentials(const float* x, float greatest, int64_t length) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < length; i++) sum += Exponential(x[i] - greatest) + (x[i] - x[i]);
  return sum;
}

STEPWIRE_CLONES
void WeightedSoftmax(const float* x, float greatest, float factor, float* y, int64_t length) {
#pragma omp simd
  for (int64_t i = 0; i < length; i++) y[i] = Exponential(x[i] - greatest) * factor;
}

// The greatest of the logits seen so far, and the sum of their exponentials over its own.
struct Softmax {
  float greatest = -std::numeric_limits<float>::infinity();
  double sum = 0;

  void See(const float* x, int64_t length) {
    for (int64_t from = 0; from < length; from += kBlock) {
      const int64_t count = std::min(kBlock, length - from);
      const float greater = std::max(greatest, Greatest(x + from, count));
      if (sum > 0) sum *= std::exp(static_cast<double>(greatest) - greater);
      greatest = greater;
      sum += SumOfExponentials(x + from, greatest, count);
    }
  }
};

// Of one row. Those before the label and the others are seen apart: a label that is the greatest is greater than every one before it.
Softmax SoftmaxOf(const float* logits, int32_t label, int64_t c, float* loss, float* correct) {
  Softmax softmax;
  softmax.See(logits, label);
  const float before = softmax.greatest, own = logits[label];
  softmax.See(logits + label, c - label);
  *loss = static_cast<float>(std::log(softmax.sum) + (static_cast<double>(softmax.greatest) - own));
  *correct = own > before && own == softmax.greatest && std::isfinite(*loss) ? 1.0f : 0.0f;
  return softmax;
}

// Refuses logits without rows and columns, and labels that are no column.
void CheckInputs(Call& call) {
  call.Expect(0, "logits", {-1, -1});
  if (!call.ok()) return;
  const int64_t n = call.Length(0, 0), c = call.Length(0, 1);
  call.Expect(1, "labels", {n});
  if (!call.ok()) return;
  const int32_t* labels = call.In<int32_t>(1);
  for (int64_t row = 0; row < n && call.ok(); row++)
    if (labels[row] < 0 || labels[row] >= c)
      call.Refuse("the label of row " + std::to_string(row) + " is " + std::to_string(labels[row]) + "; there are " + std::to_string(c) + " classes");
}

int64_t RowsOfPart(int64_t c) { return std::max<int64_t>(1, kPart / std::max<int64_t>(1, c)); }

struct CrossEntropy {
  static constexpr const char* kName = "StepwireCrossEntropy";
  static Names Inputs() { return {"logits: float", "labels: int32", "weight: float"}; }
  static Names Outputs() { return {"loss: float", "correct: float", "slope: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    CheckInputs(call);
    call.Expect(2, "weight", {});
    if (!call.ok()) return;
    const int64_t n = call.Length(0, 0), c = call.Length(0, 1);
    float *loss = call.Out(0, {n}), *correct = call.Out(1, {n}), *slope = call.OutLike(2, 0);
    if (!call.ok()) return;
    const float *logits = call.In(0), weight = *call.In(2);
    const int32_t* labels = call.In<int32_t>(1);
    InParts(n, RowsOfPart(c), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * c;
        const Softmax softmax = SoftmaxOf(logits + at, labels[row], c, loss + row, correct + row);
        WeightedSoftmax(logits + at, softmax.greatest, static_cast<float>(weight / softmax.sum), slope + at, c);
        slope[at + labels[row]] -= weight;
      }
    });
  }
};

struct CrossEntropyLosses {
  static constexpr const char* kName = "StepwireCrossEntropyLosses";
  static Names Inputs() { return {"logits: float", "labels: int32"}; }
  static Names Outputs() { return {"loss: float", "correct: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    CheckInputs(call);
    if (!call.ok()) return;
    const int64_t n = call.Length(0, 0), c = call.Length(0, 1);
    float *loss = call.Out(0, {n}), *correct = call.Out(1, {n});
    if (!call.ok()) return;
    const float* logits = call.In(0);
    const int32_t* labels = call.In<int32_t>(1);
    InParts(n, RowsOfPart(c), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) SoftmaxOf(logits + row * c, labels[row], c, loss + row, correct + row);
    });
  }
};

}  // namespace

void RegisterCrossEntropy(TF_Status* status) {
  RegisterOperation<CrossEntropy>(status);
  if (TF_GetCode(status) == TF_OK) RegisterOperation<CrossEntropyLosses>(status);
}

}  // namespace stepwire
