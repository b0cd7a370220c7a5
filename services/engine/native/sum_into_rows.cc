// StepwireSumIntoRows: adds each row to the row of a table of zeros that an index names, the gradient of a lookup.
//
// Inputs   rows: float [k, n]; indices: int32 [k], each from 0 to size - 1; size: int32 [].
// Outputs  y: float [size, n].
// Twin     UnsortedSegmentSum; services/engine/ops.ts.
// The rows of a sum are added in their order, by one thread: the result does not depend on the number of threads.
#include "sum_into_rows.h"

#include <algorithm>
#include <cstring>

#include "operation.h"
#include "operations.h"

namespace stepwire {
namespace {

// Numbers of the table that a thread takes at a time, in whole rows: they stay in the cache between being cleared and being added to.
constexpr int64_t kPart = 32768;
// A table of fewer rows is shared out by columns, this many at a time.
constexpr int64_t kManyRows = 64, kColumns = 64;

STEPWIRE_CLONES
void AddTo(float* sum, const float* row, int64_t length) {
#pragma omp simd
  for (int64_t i = 0; i < length; i++) sum[i] += row[i];
}

// Which rows go to each row of the table, in their order: `first` of each row of the table, and the `next` of each row, -1 at the end.
struct Chains {
  std::vector<int32_t> first, next;

  Chains(const int32_t* indices, int64_t k, int64_t size) : first(size, -1), next(k) {
    for (int64_t i = k - 1; i >= 0; i--) {
      next[i] = first[indices[i]];
      first[indices[i]] = static_cast<int32_t>(i);
    }
  }
};

struct SumIntoRows {
  static constexpr const char* kName = "StepwireSumIntoRows";
  static Names Inputs() { return {"rows: float", "indices: int32", "size: int32"}; }
  static Names Outputs() { return {"y: float"}; }
  static Names AttributeNames() { return {}; }
  static void Compute(Call& call) {
    call.Expect(0, "rows", {-1, -1});
    if (!call.ok()) return;
    const int64_t k = call.Length(0, 0), n = call.Length(0, 1);
    call.Expect(1, "indices", {k});
    call.Expect(2, "size", {});
    if (!call.ok()) return;
    const int32_t *indices = call.In<int32_t>(1), size = *call.In<int32_t>(2);
    if (size < 0) call.Refuse("a table cannot have " + std::to_string(size) + " rows");
    for (int64_t i = 0; i < k && call.ok(); i++)
      if (indices[i] < 0 || indices[i] >= size)
        call.Refuse("index " + std::to_string(i) + " is " + std::to_string(indices[i]) + "; the table has " + std::to_string(size) + " rows");
    float* y = call.Out(0, {size, n});
    if (!call.ok()) return;
    const float* rows = call.In(0);
    if (size < kManyRows) {
      InParts(n, kColumns, [&](int64_t begin, int64_t end) {
        for (int64_t row = 0; row < size; row++) std::fill(y + row * n + begin, y + row * n + end, 0.0f);
        for (int64_t i = 0; i < k; i++) AddTo(y + indices[i] * n + begin, rows + i * n + begin, end - begin);
      });
      return;
    }
    const Chains chains(indices, k, size);
    InParts(size, std::max<int64_t>(1, kPart / std::max<int64_t>(1, n)), [&](int64_t begin, int64_t end) {
      std::memset(y + begin * n, 0, (end - begin) * n * sizeof(float));
      for (int64_t row = begin; row < end; row++)
        for (int32_t i = chains.first[row]; i >= 0; i = chains.next[i]) AddTo(y + row * n, rows + i * n, n);
    });
  }
};

}  // namespace

void RegisterSumIntoRows(TF_Status* status) { RegisterOperation<SumIntoRows>(status); }

}  // namespace stepwire
