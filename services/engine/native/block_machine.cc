#include "block_machine.h"

// The square root is a vector instruction only where the compiler may forget errno (GCC defines this with -fno-math-errno).
#if defined(__GNUC__) && !defined(__clang__) && !defined(__NO_MATH_ERRNO__)
#warning "compile with -fno-math-errno -fno-trapping-math: without them the optimizers run at half their speed"
#endif

#if defined(__x86_64__) && defined(__GLIBC__)
#define STEPWIRE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define STEPWIRE_CLONES
#endif

// A destination may be one of the sources: element i depends on element i only.
#if defined(__clang__)
#define STEPWIRE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define STEPWIRE_INDEPENDENT _Pragma("GCC ivdep")
#endif

#define STEPWIRE_EACH(expression)                                              \
  {                                                                            \
    STEPWIRE_INDEPENDENT for (int i = 0; i < length; i++) d[i] = (expression); \
    break;                                                                     \
  }

namespace stepwire {

STEPWIRE_CLONES
void RunBlock(const Instruction* code, int count, float* const* places, const float* scalars, int length, double* sums) {
  for (int at = 0; at < count; at++) {
    const Instruction& instruction = code[at];
    const auto vector = [&](int source) -> const float* {
      return instruction.sources[source] < 0 ? nullptr : places[instruction.sources[source]];
    };
    const float *a = vector(0), *b = vector(1), *c = vector(2);
    const float s = instruction.scalars[0] < 0 ? 0 : scalars[instruction.scalars[0]];
    const float t = instruction.scalars[1] < 0 ? 0 : scalars[instruction.scalars[1]];
    if (instruction.opcode == Opcode::kSum || instruction.opcode == Opcode::kSumSquares) {
      constexpr int kLanes = 32;
      float lanes[kLanes] = {};
      int i = 0;
      if (instruction.opcode == Opcode::kSum) {
        for (; i + kLanes <= length; i += kLanes)
          for (int lane = 0; lane < kLanes; lane++) lanes[lane] += a[i + lane];
        for (int lane = 0; i < length; i++, lane++) lanes[lane] += a[i];
      } else {
        for (; i + kLanes <= length; i += kLanes)
          for (int lane = 0; lane < kLanes; lane++) lanes[lane] += a[i + lane] * a[i + lane];
        for (int lane = 0; i < length; i++, lane++) lanes[lane] += a[i] * a[i];
      }
      double sum = 0;
      for (float lane : lanes) sum += lane;
      sums[instruction.destination] += sum;
      continue;
    }
    float* d = places[instruction.destination];
    switch (instruction.opcode) {
      case Opcode::kCopy: STEPWIRE_EACH(a[i])
      case Opcode::kFill: STEPWIRE_EACH(s)
      case Opcode::kScale: STEPWIRE_EACH(s * a[i])
      case Opcode::kAffine: STEPWIRE_EACH(s * a[i] + t)
      case Opcode::kAdd: STEPWIRE_EACH(a[i] + b[i])
      case Opcode::kMul: STEPWIRE_EACH(a[i] * b[i])
      case Opcode::kDiv: STEPWIRE_EACH(a[i] / b[i])
      // Not-a-number on either side stays, as in JavaScript.
      case Opcode::kMax: STEPWIRE_EACH(a[i] > b[i] || a[i] != a[i] ? a[i] : b[i])
      case Opcode::kMin: STEPWIRE_EACH(a[i] < b[i] || a[i] != a[i] ? a[i] : b[i])
      case Opcode::kMaxScalar: STEPWIRE_EACH(a[i] > s || a[i] != a[i] ? a[i] : s)
      case Opcode::kMinScalar: STEPWIRE_EACH(a[i] < s || a[i] != a[i] ? a[i] : s)
      case Opcode::kGreater: STEPWIRE_EACH(a[i] > b[i] ? 1.0f : 0.0f)
      case Opcode::kAbove: STEPWIRE_EACH(a[i] > s ? 1.0f : 0.0f)
      case Opcode::kBelow: STEPWIRE_EACH(a[i] < s ? 1.0f : 0.0f)
      case Opcode::kSelect: STEPWIRE_EACH(a[i] == 0 ? c[i] : b[i])
      case Opcode::kAbs: STEPWIRE_EACH(__builtin_fabsf(a[i]))
      case Opcode::kSign: STEPWIRE_EACH(a[i] > 0 ? 1.0f : a[i] < 0 ? -1.0f : a[i])
      case Opcode::kSquare: STEPWIRE_EACH(a[i] * a[i])
      case Opcode::kSqrt: STEPWIRE_EACH(__builtin_sqrtf(a[i]))
      case Opcode::kScaleAdd: STEPWIRE_EACH(s * a[i] + t * b[i])
      case Opcode::kSquareScaleAdd: STEPWIRE_EACH(s * (a[i] * a[i]) + t * b[i])
      case Opcode::kScaledSqrtAdd: STEPWIRE_EACH(__builtin_sqrtf(s * a[i]) + t)
      case Opcode::kScaledDivide: STEPWIRE_EACH(s * a[i] / b[i])
      case Opcode::kScaledReciprocal: STEPWIRE_EACH(s / a[i])
      default: break;
    }
  }
}

}  // namespace stepwire
