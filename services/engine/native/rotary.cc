// StepwireRotary: turns the halves of each head by angles that grow with a token's position.
//
// Inputs   x: float [rows, heads * d]; positions: int32 [rows]; cosines, sines: float [positions, d / 2]. Attr heads; inverse (1: turns back,
//          which is the gradient).
// Outputs  y: float [rows, heads * d]: of each head's halves a and b, a cos - b sin and b cos + a sin.
// Twin     services/engine/layers/rotary.ts.
#include "rotary.h"

#include "operation.h"
#include "operations.h"

namespace stepwire {
namespace {

constexpr int64_t kRows = 16;

STEPWIRE_CLONES
void Turn(const float* x, const float* cosines, const float* sines, float direction, float* y, int64_t half) {
#pragma omp simd
  for (int64_t i = 0; i < half; i++) {
    const float a = x[i], b = x[half + i], sine = direction * sines[i];
    y[i] = a * cosines[i] - b * sine;
    y[half + i] = b * cosines[i] + a * sine;
  }
}

struct Rotary {
  static constexpr const char* kName = "StepwireRotary";
  static Names Inputs() { return {"x: float", "positions: int32", "cosines: float", "sines: float"}; }
  static Names Outputs() { return {"y: float"}; }
  static Names AttributeNames() { return {"heads: int", "inverse: int"}; }
  static void Compute(Call& call) {
    call.Expect(0, "x", {-1, -1});
    if (!call.ok()) return;
    const int64_t rows = call.Length(0, 0), n = call.Length(0, 1), heads = static_cast<int64_t>(call.Attribute("heads"));
    if (heads < 1 || n % (2 * heads)) call.Refuse("rows of " + std::to_string(n) + " cannot be cut into halves of " + std::to_string(heads) + " heads");
    if (!call.ok()) return;
    const int64_t half = n / heads / 2;
    call.Expect(1, "positions", {rows});
    call.Expect(2, "cosines", {-1, half});
    if (!call.ok()) return;
    const int64_t known = call.Length(2, 0);
    call.Expect(3, "sines", {known, half});
    if (!call.ok()) return;
    const int32_t* positions = call.In<int32_t>(1);
    for (int64_t row = 0; row < rows; row++)
      if (positions[row] < 0 || positions[row] >= known) {
        call.Refuse("position " + std::to_string(positions[row]) + " of row " + std::to_string(row) + " is not among " + std::to_string(known));
        return;
      }
    float* y = call.OutLike(0, 0);
    if (!call.ok()) return;
    const float *x = call.In(0), *cosines = call.In(2), *sines = call.In(3);
    const float direction = call.Attribute("inverse") != 0 ? -1.0f : 1.0f;
    InParts(rows, kRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++)
        for (int64_t head = 0; head < heads; head++) {
          const int64_t at = row * n + head * 2 * half, angle = positions[row] * half;
          Turn(x + at, cosines + angle, sines + angle, direction, y + at, half);
        }
    });
  }
};

}  // namespace

void RegisterRotary(TF_Status* status) { RegisterOperation<Rotary>(status); }

}  // namespace stepwire
