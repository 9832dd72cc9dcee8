# SPDX-License-Identifier: Apache-2.0
# Installs posenet from BINARY_DIR into a folder of its own, builds the consumer against it, and runs it.
# cmake -DBINARY_DIR=... -DSOURCE_DIR=... -DWORK_DIR=... -DMODEL=... -DCXX_FLAGS=... -P run.cmake
file(REMOVE_RECURSE "${WORK_DIR}")
macro(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endmacro()
run("${CMAKE_COMMAND}" --install "${BINARY_DIR}" --prefix "${WORK_DIR}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE_DIR}" -B "${WORK_DIR}/build" -DCMAKE_BUILD_TYPE=Release
    "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
if(EXISTS "${MODEL}")
  run("${WORK_DIR}/build/consumer" "${MODEL}")
else()
  run("${WORK_DIR}/build/consumer")
endif()
