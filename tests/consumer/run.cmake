# SPDX-License-Identifier: Apache-2.0
# Installs posenet from BINARY_DIR into a folder of its own, builds the consumer and the examples against it, and runs
# them. MODEL and IMAGE need not exist; WRITE_MODEL is the program of tests/parity, for models with random weights.
# C99_TEST is the program of bindings/c/test, which needs no model.
# cmake -DBINARY_DIR=... -DSOURCE_DIR=... -DWORK_DIR=... -DMODEL=... -DIMAGE=... -DWRITE_MODEL=... -DC99_TEST=...
# -P run.cmake
file(REMOVE_RECURSE "${WORK_DIR}")
macro(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endmacro()
run("${CMAKE_COMMAND}" --install "${BINARY_DIR}" --prefix "${WORK_DIR}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE_DIR}" -B "${WORK_DIR}/build" -G Ninja -DCMAKE_BUILD_TYPE=Release
    "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix" "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
    "-DCMAKE_CXX_FLAGS_RELEASE=-O1")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")

# run_example(NAME ARGUMENT...): skips, with a message, an example that was not built or whose inputs are not there.
function(run_example name)
  set(program "${WORK_DIR}/build/examples/${name}")
  foreach(file IN ITEMS "${program}" LISTS ARGN)
    if(NOT EXISTS "${file}")
      message(STATUS "example ${name} was not run: no ${file}")
      return()
    endif()
  endforeach()
  run("${program}" ${ARGN})
  message(STATUS "example ${name} ran")
endfunction()

if(EXISTS "${MODEL}")
  run("${WORK_DIR}/build/consumer" "${MODEL}")
else()
  run("${WORK_DIR}/build/consumer")
endif()
run_example(raw_heatmaps_to_poses)
run_example(tracking)
run_example(image_to_poses "${MODEL}" "${IMAGE}")
set(camera_model "${WORK_DIR}/camera.safetensors")
run("${WRITE_MODEL}" camera-mobilenet075-fc "${camera_model}")
run_example(camera_localization "${camera_model}" "${IMAGE}")

# The C interface: from a project in C alone, with each library, and by pkg-config.
file(GLOB_RECURSE pc_file "${WORK_DIR}/prefix/*/posenet.pc")
if(pc_file)
  get_filename_component(pc_dir "${pc_file}" DIRECTORY)
  get_filename_component(lib_dir "${pc_dir}" DIRECTORY)
  set(ENV{LD_LIBRARY_PATH} "${lib_dir}")
  foreach(shared ON OFF)
    set(build "${WORK_DIR}/build-c-${shared}")
    run("${CMAKE_COMMAND}" -S "${SOURCE_DIR}/c" -B "${build}" -G Ninja "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix"
        -DBUILD_SHARED_LIBS=${shared} "-DC99_TEST=${C99_TEST}")
    run("${CMAKE_COMMAND}" --build "${build}")
    run("${build}/c_consumer")
  endforeach()
  message(STATUS "a project in C built with both libraries")

  find_program(PKG_CONFIG pkg-config REQUIRED)
  find_program(CC NAMES cc gcc clang REQUIRED)
  set(ENV{PKG_CONFIG_PATH} "${pc_dir}")
  # compile(NAME FLAG...): the same program with what pkg-config prints for the flags.
  function(compile name)
    execute_process(COMMAND "${PKG_CONFIG}" ${ARGN} posenet OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE
                    COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    if(name MATCHES "static")
      # The file rather than -lposenet, which is the shared library if there are both.
      list(TRANSFORM flags REPLACE "^-lposenet$" "-l:libposenet.a")
    endif()
    run("${CC}" -std=c99 "${C99_TEST}" -o "${WORK_DIR}/${name}" ${flags})
    run("${WORK_DIR}/${name}")
    message(STATUS "${name} built with: ${flags}")
  endfunction()
  compile(pkg_config_shared --cflags --libs)
  compile(pkg_config_static --static --cflags --libs)

  # C++, C and Python print the same. Python needs nothing but the shared library.
  set(printing_model "${MODEL}")
  if(NOT EXISTS "${printing_model}")
    set(printing_model "${WORK_DIR}/random.safetensors")
    run("${WRITE_MODEL}" mobilenet050 "${printing_model}")
  endif()
  find_program(PYTHON NAMES python3 PATHS /usr/bin)
  set(ppm "${WORK_DIR}/image.ppm")
  if(NOT EXISTS "${IMAGE}" OR NOT EXISTS "${WORK_DIR}/build/image_to_ppm" OR NOT PYTHON)
    message(STATUS "examples image_to_poses_c and ctypes_poses.py were not run: no image, no stb_image.h or no python3")
  else()
    run("${WORK_DIR}/build/image_to_ppm" "${IMAGE}" "${ppm}")
    foreach(command "${WORK_DIR}/build/examples/image_to_poses" "${WORK_DIR}/build/examples/image_to_poses_c"
                    "${PYTHON};${SOURCE_DIR}/../../examples/ctypes_poses.py")
      execute_process(COMMAND ${command} "${printing_model}" "${ppm}" OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
      if(NOT DEFINED expected)
        set(expected "${printed}")
      elseif(NOT printed STREQUAL expected)
        message(FATAL_ERROR "${command} printed\n${printed}\nexpected that of image_to_poses:\n${expected}")
      endif()
    endforeach()
    message(STATUS "examples image_to_poses_c and ctypes_poses.py printed what image_to_poses did")
  endif()
endif()

if(EXISTS "${WORK_DIR}/build/examples/webcam_loop")
  message(STATUS "example webcam_loop was built, but not run: it needs a webcam")
else()
  message(STATUS "example webcam_loop was not built: OpenCV's videoio is not installed")
endif()
