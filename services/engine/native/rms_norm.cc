// StepwireRmsNorm, StepwireRmsNormGrad: rows over the root of their mean square, times a gain.
// StepwireStreamRmsNorm, StepwireStreamRmsNormGrad: the same of x + branch, where the sum goes on beside its norm.
//
// Inputs   x, branch: float [rows, n]; weight: float [n]. Attr epsilon.
//          Of the gradients: dy: float [rows, n], what was normalised (x, or the sum), the inverse roots that the forward operation gave, weight;
//          dsum: float [rows, n], the gradient of the sum itself.
// Outputs  y, sum: float [rows, n]; inverse: float [rows]. dx: float [rows, n], with a stream the branch's gradient too; dweight: float [n].
// Twin     services/engine/layers/rmsNorm.ts, streamRmsNorm.ts.
// Sums over rows are kept by parts of kRows rows in order: they do not depend on the number of threads.
#include "rms_norm.h"

#include "column_sums.h"
#include "operation.h"

namespace stepwire {
namespace {

constexpr int64_t kRows = 16;

STEPWIRE_CLONES
void AddRows(const float* x, const float* branch, float* sum, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) sum[i] = x[i] + branch[i];
}

STEPWIRE_CLONES
void Normalise(const float* x, const float* weight, float epsilon, float* y, float* inverse, int64_t n) {
  float squares = 0;
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < n; i++) squares += x[i] * x[i];
  const float scale = 1.0f / __builtin_sqrtf(squares / static_cast<float>(n) + epsilon);
  *inverse = scale;
#pragma omp simd
  for (int64_t i = 0; i < n; i++) y[i] = x[i] * scale * weight[i];
}

STEPWIRE_CLONES
void Backward(const float* dy, const float* x, const float* weight, float inverse, const float* dsum, float* dx, float* dweight, int64_t n) {
  float along = 0;
#pragma omp simd reduction(+ : along)
  for (int64_t i = 0; i < n; i++) {
    along += dy[i] * weight[i] * x[i];
    dweight[i] += dy[i] * x[i] * inverse;
  }
  const float factor = along * inverse * inverse / static_cast<float>(n);
  if (dsum) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) dx[i] = dsum[i] + (dy[i] * weight[i] - x[i] * factor) * inverse;
  } else {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) dx[i] = (dy[i] * weight[i] - x[i] * factor) * inverse;
  }
}

template <bool kStream>
struct RmsNorm {
  static constexpr const char* kName = kStream ? "StepwireStreamRmsNorm" : "StepwireRmsNorm";
  static Names Inputs() {
    if (kStream) return {"x: float", "weight: float", "branch: float"};
    return {"x: float", "weight: float"};
  }
  static Names Outputs() {
    if (kStream) return {"y: float", "inverse: float", "sum: float"};
    return {"y: float", "inverse: float"};
  }
  static Names AttributeNames() { return {"epsilon: float"}; }
  static void Compute(Call& call) {
    call.Expect(0, "x", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "weight", {n});
    if (kStream) call.Expect(2, "branch", {rows, n});
    float *y = call.OutLike(0, 0), *inverse = call.Out(1, {rows}), *sum = kStream ? call.OutLike(2, 0) : nullptr;
    if (!call.ok()) return;
    const float *x = call.In(0), *weight = call.In(1), *branch = kStream ? call.In(2) : nullptr;
    const float epsilon = static_cast<float>(call.Attribute("epsilon"));
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * n;
        if (kStream) AddRows(x + at, branch + at, sum + at, n);
        Normalise(kStream ? sum + at : x + at, weight, epsilon, y + at, inverse + row, n);
      }
    });
  }
};

template <bool kStream>
struct RmsNormGrad {
  static constexpr const char* kName = kStream ? "StepwireStreamRmsNormGrad" : "StepwireRmsNormGrad";
  static Names Inputs() {
    if (kStream) return {"dy: float", "x: float", "inverse: float", "weight: float", "dsum: float"};
    return {"dy: float", "x: float", "inverse: float", "weight: float"};
  }
  static Names Outputs() { return {"dx: float", "dweight: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    call.Expect(0, "dy", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "x", {rows, n});
    call.Expect(2, "inverse", {rows});
    call.Expect(3, "weight", {n});
    if (kStream) call.Expect(4, "dsum", {rows, n});
    float *dx = call.OutLike(0, 0), *dweight = call.Out(1, {n});
    if (!call.ok()) return;
    const float *dy = call.In(0), *x = call.In(1), *inverse = call.In(2), *weight = call.In(3), *dsum = kStream ? call.In(4) : nullptr;
    ColumnSums weights(rows, kRows, n);
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * n;
        Backward(dy + at, x + at, weight, inverse[row], kStream ? dsum + at : nullptr, dx + at, weights.Part(begin), n);
      }
    });
    weights.Write(dweight);
  }
};

}  // namespace

void RegisterRmsNorm(TF_Status* status) {
  for (const auto& registration : {RegisterOperation<RmsNorm<false>>, RegisterOperation<RmsNormGrad<false>>, RegisterOperation<RmsNorm<true>>,
                                   RegisterOperation<RmsNormGrad<true>>})
    if (TF_GetCode(status) == TF_OK) registration(status);
}

}  // namespace stepwire
