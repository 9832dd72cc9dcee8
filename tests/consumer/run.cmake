# SPDX-License-Identifier: Apache-2.0
# Installs posenet from BINARY_DIR into a folder of its own, builds the consumer and the examples against it, and runs
# them. MODEL and IMAGE need not exist; WRITE_MODEL is the program of tests/parity, for a model for camera poses.
# cmake -DBINARY_DIR=... -DSOURCE_DIR=... -DWORK_DIR=... -DMODEL=... -DIMAGE=... -DWRITE_MODEL=... -P run.cmake
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
if(EXISTS "${WORK_DIR}/build/examples/webcam_loop")
  message(STATUS "example webcam_loop was built, but not run: it needs a webcam")
else()
  message(STATUS "example webcam_loop was not built: OpenCV's videoio is not installed")
endif()
