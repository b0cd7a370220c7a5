// The Node-API addon of Stepwire's own TensorFlow operations. Loading it registers them with the TensorFlow library of the process, which
// tfjs-node's binding must have loaded before.
#include <node_api.h>

#include <mutex>
#include <string>

#include "attention.h"
#include "bias_gelu.h"
#include "cross_entropy.h"
#include "dropout.h"
#include "matmul_bfloat16.h"
#include "optimizer_stage.h"
#include "residual_norm.h"
#include "rms_norm.h"
#include "rotary.h"
#include "sum_into_rows.h"
#include "swi_glu.h"
#include "tensorflow/c/tf_status.h"

// Empty when every operation is registered. The library outlives JavaScript environments: once a process is enough.
static const std::string& RegisterOnce() {
  static std::once_flag once;
  static std::string fault;
  std::call_once(once, [] {
    TF_Status* status = TF_NewStatus();
    for (const auto& registration : {stepwire::RegisterOptimizerStage, stepwire::RegisterAttention, stepwire::RegisterBiasGelu,
                                     stepwire::RegisterCrossEntropy, stepwire::RegisterDropout, stepwire::RegisterMatMulBfloat16,
                                     stepwire::RegisterResidualNorm, stepwire::RegisterRmsNorm, stepwire::RegisterRotary,
                                     stepwire::RegisterSumIntoRows, stepwire::RegisterSwiGlu}) {
      registration(status);
      if (TF_GetCode(status) != TF_OK) fault += std::string(fault.empty() ? "" : "; ") + TF_Message(status);
    }
    TF_DeleteStatus(status);
  });
  return fault;
}

NAPI_MODULE_INIT() {
  const std::string& fault = RegisterOnce();
  if (!fault.empty()) napi_throw_error(env, "STEPWIRE_KERNELS", ("TensorFlow refused Stepwire's operations: " + fault).c_str());
  napi_value multiplies;
  if (napi_get_boolean(env, stepwire::MultipliesBfloat16(), &multiplies) == napi_ok)
    napi_set_named_property(env, exports, "multipliesBfloat16", multiplies);
  return exports;
}
