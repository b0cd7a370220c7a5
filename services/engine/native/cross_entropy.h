#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of cross_entropy.cc.
void RegisterCrossEntropy(TF_Status* status);

}  // namespace stepwire
