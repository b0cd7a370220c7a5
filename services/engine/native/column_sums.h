// Sums over rows, kept by part, so that they do not depend on which thread added what.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "operations.h"

namespace stepwire {

class ColumnSums {
 public:
  // For rows that are worked on in parts of `grain`.
  ColumnSums(int64_t rows, int64_t grain, int64_t n) : grain_(grain), n_(n), sums_((rows + grain - 1) / grain * n, 0.0f) {}

  // Where the part that begins at a row adds: n numbers, 0 at first.
  float* Part(int64_t begin) { return sums_.data() + begin / grain_ * n_; }

  // The sums over all parts, in their order.
  void Write(float* total) const {
    for (int64_t i = 0; i < n_; i++) total[i] = 0;
    for (std::size_t part = 0; part < sums_.size(); part += n_)
      for (int64_t i = 0; i < n_; i++) total[i] += sums_[part + i];
  }

 private:
  int64_t grain_, n_;
  std::vector<float> sums_;
};

}  // namespace stepwire
