// SPDX-License-Identifier: Apache-2.0
// Memory on addresses that kernels load and store fast.
#ifndef POSENET_NN_PACKING_ALIGNED_BUFFER_H_
#define POSENET_NN_PACKING_ALIGNED_BUFFER_H_

#include <cstddef>
#include <memory>
#include <new>

namespace posenet::nn {

/// The alignment of buffers and of the values in them: a cache line, and the longest vector.
inline constexpr std::size_t kAlignmentBytes = 64;

struct AlignedDelete {
  void operator()(void* memory) const { ::operator delete (memory, std::align_val_t{kAlignmentBytes}); }
};

/// An aligned array; its elements are not initialized.
template <typename T>
using AlignedBuffer = std::unique_ptr<T[], AlignedDelete>;

/// An array of `count` elements, or null if the memory cannot be allocated.
template <typename T>
AlignedBuffer<T> MakeAlignedBuffer(std::size_t count) {
  return AlignedBuffer<T>(
      static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{kAlignmentBytes}, std::nothrow)));
}

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_ALIGNED_BUFFER_H_
