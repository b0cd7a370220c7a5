// What operations have in common: declaring them to TensorFlow, reading inputs and attributes, allocating outputs, sharing work among threads.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"
#include "thread_pool.h"

namespace stepwire {

struct DeleteStatus { void operator()(TF_Status* s) const { TF_DeleteStatus(s); } };
struct DeleteTensor { void operator()(TF_Tensor* t) const { TF_DeleteTensor(t); } };
using Status = std::unique_ptr<TF_Status, DeleteStatus>;
using Tensor = std::unique_ptr<TF_Tensor, DeleteTensor>;

// "[2, 3]".
std::string ShapeOf(const TF_Tensor* tensor);

// The numbers among an operation's attributes.
using Attributes = std::map<std::string, double>;

// One call of an operation. After the first fault nothing more is done, and TensorFlow is told of it.
class Call {
 public:
  Call(TF_OpKernelContext* context, const Attributes& attributes);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  bool ok() const { return TF_GetCode(status_.get()) == TF_OK; }
  // Ends the call with an error.
  void Refuse(const std::string& what);
  // Ends it for want of memory.
  void Exhausted();
  // Refuses unless an input has this shape; -1 stands for any length.
  void Expect(int input, const char* name, const std::vector<int64_t>& shape);

  int64_t Length(int input, int axis) const { return TF_Dim(inputs_[input].get(), axis); }
  int Rank(int input) const { return TF_NumDims(inputs_[input].get()); }
  int64_t Size(int input) const { return TF_TensorElementCount(inputs_[input].get()); }
  template <typename T = float>
  const T* In(int input) const { return static_cast<const T*>(TF_TensorData(inputs_[input].get())); }
  // A new float tensor; null after a fault.
  float* Out(int output, const std::vector<int64_t>& shape);
  // An output of an input's shape.
  float* OutLike(int output, int input);
  double Attribute(const char* name) const { return attributes_.at(name); }

 private:
  void Fail(TF_Code code, const char* what);

  TF_OpKernelContext* context_;
  const Attributes& attributes_;
  Status status_;
  std::vector<Tensor> inputs_;
  std::vector<Tensor> outputs_;
};

// "name: float" or "name: int"; the inputs and outputs likewise.
using Names = std::vector<const char*>;

Attributes* ReadAttributes(TF_OpKernelConstruction* construction, const Names& names);
void Declare(const char* name, const Names& inputs, const Names& outputs, const Names& attributes, TF_Status* status);

// Registers an operation for the processor. It is a type with kName, Inputs(), Outputs(), AttributeNames() and Compute(Call&).
template <typename Operation>
void RegisterOperation(TF_Status* status) {
  Declare(Operation::kName, Operation::Inputs(), Operation::Outputs(), Operation::AttributeNames(), status);
  if (TF_GetCode(status) != TF_OK) return;
  const auto create = [](TF_OpKernelConstruction* construction) -> void* { return ReadAttributes(construction, Operation::AttributeNames()); };
  const auto compute = [](void* attributes, TF_OpKernelContext* context) {
    Call call(context, *static_cast<Attributes*>(attributes));
    try {
      if (call.ok()) Operation::Compute(call);
    } catch (const std::bad_alloc&) {
      call.Exhausted();
    }
  };
  const auto remove = [](void* attributes) { delete static_cast<Attributes*>(attributes); };
  TF_RegisterKernelBuilder(Operation::kName, TF_NewKernelBuilder(Operation::kName, "CPU", create, compute, remove), status);
}

// Calls work(begin, end) for consecutive parts of 0 ... count of at most `grain` each, on all threads. Which thread takes which part is open:
// a result must not depend on it. Throws bad_alloc, once all threads are done, when memory was short on one.
template <typename Work>
void InParts(int64_t count, int64_t grain, const Work& work) {
  struct Shared { const Work& work; int64_t count, grain; std::atomic<int64_t> next; std::atomic<bool> exhausted; };
  Shared shared{work, count, grain, {0}, {false}};
  const auto run = [](void* context) {
    const FlushDenormals flush;
    Shared& all = *static_cast<Shared*>(context);
    try {
      for (int64_t begin; (begin = all.next.fetch_add(all.grain, std::memory_order_relaxed)) < all.count;)
        all.work(begin, begin + all.grain < all.count ? begin + all.grain : all.count);
    } catch (const std::bad_alloc&) {
      all.exhausted = true;
    }
  };
  if (count > grain) RunOnAllThreads(run, &shared);
  else run(&shared);
  if (shared.exhausted) throw std::bad_alloc();
}

}  // namespace stepwire
