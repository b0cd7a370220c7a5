#pragma once
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// Registers the operations of sum_into_rows.cc.
void RegisterSumIntoRows(TF_Status* status);

}  // namespace stepwire
