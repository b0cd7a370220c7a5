// StepwireOptimizerStage: runs one stage of an optimizer's vector program over all tensors in one call and updates streams in place.
//
// Inputs   streams: K * float, the S streams of tensor 0, then those of tensor 1, ...; all of one tensor with the same number of elements;
//          scalars: float [1 or tensors, slots], one row for all tensors or one for each; sparse: int32 [any], for each stream that is given
//          by some rows [k, n] of a table whose other rows are 0: tensor, stream, rows of the table, k, and their k places, ascending.
// Attr     tensors: how many; S is K / tensors. program: 7 whole numbers an instruction: opcode, destination, three sources, two scalar
//          slots, -1 where there is none; written: the streams that it may write; temporaries, reductions: how many the program has;
//          form: "fused" where nothing but a fused program will do, "interpreted" for the block machine, "any" for the faster.
// Output   sums: float [tensors, reductions]; of sums of squares the roots, which overflow later.
// Twin     services/core/optimizers/referenceExecutor.ts (float64), services/engine/optimizer/tensorExecutor.ts (TF.js).
// Speed    AdamW on 22.7M parameters in 105 tensors, 2 threads of an EPYC (Zen 4): as long as memory needs for its seven streams;
//          npm run bench:optimizers has them all.
//          The rows of a sparse stream are spread out by a cache's worth at a time.
//          The result does not depend on the number of threads: sums are kept by piece and added in order.
#include "optimizer_stage.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "block_machine.h"
#include "fused_programs.h"
#include "operation.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"
#include "thread_pool.h"

namespace stepwire {
namespace {

constexpr int kFieldsPerInstruction = 7;
constexpr int kMaxPlaces = 512, kMaxReductions = 256;
// Elements that a thread takes at a time. Sums of squares are kept apart for each such piece, so their order never changes.
constexpr int64_t kPiece = 65536;
// Of a tensor with sparse streams, those that are spread out at a time; and how many such streams a stage may have.
constexpr int64_t kSpread = 4096;
constexpr int kMaxSparse = 4;

struct Piece { int tensor; int64_t offset; int64_t length; };

// A stream that is given by some rows of a table.
struct Sparse {
  int64_t tensor, stream, rows, count, width;
  const int32_t* places;
  const float* data;

  // The numbers from `begin` on.
  void Spread(int64_t begin, int64_t length, float* out) const {
    std::memset(out, 0, length * sizeof(float));
    const int64_t end = begin + length;
    for (const int32_t* place = std::lower_bound(places, places + count, begin / width); place < places + count && *place * width < end; place++) {
      const int64_t row = *place * width, from = std::max(row, begin), to = std::min(row + width, end);
      std::memcpy(out + from - begin, data + (place - places) * width + from - row, (to - from) * sizeof(float));
    }
  }
};

struct Kernel {
  std::vector<Instruction> code;
  // Null: the block machine runs `code`.
  FusedProgram fused = nullptr;
  std::vector<int64_t> written;
  std::vector<bool> roots;
  int64_t temporaries = 0, reductions = 0, tensors = 0, all_streams = 0;
  int slots_used = 0;
  std::mutex mutex;
  // Kept from call to call, so that none allocates but the first.
  std::vector<Tensor> inputs;
  std::vector<float*> data;
  std::vector<Piece> pieces;
  std::vector<Sparse> sparse;
  std::vector<double> sums;
  const float* scalars = nullptr;
  int64_t slots = 0, rows = 0;
  std::atomic<size_t> next{0};

