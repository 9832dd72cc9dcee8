// SPDX-License-Identifier: Apache-2.0
#include "common/image_run.h"

#include "base/strings.h"
#include "common/signals.h"
#include "common/standard_streams.h"

namespace posenet::app {

void ImageRun::ForEach(ReadAhead read_ahead, const ImageCallback& on_image) {
  ImageReader reader(inputs_, read_ahead);
  // If results go to the terminal, too, the bar is erased before each of them.
  const bool shares_terminal = StandardOutputIsTerminal();
  while (done_count_ < inputs_.size() && !IsInterrupted()) {
    progress_.Show(done_count_);
    const Result<image::Image> image = reader.Next();
    if (shares_terminal) progress_.Hide();
    on_image(done_count_, image);
    ++done_count_;
  }
  progress_.Hide();
  if (done_count_ == 0) ThrowIfInterrupted();
}

void ImageRun::ThrowIfStopped() const {
  if (!IsInterrupted()) return;
  throw Interruption(base::StrCat(" after ", done_count_, " of ", inputs_.size(), " images; their results are kept"));
}

void ImageRun::Report(std::size_t index, const std::string& message) {
  ++failure_count_;
  progress_.Hide();
  PrintError(base::StrCat(base::Printable(inputs_[index].name), ": ", message));
}

}  // namespace posenet::app
