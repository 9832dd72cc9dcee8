# SPDX-License-Identifier: Apache-2.0
# 64-bit Arm with Debian's cross compiler. scripts/test-aarch64 prepares the folder of Arm libraries and runs the tests
# under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

set(POSENET_AARCH64_LIBRARIES "${CMAKE_CURRENT_LIST_DIR}/../../build/aarch64-libraries")
set(CMAKE_FIND_ROOT_PATH "${POSENET_AARCH64_LIBRARIES}/usr")
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR
    "qemu-aarch64;-L;/usr/aarch64-linux-gnu;-E;LD_LIBRARY_PATH=${POSENET_AARCH64_LIBRARIES}/usr/lib/aarch64-linux-gnu")

set(ENV{PKG_CONFIG_SYSROOT_DIR} "${POSENET_AARCH64_LIBRARIES}")
set(ENV{PKG_CONFIG_LIBDIR} "${POSENET_AARCH64_LIBRARIES}/usr/lib/aarch64-linux-gnu/pkgconfig")
