#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of bias_gelu.cc.
void RegisterBiasGelu(TF_Status* status);

}  // namespace stepwire
