// StepwireAttention, StepwireAttentionGrad: softmax(q k' / sqrt(d)) v over each sequence of a packed batch, several heads, with dropout on the
// probabilities. Nothing is padded; the probabilities are computed again in the backward pass, so memory does not grow with length squared.
//
// Inputs   q: float [rows, heads * d]; k, v: float [rows, kv_heads * d], a row a token; sequences: int32 [n, 6], of each its first row, its
//          length, and of its dropout the two words of the seed, the place among the numbers of that seed that its first head begins at, and
//          the length of a line of them.
//          Of the gradient besides: y and normaliser as the forward operation gave them, dy: float [rows, heads * d].
//          Attr heads; kv_heads, of which heads / kv_heads heads read each; causal (1: a token attends to those before it and itself); rate of
//          dropout (0: none).
// Outputs  y: float [rows, heads * d], 0 for rows of no sequence; normaliser: float [rows, heads], the log of the softmax's denominator.
//          dq: float [rows, heads * d]; dk, dv: float [rows, kv_heads * d].
// Twin     services/engine/layers/attention.ts.
// The heads that read one head of keys of a sequence are one piece of work with outputs of its own, so the result does not depend on the
// number of threads.
#include "attention.h"

#include <algorithm>
#include <cmath>

#include "dropout.h"
#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

// Queries whose probabilities are in memory at once.
constexpr int64_t kQueries = 64;
// Rows of local matrices are padded to whole vectors of this many numbers.
constexpr int64_t kWidth = 16;
constexpr int kSequenceFields = 6;

typedef float Vector __attribute__((vector_size(kWidth * sizeof(float)), aligned(4), may_alias));

int64_t Padded(int64_t n) { return (n + kWidth - 1) / kWidth * kWidth; }

// c[r][j] (+)= sum over k of a(r, k) * b[k][j], where a(r, k) is a[r * row_step + k * step] and lines of b and c are `b_line` and `c_line` apart;
// columns is a multiple of kWidth.
template <int kRowCount, int kVectors>
inline __attribute__((always_inline)) void Tile(const float* a, int64_t row_step, int64_t step, const float* b, int64_t b_line, float* c,
                                                int64_t c_line, int64_t depth, bool accumulate) {
  Vector sums[kRowCount][kVectors];
  for (int r = 0; r < kRowCount; r++)
    for (int v = 0; v < kVectors; v++)
      sums[r][v] = accumulate ? *reinterpret_cast<const Vector*>(c + r * c_line + v * kWidth) : Vector{};
  for (int64_t k = 0; k < depth; k++) {
    Vector line[kVectors];
    for (int v = 0; v < kVectors; v++) line[v] = *reinterpret_cast<const Vector*>(b + k * b_line + v * kWidth);
    for (int r = 0; r < kRowCount; r++) {
      const float factor = a[r * row_step + k * step];
      for (int v = 0; v < kVectors; v++) sums[r][v] += factor * line[v];
    }
  }
  for (int r = 0; r < kRowCount; r++)
    for (int v = 0; v < kVectors; v++) *reinterpret_cast<Vector*>(c + r * c_line + v * kWidth) = sums[r][v];
}

template <int kVectors>
inline __attribute__((always_inline)) void Columns(const float* a, int64_t row_step, int64_t step, const float* b, int64_t b_line, float* c,
                                                   int64_t c_line, int64_t rows, int64_t depth, bool accumulate) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) Tile<4, kVectors>(a + r * row_step, row_step, step, b, b_line, c + r * c_line, c_line, depth, accumulate);
  for (; r < rows; r++) Tile<1, kVectors>(a + r * row_step, row_step, step, b, b_line, c + r * c_line, c_line, depth, accumulate);
}

