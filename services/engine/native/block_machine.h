// The block machine: interprets an optimizer's vector program (services/core/optimizers/program.ts) on one block of elements at a time, so
// that temporaries never leave the first-level cache. Its reference is services/core/optimizers/referenceExecutor.ts.
#pragma once
#include <cstdint>
#include <vector>

namespace stepwire {

// In the order of `opcodes` in program.ts, which says what each computes.
enum class Opcode : int32_t {
  kCopy,
  kFill,
  kScale,
  kAffine,
  kAdd,
  kMul,
  kDiv,
  kMax,
  kMin,
  kMaxScalar,
  kMinScalar,
  kGreater,
  kAbove,
  kBelow,
  kSelect,
  kAbs,
  kSign,
  kSquare,
  kSqrt,
  kScaleAdd,
  kSquareScaleAdd,
  kScaledSqrtAdd,
  kScaledDivide,
  kScaledReciprocal,
  kSum,
  kSumSquares,
  kCount,
  // Made by FuseSteps, in no program: d = b + s * a; sums[0] += (s * a)^2; sums[1] += d^2.
  kStepWithNorms,
};

struct Instruction {
  Opcode opcode;
  int32_t destination;
  int32_t sources[3];
  int32_t scalars[2];
  // Of a fused instruction: the reductions that it adds to.
  int32_t sums[2] = {-1, -1};
};

// Elements of a block: 1 KiB a vector. Measured with AdamW: 512 are 10% slower, 2,048 60%; fetching the next block ahead gains nothing.
constexpr int kBlock = 256;

// Makes one instruction of those that end almost every program: scale the update, add it to the parameter, sum the squares of both. Each of the
// four is bound by the cache, not by arithmetic. Places from `first_temporary` on are forgotten at the end of the program.
std::vector<Instruction> FuseSteps(std::vector<Instruction> code, int first_temporary);

// Runs `count` instructions on `length` <= kBlock elements. `places` are the streams' and temporaries' blocks, `sums` the running
// sums. Compiled for AVX-512, AVX2 and the baseline; the processor decides at load time.
void RunBlock(const Instruction* code, int count, float* const* places, const float* scalars, int length, double* sums);

}  // namespace stepwire
