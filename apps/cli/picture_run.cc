// SPDX-License-Identifier: Apache-2.0
#include "picture_run.h"

#include "base/strings.h"
#include "signals.h"
#include "standard_streams.h"

namespace posenet::cli {

void PictureRun::ForEach(ReadAhead read_ahead, const PictureCallback& on_picture) {
  PictureReader reader(inputs_, read_ahead);
  // On a terminal the bar makes way for every line of the answer; redirected answers do not disturb it.
  const bool answers_beside_bar = StandardOutputIsTerminal();
  for (std::size_t index = 0; index < inputs_.size(); ++index) {
    ThrowIfInterrupted();
    progress_.Show(index);
    const Result<Image> image = reader.Next();
    if (answers_beside_bar) progress_.Hide();
    on_picture(index, image);
  }
  ThrowIfInterrupted();
}

void PictureRun::Report(std::size_t index, const std::string& message) {
  ++failure_count_;
  progress_.Hide();
  PrintError(StrCat(Printable(inputs_[index].name), ": ", message));
}

}  // namespace posenet::cli
