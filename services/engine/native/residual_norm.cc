// StepwireLayerNorm, StepwireLayerNormGrad: rows to mean 0 and variance 1, then gain and bias.
// StepwireResidualNorm, StepwireResidualNormGrad: the same of x + dropout(branch + branch_bias), the end of both halves of an encoder layer.
// StepwireStreamNorm, StepwireStreamNormGrad: the same where the sum goes on beside its norm, as in decoders.
//
// Inputs   x, branch: float [rows, n]; weight, bias, branch_bias: float [n]; seed: int32 [2] of dropout. Attr epsilon, rate (0: no dropout).
//          Of the gradients: dy: float [rows, n] with the normalised rows and the inverse deviations that the forward operation gave.
//          dsum: float [rows, n], the gradient of the sum itself.
// Outputs  sum, y, normalised: float [rows, n]; inverse: float [rows]. Gradients in the shapes of what they are of.
// Twin     services/engine/layers/layerNorm.ts, residualNorm.ts, streamNorm.ts.
// Sums over rows are kept by parts of kRows rows in order: they do not depend on the number of threads.
#include "residual_norm.h"

#include "column_sums.h"
#include "dropout.h"
#include "operation.h"

namespace stepwire {
namespace {

constexpr int64_t kRows = 16;

// Normalises `row`, which may be `normalised` itself.
STEPWIRE_CLONES
void Normalise(const float* row, const float* weight, const float* bias, float epsilon, float* normalised, float* y, float* inverse, int64_t n) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += row[i];
  const float mean = sum / static_cast<float>(n);
  float squares = 0;
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < n; i++) squares += (row[i] - mean) * (row[i] - mean);
  const float scale = 1.0f / __builtin_sqrtf(squares / static_cast<float>(n) + epsilon);
  *inverse = scale;
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float value = (row[i] - mean) * scale;
    normalised[i] = value;
    y[i] = value * weight[i] + bias[i];
  }
}

STEPWIRE_CLONES
void AddBranch(const float* x, const float* branch, const float* bias, float* sum, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) sum[i] = x[i] + (branch[i] + bias[i]);
}

STEPWIRE_CLONES
void AddDropped(const float* x, const float* branch, const float* bias, const float* uniform, float rate, float factor, float* sum, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) sum[i] = x[i] + (uniform[i] >= rate ? (branch[i] + bias[i]) * factor : 0.0f);
}

STEPWIRE_CLONES
void Backward(const float* dy, const float* normalised, const float* weight, float inverse, float* dx, float* dweight, float* dbias, int64_t n) {
  float sum = 0, along = 0;
#pragma omp simd reduction(+ : sum, along)
  for (int64_t i = 0; i < n; i++) {
    const float weighted = dy[i] * weight[i];
    sum += weighted;
    along += weighted * normalised[i];
    dweight[i] += dy[i] * normalised[i];
    dbias[i] += dy[i];
  }
  const float mean = sum / static_cast<float>(n), mean_along = along / static_cast<float>(n);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) dx[i] = (dy[i] * weight[i] - mean - normalised[i] * mean_along) * inverse;
}

STEPWIRE_CLONES
void Add(const float* a, float* sum, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) sum[i] += a[i];
}

STEPWIRE_CLONES
void DropGradient(const float* dx, const float* uniform, float rate, float factor, float* dbranch, float* sums, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float kept = uniform[i] >= rate ? dx[i] * factor : 0.0f;
    dbranch[i] = kept;
    sums[i] += kept;
  }
}

STEPWIRE_CLONES
void CopyGradient(const float* dx, float* dbranch, float* sums, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    dbranch[i] = dx[i];
    sums[i] += dx[i];
  }
}

struct LayerNorm {
  static constexpr const char* kName = "StepwireLayerNorm";
  static Names Inputs() { return {"x: float", "weight: float", "bias: float"}; }
  static Names Outputs() { return {"y: float", "normalised: float", "inverse: float"}; }
  static Names AttributeNames() { return {"epsilon: float"}; }
  static void Compute(Call& call) {
    call.Expect(0, "x", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "weight", {n});
    call.Expect(2, "bias", {n});
    float *y = call.OutLike(0, 0), *normalised = call.OutLike(1, 0), *inverse = call.Out(2, {rows});
    if (!call.ok()) return;
    const float *x = call.In(0), *weight = call.In(1), *bias = call.In(2);
    const float epsilon = static_cast<float>(call.Attribute("epsilon"));
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++)
        Normalise(x + row * n, weight, bias, epsilon, normalised + row * n, y + row * n, inverse + row, n);
    });
  }
};

struct LayerNormGrad {
  static constexpr const char* kName = "StepwireLayerNormGrad";
  static Names Inputs() { return {"dy: float", "normalised: float", "inverse: float", "weight: float"}; }
  static Names Outputs() { return {"dx: float", "dweight: float", "dbias: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    call.Expect(0, "dy", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "normalised", {rows, n});
    call.Expect(2, "inverse", {rows});
    call.Expect(3, "weight", {n});
    float *dx = call.OutLike(0, 0), *dweight = call.Out(1, {n}), *dbias = call.Out(2, {n});
    if (!call.ok()) return;
    const float *dy = call.In(0), *normalised = call.In(1), *inverse = call.In(2), *weight = call.In(3);
    ColumnSums weights(rows, kRows, n), biases(rows, kRows, n);
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++)
        Backward(dy + row * n, normalised + row * n, weight, inverse[row], dx + row * n, weights.Part(begin), biases.Part(begin), n);
    });
    weights.Write(dweight);
    biases.Write(dbias);
  }
};

