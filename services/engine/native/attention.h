#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of attention.cc.
void RegisterAttention(TF_Status* status);

}  // namespace stepwire
