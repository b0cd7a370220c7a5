// StepwireBiasGelu, StepwireBiasGeluGrad: x Phi(x) of rows to which a bias is added first.
//
// Inputs   x: float [rows, n]; bias: float [n]. Of the gradient: dy: float [rows, n] besides, and x without the bias again.
//          Attr tanh: 1 for the distribution function's approximation by tanh, 0 for the function itself.
// Outputs  y: float [rows, n]; of the gradient dx: float [rows, n], and dbias: float [n], the sum of dx over the rows.
// Twin     services/engine/layers/biasGelu.ts.
// The sum is over parts of kRows rows in order: it does not depend on the number of threads.
#include "bias_gelu.h"

#include "column_sums.h"
#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

constexpr int64_t kRows = 16;

STEPWIRE_CLONES
void Forward(const float* x, const float* bias, float* y, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float shifted = x[i] + bias[i];
    y[i] = shifted * NormalDistribution(shifted);
  }
}

STEPWIRE_CLONES
void Backward(const float* dy, const float* x, const float* bias, float* dx, float* sums, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float shifted = x[i] + bias[i];
    const float slope = dy[i] * (NormalDistribution(shifted) + shifted * NormalDensity(shifted));
    dx[i] = slope;
    sums[i] += slope;
  }
}

STEPWIRE_CLONES
void TanhForward(const float* x, const float* bias, float* y, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float shifted = x[i] + bias[i];
    y[i] = shifted * TanhDistribution(shifted);
  }
}

STEPWIRE_CLONES
void TanhBackward(const float* dy, const float* x, const float* bias, float* dx, float* sums, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float shifted = x[i] + bias[i], distribution = TanhDistribution(shifted);
    const float slope = dy[i] * (distribution + shifted * TanhDensity(shifted, distribution));
    dx[i] = slope;
    sums[i] += slope;
  }
}

struct BiasGelu {
  static constexpr const char* kName = "StepwireBiasGelu";
  static Names Inputs() { return {"x: float", "bias: float"}; }
  static Names Outputs() { return {"y: float"}; }
  static Names AttributeNames() { return {"tanh: int"}; }
  static void Compute(Call& call) {
    call.Expect(0, "x", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "bias", {n});
    float* y = call.OutLike(0, 0);
    if (!call.ok()) return;
    const float *x = call.In(0), *bias = call.In(1);
    const auto forward = call.Attribute("tanh") != 0 ? TanhForward : Forward;
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) forward(x + row * n, bias, y + row * n, n);
    });
  }
};

struct BiasGeluGrad {
  static constexpr const char* kName = "StepwireBiasGeluGrad";
  static Names Inputs() { return {"dy: float", "x: float", "bias: float"}; }
  static Names Outputs() { return {"dx: float", "dbias: float"}; }
  static Names AttributeNames() { return {"tanh: int"}; }
  static void Compute(Call& call) {
    call.Expect(0, "dy", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "x", {rows, n});
    call.Expect(2, "bias", {n});
    float *dx = call.OutLike(0, 0), *dbias = call.Out(1, {n});
    if (!call.ok()) return;
    const float *dy = call.In(0), *x = call.In(1), *bias = call.In(2);
    const auto backward = call.Attribute("tanh") != 0 ? TanhBackward : Backward;
    ColumnSums sums(rows, kRows, n);
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) backward(dy + row * n, x + row * n, bias, dx + row * n, sums.Part(begin), n);
    });
    sums.Write(dbias);
  }
};

}  // namespace

void RegisterBiasGelu(TF_Status* status) {
  RegisterOperation<BiasGelu>(status);
  if (TF_GetCode(status) == TF_OK) RegisterOperation<BiasGeluGrad>(status);
}

}  // namespace stepwire
