# SPDX-License-Identifier: Apache-2.0
# How modules, tests and benchmarks are built.

# posenet_target_defaults(TARGET): language level and warnings of all our code; nothing propagates to users.
function(posenet_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(
    ${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                      $<$<BOOL:${POSENET_WARNINGS_AS_ERRORS}>:-Werror>)
  if(CMAKE_UNITY_BUILD)
    # Merged into one translation unit, file-local names shadow each other and look like those of a header.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  if(EMSCRIPTEN)
    # A WebAssembly module is never relocated; position-independent code would only add lookups.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    # A WebAssembly module is downloaded, so only hot code is optimized for speed (kernels, below, and src/image).
    # Emscripten reads -Oz and -Os as "inline nothing", even where inlining makes code smaller and whatever -O follows.
    target_compile_options(${target} PRIVATE -Oz -finline-functions)
  endif()
  if(POSENET_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${POSENET_SANITIZE} -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${POSENET_SANITIZE})
  endif()
endfunction()

# posenet_optimize_for_size(TARGET): for code that nobody waits for, which is most of the programs. It is half as large
# and compiles faster.
function(posenet_optimize_for_size target)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT EMSCRIPTEN)
    target_compile_options(${target} PRIVATE -Os)
  endif()
endfunction()

# posenet_module(NAME SOURCES file... [DEPENDS module...] [LIBRARIES target...])
#
# A static library posenet_NAME from the current folder. Headers are included as "folder/header.h", which works because
# each module's include path holds nothing but a link to its folder. DEPENDS lists every module whose headers are
# included directly, no more and no fewer: configuring fails otherwise, and fails if modules depend on each other in a
# circle. Test helpers and reference implementations in testing/ are for tests (posenet_testing) alone.
function(posenet_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBRARIES")
  get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
  set(include_path "${PROJECT_BINARY_DIR}/modules/${name}")
  file(MAKE_DIRECTORY "${include_path}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${include_path}/${folder}" SYMBOLIC)

  add_library(posenet_${name} STATIC ${arg_SOURCES})
  add_library(posenet::${name} ALIAS posenet_${name})
  set_target_properties(posenet_${name} PROPERTIES EXPORT_NAME ${name} POSENET_MODULE_FOLDER ${folder}
                                                   POSENET_MODULE_DEPENDS "${arg_DEPENDS}")
  posenet_target_defaults(posenet_${name})
  # Kernels are compiled once for each instruction set by including themselves: each must be a translation unit.
  set(kernels ${arg_SOURCES})
  list(FILTER kernels INCLUDE REGEX "^kernels/")
  set_source_files_properties(${kernels} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(EMSCRIPTEN)
    set_source_files_properties(${kernels} PROPERTIES COMPILE_OPTIONS -O3)
  endif()
  target_include_directories(
    posenet_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${include_path}>
                           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  list(TRANSFORM arg_DEPENDS PREPEND posenet_)
  target_link_libraries(posenet_${name} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY POSENET_MODULES posenet_${name})
endfunction()

# posenet_check_modules(): fails unless each module's DEPENDS are the modules whose headers its sources include. Called
# once all modules are defined.
function(posenet_check_modules)
  get_property(modules GLOBAL PROPERTY POSENET_MODULES)
  foreach(module IN LISTS modules)
    get_target_property(folder ${module} POSENET_MODULE_FOLDER)
    set(folder_of_${module} "${folder}")
    list(APPEND folders "${folder}")
  endforeach()
  foreach(module IN LISTS modules)
    get_target_property(source_dir ${module} SOURCE_DIR)
    get_target_property(depends ${module} POSENET_MODULE_DEPENDS)
    set(listed)
    foreach(dependency IN LISTS depends)
      list(APPEND listed "${folder_of_posenet_${dependency}}")
    endforeach()
    # What a module's sources and headers include, without tests and test helpers.
    file(GLOB_RECURSE files "${source_dir}/*.h" "${source_dir}/*.cc")
    list(FILTER files EXCLUDE REGEX "_test\\.cc$|_bench\\.cc$|/testing/")
    set(used)
    foreach(file IN LISTS files)
      file(STRINGS "${file}" lines REGEX "^#include \"[a-z_]+/")
      foreach(line IN LISTS lines)
        string(REGEX REPLACE "^#include \"([a-z_]+)/.*" "\\1" included "${line}")
        if(line MATCHES "/testing/")
          message(SEND_ERROR "${file} includes a test helper: ${line}")
        elseif(included IN_LIST folders AND NOT included STREQUAL folder_of_${module})
          list(APPEND used "${included}")
          if(NOT included IN_LIST listed)
            message(SEND_ERROR "${file} includes ${included}/, which is not among the DEPENDS of its module")
          endif()
        endif()
      endforeach()
    endforeach()
    foreach(dependency IN LISTS listed)
      # Two modules of one folder (those of train/) cannot be told apart by an include.
      if(NOT dependency IN_LIST used AND NOT dependency STREQUAL folder_of_${module})
        message(SEND_ERROR "${module} lists ${dependency} among its DEPENDS, but includes none of its headers")
      endif()
    endforeach()
  endforeach()
endfunction()

# posenet_testing(NAME [SOURCES file...] LIBRARIES target...): the test helpers of a module, from its folder testing/,
# as posenet_NAME_testing.
function(posenet_testing name)
  if(NOT POSENET_BUILD_TESTS AND NOT POSENET_BUILD_BENCHMARKS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_library(posenet_${name}_testing STATIC ${arg_SOURCES})
  posenet_target_defaults(posenet_${name}_testing)
  target_link_libraries(posenet_${name}_testing PUBLIC posenet_${name} ${arg_LIBRARIES} GTest::gmock)
endfunction()

# posenet_test(NAME SOURCES file... LIBRARIES target... [SECONDS n] [SHARDS n])
#
# A GoogleTest program. CTest runs it as a whole, because a process for each of thousands of cases costs more than the
# cases, above all with sanitizers and in an emulator; with POSENET_DISCOVER_TESTS it runs them one by one. SECONDS is
# about how long a program takes: CTest starts the longest first, so that no core is idle at the end. SHARDS splits a
# program that takes minutes.
function(posenet_test name)
  if(NOT POSENET_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SECONDS;SHARDS" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  posenet_target_defaults(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gmock GTest::gtest_main)
  # The code under test is in the modules; low optimization halves the time to compile the tests themselves.
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
  if(POSENET_DISCOVER_TESTS)
    include(GoogleTest)
    gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
    return()
  endif()
  if(NOT arg_SECONDS)
    set(arg_SECONDS 1)
  endif()
  if(NOT arg_SHARDS)
    set(arg_SHARDS 1)
  endif()
  math(EXPR cost "${arg_SECONDS} / ${arg_SHARDS}")
  math(EXPR last_shard "${arg_SHARDS} - 1")
  foreach(shard RANGE ${last_shard})
    set(test ${name})
    if(arg_SHARDS GREATER 1)
      math(EXPR number "${shard} + 1")
      set(test ${name}.${number})
    endif()
    add_test(NAME ${test} COMMAND ${name})
    set_tests_properties(${test} PROPERTIES COST ${cost} TIMEOUT 1800 ENVIRONMENT
                                            "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
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
  posenet_add_benchmarks(${name})
endfunction()

# posenet_add_benchmarks(TARGET...): builds these with the target posenet_benchmarks only, as nothing else needs them.
function(posenet_add_benchmarks)
  set_target_properties(${ARGN} PROPERTIES EXCLUDE_FROM_ALL ON)
  if(NOT TARGET posenet_benchmarks)
    add_custom_target(posenet_benchmarks)
  endif()
  add_dependencies(posenet_benchmarks ${ARGN})
endfunction()
