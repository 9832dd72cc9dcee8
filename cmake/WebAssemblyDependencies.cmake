# SPDX-License-Identifier: Apache-2.0
# The libraries of cmake/Dependencies.cmake for WebAssembly, for which Debian packages none: their headers are taken
# from where they are for this machine, through a folder that holds nothing but links to them (all of /usr/include would
# hide Emscripten's own). Code of theirs that is not in headers is not there, nor needed: Highway's looks up what
# instructions a CPU has, libmd's hashes model files that are written or verified. The linker drops what asks for them.
set(headers "${PROJECT_BINARY_DIR}/headers")
file(MAKE_DIRECTORY "${headers}")

# posenet_headers(TARGET NAME...): an interface target for headers and folders of headers of /usr/include.
function(posenet_headers target)
  foreach(name IN LISTS ARGN)
    if(NOT EXISTS "/usr/include/${name}")
      message(FATAL_ERROR "/usr/include/${name} is not there; scripts/build-js installs it")
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
# Threads are an option of the compiler here (cmake/toolchains/emscripten.cmake).
add_library(Threads::Threads INTERFACE IMPORTED GLOBAL)
