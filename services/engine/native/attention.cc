// StepwireAttention, StepwireAttentionGrad: softmax(q k' / sqrt(d)) v over each sequence of a packed batch, several heads, with dropout on the
// probabilities. Nothing is padded; the probabilities are computed again in the backward pass, so memory does not grow with length squared.
//
// Inputs   q: float [rows, heads * d], a row a token; k, v: float [rows, kv_heads * d], of which neighbouring heads share one; sequences: int32
//          [n, 6], of each its first row, its length, and of its dropout the two words of the seed, its place among the sequences of that
//          seed, and the length of a line of their numbers: a sequence has heads * line lines.
//          Of the gradient besides: y and normaliser as the forward operation gave them, dy: float [rows, heads * d].
//          Attr heads, kv_heads; causal (1: a token sees itself and those before it); rate of dropout (0: none).
// Outputs  y: float [rows, heads * d], 0 for rows of no sequence; normaliser: float [rows, heads], the log of the softmax's denominator.
//          dq, dk, dv: float, in the shapes of q, k and v.
// Twin     services/engine/layers/attention.ts.
// A head of a sequence is one piece of work with outputs of its own, and what heads that share keys give is added in their order, so the
// result does not depend on the number of threads.
#include "attention.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dropout.h"
#include "operation.h"
#include "vector_math.h"

namespace stepwire {
namespace {

// Queries whose probabilities are in memory at once. Causal ones are fewer: what they compute above the diagonal is in vain.
constexpr int64_t kQueries = 64, kCausalQueries = 32;
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

// A head's part of the rows of a sequence.
template <typename Number>
struct Strip {
  Number* data;
  int64_t step;

  Number* operator[](int64_t i) const { return data + i * step; }
};

// One head of one sequence.
struct Piece {
  int64_t first, length, d, head, heads, key_head, key_heads;
  bool causal;
  int32_t seed[2];
  int64_t place, line;

  // Of queries, or what has a row for each.
  template <typename Number>
  Strip<Number> Queries(Number* rows) const { return {rows + (first * heads + head) * d, heads * d}; }
  // Of keys or values.
  template <typename Number>
  Strip<Number> Keys(Number* rows) const { return {rows + (first * key_heads + key_head) * d, key_heads * d}; }

  int64_t Block() const { return std::min(length, causal ? kCausalQueries : kQueries); }
  // How many keys a query sees.
  int64_t Seen(int64_t query) const { return causal ? query + 1 : length; }
};

// The uniform numbers of one head's dropout, for queries in blocks.
class Numbers {
 public:
  Numbers(const Piece& piece, std::vector<float>& buffer)
      : piece_(piece), philox_(piece.seed[0], piece.seed[1]), buffer_(buffer),
        // In long lines, more than half of what is drawn for a block at once may be for keys that are not seen.
        together_(piece.line <= (piece.causal ? 2 * Philox::kBatch : 2 * piece.length)) {}

  void Begin(int64_t from, int64_t count) {
    from_ = from;
    if (together_) block_ = UniformNumbers(philox_, Place(from), (count - 1) * piece_.line + piece_.length, buffer_);
  }
  // As many as the query sees keys; they hold until the next call.
  const float* Of(int64_t query) {
    if (together_) return block_ + (query - from_) * piece_.line;
    return UniformNumbers(philox_, Place(query), piece_.Seen(query), buffer_);
  }

 private:
  int64_t Place(int64_t query) const { return piece_.place + (piece_.head * piece_.line + query) * piece_.line; }

  const Piece& piece_;
  Philox philox_;
  std::vector<float>& buffer_;
  bool together_;
  int64_t from_ = 0;
  const float* block_ = nullptr;
};

// Local matrices with padding that is 0.
class Matrices {
 public:
  float* Take(int64_t size) {
    if (next_ == buffers_.size()) buffers_.emplace_back();
    std::vector<float>& buffer = buffers_[next_++];
    buffer.assign(static_cast<size_t>(size), 0.0f);
    return buffer.data();
  }
  void Reset() { next_ = 0; }
  std::vector<float> uniform;

