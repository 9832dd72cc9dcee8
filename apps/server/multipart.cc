// SPDX-License-Identifier: Apache-2.0
#include "server/multipart.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"

namespace posenet::server {
namespace {

constexpr std::size_t kMaxPartHeaderBytes = 8192;
// RFC 2046, 5.1.1.
constexpr std::size_t kMaxBoundaryBytes = 70;

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Removes a quoted value from `rest`, which starts after the opening quote; a backslash escapes a quote or itself.
std::string TakeQuoted(std::string_view& rest) {
  std::string value;
  while (!rest.empty() && rest.front() != '"') {
    // Browsers encode quotes in file names as %22 and send backslashes as they are, so only these two are escapes.
    if (rest.size() > 1 && rest[0] == '\\' && (rest[1] == '"' || rest[1] == '\\')) rest.remove_prefix(1);
    value += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return value;
}

// The value of parameter `name` after the first ';' of a field.
std::optional<std::string> ParameterOf(std::string_view field, std::string_view name) {
  std::string_view rest = field.substr(std::min(field.find(';'), field.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) return std::nullopt;
    if (rest[equals] == ';') {
      rest.remove_prefix(equals);
      continue;
    }
    const std::string key = base::AsciiToLower(Trimmed(rest.substr(0, equals)));
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    std::string value;
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      value = TakeQuoted(rest);
    } else {
      value = Trimmed(rest.substr(0, rest.find(';')));
    }
    if (key == name) return value;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return std::nullopt;
}

Result<std::string> BoundaryOf(std::string_view content_type) {
  const std::optional<std::string> boundary = ParameterOf(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMaxBoundaryBytes) {
    return base::Fail(ErrorCode::kInvalidArgument, "multipart/form-data without a boundary of 1 to ", kMaxBoundaryBytes,
                      " characters");
  }
  return *boundary;
}

// The value of field `name` in the header of a part, whose lines end with CR LF.
std::string_view FieldOf(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && base::AsciiToLower(Trimmed(line.substr(0, colon))) == name) {
      return Trimmed(line.substr(colon + 1));
    }
  }
  return {};
}

struct FormPart {
  std::string name;                      // Of the form field.
  std::optional<std::string> file_name;  // Absent if the field is not a file.
  std::string_view content;
};

Result<FormPart> ParsePart(std::string_view part) {
  // A part without header fields starts with the empty line.
  const std::size_t header_end = part.starts_with("\r\n") ? 0 : part.substr(0, kMaxPartHeaderBytes).find("\r\n\r\n");
  if (header_end == std::string_view::npos) {
    return base::Fail(ErrorCode::kInvalidArgument, "the header of a form part does not end within ",
                      kMaxPartHeaderBytes, " bytes");
  }
  const std::string_view header = part.substr(0, header_end);
  const std::string_view disposition = FieldOf(header, "content-disposition");
  if (MediaTypeOf(disposition) != "form-data") {
    return base::Fail(ErrorCode::kInvalidArgument, "a form part has no 'Content-Disposition: form-data'");
  }
  return FormPart{.name = ParameterOf(disposition, "name").value_or(""),
                  .file_name = ParameterOf(disposition, "filename"),
                  .content = part.substr(header_end + (header_end == 0 ? 2 : 4))};
}

// Removes the next part from `rest`, which starts after a delimiter; nothing after the last one.
Result<std::optional<std::string_view>> TakePart(std::string_view delimiter, std::string_view& rest) {
  if (rest.starts_with("--")) return std::nullopt;
  const std::size_t padding = std::min(rest.find_first_not_of(" \t"), rest.size());
  if (!rest.substr(padding).starts_with("\r\n")) {
    return base::Fail(ErrorCode::kInvalidArgument, "a boundary of the form is not followed by a line break");
  }
  rest.remove_prefix(padding + 2);
  const std::size_t end = rest.find(delimiter);
  if (end == std::string_view::npos) {
    return base::Fail(ErrorCode::kInvalidArgument, "the form is truncated: its last boundary is missing");
  }
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end + delimiter.size());
  return part;
}

}  // namespace

std::string MediaTypeOf(std::string_view content_type) {
  return base::AsciiToLower(Trimmed(content_type.substr(0, content_type.find(';'))));
}

Result<FormFile> ParseForm(std::string_view content_type, std::string_view body) {
  POSENET_ASSIGN_OR_RETURN(const std::string boundary, BoundaryOf(content_type));
  const std::string delimiter = "\r\n--" + boundary;
  // The first delimiter starts the body or follows a preamble, which is ignored.
  const std::string_view first = std::string_view{delimiter}.substr(2);
  const std::size_t begin = body.starts_with(first) ? 0 : body.find(delimiter);
  if (begin == std::string_view::npos) {
    return base::Fail(ErrorCode::kInvalidArgument, "the form's boundary is not in its body");
  }
  std::string_view rest = body.substr(begin + (begin == 0 ? first.size() : delimiter.size()));
  std::optional<FormFile> file;
  while (true) {
    POSENET_ASSIGN_OR_RETURN(const std::optional<std::string_view> text, TakePart(delimiter, rest));
    if (!text) break;
    POSENET_ASSIGN_OR_RETURN(const FormPart part, ParsePart(*text));
    if (!part.file_name) {
      return base::Fail(ErrorCode::kInvalidArgument, "the form has the field '", base::Printable(part.name),
                        "'; expected only an image: options are query parameters, as in /v1/human/poses?max-poses=1");
    }
    if (file) return base::Fail(ErrorCode::kInvalidArgument, "the form has more than one file; expected one image");
    const std::size_t name_begin = part.file_name->find_last_of("/\\");
    file = FormFile{.name = part.file_name->substr(name_begin == std::string::npos ? 0 : name_begin + 1),
                    .content = part.content};
  }
  if (!file) return base::Fail(ErrorCode::kInvalidArgument, "the form has no file; expected one image");
  return *file;
}

}  // namespace posenet::server
