// Products of bfloat16 pairs by AVX-512: how numbers are rounded and laid out for them, and one tile of a product.
//
// The instruction multiplies 16 pairs by 16 pairs and adds both products of each to a float. So a factor is laid out as pairs of numbers that
// follow each other along the summed axis, two bfloat16 in 32 bits; an odd last number is paired with zero.
#pragma once
#if defined(__x86_64__) && (defined(__clang__) || __GNUC__ >= 10)
#define STEPWIRE_BFLOAT16_TILES 1
#include <immintrin.h>

#include <algorithm>
#include <cstdint>

#define STEPWIRE_BFLOAT16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

namespace stepwire {
namespace bfloat16 {

// Numbers of a vector; columns of the right factor that are laid out together; rows of the left one, likewise; rows of a tile. A tile keeps
// kTileRows x kPanel sums in 24 of the 32 registers.
constexpr int64_t kVector = 16, kPanel = 64, kStrip = 48, kTileRows = 6;

// The first n of 16.
inline __mmask16 First(int64_t n) { return n >= kVector ? 0xffff : n <= 0 ? 0 : static_cast<__mmask16>((1u << n) - 1); }

// 16 pairs of numbers that lie in two rows.
STEPWIRE_BFLOAT16 inline __m512i Pairs(__m512 upper, __m512 lower) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2,
                                         17, 1, 16, 0);
  return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(lower, upper));
}

// 16 pairs of numbers that follow each other, of which the first n are there.
STEPWIRE_BFLOAT16 inline __m512i Pairs(const float* x, int64_t n) {
  return (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(First(n - kVector), x + kVector), _mm512_maskz_loadu_ps(First(n), x));
}

// x [depth, columns] -> pairs [depth / 2, width]; columns beyond those there are become zero.
STEPWIRE_BFLOAT16 inline void PackColumns(const float* x, int64_t stride, int64_t depth, int64_t columns, int64_t width, int32_t* pairs) {
  for (int64_t k = 0; k < depth; k += 2, pairs += width)
    for (int64_t column = 0; column < width; column += kVector) {
      const __mmask16 there = First(columns - column);
      const float* upper = x + k * stride + column;
      const bool last = k + 1 == depth;
      _mm512_storeu_si512(pairs + column, Pairs(_mm512_maskz_loadu_ps(there, upper),
                                                _mm512_maskz_loadu_ps(last ? 0 : there, last ? upper : upper + stride)));
    }
}

// x [depth] -> pairs [depth / 2].
STEPWIRE_BFLOAT16 inline void PackRow(const float* x, int64_t depth, int32_t* pairs) {
  for (int64_t k = 0; k < depth; k += 2 * kVector) _mm512_mask_storeu_epi32(pairs + k / 2, First((depth - k + 1) / 2), Pairs(x + k, depth - k));
}

// Rows become columns, in three rounds of exchanges: within quarters of a vector, then of quarters.
STEPWIRE_BFLOAT16 inline void Transpose(__m512i rows[kVector]) {
  __m512i t[kVector];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 16; i += 4)
    for (int half = 0; half < 2; half++) {
      rows[i + 2 * half] = _mm512_unpacklo_epi64(t[i + half], t[i + 2 + half]);
      rows[i + 2 * half + 1] = _mm512_unpackhi_epi64(t[i + half], t[i + 2 + half]);
    }
  for (int half = 0; half < 16; half += 8)
    for (int i = 0; i < 4; i++) {
      t[half + i] = _mm512_shuffle_i32x4(rows[half + i], rows[half + 4 + i], 0x88);
      t[half + 4 + i] = _mm512_shuffle_i32x4(rows[half + i], rows[half + 4 + i], 0xdd);
    }
  for (int i = 0; i < 8; i++) {
    rows[i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0x88);
    rows[8 + i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0xdd);
  }
}

// x [columns, depth] -> pairs [depth / 2, kPanel], as PackColumns of its transpose.
STEPWIRE_BFLOAT16 inline void PackTransposed(const float* x, int64_t stride, int64_t depth, int64_t columns, int32_t* pairs) {
  const int64_t count = (depth + 1) / 2;
  for (int64_t column = 0; column < kPanel; column += kVector)
    for (int64_t k = 0; k < count; k += kVector) {
      __m512i rows[kVector];
      for (int64_t i = 0; i < kVector; i++)
        rows[i] = column + i < columns ? Pairs(x + (column + i) * stride + 2 * k, depth - 2 * k) : _mm512_setzero_si512();
      Transpose(rows);
      for (int64_t i = 0; i < std::min(kVector, count - k); i++) _mm512_storeu_si512(pairs + (k + i) * kPanel + column, rows[i]);
    }
}

// What a tile is computed from: `left` has rows and pairs at these strides, `right` is a panel [count, kPanel].
struct Factors {
  const int32_t* left;
  int64_t row_stride, pair_stride;
  const int32_t* right;
  int64_t count;
};

// y [kRowCount, 16 kVectors], the last vector as far as `there`, becomes the product, or grows by it.
template <int kRowCount, int kVectors>
STEPWIRE_BFLOAT16 void Tile(const Factors& factors, float* y, int64_t stride, __mmask16 there, bool grows) {
  __m512 sums[kRowCount][kVectors];
#pragma GCC unroll 6
  for (int i = 0; i < kRowCount; i++)
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; j++) sums[i][j] = _mm512_setzero_ps();
  const int32_t *left = factors.left, *right = factors.right;
  for (int64_t k = 0; k < factors.count; k++, left += factors.pair_stride, right += kPanel) {
    __m512i columns[kVectors];
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; j++) columns[j] = _mm512_loadu_si512(right + kVector * j);
#pragma GCC unroll 6
    for (int i = 0; i < kRowCount; i++) {
      const __m512i pair = _mm512_set1_epi32(left[i * factors.row_stride]);
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; j++) sums[i][j] = _mm512_dpbf16_ps(sums[i][j], (__m512bh)pair, (__m512bh)columns[j]);
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < kRowCount; i++)
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; j++) {
      const __mmask16 mask = j == kVectors - 1 ? there : 0xffff;
      float* at = y + i * stride + kVector * j;
      _mm512_mask_storeu_ps(at, mask, grows ? _mm512_add_ps(sums[i][j], _mm512_maskz_loadu_ps(mask, at)) : sums[i][j]);
    }
}

using TileFunction = void (*)(const Factors&, float*, int64_t, __mmask16, bool);

template <int kVectors>
TileFunction TileOf(int64_t rows) {
  switch (rows) {
    case 1: return Tile<1, kVectors>;
    case 2: return Tile<2, kVectors>;
    case 3: return Tile<3, kVectors>;
    case 4: return Tile<4, kVectors>;
    case 5: return Tile<5, kVectors>;
    default: return Tile<6, kVectors>;
  }
}

inline TileFunction TileOf(int64_t rows, int64_t vectors) {
  switch (vectors) {
    case 1: return TileOf<1>(rows);
    case 2: return TileOf<2>(rows);
    case 3: return TileOf<3>(rows);
    default: return TileOf<4>(rows);
  }
}

}  // namespace bfloat16
}  // namespace stepwire
#endif
