// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_PACKING_ALIGNED_BUFFER_H_
#define POSENET_NN_PACKING_ALIGNED_BUFFER_H_

#include <cstddef>
#include <memory>
#include <new>

namespace posenet::nn {

/// Where buffers and the values in them start: a cache line, and the longest vector.
inline constexpr std::size_t kAlignmentBytes = 64;

struct AlignedDelete {
  void operator()(void* memory) const { ::operator delete (memory, std::align_val_t{kAlignmentBytes}); }
};

/// Numbers on an aligned address, not initialised.
template <typename T>
using AlignedBuffer = std::unique_ptr<T[], AlignedDelete>;

/// Null when the memory cannot be had.
template <typename T>
AlignedBuffer<T> MakeAlignedBuffer(std::size_t count) {
  return AlignedBuffer<T>(
      static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{kAlignmentBytes}, std::nothrow)));
}

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_ALIGNED_BUFFER_H_
