// SPDX-License-Identifier: Apache-2.0
#include "common/csv_text.h"

#include <cmath>

#include "common/numbers.h"
#include "common/pose_json.h"

namespace posenet::app {

std::string CsvText(std::string_view text) {
  std::string field = ValidUtf8(text);
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string CsvNumber(double value, int decimals) {
  return std::isfinite(value) ? FormatJsonNumber(value, decimals) : std::string();
}

}  // namespace posenet::app
