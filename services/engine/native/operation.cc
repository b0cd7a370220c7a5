#include "operation.h"

#include "tensorflow/c/ops.h"

namespace stepwire {
std::string ShapeOf(const TF_Tensor* tensor) {
  std::string text = "[";
  for (int axis = 0; axis < TF_NumDims(tensor); axis++) text += (axis ? ", " : "") + std::to_string(TF_Dim(tensor, axis));
  return text + "]";
}

Call::Call(TF_OpKernelContext* context, const Attributes& attributes)
    : context_(context), attributes_(attributes), status_(TF_NewStatus()) {
  for (int i = 0; i < TF_NumInputs(context) && ok(); i++) {
    TF_Tensor* input = nullptr;
    TF_GetInput(context, i, &input, status_.get());
    inputs_.emplace_back(input);
  }
  if (!ok()) TF_OpKernelContext_Failure(context_, status_.get());
}

void Call::Refuse(const std::string& what) { Fail(TF_INVALID_ARGUMENT, what.c_str()); }

// In TensorFlow's words for its own operations.
void Call::Exhausted() { Fail(TF_RESOURCE_EXHAUSTED, "OOM when allocating memory of a kernel"); }

void Call::Fail(TF_Code code, const char* what) {
  if (!ok()) return;
  TF_SetStatus(status_.get(), code, what);
  TF_OpKernelContext_Failure(context_, status_.get());
}

void Call::Expect(int input, const char* name, const std::vector<int64_t>& shape) {
  bool fits = Rank(input) == static_cast<int>(shape.size());
  for (size_t axis = 0; fits && axis < shape.size(); axis++) fits = shape[axis] < 0 || Length(input, static_cast<int>(axis)) == shape[axis];
  if (fits) return;
  std::string wanted = "[";
  for (size_t axis = 0; axis < shape.size(); axis++)
    wanted += (axis ? ", " : "") + (shape[axis] < 0 ? std::string("any") : std::to_string(shape[axis]));
  Refuse(std::string(name) + " has shape " + ShapeOf(inputs_[input].get()) + "; it must be " + wanted + "]");
}

float* Call::Out(int output, const std::vector<int64_t>& shape) {
  if (!ok()) return nullptr;
  int64_t size = 1;
  for (const int64_t length : shape) size *= length;
  outputs_.emplace_back(TF_AllocateOutput(context_, output, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), size * sizeof(float),
                                          status_.get()));
  if (!ok()) {
    TF_OpKernelContext_Failure(context_, status_.get());
    return nullptr;
  }
  return static_cast<float*>(TF_TensorData(outputs_.back().get()));
}

float* Call::OutLike(int output, int input) {
  std::vector<int64_t> shape;
  for (int axis = 0; axis < Rank(input); axis++) shape.push_back(Length(input, axis));
  return Out(output, shape);
}

Attributes* ReadAttributes(TF_OpKernelConstruction* construction, const Names& names) {
  const Status status(TF_NewStatus());
  auto attributes = std::make_unique<Attributes>();
  for (const std::string declared : names) {
    const std::string name = declared.substr(0, declared.find(':'));
    if (declared.find("float") != std::string::npos) {
      float value = 0;
      TF_OpKernelConstruction_GetAttrFloat(construction, name.c_str(), &value, status.get());
      (*attributes)[name] = value;
    } else {
      int64_t value = 0;
      TF_OpKernelConstruction_GetAttrInt64(construction, name.c_str(), &value, status.get());
      (*attributes)[name] = static_cast<double>(value);
    }
    if (TF_GetCode(status.get()) == TF_OK) continue;
    TF_OpKernelConstruction_Failure(construction, status.get());
    return nullptr;
  }
  return attributes.release();
}

void Declare(const char* name, const Names& inputs, const Names& outputs, const Names& attributes, TF_Status* status) {
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(op, attribute);
  TF_RegisterOpDefinition(op, status);
}

}  // namespace stepwire
