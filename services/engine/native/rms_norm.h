#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of rms_norm.cc.
void RegisterRmsNorm(TF_Status* status);

}  // namespace stepwire
