// StepwireSwiGlu, StepwireSwiGluGrad: silu(gate) up, where silu(z) = z sigmoid(z).
//
// Inputs   gate, up: float [rows, m]. Of the gradient: dy: float [rows, m] besides.
// Outputs  y: float [rows, m]; of the gradient dgate, dup: float [rows, m].
// Twin     services/engine/layers/swiGlu.ts.
#include "swi_glu.h"

#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

constexpr int64_t kPart = 16384;

STEPWIRE_CLONES
void Forward(const float* gate, const float* up, float* y, int64_t length) {
#pragma omp simd
  for (int64_t i = 0; i < length; i++) y[i] = gate[i] * Sigmoid(gate[i]) * up[i];
}

STEPWIRE_CLONES
void Backward(const float* dy, const float* gate, const float* up, float* dgate, float* dup, int64_t length) {
#pragma omp simd
  for (int64_t i = 0; i < length; i++) {
    const float sigmoid = Sigmoid(gate[i]), silu = gate[i] * sigmoid;
    dup[i] = dy[i] * silu;
    dgate[i] = dy[i] * up[i] * (sigmoid + silu * (1.0f - sigmoid));
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
    InParts(call.Size(0), kPart, [&](int64_t begin, int64_t end) { Forward(gate + begin, up + begin, y + begin, end - begin); });
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
    const int64_t rows = call.Length(0, 0), m = call.Length(0, 1);
    call.Expect(1, "gate", {rows, m});
    call.Expect(2, "up", {rows, m});
    float *dgate = call.OutLike(0, 0), *dup = call.OutLike(1, 0);
    if (!call.ok()) return;
    const float *dy = call.In(0), *gate = call.In(1), *up = call.In(2);
    InParts(call.Size(0), kPart, [&](int64_t begin, int64_t end) {
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
