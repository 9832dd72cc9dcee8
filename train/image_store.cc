// SPDX-License-Identifier: Apache-2.0
#include "train/image_store.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "camera/view.h"
#include "image/antialias.h"
#include "media/image_file.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

struct Side {
  int width_px;
  int height_px;
};

Side SizeOf(const WorkingSize& size, const image::Image& image) {
  if (size.shorter_side_px == 0) return {size.width_px, size.height_px};
  const double scale = static_cast<double>(size.shorter_side_px) / std::min(image.width_px, image.height_px);
  const auto side = [scale](int side_px) { return std::max(1, static_cast<int>(std::lround(scale * side_px))); };
  return {side(image.width_px), side(image.height_px)};
}

}  // namespace

ImageStore::ImageStore(std::vector<std::filesystem::path> paths, const WorkingSize& size)
    : paths_(std::move(paths)), size_(size), images_(paths_.size()) {}

image::Image ImageStore::Read(std::size_t index) const {
  const image::Image original = ValueOf(media::ReadImageFile(paths_[index]));
  const Side side = SizeOf(size_, original);
  constexpr int kLongestSidePx = 8192;
  if (std::max(side.width_px, side.height_px) > kLongestSidePx) {
    throw Failure(ErrorCode::kUnsupported, paths_[index].native(), ": ", original.width_px, "x", original.height_px,
                  " pixels are too elongated for training");
  }
  image::Image image = {.width_px = side.width_px, .height_px = side.height_px, .rgb = {}};
  image.rgb.resize(3 * static_cast<std::size_t>(side.width_px) * static_cast<std::size_t>(side.height_px));
  thread_local image::AntialiasResizer resizer;
  const image::ViewRectangle view =
      camera::CentralView(image::SizeOf(original.View()), image::SizeOf(image.View()), /*crop_share=*/1.0);
  resizer.Run(original.View(), view, image::SizeOf(image.View()), image.rgb);
  return image;
}

void ImageStore::ReadAll(int thread_count, const std::function<void(std::size_t)>& progress) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t done = 0;
  std::size_t bytes = 0;
  std::size_t failed_index = paths_.size();
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t i = next++; i < paths_.size(); i = next++) {
      try {
        auto image = std::make_shared<const image::Image>(Read(i));
        const std::lock_guard lock(mutex);
        bytes += image->rgb.size();
        if (bytes <= kMaxImageBytes) images_[i] = std::move(image);
        progress(++done);
      } catch (...) {
        // Of several errors the first image's is reported, whichever thread was faster.
        const std::lock_guard lock(mutex);
        if (i < failed_index) failure = std::current_exception();
        failed_index = std::min(failed_index, i);
        next = paths_.size();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 1; i < thread_count; ++i) threads.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

std::shared_ptr<const image::Image> ImageStore::Get(std::size_t index) {
  if (images_[index] != nullptr) return images_[index];
  return std::make_shared<const image::Image>(Read(index));
}

}  // namespace posenet::train
