// SPDX-License-Identifier: Apache-2.0
#include "common/text_output.h"

#include <utility>

#include "common/command_error.h"
#include "common/standard_streams.h"

namespace posenet::app {

TextOutput TextOutput::File(const std::filesystem::path& path) {
  Result<base::AtomicFile> file = base::AtomicFile::Create(path);
  const bool is_no_file = !file.has_value() && file.error().code == ErrorCode::kInvalidArgument;
  return TextOutput(ValueOrThrow(std::move(file), is_no_file ? ExitCode::kUsage : ExitCode::kFailure));
}

void TextOutput::Write(std::string_view text) {
  if (file_) {
    ValueOrThrow(file_->Write(text));
  } else {
    WriteStandardOutput(text);
  }
}

void TextOutput::Commit() {
  if (file_) ValueOrThrow(file_->Commit());
}

}  // namespace posenet::app
