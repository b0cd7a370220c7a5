// StepwireDropout: each number becomes 0 with probability `rate`, and is divided by 1 - rate otherwise. The same seed drops the same numbers,
// so the backward pass is the same operation on the gradient, and no mask is kept.
//
// Inputs   x: float, any shape; seed: int32 [2], as StatelessRandomUniform takes it. Attr rate.
// Outputs  y: float, of x's shape.
// Twin     services/engine/layers/dropout.ts.
#include "dropout.h"

#include "operation.h"
#include "operations.h"

namespace stepwire {
namespace {

constexpr int64_t kPart = 16384;

STEPWIRE_CLONES
void Drop(const float* x, const float* uniform, float rate, float factor, float* y, int64_t length) {
#pragma omp simd
  for (int64_t i = 0; i < length; i++) y[i] = uniform[i] >= rate ? x[i] * factor : 0.0f;
}

struct Dropout {
  static constexpr const char* kName = "StepwireDropout";
  static Names Inputs() { return {"x: float", "seed: int32"}; }
  static Names Outputs() { return {"y: float"}; }
  static Names AttributeNames() { return {"rate: float"}; }
  static void Compute(Call& call) {
    call.Expect(1, "seed", {2});
    float* y = call.OutLike(0, 0);
    if (!call.ok()) return;
    const float rate = static_cast<float>(call.Attribute("rate"));
    const Philox philox(call.In<int32_t>(1)[0], call.In<int32_t>(1)[1]);
    const float* x = call.In(0);
    InParts(call.Size(0), kPart, [&](int64_t begin, int64_t end) {
      thread_local std::vector<float> buffer;
      Drop(x + begin, UniformNumbers(philox, begin, end - begin, buffer), rate, 1 / (1 - rate), y + begin, end - begin);
    });
  }
};

}  // namespace

void RegisterDropout(TF_Status* status) { RegisterOperation<Dropout>(status); }

}  // namespace stepwire
