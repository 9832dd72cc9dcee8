# SPDX-License-Identifier: Apache-2.0
# Every library that PoseNet uses, with the reason for its choice. All are in Debian 12. Versions are the oldest that
# work.

if(EMSCRIPTEN)
  include(cmake/WebAssemblyDependencies.cmake)
  return()
endif()

# std::expected (C++23) for C++20. Public: the only third-party type in our headers.
find_package(tl-expected 1.0 REQUIRED)
# For the thread pool.
find_package(Threads REQUIRED)
# Portable SIMD with run-time dispatch: AVX2, AVX-512, NEON and WASM kernels from one source.
find_package(hwy 1.0.3 REQUIRED)
# The JSON of model headers, TensorFlow.js graphs and COCO annotations; parses without exceptions on demand.
find_package(nlohmann_json 3.11 REQUIRED)
# SHA-256 of model files; the smallest library that provides it.
find_package(PkgConfig REQUIRED)
pkg_check_modules(libmd REQUIRED IMPORTED_TARGET libmd>=1.0)
# Linear algebra: mean and nearest rotations for camera poses, Cholesky factors for quantization; header-only.
find_package(Eigen3 3.4 REQUIRED NO_MODULE)

if(POSENET_BUILD_APPS)
  # TFLite models are FlatBuffers. The verifier rejects hostile files; flatc compiles our excerpt of the schema.
  find_package(FlatBuffers 2.0 REQUIRED)
  # Image files. The libraries of the formats rather than OpenCV's imgcodecs, because they detect truncated files, and
  # imgcodecs pulls in GDAL: 139 shared libraries, 60 MB and 0.12 s more at every start (docs/design.md).
  pkg_check_modules(libjpeg REQUIRED IMPORTED_TARGET libjpeg>=2.1)
  pkg_check_modules(libpng REQUIRED IMPORTED_TARGET libpng16>=1.6)
  pkg_check_modules(libwebp REQUIRED IMPORTED_TARGET libwebp>=1.2)
  pkg_check_modules(libtiff REQUIRED IMPORTED_TARGET libtiff-4>=4.5)
  # BMP has no library of its own; stb_image reads every variant in use.
  find_path(STB_INCLUDE_DIR stb_image.h PATH_SUFFIXES stb REQUIRED)
  # Video. FFmpeg reads files, streams and webcams, reports frame times and broken frames, and writes H.264; OpenCV's
  # videoio hides all of that and pulls in GDAL. Used by posenet-video only, which is not built without it.
  pkg_check_modules(libav QUIET IMPORTED_TARGET libavcodec>=59 libavformat>=59 libavdevice>=59 libavutil>=57 libswscale>=6)
  if(NOT libav_FOUND)
    message(STATUS "FFmpeg was not found; 'posenet human video' will not be built (Debian: libavdevice-dev)")
  endif()
  # Command lines: subcommands, checked options, help.
  find_package(CLI11 2.1 REQUIRED)
  # HTTP and WebSocket for 'posenet serve'. Beast is a widely reviewed parser with limits on everything; Asio serves many
  # connections with few threads. Header-only; used by the server only.
  find_package(Boost 1.74 REQUIRED)
  # Training: gradients, optimizers and their kernels. Used by the trainer only, which is not built without it.
  if(POSENET_BUILD_TRAINER)
    find_package(Torch 1.13 QUIET)
    if(NOT Torch_FOUND)
      message(STATUS "libtorch was not found; 'posenet camera train' will not be built (Debian: libtorch-dev)")
    endif()
  endif()
endif()

if(POSENET_BUILD_TESTS)
  find_package(GTest 1.12 REQUIRED)
endif()
if(POSENET_BUILD_BENCHMARKS)
  find_package(benchmark 1.7 REQUIRED)
endif()
if(POSENET_BUILD_PEERS)
  # Other engines for benchmarks. Those that are not installed are left out.
  # oneDNN: kernels tuned by CPU vendors, in every precision; OpenMP is its thread pool. Debian's dnnl-config.cmake
  # requires OpenCL, so the library is looked up directly.
  find_path(ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
  find_library(ONEDNN_LIBRARY dnnl)
  find_package(OpenMP QUIET COMPONENTS CXX)
  # OpenCV DNN: the engine of programs that use OpenCV already. Looked up directly, like the modules above.
  find_path(OPENCV_DNN_INCLUDE_DIR opencv2/dnn.hpp PATH_SUFFIXES opencv4)
  find_library(OPENCV_DNN_LIBRARY opencv_dnn)
  find_library(OPENCV_CORE_LIBRARY opencv_core)
endif()
