#include "philox.h"

#include <cstring>

#include "operations.h"

namespace stepwire {
namespace {

constexpr int kLanes = Philox::kBatch / 4;

// Ten rounds on counters side by side.
template <int kCount>
inline __attribute__((always_inline)) void Rounds(uint32_t first_key, uint32_t second_key, uint32_t (&words)[4][kCount]) {
  for (int round = 0; round < 10; round++) {
#pragma omp simd
    for (int lane = 0; lane < kCount; lane++) {
      const uint64_t a = 0xd2511f53ull * words[0][lane], b = 0xcd9e8d57ull * words[2][lane];
      const uint32_t zeroth = static_cast<uint32_t>(b >> 32) ^ words[1][lane] ^ first_key;
      const uint32_t second = static_cast<uint32_t>(a >> 32) ^ words[3][lane] ^ second_key;
      words[0][lane] = zeroth;
      words[1][lane] = static_cast<uint32_t>(b);
      words[2][lane] = second;
      words[3][lane] = static_cast<uint32_t>(a);
    }
    first_key += 0x9e3779b9;
    second_key += 0xbb67ae85;
  }
}

STEPWIRE_CLONES
void FillBatches(const uint32_t* key, const uint32_t* high, int64_t first, int64_t last, float* numbers) {
  for (int64_t batch = first; batch <= last; batch++, numbers += Philox::kBatch) {
    uint32_t words[4][kLanes];
    for (int lane = 0; lane < kLanes; lane++) {
      const uint64_t counter = static_cast<uint64_t>(batch) * kLanes + lane;
      words[0][lane] = static_cast<uint32_t>(counter);
      words[1][lane] = static_cast<uint32_t>(counter >> 32);
      words[2][lane] = high[0];
      words[3][lane] = high[1];
    }
    Rounds<kLanes>(key[0], key[1], words);
    for (int lane = 0; lane < kLanes; lane++)
      for (int word = 0; word < 4; word++) {
        const uint32_t bits = (words[word][lane] & 0x7fffffu) | 0x3f800000u;
        float number;
        std::memcpy(&number, &bits, sizeof(number));
        numbers[4 * lane + word] = number - 1.0f;
      }
  }
}

}  // namespace

Philox::Philox(int32_t first, int32_t second) {
  const uint64_t words[2] = {static_cast<uint64_t>(static_cast<int64_t>(first)), static_cast<uint64_t>(static_cast<int64_t>(second))};
  uint32_t mixed[4][1] = {{static_cast<uint32_t>(words[0])}, {static_cast<uint32_t>(words[0] >> 32)},
                          {static_cast<uint32_t>(words[1])}, {static_cast<uint32_t>(words[1] >> 32)}};
  Rounds<1>(0x3ec8f720, 0x02461e29, mixed);
  key_[0] = mixed[0][0];
  key_[1] = mixed[1][0];
  high_[0] = mixed[2][0];
  high_[1] = mixed[3][0];
}

void Philox::Fill(int64_t first, int64_t last, float* numbers) const { FillBatches(key_, high_, first, last, numbers); }

}  // namespace stepwire
