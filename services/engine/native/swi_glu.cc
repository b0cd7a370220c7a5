// StepwireSwiGlu, StepwireSwiGluGrad: gate sigmoid(gate) up.
//
// Inputs   gate, up: float [rows, n]. Of the gradient: dy: float [rows, n] besides.
// Outputs  y: float [rows, n]; of the gradient dgate, dup: float [rows, n].
// Twin     services/engine/layers/swiGlu.ts.
#include "swi_glu.h"

#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

constexpr int64_t kNumbers = 16384;

STEPWIRE_OPERATION Sigmoid(float x) { return 1.0f / (1.0f + Exponential(-x)); }

STEPWIRE_CLONES
void Forward(const float* gate, const float* up, float* y, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) y[i] = gate[i] * Sigmoid(gate[i]) * up[i];
}

STEPWIRE_CLONES
void Backward(const float* dy, const float* gate, const float* up, float* dgate, float* dup, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const float share = Sigmoid(gate[i]), active = gate[i] * share;
    dup[i] = dy[i] * active;
    dgate[i] = dy[i] * up[i] * (share + active * (1.0f - share));
  }
}

struct SwiGlu {
  static constexpr const char* kName = "StepwireSwiGlu";
  static Names Inputs() { return {"gate: float", "up: float"}; }
  static Names Outputs() { return {"y: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    call.Expect(0, "gate", {-1, -1});
    if (!call.ok()) return;
    call.Expect(1, "up", {call.Length(0, 0), call.Length(0, 1)});
    float* y = call.OutLike(0, 0);
    if (!call.ok()) return;
    const float *gate = call.In(0), *up = call.In(1);
    InParts(call.Size(0), kNumbers, [&](int64_t begin, int64_t end) { Forward(gate + begin, up + begin, y + begin, end - begin); });
  }
};

struct SwiGluGrad {
  static constexpr const char* kName = "StepwireSwiGluGrad";
  static Names Inputs() { return {"dy: float", "gate: float", "up: float"}; }
  static Names Outputs() { return {"dgate: float", "dup: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    call.Expect(0, "dy", {-1, -1});
    if (!call.ok()) return;
    call.Expect(1, "gate", {call.Length(0, 0), call.Length(0, 1)});
    call.Expect(2, "up", {call.Length(0, 0), call.Length(0, 1)});
    float *dgate = call.OutLike(0, 0), *dup = call.OutLike(1, 0);
    if (!call.ok()) return;
    const float *dy = call.In(0), *gate = call.In(1), *up = call.In(2);
    InParts(call.Size(0), kNumbers, [&](int64_t begin, int64_t end) {
      Backward(dy + begin, gate + begin, up + begin, dgate + begin, dup + begin, end - begin);
    });
  }
};

}  // namespace

void RegisterSwiGlu(TF_Status* status) {
  RegisterOperation<SwiGlu>(status);
  if (TF_GetCode(status) == TF_OK) RegisterOperation<SwiGluGrad>(status);
}

}  // namespace stepwire