// With kStream the sum is an output too, and its own gradient an input.
template <bool kStream>
struct BranchNorm {
  static constexpr const char* kName = kStream ? "StepwireStreamNorm" : "StepwireResidualNorm";
  static Names Inputs() { return {"x: float", "branch: float", "branch_bias: float", "seed: int32", "weight: float", "bias: float"}; }
  static Names Outputs() {
    if (kStream) return {"y: float", "normalised: float", "inverse: float", "sum: float"};
    return {"y: float", "normalised: float", "inverse: float"};
  }
  static Names AttributeNames() { return {"epsilon: float", "rate: float"}; }
  static void Compute(Call& call) {
    call.Expect(0, "x", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "branch", {rows, n});
    call.Expect(2, "branch_bias", {n});
    call.Expect(3, "seed", {2});
    call.Expect(4, "weight", {n});
    call.Expect(5, "bias", {n});
    float *y = call.OutLike(0, 0), *normalised = call.OutLike(1, 0), *inverse = call.Out(2, {rows});
    // Without a stream the sum lies where its normalised rows will.
    float* sum = kStream ? call.OutLike(3, 0) : normalised;
    if (!call.ok()) return;
    const float *x = call.In(0), *branch = call.In(1), *branch_bias = call.In(2), *weight = call.In(4), *bias = call.In(5);
    const Philox philox(call.In<int32_t>(3)[0], call.In<int32_t>(3)[1]);
    const float epsilon = static_cast<float>(call.Attribute("epsilon")), rate = static_cast<float>(call.Attribute("rate"));
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      thread_local std::vector<float> buffer;
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * n;
        if (rate > 0)
          AddDropped(x + at, branch + at, branch_bias, UniformNumbers(philox, at, n, buffer), rate, 1 / (1 - rate), sum + at, n);
        else
          AddBranch(x + at, branch + at, branch_bias, sum + at, n);
        Normalise(sum + at, weight, bias, epsilon, normalised + at, y + at, inverse + row, n);
      }
    });
  }
};

template <bool kStream>
struct BranchNormGrad {
  static constexpr const char* kName = kStream ? "StepwireStreamNormGrad" : "StepwireResidualNormGrad";
  static Names Inputs() {
    if (kStream) return {"dy: float", "normalised: float", "inverse: float", "seed: int32", "weight: float", "dsum: float"};
    return {"dy: float", "normalised: float", "inverse: float", "seed: int32", "weight: float"};
  }
  static Names Outputs() { return {"dx: float", "dbranch: float", "dbranch_bias: float", "dweight: float", "dbias: float"}; }
  static Names AttributeNames() { return {"rate: float"}; }
  static void Compute(Call& call) {
    call.Expect(0, "dy", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "normalised", {rows, n});
    call.Expect(2, "inverse", {rows});
    call.Expect(3, "seed", {2});
    call.Expect(4, "weight", {n});
    if (kStream) call.Expect(5, "dsum", {rows, n});
    float *dx = call.OutLike(0, 0), *dbranch = call.OutLike(1, 0);
    float *dbranch_bias = call.Out(2, {n}), *dweight = call.Out(3, {n}), *dbias = call.Out(4, {n});
    if (!call.ok()) return;
    const float *dy = call.In(0), *normalised = call.In(1), *inverse = call.In(2), *weight = call.In(4);
    const float* dsum = kStream ? call.In(5) : nullptr;
    const Philox philox(call.In<int32_t>(3)[0], call.In<int32_t>(3)[1]);
    const float rate = static_cast<float>(call.Attribute("rate"));
    ColumnSums branches(rows, kRows, n), weights(rows, kRows, n), biases(rows, kRows, n);
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      thread_local std::vector<float> buffer;
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * n;
        Backward(dy + at, normalised + at, weight, inverse[row], dx + at, weights.Part(begin), biases.Part(begin), n);
        if (kStream) Add(dsum + at, dx + at, n);
        if (rate > 0)
          DropGradient(dx + at, UniformNumbers(philox, at, n, buffer), rate, 1 / (1 - rate), dbranch + at, branches.Part(begin), n);
        else
          CopyGradient(dx + at, dbranch + at, branches.Part(begin), n);
      }
    });
    branches.Write(dbranch_bias);
    weights.Write(dweight);
    biases.Write(dbias);
  }
};

}  // namespace

void RegisterResidualNorm(TF_Status* status) {
  for (const auto& registration : {RegisterOperation<LayerNorm>, RegisterOperation<LayerNormGrad>, RegisterOperation<BranchNorm<false>>,
                                   RegisterOperation<BranchNormGrad<false>>, RegisterOperation<BranchNorm<true>>,
                                   RegisterOperation<BranchNormGrad<true>>})
    if (TF_GetCode(status) == TF_OK) registration(status);
}

}  // namespace stepwire