STEPWIRE_CLONES
void Multiply(const float* a, int64_t row_step, int64_t step, const float* b, int64_t b_line, float* c, int64_t c_line, int64_t rows,
              int64_t columns, int64_t depth, bool accumulate) {
  int64_t j = 0;
  for (; j + 2 * kWidth <= columns; j += 2 * kWidth) Columns<2>(a, row_step, step, b + j, b_line, c + j, c_line, rows, depth, accumulate);
  if (j < columns) Columns<1>(a, row_step, step, b + j, b_line, c + j, c_line, rows, depth, accumulate);
}

// Scores become probabilities. Returns the log of the denominator.
STEPWIRE_CLONES
float Softmax(float* scores, int64_t length) {
  float greatest = scores[0];
#pragma omp simd reduction(max : greatest)
  for (int64_t j = 0; j < length; j++) greatest = scores[j] > greatest ? scores[j] : greatest;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t j = 0; j < length; j++) {
    const float value = Exponential(scores[j] - greatest);
    scores[j] = value;
    sum += value;
  }
  const float inverse = 1.0f / sum;
#pragma omp simd
  for (int64_t j = 0; j < length; j++) scores[j] *= inverse;
  return greatest + std::log(sum);
}

STEPWIRE_CLONES
void FromNormaliser(float* scores, float normaliser, int64_t length) {
#pragma omp simd
  for (int64_t j = 0; j < length; j++) scores[j] = Exponential(scores[j] - normaliser);
}

STEPWIRE_CLONES
void Drop(const float* x, const float* uniform, float rate, float factor, float* y, int64_t length) {
#pragma omp simd
  for (int64_t j = 0; j < length; j++) y[j] = uniform[j] >= rate ? x[j] * factor : 0.0f;
}

// p * (dp - along), the gradient of the scores.
STEPWIRE_CLONES
void ScoreGradient(const float* probabilities, const float* dprobabilities, float along, float* dscores, int64_t length) {
#pragma omp simd
  for (int64_t j = 0; j < length; j++) dscores[j] = probabilities[j] * (dprobabilities[j] - along);
}

STEPWIRE_CLONES
float Dot(const float* a, const float* b, int64_t length) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < length; i++) sum += a[i] * b[i];
  return sum;
}

// A head of keys and values of one sequence.
struct Piece {
  int64_t first, length, kv_head, d;
  int32_t seed[2];
  int64_t place, line;
  bool causal;

  // Keys that a block of queries from `from` on sees.
  int64_t Keys(int64_t from, int64_t count) const { return causal ? from + count : length; }
  // Keys that one query sees.
  int64_t Seen(int64_t query) const { return causal ? query + 1 : length; }
};

// The rows of a piece in one head of a tensor.
struct Head {
  int64_t head, row_length;
  template <typename Number>
  Number* Row(const Piece& piece, Number* rows, int64_t i) const { return rows + (piece.first + i) * row_length + head * piece.d; }
};

// The uniform numbers of a block of queries: those of each are `line` apart.
const float* BlockNumbers(const Philox& philox, const Piece& piece, int64_t head, int64_t from, int64_t count, std::vector<float>& buffer) {
  const int64_t begin = piece.place + (head * piece.line + from) * piece.line;
  return UniformNumbers(philox, begin, (count - 1) * piece.line + piece.length, buffer);
}

// Local matrices with padding that is 0.
class Matrices {
 public:
  float* Take(int64_t size) {
    if (next_ == buffers_.size()) buffers_.emplace_back();
    std::vector<float>& buffer = buffers_[next_++];
    buffer.assign(static_cast<size_t>(size), 0.0f);
    return buffer.data();
  }
  // Ends the use of the matrix taken last.
  void Return() { next_--; }
  void Reset() { next_ = 0; }
  std::vector<float> uniform;

 private:
  std::vector<std::vector<float>> buffers_;
  size_t next_ = 0;
};

// [length, padded d], times a factor.
float* Lines(Matrices& matrices, const Piece& piece, const Head& head, const float* rows, float factor) {
  const int64_t width = Padded(piece.d);
  float* lines = matrices.Take(piece.length * width);
  for (int64_t i = 0; i < piece.length; i++) {
    const float* row = head.Row(piece, rows, i);
    for (int64_t c = 0; c < piece.d; c++) lines[i * width + c] = row[c] * factor;
  }
  return lines;
}

