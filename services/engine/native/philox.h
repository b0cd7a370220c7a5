// The kernels' random numbers.
#pragma once
#include <cstdint>

namespace stepwire {

// The generator of TensorFlow's StatelessRandomUniform, number for number: a twin of plain operations drops what a kernel drops.
// Source: Salmon, Moraes, Dror and Shaw, 2011, Parallel random numbers: as easy as 1, 2, 3 (Philox 4x32, 10 rounds).
class Philox {
 public:
  // From the two words that StatelessRandomUniform takes as its seed.
  Philox(int32_t first, int32_t second);

  static constexpr int kBatch = 64;

  // The numbers of the batches first ... last of the sequence, 64 each, from 0 to below 1.
  void Fill(int64_t first, int64_t last, float* numbers) const;

 private:
  uint32_t key_[2], high_[2];
};

}  // namespace stepwire
