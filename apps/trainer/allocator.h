// SPDX-License-Identifier: Apache-2.0
// How this program uses memory.
#ifndef POSENET_TRAINER_ALLOCATOR_H_
#define POSENET_TRAINER_ALLOCATOR_H_

namespace posenet::trainer {

/// Keeps freed memory in the process. libtorch allocates each intermediate value anew, some of them of 50 MB; given
/// back to the system at every step, they cost a page fault every 4 KB, which made early layers four times slower. Call
/// it before anything large is allocated.
void KeepFreedMemory();

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_ALLOCATOR_H_
