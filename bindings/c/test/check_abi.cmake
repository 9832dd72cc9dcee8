# SPDX-License-Identifier: Apache-2.0
# Compares the binary interface of LIBRARY, compiled with debug information, with BASELINE; with ACCEPT, replaces the
# baseline. cmake -DABIDW=... -DABIDIFF=... -DLIBRARY=... -DINCLUDE_DIR=... -DBASELINE=... -DWORK_DIR=... [-DACCEPT=ON]
# -P check_abi.cmake
if(NOT ABIDW OR NOT ABIDIFF)
  message("skipped: abidw and abidiff are not installed (Debian: abigail-tools)")
  return()
endif()
set(current "${WORK_DIR}/libposenet.abi")
# Only what the public headers define: the structs behind handles are not part of the interface. Without paths and
# lines, and with IDs that do not depend on the order of types, so that the baseline changes with the interface only.
execute_process(
  COMMAND "${ABIDW}" --headers-dir "${INCLUDE_DIR}" --drop-private-types --exported-interfaces-only --no-show-locs
          --no-elf-needed --no-comp-dir-path --no-corpus-path --type-id-style hash --out-file "${current}" "${LIBRARY}"
  COMMAND_ERROR_IS_FATAL ANY)
if(ACCEPT)
  file(COPY_FILE "${current}" "${BASELINE}")
  return()
endif()
execute_process(COMMAND "${ABIDIFF}" "${BASELINE}" "${current}" RESULT_VARIABLE status OUTPUT_VARIABLE report
                ERROR_VARIABLE report)
if(NOT status EQUAL 0)
  message(
    FATAL_ERROR
      "The binary interface is not that of ${BASELINE}:\n${report}\n"
      "A new function, or a new member at the end of a struct with struct_size, is compatible: specialize kOldestSize "
      "(bindings/c/structs.h) for the struct, and accept the change with the target posenet_c_abi_baseline. Anything "
      "else needs a new SONAME.")
endif()
