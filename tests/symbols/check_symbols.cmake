# SPDX-License-Identifier: Apache-2.0
# cmake -DNM=... "-DARCHIVES=a;b" -P check_symbols.cmake
set(forbidden
    printf fprintf vprintf vfprintf puts fputs putchar fputc fwrite perror stdout stderr
    abort exit _exit quick_exit getenv system popen socket connect
    _ZSt4cout _ZSt4cerr _ZSt4clog)
set(found "")
foreach(archive IN LISTS ARCHIVES)
  execute_process(COMMAND "${NM}" --undefined-only --format=posix "${archive}" OUTPUT_VARIABLE symbols
                  COMMAND_ERROR_IS_FATAL ANY)
  foreach(name IN LISTS forbidden)
    if(symbols MATCHES "(^|\n)${name} ")
      get_filename_component(file "${archive}" NAME)
      string(APPEND found "  ${file} refers to ${name}\n")
    endif()
  endforeach()
endforeach()
if(found)
  message(FATAL_ERROR "The library must not print, exit, read the environment or use the network:\n${found}")
endif()
