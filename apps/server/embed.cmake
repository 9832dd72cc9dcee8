# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=header -DFILES="name=path|name=path=path|..." -P embed.cmake: a header with the bytes of files as
# string_views. Several paths of one name are concatenated.
set(header "// Made by embed.cmake.\n#ifndef POSENET_SERVER_EMBEDDED_FILES_H_\n#define POSENET_SERVER_EMBEDDED_FILES_H_\n\n")
string(APPEND header "#include <string_view>\n\nnamespace posenet::server {\n")
string(REPLACE "|" ";" FILES "${FILES}")
foreach(entry IN LISTS FILES)
  string(REPLACE "=" ";" entry "${entry}")
  list(POP_FRONT entry name)
  set(hex "")
  foreach(path IN LISTS entry)
    file(READ "${path}" part HEX)
    string(APPEND hex "${part}")
  endforeach()
  # Hexadecimal escapes need no raw literals, and short literals stay within compilers' length limits.
  string(REGEX REPLACE "(................................................................)" "\\1\"\n    \"" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" hex "${hex}")
  string(APPEND header "\nusing std::string_view_literals::operator\"\"sv;\ninline constexpr std::string_view ${name} =\n    \"${hex}\"sv;\n")
endforeach()
string(APPEND header "\n}  // namespace posenet::server\n\n#endif  // POSENET_SERVER_EMBEDDED_FILES_H_\n")
file(WRITE "${OUTPUT}" "${header}")
