# SPDX-License-Identifier: Apache-2.0
# WebAssembly with Debian's Emscripten. Engines with SIMD also support exceptions (Chrome 95, Firefox 100, Safari 16.4,
# Node 18), so running out of memory is an error as on other platforms, at no other cost.
# POSENET_WASM_THREADS: shared memory and atomic instructions; objects of the two builds cannot be mixed.
set(EMSCRIPTEN_ROOT_PATH "/usr/share/emscripten")
include("${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake")

option(POSENET_WASM_THREADS "Build the module for several threads" OFF)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES POSENET_WASM_THREADS)
set(CMAKE_CXX_FLAGS_INIT "-msimd128 -mbulk-memory -fwasm-exceptions -fno-rtti")
if(POSENET_WASM_THREADS)
  string(APPEND CMAKE_CXX_FLAGS_INIT " -pthread")
endif()
# Parts of the C++20 library that Debian's Emscripten, from 2021, lacks.
include_directories(SYSTEM "${CMAKE_CURRENT_LIST_DIR}/../../bindings/js/wasm/std20")
