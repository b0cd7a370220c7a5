#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of swi_glu.cc.
void RegisterSwiGlu(TF_Status* status);

}  // namespace stepwire