// [d, padded length].
float* Transposed(Matrices& matrices, const Piece& piece, const Head& head, const float* rows) {
  const int64_t width = Padded(piece.length);
  float* lines = matrices.Take(piece.d * width);
  for (int64_t i = 0; i < piece.length; i++) {
    const float* row = head.Row(piece, rows, i);
    for (int64_t c = 0; c < piece.d; c++) lines[c * width + i] = row[c];
  }
  return lines;
}

void PutLines(const Piece& piece, const Head& head, const float* lines, int64_t begin, int64_t count, float factor, float* rows) {
  const int64_t width = Padded(piece.d);
  for (int64_t i = 0; i < count; i++) {
    float* row = head.Row(piece, rows, begin + i);
    for (int64_t c = 0; c < piece.d; c++) row[c] = lines[i * width + c] * factor;
  }
}

struct Batch {
  const int32_t* sequences;
  int64_t count, heads, kv_heads, d, rows;
  bool causal;
  float rate;

  int64_t Pieces() const { return count * kv_heads; }
  // Heads of queries that read one head of keys.
  int64_t Group() const { return heads / kv_heads; }
  Head Query(int64_t head) const { return {head, heads * d}; }
  Head KeyValue(int64_t head) const { return {head, kv_heads * d}; }
  Piece At(int64_t index) const {
    const int32_t* fields = sequences + index / kv_heads * kSequenceFields;
    return {fields[0], fields[1], index % kv_heads, d, {fields[2], fields[3]}, fields[4], fields[5], causal};
  }
};

// The batch of a call, or a refusal.
Batch ReadBatch(Call& call) {
  call.Expect(0, "q", {-1, -1});
  if (!call.ok()) return {};
  const int64_t rows = call.Length(0, 0), width = call.Length(0, 1);
  const int64_t heads = static_cast<int64_t>(call.Attribute("heads")), kv_heads = static_cast<int64_t>(call.Attribute("kv_heads"));
  if (heads < 1 || kv_heads < 1 || heads % kv_heads || width % heads) {
    call.Refuse("rows of " + std::to_string(width) + " cannot be cut into " + std::to_string(heads) + " heads that share " +
                std::to_string(kv_heads) + " of keys");
    return {};
  }
  const int64_t d = width / heads;
  call.Expect(1, "k", {rows, kv_heads * d});
  call.Expect(2, "v", {rows, kv_heads * d});
  call.Expect(3, "sequences", {-1, kSequenceFields});
  if (!call.ok()) return {};
  const Batch batch{call.In<int32_t>(3), call.Length(3, 0), heads, kv_heads, d, rows, call.Attribute("causal") != 0,
                    static_cast<float>(call.Attribute("rate"))};
  int64_t end = 0;
  for (int64_t i = 0; i < batch.count && call.ok(); i++) {
    const int32_t* fields = batch.sequences + i * kSequenceFields;
    if (fields[0] < end || fields[1] < 1 || fields[0] + static_cast<int64_t>(fields[1]) > rows || fields[4] < 0 || fields[5] < fields[1])
      call.Refuse("sequence " + std::to_string(i) + " is not within the rows, or overlaps the one before it");
    end = fields[0] + static_cast<int64_t>(fields[1]);
  }
  return batch;
}

// Rows of no sequence become 0.
void ClearOthers(const Batch& batch, int64_t row_length, float* rows) {
  int64_t end = 0;
  for (int64_t i = 0; i <= batch.count; i++) {
    const int64_t first = i < batch.count ? batch.sequences[i * kSequenceFields] : batch.rows;
    std::fill(rows + end * row_length, rows + first * row_length, 0.0f);
    if (i < batch.count) end = first + batch.sequences[i * kSequenceFields + 1];
  }
}

