#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of rotary.cc.
void RegisterRotary(TF_Status* status);

}  // namespace stepwire
