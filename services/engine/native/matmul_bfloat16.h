#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operation of matmul_bfloat16.cc.
void RegisterMatMulBfloat16(TF_Status* status);

}  // namespace stepwire
