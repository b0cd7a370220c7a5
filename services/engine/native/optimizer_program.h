#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operation StepwireOptimizerProgram: one optimizer step over all tensors of a model, in place.
void RegisterOptimizerProgram(TF_Status* status);

}  // namespace stepwire