struct Attention {
  static constexpr const char* kName = "StepwireAttention";
  static Names Inputs() { return {"q: float", "k: float", "v: float", "sequences: int32"}; }
  static Names Outputs() { return {"y: float", "normaliser: float"}; }
  static Names AttributeNames() { return {"heads: int", "kv_heads: int", "causal: int", "rate: float"}; }
  static void Compute(Call& call) {
    const Batch batch = ReadBatch(call);
    if (!call.ok()) return;
    float *y = call.OutLike(0, 0), *normaliser = call.Out(1, {batch.rows, batch.heads});
    if (!call.ok()) return;
    const float *q = call.In(0), *k = call.In(1), *v = call.In(2);
    ClearOthers(batch, batch.heads * batch.d, y);
    ClearOthers(batch, batch.heads, normaliser);
    InParts(batch.Pieces(), 1, [&](int64_t begin, int64_t end) {
      thread_local Matrices matrices;
      for (int64_t index = begin; index < end; index++) {
        matrices.Reset();
        const Piece piece = batch.At(index);
        const Philox philox(piece.seed[0], piece.seed[1]);
        const int64_t length = piece.length, line = Padded(length), width = Padded(piece.d);
        const Head shared = batch.KeyValue(piece.kv_head);
        const float *keys = Transposed(matrices, piece, shared, k), *values = Lines(matrices, piece, shared, v, 1);
        float *scores = matrices.Take(kQueries * line), *context = matrices.Take(kQueries * width);
        for (int64_t h = piece.kv_head * batch.Group(); h < (piece.kv_head + 1) * batch.Group(); h++) {
          const Head own_head = batch.Query(h);
          const float* queries = Lines(matrices, piece, own_head, q, 1 / std::sqrt(static_cast<float>(piece.d)));
          for (int64_t from = 0; from < length; from += kQueries) {
            const int64_t count = std::min(kQueries, length - from), reach = piece.Keys(from, count);
            Multiply(queries + from * width, width, 1, keys, line, scores, line, count, Padded(reach), piece.d, false);
            const float* uniform = batch.rate > 0 ? BlockNumbers(philox, piece, h, from, count, matrices.uniform) : nullptr;
            for (int64_t i = 0; i < count; i++) {
              float* own = scores + i * line;
              const int64_t seen = piece.Seen(from + i);
              normaliser[(piece.first + from + i) * batch.heads + h] = Softmax(own, seen);
              if (uniform) Drop(own, uniform + i * piece.line, batch.rate, 1 / (1 - batch.rate), own, seen);
              std::fill(own + seen, own + reach, 0.0f);
            }
            Multiply(scores, line, 1, values, width, context, width, count, width, reach, false);
            PutLines(piece, own_head, context, from, count, 1, y);
          }
          matrices.Return();
        }
      }
    });
  }
};

