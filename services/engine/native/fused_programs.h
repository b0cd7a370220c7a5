// Programs of the catalogue's optimizers, each compiled into one loop that keeps temporaries in registers. They are generated when the kernels
// are built (services/engine/optimizer/fusedPrograms.ts); a program that is not among them runs on the block machine.
#pragma once
#include <cstdint>
#include <vector>

namespace stepwire {

// Runs a whole program on `length` elements: `streams` are the first elements, `sums` the running sums.
using FusedProgram = void (*)(float* const* streams, const float* scalars, int64_t length, double* sums);

// The fused form of a program, or null. `fields` and `written` are the attributes of StepwireOptimizerStage, `streams` the number of a
// tensor's.
FusedProgram FindFusedProgram(const std::vector<int64_t>& fields, const std::vector<int64_t>& written, int64_t streams);

}  // namespace stepwire