 private:
  std::vector<std::vector<float>> buffers_;
  size_t next_ = 0;
};

// [length, padded d], times a factor.
float* Lines(Matrices& matrices, const Piece& piece, Strip<const float> rows, float factor) {
  const int64_t width = Padded(piece.d);
  float* lines = matrices.Take(piece.length * width);
  for (int64_t i = 0; i < piece.length; i++)
    for (int64_t c = 0; c < piece.d; c++) lines[i * width + c] = rows[i][c] * factor;
  return lines;
}

// [d, padded length].
float* Transposed(Matrices& matrices, const Piece& piece, Strip<const float> rows) {
  const int64_t width = Padded(piece.length);
  float* lines = matrices.Take(piece.d * width);
  // Whole vectors are written at a time: the lines are so far apart that a processor's first cache cannot hold one number of each.
  for (int64_t begin = 0; begin < piece.length; begin += kWidth) {
    const int64_t end = std::min(begin + kWidth, piece.length);
    for (int64_t c = 0; c < piece.d; c++)
      for (int64_t i = begin; i < end; i++) lines[c * width + i] = rows[i][c];
  }
  return lines;
}

void PutLines(const Piece& piece, const float* lines, int64_t begin, int64_t count, float factor, Strip<float> rows) {
  const int64_t width = Padded(piece.d);
  for (int64_t i = 0; i < count; i++)
    for (int64_t c = 0; c < piece.d; c++) rows[begin + i][c] = lines[i * width + c] * factor;
}

struct Batch {
  const int32_t* sequences;
  int64_t count, rows, d, heads, key_heads;
  bool causal;
  float rate;

  int64_t Width() const { return heads * d; }
  int64_t KeyWidth() const { return key_heads * d; }
  int64_t Pieces() const { return count * heads; }
  Piece At(int64_t index) const {
    const int32_t* fields = sequences + index / heads * kSequenceFields;
    const int64_t head = index % heads;
    return {fields[0], fields[1], d, head, heads, head / (heads / key_heads), key_heads, causal, {fields[2], fields[3]},
            static_cast<int64_t>(fields[4]) * heads * fields[5] * fields[5], fields[5]};
  }
};

// The batch of a call, or a refusal.
Batch ReadBatch(Call& call) {
  call.Expect(0, "q", {-1, -1});
  if (!call.ok()) return {};
  const int64_t rows = call.Length(0, 0), width = call.Length(0, 1);
  const int64_t heads = static_cast<int64_t>(call.Attribute("heads")), key_heads = static_cast<int64_t>(call.Attribute("kv_heads"));
  if (heads < 1 || width < heads || width % heads)
    call.Refuse("rows of " + std::to_string(width) + " cannot be cut into " + std::to_string(heads) + " heads");
  else if (key_heads < 1 || heads % key_heads)
    call.Refuse(std::to_string(heads) + " heads cannot share the keys of " + std::to_string(key_heads));
  if (!call.ok()) return {};
  const int64_t d = width / heads;
  call.Expect(1, "k", {rows, key_heads * d});
  call.Expect(2, "v", {rows, key_heads * d});
  call.Expect(3, "sequences", {-1, kSequenceFields});
  const double rate = call.Attribute("rate");
  if (!(rate >= 0 && rate < 1)) call.Refuse("rate is " + std::to_string(rate) + "; it must be at least 0 and below 1");
  if (!call.ok()) return {};
  const bool causal = call.Attribute("causal") != 0;
  const Batch batch{call.In<int32_t>(3), call.Length(3, 0), rows, d, heads, key_heads, causal, static_cast<float>(call.Attribute("rate"))};
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
void ClearOthers(const Batch& batch, int64_t width, float* rows) {
  int64_t end = 0;
  for (int64_t i = 0; i <= batch.count; i++) {
    const int64_t first = i < batch.count ? batch.sequences[i * kSequenceFields] : batch.rows;
    std::fill(rows + end * width, rows + first * width, 0.0f);
    if (i < batch.count) end = first + batch.sequences[i * kSequenceFields + 1];
  }
}

// The gradients of keys or values, which each head writes apart: into the output itself where no heads share keys, else into a buffer, which
// is best kept, since fresh memory costs more than what is written.
class KeyGradients {
 public:
  KeyGradients(const Batch& batch, float* output, std::vector<float>& buffer) : batch_(batch), output_(output), apart_(output) {
    if (batch.heads != batch.key_heads) {
      const std::size_t size = static_cast<std::size_t>(batch.rows * batch.Width());
      if (buffer.size() < size) buffer.resize(size);
      apart_ = buffer.data();
    }
    ClearOthers(batch, batch.Width(), apart_);
  }

  float* Heads() const { return apart_; }
  // Sums what heads that share keys have written.
  void Write() const {
    if (apart_ == output_) return;
    const int64_t shared = batch_.heads / batch_.key_heads, d = batch_.d;
    InParts(batch_.rows * batch_.key_heads, kSummed, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const float* from = apart_ + i * shared * d;
        float* to = output_ + i * d;
        std::copy(from, from + d, to);
        for (int64_t head = 1; head < shared; head++)
          for (int64_t c = 0; c < d; c++) to[c] += from[head * d + c];
      }
    });
  }

