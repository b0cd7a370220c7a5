// StepwireMatMulBfloat16: a product of two matrices, either transposed on demand, whose numbers are rounded to bfloat16 first; products and
// sums are float. For processors with AVX-512's bfloat16 instructions, on which TensorFlow's library computes in bfloat16 with AMX only.
//
// Inputs      a: float [m, k], or [k, m] where transpose_a is 1; b: float [k, n], or [n, k] where transpose_b is 1.
// Outputs     y: float [m, n].
// Attributes  transpose_a, transpose_b: 0 or 1.
// Twin        Cast to bfloat16 and back, then MatMul; services/engine/matMulBfloat16.test.ts.
// Each number is summed by one thread, in an order that depends on k alone: the result does not depend on the number of threads.
#include "matmul_bfloat16.h"

#include <cstring>

#include "bfloat16_tile.h"
#include "operation.h"

namespace stepwire {

#if STEPWIRE_BFLOAT16_TILES
bool MultipliesBfloat16() {
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#else
bool MultipliesBfloat16() { return false; }
#endif

namespace {

#if STEPWIRE_BFLOAT16_TILES
using namespace bfloat16;

// Of what is laid out at a time: a panel of the right factor stays in the second-level cache, a block of the left one in the third.
constexpr int64_t kDepth = 2048, kBlock = 64 * kStrip;
// Rows that are worth laying out a panel once more for, where there would be too few parts for all threads.
constexpr int64_t kFewestRows = 4 * kStrip;

// Memory for `length` numbers at the start of a cache line. It is kept: a kernel allocates nothing once it has seen its sizes.
int32_t* Kept(std::vector<int32_t>& memory, int64_t length) {
  constexpr int64_t kLine = 16;
  if (static_cast<int64_t>(memory.size()) < length + kLine) memory.resize(length + kLine);
  const auto address = reinterpret_cast<uintptr_t>(memory.data());
  return memory.data() + (64 - address % 64) % 64 / sizeof(int32_t);
}

int32_t* PanelMemory() {
  thread_local std::vector<int32_t> memory;
  return Kept(memory, kDepth / 2 * kPanel);
}

int64_t Parts(int64_t length, int64_t size) { return (length + size - 1) / size; }

// A matrix of `stride` numbers a row, and whether its rows run along the summed axis.
struct Factor {
  const float* data;
  int64_t stride;
  bool along;

  const float* At(int64_t outer, int64_t k) const { return data + (along ? outer * stride + k : k * stride + outer); }
};

// Lays out `rows` rows from `row` on, in strips, as [kStrip, pairs] where they run along the summed axis and as [pairs, kStrip] where not.
void PackLeft(const Factor& a, int64_t row, int64_t rows, int64_t k, int64_t depth, int32_t* left) {
  const int64_t pairs = (depth + 1) / 2;
  InParts(Parts(rows, kStrip), 1, [&](int64_t strip, int64_t) {
    const int64_t first = strip * kStrip, length = std::min(kStrip, rows - first);
    int32_t* out = left + first * pairs;
    if (!a.along) return PackColumns(a.At(row + first, k), a.stride, depth, length, kStrip, out);
    for (int64_t i = 0; i < length; i++) PackRow(a.At(row + first + i, k), depth, out + i * pairs);
  });
}

// y [rows, n] = the rows that were laid out times b's numbers from k on, or grows by that.
void MultiplyBlock(const int32_t* left, bool along, int64_t rows, const Factor& b, int64_t n, int64_t k, int64_t depth, float* y) {
  const int64_t pairs = (depth + 1) / 2, panels = Parts(n, kPanel);
  const int64_t wanted = std::min(Parts(rows, kFewestRows), Parts(4 * ThreadCount(), panels));
  const int64_t share = Parts(Parts(rows, wanted), kStrip) * kStrip, shares = Parts(rows, share);
  InParts(panels * shares, 1, [&](int64_t part, int64_t) {
    const int64_t column = part / shares * kPanel, columns = std::min(kPanel, n - column), vectors = Parts(columns, kVector);
    int32_t* right = PanelMemory();
    if (b.along) PackTransposed(b.At(column, k), b.stride, depth, columns, right);
    else PackColumns(b.At(column, k), b.stride, depth, columns, kPanel, right);
    const int64_t begin = part % shares * share, end = std::min(rows, begin + share);
    for (int64_t row = begin; row < end;) {
      const int64_t strip = row / kStrip * kStrip, in_strip = row - strip, height = std::min({kTileRows, end - row, kStrip - in_strip});
      const int32_t* first = left + strip * pairs + in_strip * (along ? pairs : 1);
      const Factors factors{first, along ? pairs : 1, along ? 1 : kStrip, right, pairs};
      TileOf(height, vectors)(factors, y + row * n + column, n, First(columns - kVector * (vectors - 1)), k > 0);
      row += height;
    }
  });
}

void Multiply(const Factor& a, const Factor& b, int64_t m, int64_t n, int64_t depth, float* y) {
  thread_local std::vector<int32_t> memory;
  for (int64_t k = 0; k < depth; k += kDepth) {
    const int64_t length = std::min(kDepth, depth - k);
    for (int64_t row = 0; row < m; row += kBlock) {
      const int64_t rows = std::min(kBlock, m - row);
      int32_t* left = Kept(memory, Parts(rows, kStrip) * kStrip * ((length + 1) / 2));
      PackLeft(a, row, rows, k, length, left);
      MultiplyBlock(left, a.along, rows, b, n, k, length, y + row * n);
    }
  }
}
#endif

struct MatMulBfloat16 {
  static constexpr const char* kName = "StepwireMatMulBfloat16";
  static Names Inputs() { return {"a: float", "b: float"}; }
  static Names Outputs() { return {"y: float"}; }
  static Names AttributeNames() { return {"transpose_a: int", "transpose_b: int"}; }
  static void Compute(Call& call) {
    if (!MultipliesBfloat16()) return call.Refuse("this processor multiplies no bfloat16 by AVX-512");
    const bool transpose_a = call.Attribute("transpose_a") != 0, transpose_b = call.Attribute("transpose_b") != 0;
    call.Expect(0, "a", {-1, -1});
    if (!call.ok()) return;
    const int64_t m = call.Length(0, transpose_a), k = call.Length(0, !transpose_a);
    call.Expect(1, "b", transpose_b ? std::vector<int64_t>{-1, k} : std::vector<int64_t>{k, -1});
    if (!call.ok()) return;
    const int64_t n = call.Length(1, !transpose_b);
    float* y = call.Out(0, {m, n});
    if (!call.ok() || m == 0 || n == 0) return;
    if (k == 0) std::memset(y, 0, m * n * sizeof(float));
#if STEPWIRE_BFLOAT16_TILES
    const Factor a{call.In(0), transpose_a ? m : k, !transpose_a}, b{call.In(1), transpose_b ? k : n, transpose_b};
    Multiply(a, b, m, n, k, y);
#endif
  }
};

}  // namespace

void RegisterMatMulBfloat16(TF_Status* status) { RegisterOperation<MatMulBfloat16>(status); }

}  // namespace stepwire
