// Which numbers of a tensor dropout keeps.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "philox.h"
#include "tensorflow/c/tf_status.h"

namespace stepwire {

// The uniform numbers begin ... begin + length - 1 of a sequence; the pointer holds until the next call on the same buffer.
inline const float* UniformNumbers(const Philox& philox, int64_t begin, int64_t length, std::vector<float>& buffer) {
  const int64_t first = begin / Philox::kBatch, last = (begin + length - 1) / Philox::kBatch;
  const std::size_t size = static_cast<std::size_t>((last - first + 1) * Philox::kBatch);
  if (buffer.size() < size) buffer.resize(size);
  philox.Fill(first, last, buffer.data());
  return buffer.data() + (begin - first * Philox::kBatch);
}

// Registers the operation of dropout.cc.
void RegisterDropout(TF_Status* status);

}  // namespace stepwire