 private:
  static constexpr int64_t kSummed = 64;

  const Batch& batch_;
  float *output_, *apart_;
};

struct Attention {
  static constexpr const char* kName = "StepwireAttention";
  static Names Inputs() { return {"q: float", "k: float", "v: float", "sequences: int32"}; }
  static Names Outputs() { return {"y: float", "normaliser: float"}; }
  static Names AttributeNames() { return {"heads: int", "kv_heads: int", "causal: int", "rate: float"}; }
  static void Compute(Call& call) {
    const Batch batch = ReadBatch(call);
    float* y = call.OutLike(0, 0);
    float* normaliser = call.ok() ? call.Out(1, {batch.rows, batch.heads}) : nullptr;
    if (!call.ok()) return;
    const float *q = call.In(0), *k = call.In(1), *v = call.In(2);
    ClearOthers(batch, batch.Width(), y);
    InParts(batch.Pieces(), 1, [&](int64_t begin, int64_t end) {
      thread_local Matrices matrices;
      for (int64_t index = begin; index < end; index++) {
        matrices.Reset();
        const Piece piece = batch.At(index);
        Numbers numbers(piece, matrices.uniform);
        const int64_t length = piece.length, line = Padded(length), width = Padded(piece.d), block = piece.Block();
        const float* queries = Lines(matrices, piece, piece.Queries(q), 1 / std::sqrt(static_cast<float>(piece.d)));
        const float *keys = Transposed(matrices, piece, piece.Keys(k)), *values = Lines(matrices, piece, piece.Keys(v), 1);
        float *scores = matrices.Take(block * line), *context = matrices.Take(block * width);
        for (int64_t from = 0; from < length; from += block) {
          const int64_t count = std::min(block, length - from), reach = piece.Seen(from + count - 1);
          Multiply(queries + from * width, width, 1, keys, line, scores, line, count, Padded(reach), piece.d, false);
          if (batch.rate > 0) numbers.Begin(from, count);
          for (int64_t i = 0; i < count; i++) {
            float* own = scores + i * line;
            const int64_t seen = piece.Seen(from + i);
            normaliser[(piece.first + from + i) * batch.heads + piece.head] = Softmax(own, seen);
            std::fill(own + seen, own + reach, 0.0f);
            if (batch.rate > 0) Drop(own, numbers.Of(from + i), batch.rate, 1 / (1 - batch.rate), own, seen);
          }
          Multiply(scores, line, 1, values, width, context, width, count, width, reach, false);
          PutLines(piece, context, from, count, 1, piece.Queries(y));
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
    call.Expect(4, "y", {batch.rows, batch.Width()});
    call.Expect(5, "normaliser", {batch.rows, batch.heads});
    call.Expect(6, "dy", {batch.rows, batch.Width()});
    float *dq = call.OutLike(0, 0), *dk = call.OutLike(1, 1), *dv = call.OutLike(2, 2);
    if (!call.ok()) return;
    const float *q = call.In(0), *k = call.In(1), *v = call.In(2), *y = call.In(4), *normaliser = call.In(5), *dy = call.In(6);
    ClearOthers(batch, batch.Width(), dq);
    thread_local std::vector<float> key_buffer, value_buffer;
    const KeyGradients key_gradients(batch, dk, key_buffer), value_gradients(batch, dv, value_buffer);
    InParts(batch.Pieces(), 1, [&](int64_t begin, int64_t end) {
      thread_local Matrices matrices;
      for (int64_t index = begin; index < end; index++) {
        matrices.Reset();
        const Piece piece = batch.At(index);
        Numbers numbers(piece, matrices.uniform);
        const int64_t length = piece.length, line = Padded(length), width = Padded(piece.d), block = piece.Block();
        const float scale = 1 / std::sqrt(static_cast<float>(piece.d));
        const float *queries = Lines(matrices, piece, piece.Queries(q), scale), *dcontext = Lines(matrices, piece, piece.Queries(dy), 1);
        const float *keys = Lines(matrices, piece, piece.Keys(k), 1);
        const float *key_columns = Transposed(matrices, piece, piece.Keys(k)), *value_columns = Transposed(matrices, piece, piece.Keys(v));
        float *dqueries = matrices.Take(block * width), *dkeys = matrices.Take(length * width), *dvalues = matrices.Take(length * width);
        float *probabilities = matrices.Take(block * line), *dused = matrices.Take(block * line);
        float* used = batch.rate > 0 ? matrices.Take(block * line) : probabilities;
        for (int64_t from = 0; from < length; from += block) {
          const int64_t count = std::min(block, length - from), reach = piece.Seen(from + count - 1);
          Multiply(queries + from * width, width, 1, key_columns, line, probabilities, line, count, Padded(reach), piece.d, false);
          Multiply(dcontext + from * width, width, 1, value_columns, line, dused, line, count, Padded(reach), piece.d, false);
          if (batch.rate > 0) numbers.Begin(from, count);
          for (int64_t i = 0; i < count; i++) {
            float *own = probabilities + i * line, *kept = used + i * line, *down = dused + i * line;
            const int64_t seen = piece.Seen(from + i);
            FromNormaliser(own, normaliser[(piece.first + from + i) * batch.heads + piece.head], seen);
            if (batch.rate > 0) {
              const float* uniform = numbers.Of(from + i);
              Drop(own, uniform, batch.rate, 1 / (1 - batch.rate), kept, seen);
              Drop(down, uniform, batch.rate, 1 / (1 - batch.rate), down, seen);
            }
            // The sum of p dp is the same number as context . dcontext, which is shorter.
            ScoreGradient(own, down, Dot(piece.Queries(y)[from + i], piece.Queries(dy)[from + i], piece.d), down, seen);
            for (float* row : {kept, down}) std::fill(row + seen, row + reach, 0.0f);
          }
          Multiply(used, 1, line, dcontext + from * width, width, dvalues, width, reach, width, count, true);
          Multiply(dused, 1, line, queries + from * width, width, dkeys, width, reach, width, count, true);
          Multiply(dused, line, 1, keys, width, dqueries, width, count, width, reach, false);
          PutLines(piece, dqueries, from, count, scale, piece.Queries(dq));
        }
        PutLines(piece, dkeys, 0, length, 1, piece.Queries(key_gradients.Heads()));
        PutLines(piece, dvalues, 0, length, 1, piece.Queries(value_gradients.Heads()));
      }
    });
    key_gradients.Write();
    value_gradients.Write();
  }
};

}  // namespace

void RegisterAttention(TF_Status* status) {
  RegisterOperation<Attention>(status);
  if (TF_GetCode(status) == TF_OK) RegisterOperation<AttentionGrad>(status);
}

}  // namespace stepwire
