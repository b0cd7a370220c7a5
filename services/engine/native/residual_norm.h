#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of residual_norm.cc.
void RegisterResidualNorm(TF_Status* status);

}  // namespace stepwire