  int64_t Streams() const { return tensors ? all_streams / tensors : 0; }
  float* Stream(int64_t tensor, int64_t stream) const { return data[tensor * Streams() + stream]; }
};

std::string Faults(const Kernel& kernel) {
  const int64_t places = kernel.Streams() + kernel.temporaries;
  if (kernel.tensors < 1) return "there are no tensors";
  if (kernel.all_streams % kernel.tensors) return "the number of streams is no multiple of the number of tensors";
  if (places > kMaxPlaces || kernel.temporaries < 0) return "too many streams and temporaries";
  if (kernel.reductions < 0 || kernel.reductions > kMaxReductions) return "too many reductions";
  for (const Instruction& instruction : kernel.code) {
    const auto op = static_cast<int32_t>(instruction.opcode);
    if (op < 0 || op >= static_cast<int32_t>(Opcode::kCount)) return "unknown opcode " + std::to_string(op);
    const bool sum = instruction.opcode == Opcode::kSum || instruction.opcode == Opcode::kSumSquares;
    const bool read_only = !sum && instruction.destination < kernel.Streams() &&
                           std::find(kernel.written.begin(), kernel.written.end(), instruction.destination) == kernel.written.end();
    if (instruction.destination < 0 || instruction.destination >= (sum ? kernel.reductions : places) || read_only)
      return "an instruction writes to place " + std::to_string(instruction.destination);
    for (int32_t source : instruction.sources)
      if (source >= places) return "an instruction reads place " + std::to_string(source);
  }
  return "";
}

void* Create(TF_OpKernelConstruction* construction) {
  const Status status(TF_NewStatus());
  auto kernel = std::make_unique<Kernel>();
  const auto integer = [&](const char* name) {
    int64_t value = 0;
    if (TF_GetCode(status.get()) == TF_OK) TF_OpKernelConstruction_GetAttrInt64(construction, name, &value, status.get());
    return value;
  };
  kernel->tensors = integer("tensors");
  kernel->all_streams = integer("K");
  kernel->temporaries = integer("temporaries");
  kernel->reductions = integer("reductions");
  const auto list = [&](const char* name) {
    int32_t size = 0, ignored = 0;
    if (TF_GetCode(status.get()) == TF_OK) TF_OpKernelConstruction_GetAttrSize(construction, name, &size, &ignored, status.get());
    std::vector<int64_t> values(size > 0 ? size : 0);
    if (TF_GetCode(status.get()) == TF_OK && size > 0)
      TF_OpKernelConstruction_GetAttrInt64List(construction, name, values.data(), size, status.get());
    return values;
  };
  kernel->written = list("written");
  const std::vector<int64_t> fields = list("program");
  char form_text[16] = {};
  if (TF_GetCode(status.get()) == TF_OK)
    TF_OpKernelConstruction_GetAttrString(construction, "form", form_text, sizeof(form_text) - 1, status.get());
  const std::string form = form_text;
  for (size_t at = 0; at + kFieldsPerInstruction <= fields.size(); at += kFieldsPerInstruction) {
    const auto field = [&](int index) { return static_cast<int32_t>(fields[at + index]); };
    kernel->code.push_back({static_cast<Opcode>(field(0)), field(1), {field(2), field(3), field(4)}, {field(5), field(6)}});
    for (int index : {5, 6}) kernel->slots_used = std::max(kernel->slots_used, field(index) + 1);
  }
  kernel->roots.assign(std::max<int64_t>(kernel->reductions, 0), false);
  for (const Instruction& instruction : kernel->code)
    if (instruction.opcode == Opcode::kSumSquares && instruction.destination >= 0 && instruction.destination < kernel->reductions)
      kernel->roots[instruction.destination] = true;
  if (TF_GetCode(status.get()) == TF_OK) {
    std::string fault = Faults(*kernel);
    if (fault.empty() && form != "interpreted") kernel->fused = FindFusedProgram(fields, kernel->written, kernel->Streams());
    if (fault.empty() && form == "fused" && !kernel->fused) fault = "there is no fused form of it";
    if (!fault.empty()) TF_SetStatus(status.get(), TF_INVALID_ARGUMENT, ("the optimizer program cannot run: " + fault).c_str());
  }
  if (TF_GetCode(status.get()) != TF_OK) {
    TF_OpKernelConstruction_Failure(construction, status.get());
    return nullptr;
  }
  kernel->code = FuseSteps(std::move(kernel->code), static_cast<int>(kernel->Streams()));
  return kernel.release();
}

// What does not fit of the streams that are given by rows, or nothing. Fills the kernel's.
std::string BindSparse(Kernel& kernel) {
  kernel.sparse.clear();
  const TF_Tensor* tensor = kernel.inputs[kernel.all_streams + 1].get();
  if (TF_NumDims(tensor) != 1) return "sparse has shape " + ShapeOf(tensor) + "; it must be [any]";
  const int32_t *at = static_cast<const int32_t*>(TF_TensorData(tensor)), *end = at + TF_Dim(tensor, 0);
  constexpr int64_t kHead = 4;
  while (at < end) {
    if (end - at < kHead || end - at - kHead < at[3] || at[3] < 0) return "sparse ends within a stream";
    Sparse one{at[0], at[1], at[2], at[3], 0, at + kHead, nullptr};
    at += kHead + one.count;
    const std::string name = "the sparse stream " + std::to_string(one.stream) + " of tensor " + std::to_string(one.tensor);
    if (one.tensor < 0 || one.tensor >= kernel.tensors || one.stream < 0 || one.stream >= kernel.Streams()) return name + " is not there";
    if (std::find(kernel.written.begin(), kernel.written.end(), one.stream) != kernel.written.end()) return name + " would be written";
    const TF_Tensor* rows = kernel.inputs[one.tensor * kernel.Streams() + one.stream].get();
    if (TF_NumDims(rows) != 2 || TF_Dim(rows, 0) != one.count || TF_Dim(rows, 1) < 1)
      return name + " has rows of shape " + ShapeOf(rows) + "; it must be [" + std::to_string(one.count) + ", any]";
    one.width = TF_Dim(rows, 1);
    one.data = static_cast<const float*>(TF_TensorData(rows));
    for (int64_t i = 0; i < one.count; i++)
      if (one.places[i] < (i ? one.places[i - 1] + 1 : 0) || one.places[i] >= one.rows) return name + " has places that do not ascend within its table";
    if (!kernel.sparse.empty() && std::make_pair(one.tensor, one.stream) <= std::make_pair(kernel.sparse.back().tensor, kernel.sparse.back().stream))
      return name + " is not in order";
    kernel.sparse.push_back(one);
  }
  return "";
}

// What does not fit, or nothing. Fills the kernel's data and pieces.
std::string Bind(Kernel& kernel) {
  const int64_t n = kernel.tensors, streams = kernel.Streams();
  const TF_Tensor* scalars = kernel.inputs[kernel.all_streams].get();
  const bool shaped = TF_NumDims(scalars) == 2 && (TF_Dim(scalars, 0) == 1 || TF_Dim(scalars, 0) == n);
  if (!shaped || TF_Dim(scalars, 1) < kernel.slots_used)
    return "scalars have shape " + ShapeOf(scalars) + ", the stage wants [1 or " + std::to_string(n) + ", " +
           std::to_string(kernel.slots_used) + "]";
  kernel.rows = TF_Dim(scalars, 0);
  kernel.slots = TF_Dim(scalars, 1);
  kernel.scalars = static_cast<const float*>(TF_TensorData(scalars));
  kernel.data.clear();
  for (int64_t i = 0; i < kernel.all_streams; i++) kernel.data.push_back(static_cast<float*>(TF_TensorData(kernel.inputs[i].get())));
  std::string fault = BindSparse(kernel);
  if (!fault.empty()) return fault;
  kernel.pieces.clear();
  auto sparse = kernel.sparse.begin();
  for (int64_t t = 0; t < n; t++) {
    int64_t size = -1;
    const auto first = sparse;
    for (int64_t s = 0; s < streams; s++) {
      const TF_Tensor* stream = kernel.inputs[t * streams + s].get();
      int64_t own = TF_TensorElementCount(stream);
      if (sparse != kernel.sparse.end() && sparse->tensor == t && sparse->stream == s) own = sparse->rows * (sparse++)->width;
      if (s > 0 && own != size)
        return "of tensor " + std::to_string(t) + " stream 0 has shape " + ShapeOf(kernel.inputs[t * streams].get()) + " and stream " +
               std::to_string(s) + " " + ShapeOf(stream);
      size = own;
    }
    if (sparse - first > kMaxSparse) return "tensor " + std::to_string(t) + " has too many sparse streams";
    for (int64_t offset = 0; offset < size; offset += kPiece)
      kernel.pieces.push_back({static_cast<int>(t), offset, std::min(kPiece, size - offset)});
  }
  kernel.sums.assign(kernel.pieces.size() * kernel.reductions, 0.0);
  kernel.next = 0;
  return "";
}

bool OfEarlierTensor(const Sparse& a, const Sparse& b) { return a.tensor < b.tensor; }

// By the block machine; moves the places of the streams.
void RunBlocks(const Kernel& kernel, float** places, const float* scalars, int64_t length, double* sums) {
  for (int64_t done = 0; done < length; done += kBlock) {
    const int block = static_cast<int>(std::min<int64_t>(kBlock, length - done));
    RunBlock(kernel.code.data(), static_cast<int>(kernel.code.size()), places, scalars, block, sums);
    for (int64_t s = 0; s < kernel.Streams(); s++) places[s] += block;
  }
}

void Work(void* context) {
  Kernel& kernel = *static_cast<Kernel*>(context);
  const FlushDenormals flush;
  alignas(64) thread_local float temporaries[kMaxPlaces * kBlock];
  alignas(64) thread_local float spread[kMaxSparse][kSpread];
  const int64_t streams = kernel.Streams();
  float* places[kMaxPlaces];
  for (int64_t i = 0; i < kernel.temporaries; i++) places[streams + i] = temporaries + i * kBlock;
  for (size_t index; (index = kernel.next.fetch_add(1, std::memory_order_relaxed)) < kernel.pieces.size();) {
    const Piece& piece = kernel.pieces[index];
    const float* scalars = kernel.scalars + (kernel.rows == 1 ? 0 : piece.tensor) * kernel.slots;
    double* sums = kernel.sums.data() + index * kernel.reductions;
    const auto [sparse, sparse_end] = std::equal_range(kernel.sparse.begin(), kernel.sparse.end(), Sparse{piece.tensor}, OfEarlierTensor);
    const int64_t step = sparse == sparse_end ? piece.length : kSpread;
    for (int64_t done = 0; done < piece.length; done += step) {
      const int64_t begin = piece.offset + done, length = std::min(step, piece.length - done);
      for (int64_t s = 0; s < streams; s++) places[s] = kernel.Stream(piece.tensor, s) + begin;
      for (auto one = sparse; one != sparse_end; one++) {
        places[one->stream] = spread[one - sparse];
        one->Spread(begin, length, places[one->stream]);
      }
      if (kernel.fused) kernel.fused(places, scalars, length, sums);
      else RunBlocks(kernel, places, scalars, length, sums);
    }
  }
}

void WriteSums(const Kernel& kernel, float* output) {
  std::vector<double> sums(kernel.tensors * kernel.reductions, 0.0);
  for (size_t piece = 0; piece < kernel.pieces.size(); piece++) {
    double* of_tensor = sums.data() + kernel.pieces[piece].tensor * kernel.reductions;
    for (int64_t r = 0; r < kernel.reductions; r++) of_tensor[r] += kernel.sums[piece * kernel.reductions + r];
  }
  for (size_t i = 0; i < sums.size(); i++)
    output[i] = static_cast<float>(kernel.roots[i % kernel.reductions] ? std::sqrt(sums[i]) : sums[i]);
}

void Compute(void* state, TF_OpKernelContext* context) {
  Kernel& kernel = *static_cast<Kernel*>(state);
  const std::lock_guard<std::mutex> alone(kernel.mutex);
  const Status status(TF_NewStatus());
  kernel.inputs.clear();
  for (int i = 0; i < TF_NumInputs(context) && TF_GetCode(status.get()) == TF_OK; i++) {
    TF_Tensor* input = nullptr;
    TF_GetInput(context, i, &input, status.get());
    kernel.inputs.emplace_back(input);
  }
  if (TF_GetCode(status.get()) == TF_OK) {
    const std::string fault = Bind(kernel);
    if (!fault.empty()) TF_SetStatus(status.get(), TF_INVALID_ARGUMENT, ("StepwireOptimizerStage: " + fault).c_str());
  }
  if (TF_GetCode(status.get()) == TF_OK) {
    const int64_t shape[] = {kernel.tensors, kernel.reductions};
    const Tensor sums(TF_AllocateOutput(context, 0, TF_FLOAT, shape, 2, shape[0] * shape[1] * sizeof(float), status.get()));
    if (TF_GetCode(status.get()) == TF_OK) {
      if (kernel.pieces.size() > 1) RunOnAllThreads(Work, &kernel);
      else Work(&kernel);
      WriteSums(kernel, static_cast<float*>(TF_TensorData(sums.get())));
    }
  }
  kernel.inputs.clear();
  if (TF_GetCode(status.get()) != TF_OK) TF_OpKernelContext_Failure(context, status.get());
}

void Delete(void* kernel) { delete static_cast<Kernel*>(kernel); }

}  // namespace

void RegisterOptimizerStage(TF_Status* status) {
  const char* name = "StepwireOptimizerStage";
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  for (const char* input : {"streams: K * float", "scalars: float", "sparse: int32"})
    TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* attribute : {"K: int >= 1", "tensors: int >= 1", "program: list(int)", "written: list(int)", "temporaries: int", "reductions: int",
                                "form: {'any', 'fused', 'interpreted'}"})
    TF_OpDefinitionBuilderAddAttr(op, attribute);
  TF_OpDefinitionBuilderAddOutput(op, "sums: float");
  // It writes into its inputs: TensorFlow must neither reorder nor drop it.
  TF_OpDefinitionBuilderSetIsStateful(op, true);
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) == TF_OK) TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", Create, Compute, Delete), status);
}

}  // namespace stepwire
