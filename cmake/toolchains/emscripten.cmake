# SPDX-License-Identifier: Apache-2.0
# WebAssembly with Debian's Emscripten. Every engine that has SIMD for a while has exceptions, too (Chrome 95, Firefox
# 100, Safari 16.4, Node 18): memory that runs out is an error, as everywhere, and nothing else is paid for it.
# POSENET_WASM_THREADS: shared memory and atomic instructions; two builds cannot be mixed.
set(EMSCRIPTEN_ROOT_PATH "/usr/share/emscripten")
include("${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake")

option(POSENET_WASM_THREADS "Build the module for several threads" OFF)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES POSENET_WASM_THREADS)
set(CMAKE_CXX_FLAGS_INIT "-msimd128 -mbulk-memory -fwasm-exceptions -fno-rtti")
if(POSENET_WASM_THREADS)
  string(APPEND CMAKE_CXX_FLAGS_INIT " -pthread")
endif()
# Debian's Emscripten has a standard library of 2021; what it lacks is there.
include_directories(SYSTEM "${CMAKE_CURRENT_LIST_DIR}/../../bindings/js/wasm/std20")
