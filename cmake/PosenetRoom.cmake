# SPDX-License-Identifier: Apache-2.0
# What every room, test and benchmark is built with.

# posenet_target_defaults(TARGET): the language level and warnings of all our code, none of it visible to users.
function(posenet_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(
    ${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                      $<$<BOOL:${POSENET_WARNINGS_AS_ERRORS}>:-Werror>)
  if(CMAKE_UNITY_BUILD)
    # Names that are private to one file meet those of others, and look like a header's.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  if(EMSCRIPTEN)
    # In a module of its own nothing moves, and addresses that might would be looked up each time.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    # A module is downloaded: only what takes time is compiled for it (kernels, below, and the image room).
    # Emscripten takes -Oz and -Os for a wish that nothing is inlined, not even what is shorter so, whatever -O follows.
    target_compile_options(${target} PRIVATE -Oz -finline-functions)
  endif()
  if(POSENET_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${POSENET_SANITIZE} -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${POSENET_SANITIZE})
  endif()
endfunction()

# posenet_room(NAME SOURCES file... [KNOWS room...] [LIBRARIES target...])
#
# A static library posenet_NAME from src/NAME. Headers of a room are included as "NAME/header.h", and they are found only
# in the rooms that it KNOWS (and those that these know): an include against the layering does not compile. This is done
# by giving each room an include folder that holds nothing but a link to it.
function(posenet_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;KNOWS;LIBRARIES")
  set(door "${PROJECT_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${door}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${door}/${name}" SYMBOLIC)

  add_library(posenet_${name} STATIC ${arg_SOURCES})
  add_library(posenet::${name} ALIAS posenet_${name})
  set_target_properties(posenet_${name} PROPERTIES EXPORT_NAME ${name})
  posenet_target_defaults(posenet_${name})
  # Kernels are compiled once for each instruction set by including themselves: each must be a translation unit.
  set(kernels ${arg_SOURCES})
  list(FILTER kernels INCLUDE REGEX "^kernels/")
  set_source_files_properties(${kernels} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(EMSCRIPTEN)
    set_source_files_properties(${kernels} PROPERTIES COMPILE_OPTIONS -O3)
  endif()
  target_include_directories(
    posenet_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${door}>
                           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  list(TRANSFORM arg_KNOWS PREPEND posenet_)
  target_link_libraries(posenet_${name} PUBLIC ${arg_KNOWS} PRIVATE ${arg_LIBRARIES})
endfunction()

# posenet_test(NAME SOURCES file... LIBRARIES target...): a GoogleTest program whose cases CTest runs one by one.
function(posenet_test name)
  if(NOT POSENET_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  posenet_target_defaults(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gmock GTest::gtest_main)
  # What is tested is in the rooms. Tests themselves are compiled in half to two thirds of the time so.
  if(POSENET_SANITIZE)
    target_compile_options(${name} PRIVATE -O0 -fno-sanitize=undefined)
  elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${name} PRIVATE -O1)
  endif()
  target_compile_definitions(
    ${name} PRIVATE POSENET_SOURCE_DIR="${PROJECT_SOURCE_DIR}" POSENET_BINARY_DIR="${PROJECT_BINARY_DIR}"
                    POSENET_EXTRA_DATA_DIR="${PROJECT_SOURCE_DIR}/../shared/data")
  if(EMSCRIPTEN)
    # A program for Node, to be run as a whole: those of src/nn are by bindings/js/test/kernels.test.mjs, and not all
    # others compile. Emscripten's JavaScript reads the module as a file, not by Node's fetch, which takes none, and
    # exits with what main returns.
    target_link_options(${name} PRIVATE -O1 -sENVIRONMENT=node -sWASM_ASYNC_COMPILATION=0 -sEXIT_RUNTIME=1
                                        -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=2GB)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()

# posenet_bench(NAME SOURCES file... LIBRARIES target...): a Google Benchmark program.
function(posenet_bench name)
  if(NOT POSENET_BUILD_BENCHMARKS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  posenet_target_defaults(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} benchmark::benchmark_main)
endfunction()
