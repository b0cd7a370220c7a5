#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Whether the operation of matmul_bfloat16.cc can run: the compiler knew the instructions, and the processor has them.
bool MultipliesBfloat16();

// Registers the operation of matmul_bfloat16.cc.
void RegisterMatMulBfloat16(TF_Status* status);

}  // namespace stepwire
