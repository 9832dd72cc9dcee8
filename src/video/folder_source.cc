// SPDX-License-Identifier: Apache-2.0
#include "video/folder_source.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/natural_order.h"
#include "media/image_file.h"

namespace posenet::video {
namespace {

namespace fs = std::filesystem;

class FolderSource : public FrameSource {
 public:
  FolderSource(std::vector<fs::path> files, const SourceOptions& options, double frames_per_s)
      : files_(std::move(files)), options_(options), frames_per_s_(frames_per_s) {
    const auto count = static_cast<std::int64_t>(files_.size());
    info_.frames_per_s = frames_per_s;
    info_.frame_count = count;
    info_.duration_s = TimeOf(count);
  }

  [[nodiscard]] const VideoInfo& info() const override { return info_; }

  Result<std::optional<VideoFrame>> Next() override {
    while (next_ < static_cast<std::int64_t>(files_.size()) && !options_.is_cancelled()) {
      const std::int64_t number = next_++;
      switch (Select(options_.selection, number, TimeOf(number))) {
        case Selection::kSkip:
          continue;
        case Selection::kEnd:
          return std::nullopt;
        case Selection::kTake:
          return Read(number);
      }
    }
    return std::nullopt;
  }

  /// Reads one image, so that the size is known before the first frame.
  void ReadSize() {
    for (const fs::path& file : files_) {
      const Result<image::Image> image = media::ReadImageFile(file);
      if (!image.has_value()) continue;
      info_.width_px = image->width_px;
      info_.height_px = image->height_px;
      return;
    }
  }

 private:
  [[nodiscard]] double TimeOf(std::int64_t number) const { return static_cast<double>(number) / frames_per_s_; }

  VideoFrame Read(std::int64_t number) {
    VideoFrame frame = {.number = number, .time_s = TimeOf(number), .image = {}};
    Result<image::Image> image = media::ReadImageFile(files_[static_cast<std::size_t>(number)]);
    if (image.has_value()) {
      last_ = *image;
      frame.image = *std::move(image);
    } else {
      frame.error = std::move(image.error());
      frame.image = last_;
    }
    return frame;
  }

  std::vector<fs::path> files_;
  SourceOptions options_;
  double frames_per_s_;
  VideoInfo info_;
  std::int64_t next_ = 0;
  image::Image last_;
};

}  // namespace

Result<std::unique_ptr<FrameSource>> OpenFolder(const fs::path& folder, const SourceOptions& options) {
  POSENET_ASSIGN_OR_RETURN(std::vector<fs::path> files, base::ListFiles(folder));
  std::erase_if(files, [](const fs::path& file) { return !media::HasImageExtension(file); });
  if (files.empty()) {
    return base::Fail(ErrorCode::kNotFound, base::Printable(folder.native()),
                      ": no images in this folder; expected frames");
  }
  std::ranges::sort(files,
                    [](const fs::path& a, const fs::path& b) { return base::NaturalLess(a.native(), b.native()); });
  const double frames_per_s = options.frames_per_s > 0.0 ? options.frames_per_s : kFolderFramesPerSecond;
  auto source = std::make_unique<FolderSource>(std::move(files), options, frames_per_s);
  source->ReadSize();
  return source;
}

}  // namespace posenet::video
