#include "block_machine.h"

#include <algorithm>

#include "operations.h"

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

using namespace operations;

namespace {

constexpr int kLanes = 32;

// Halves are added to halves: thirty-two additions one after the other take longer than all the rest.
inline __attribute__((always_inline)) double Total(float* lanes) {
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  return lanes[0];
}

bool Reads(const Instruction& instruction, int32_t place) {
  for (int32_t source : instruction.sources)
    if (source == place) return true;
  return false;
}

bool IsSum(const Instruction& instruction) {
  return instruction.opcode == Opcode::kSum || instruction.opcode == Opcode::kSumSquares;
}

bool Writes(const Instruction& instruction, int32_t place) { return !IsSum(instruction) && instruction.destination == place; }

// Index of the instruction that sums the squares of what `place` is after instruction `at`, or -1.
int FindSumSquares(const std::vector<Instruction>& code, int at, int32_t place) {
  for (int i = at + 1; i < static_cast<int>(code.size()) && !Writes(code[i], place); i++)
    if (code[i].opcode == Opcode::kSumSquares && code[i].sources[0] == place) return i;
  return -1;
}

// Whether an instruction other than `except` reads what `place` is after instruction `at`.
bool IsReadAfter(const std::vector<Instruction>& code, int at, int32_t place, int except) {
  for (int i = at + 1; i < static_cast<int>(code.size()); i++) {
    if (i != except && Reads(code[i], place)) return true;
    if (Writes(code[i], place)) return false;
  }
  return false;
}

}  // namespace

std::vector<Instruction> FuseSteps(std::vector<Instruction> code, int first_temporary) {
  for (int at = 0; at + 1 < static_cast<int>(code.size()); at++) {
    const Instruction scale = code[at], add = code[at + 1];
    const int32_t update = scale.destination;
    if (scale.opcode != Opcode::kScale || add.opcode != Opcode::kAdd || !Reads(add, update) || update < first_temporary) continue;
    const int32_t parameter = add.sources[0] == update ? add.sources[1] : add.sources[0];
    const int of_update = FindSumSquares(code, at + 1, update), of_parameter = FindSumSquares(code, at + 1, add.destination);
    if (parameter == update || add.destination == update || of_update < 0 || of_parameter < 0 || IsReadAfter(code, at + 1, update, of_update)) continue;
    code[at] = {Opcode::kStepWithNorms, add.destination, {scale.sources[0], parameter, -1}, {scale.scalars[0], -1},
                {code[of_update].destination, code[of_parameter].destination}};
    code.erase(code.begin() + std::max(of_update, of_parameter));
    code.erase(code.begin() + std::min(of_update, of_parameter));
    code.erase(code.begin() + at + 1);
  }
  return code;
}

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
      sums[instruction.destination] += Total(lanes);
      continue;
    }
    float* d = places[instruction.destination];
    if (instruction.opcode == Opcode::kStepWithNorms) {
      float updates[kLanes] = {}, parameters[kLanes] = {};
      const auto step = [&](int i, int lane) {
        const float update = s * a[i], parameter = b[i] + update;
        d[i] = parameter;
        updates[lane] += update * update;
        parameters[lane] += parameter * parameter;
      };
      int i = 0;
      for (; i + kLanes <= length; i += kLanes) {
        STEPWIRE_INDEPENDENT for (int lane = 0; lane < kLanes; lane++) step(i + lane, lane);
      }
      for (int lane = 0; i < length; i++, lane++) step(i, lane);
      sums[instruction.sums[0]] += Total(updates);
      sums[instruction.sums[1]] += Total(parameters);
      continue;
    }
    switch (instruction.opcode) {
      case Opcode::kCopy: STEPWIRE_EACH(Copy(a[i]))
      case Opcode::kFill: STEPWIRE_EACH(Fill(s))
      case Opcode::kScale: STEPWIRE_EACH(Scale(a[i], s))
      case Opcode::kAffine: STEPWIRE_EACH(Affine(a[i], s, t))
      case Opcode::kAdd: STEPWIRE_EACH(Add(a[i], b[i]))
      case Opcode::kMul: STEPWIRE_EACH(Mul(a[i], b[i]))
      case Opcode::kDiv: STEPWIRE_EACH(Div(a[i], b[i]))
      case Opcode::kMax: STEPWIRE_EACH(Max(a[i], b[i]))
      case Opcode::kMin: STEPWIRE_EACH(Min(a[i], b[i]))
      case Opcode::kMaxScalar: STEPWIRE_EACH(MaxScalar(a[i], s))
      case Opcode::kMinScalar: STEPWIRE_EACH(MinScalar(a[i], s))
      case Opcode::kGreater: STEPWIRE_EACH(Greater(a[i], b[i]))
      case Opcode::kAbove: STEPWIRE_EACH(Above(a[i], s))
      case Opcode::kBelow: STEPWIRE_EACH(Below(a[i], s))
      case Opcode::kSelect: STEPWIRE_EACH(Select(a[i], b[i], c[i]))
      case Opcode::kAbs: STEPWIRE_EACH(Abs(a[i]))
      case Opcode::kSign: STEPWIRE_EACH(Sign(a[i]))
      case Opcode::kSquare: STEPWIRE_EACH(Square(a[i]))
      case Opcode::kSqrt: STEPWIRE_EACH(Sqrt(a[i]))
      case Opcode::kScaleAdd: STEPWIRE_EACH(ScaleAdd(a[i], b[i], s, t))
      case Opcode::kSquareScaleAdd: STEPWIRE_EACH(SquareScaleAdd(a[i], b[i], s, t))
      case Opcode::kScaledSqrtAdd: STEPWIRE_EACH(ScaledSqrtAdd(a[i], s, t))
      case Opcode::kScaledDivide: STEPWIRE_EACH(ScaledDivide(a[i], b[i], s))
      case Opcode::kScaledReciprocal: STEPWIRE_EACH(ScaledReciprocal(a[i], s))
      default: break;
    }
  }
}

}  // namespace stepwire
