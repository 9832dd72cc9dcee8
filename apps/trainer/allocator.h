// SPDX-License-Identifier: Apache-2.0
// Memory allocation of this program.
#ifndef POSENET_TRAINER_ALLOCATOR_H_
#define POSENET_TRAINER_ALLOCATOR_H_

namespace posenet::trainer {

/// Keeps freed memory in the process. libtorch allocates every intermediate value, some of 50 MB, at every step;
/// returned to the system each time, they would cost a page fault per 4 KB, which makes early layers four times slower.
/// Call this before anything large is allocated.
void KeepFreedMemory();

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_ALLOCATOR_H_