struct AttentionGrad {
  static constexpr const char* kName = "StepwireAttentionGrad";
  static Names Inputs() { return {"q: float", "k: float", "v: float", "sequences: int32", "y: float", "normaliser: float", "dy: float"}; }
  static Names Outputs() { return {"dq: float", "dk: float", "dv: float"}; }
  static Names AttributeNames() { return {"heads: int", "kv_heads: int", "causal: int", "rate: float"}; }
  static void Compute(Call& call) {
    const Batch batch = ReadBatch(call);
    if (!call.ok()) return;
    call.Expect(4, "y", {batch.rows, batch.heads * batch.d});
    call.Expect(5, "normaliser", {batch.rows, batch.heads});
    call.Expect(6, "dy", {batch.rows, batch.heads * batch.d});
    float *dq = call.OutLike(0, 0), *dk = call.OutLike(1, 1), *dv = call.OutLike(2, 2);
    if (!call.ok()) return;
    const float *q = call.In(0), *k = call.In(1), *v = call.In(2), *y = call.In(4), *normaliser = call.In(5), *dy = call.In(6);
    ClearOthers(batch, batch.heads * batch.d, dq);
    for (float* gradient : {dk, dv}) ClearOthers(batch, batch.kv_heads * batch.d, gradient);
    InParts(batch.Pieces(), 1, [&](int64_t begin, int64_t end) {
      thread_local Matrices matrices;
      for (int64_t index = begin; index < end; index++) {
        matrices.Reset();
        const Piece piece = batch.At(index);
        const Philox philox(piece.seed[0], piece.seed[1]);
        const int64_t length = piece.length, line = Padded(length), width = Padded(piece.d);
        const float scale = 1 / std::sqrt(static_cast<float>(piece.d));
        const Head shared = batch.KeyValue(piece.kv_head);
        const float* keys = Lines(matrices, piece, shared, k, 1);
        const float *key_columns = Transposed(matrices, piece, shared, k), *value_columns = Transposed(matrices, piece, shared, v);
        float *dqueries = matrices.Take(kQueries * width), *dkeys = matrices.Take(length * width), *dvalues = matrices.Take(length * width);
        float *probabilities = matrices.Take(kQueries * line), *used = matrices.Take(kQueries * line), *dused = matrices.Take(kQueries * line);
        for (int64_t h = piece.kv_head * batch.Group(); h < (piece.kv_head + 1) * batch.Group(); h++) {
          const Head own_head = batch.Query(h);
          const float *queries = Lines(matrices, piece, own_head, q, scale), *dcontext = Lines(matrices, piece, own_head, dy, 1);
          for (int64_t from = 0; from < length; from += kQueries) {
            const int64_t count = std::min(kQueries, length - from), reach = piece.Keys(from, count), columns = Padded(reach);
            Multiply(queries + from * width, width, 1, key_columns, line, probabilities, line, count, columns, piece.d, false);
            Multiply(dcontext + from * width, width, 1, value_columns, line, dused, line, count, columns, piece.d, false);
            const float* uniform = batch.rate > 0 ? BlockNumbers(philox, piece, h, from, count, matrices.uniform) : nullptr;
            for (int64_t i = 0; i < count; i++) {
              float *own = probabilities + i * line, *kept = used + i * line, *down = dused + i * line;
              const int64_t seen = piece.Seen(from + i);
              FromNormaliser(own, normaliser[(piece.first + from + i) * batch.heads + h], seen);
              // What is not seen had a score too, that of the padding was 0.
              std::fill(own + seen, own + columns, 0.0f);
              if (uniform) {
                Drop(own, uniform + i * piece.line, batch.rate, 1 / (1 - batch.rate), kept, seen);
                Drop(down, uniform + i * piece.line, batch.rate, 1 / (1 - batch.rate), down, seen);
              } else {
                std::copy(own, own + seen, kept);
              }
              std::fill(kept + seen, kept + reach, 0.0f);
              // The sum of p dp is the same number as context . dcontext, which is shorter.
              const float along = Dot(own_head.Row(piece, y, from + i), own_head.Row(piece, dy, from + i), piece.d);
              ScoreGradient(own, down, along, down, columns);
            }
            Multiply(used, 1, line, dcontext + from * width, width, dvalues, width, reach, width, count, true);
            Multiply(dused, 1, line, queries + from * width, width, dkeys, width, reach, width, count, true);
            Multiply(dused, line, 1, keys, width, dqueries, width, count, width, reach, false);
            PutLines(piece, own_head, dqueries, from, count, scale, dq);
          }
          matrices.Return();
          matrices.Return();
        }
        PutLines(piece, shared, dkeys, 0, length, 1, dk);
        PutLines(piece, shared, dvalues, 0, length, 1, dv);
      }
    });
  }
};

}  // namespace

void RegisterAttention(TF_Status* status) {
  RegisterOperation<Attention>(status);
  if (TF_GetCode(status) == TF_OK) RegisterOperation<AttentionGrad>(status);
}

}  // namespace stepwire
