// SPDX-License-Identifier: Apache-2.0
#include "common/image_run.h"

#include "base/strings.h"
#include "common/signals.h"
#include "common/standard_streams.h"

namespace posenet::app {

void ImageRun::ForEach(ReadAhead read_ahead, const ImageCallback& on_image) {
  ImageReader reader(inputs_, read_ahead);
  // On a terminal the bar makes way for every line of the answer; redirected answers do not disturb it.
  const bool answers_beside_bar = StandardOutputIsTerminal();
  for (std::size_t index = 0; index < inputs_.size(); ++index) {
    ThrowIfInterrupted();
    progress_.Show(index);
    const Result<image::Image> image = reader.Next();
    if (answers_beside_bar) progress_.Hide();
    on_image(index, image);
  }
  ThrowIfInterrupted();
}

void ImageRun::Report(std::size_t index, const std::string& message) {
  ++failure_count_;
  progress_.Hide();
  PrintError(base::StrCat(base::Printable(inputs_[index].name), ": ", message));
}

}  // namespace posenet::app
