// SPDX-License-Identifier: Apache-2.0
#include "trainer/allocator.h"

#include <malloc.h>

#include <limits>

namespace posenet::trainer {

void KeepFreedMemory() {
#ifdef __GLIBC__
  constexpr int kGrowthBytes = 64 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, kGrowthBytes);
  mallopt(M_ARENA_MAX, 1);  // Other arenas cannot hold large values.
#endif
}

}  // namespace posenet::trainer
