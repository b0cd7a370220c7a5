#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operation StepwireOptimizerStage: one stage of an optimizer step over all tensors of a model, in place.
void RegisterOptimizerStage(TF_Status* status);

}  // namespace stepwire
