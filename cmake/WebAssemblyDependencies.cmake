# SPDX-License-Identifier: Apache-2.0
# The libraries of cmake/Dependencies.cmake for WebAssembly. Debian does not package them for it, so the headers of the
# host are used, through a folder that holds only links to them (all of /usr/include would hide Emscripten's own).
# Compiled code of these libraries is neither available nor needed: Highway's detects CPU features, libmd's hashes model
# files that are written or verified. The linker drops what refers to it.
set(headers "${PROJECT_BINARY_DIR}/headers")
file(MAKE_DIRECTORY "${headers}")

# posenet_headers(TARGET NAME...): an interface target for headers, or folders of headers, in /usr/include.
function(posenet_headers target)
  foreach(name IN LISTS ARGN)
    if(NOT EXISTS "/usr/include/${name}")
      message(FATAL_ERROR "/usr/include/${name} was not found; scripts/build-js installs it")
    endif()
    file(CREATE_LINK "/usr/include/${name}" "${headers}/${name}" SYMBOLIC)
  endforeach()
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE "${headers}")
endfunction()

posenet_headers(tl::expected tl)
posenet_headers(hwy::hwy hwy)
posenet_headers(nlohmann_json::nlohmann_json nlohmann)
posenet_headers(PkgConfig::libmd sha2.h)
add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
target_include_directories(Eigen3::Eigen SYSTEM INTERFACE /usr/include/eigen3)
# Threads are a compiler option here (cmake/toolchains/emscripten.cmake).
add_library(Threads::Threads INTERFACE IMPORTED GLOBAL)

if(POSENET_BUILD_TESTS)
  # Built from Debian's source package with the flags of our own code: no RTTI, WebAssembly exceptions.
  set(googletest /usr/src/googletest)
  if(NOT EXISTS "${googletest}/googletest/src/gtest-all.cc")
    message(FATAL_ERROR "${googletest} was not found; scripts/test installs it (Debian: googletest)")
  endif()
  add_library(posenet_googletest STATIC EXCLUDE_FROM_ALL "${googletest}/googletest/src/gtest-all.cc"
                                        "${googletest}/googlemock/src/gmock-all.cc"
                                        "${googletest}/googlemock/src/gmock_main.cc")
  target_compile_features(posenet_googletest PUBLIC cxx_std_20)
  # These files already include all others.
  set_target_properties(posenet_googletest PROPERTIES CXX_EXTENSIONS OFF UNITY_BUILD OFF)
  target_compile_options(posenet_googletest PRIVATE -O1)
  target_include_directories(posenet_googletest SYSTEM PUBLIC "${googletest}/googletest/include"
                                                              "${googletest}/googlemock/include")
  target_include_directories(posenet_googletest SYSTEM PRIVATE "${googletest}/googletest" "${googletest}/googlemock")
  add_library(GTest::gmock ALIAS posenet_googletest)
  add_library(GTest::gtest_main ALIAS posenet_googletest)
endif()
