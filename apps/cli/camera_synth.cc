// SPDX-License-Identifier: Apache-2.0
// posenet camera synth
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/strings.h"
#include "base/thread_pool.h"
#include "camera/seven_scenes.h"
#include "camera/synth.h"
#include "cli/commands.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/inputs.h"
#include "common/new_folder.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "media/image_file.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSynthDescription =
    "Render a synthetic scene with exact poses: a room, a corridor or a street with images on its walls and boxes on "
    "its ground, in the layout of 7-Scenes. The last walk through it is for testing, the others for training. For "
    "demonstrations and tests without a data set.";

const std::string kSynthFooter = base::StrCat(
    R"(The images on the walls are the given photos, or else patterns. The same photos,
seed and size give the same scene. Poses are world_from_cam in meters, with y
pointing down; the focal length is 525/640 of the width, the principal point the
image center.

Examples:
  posenet camera synth --output room
  posenet camera synth --output room --photos holiday/ --frames 1000
  posenet camera synth --output street --place street --frames 1500
  posenet camera inspect room

)",
    app::ExitStatusHelp("success", "a photo could not be read or a file could not be written; nothing was created"));

constexpr std::size_t kMaxPhotos = 32;
// More would be invisible: an image on a wall covers only a part of the view.
constexpr int kMaxPhotoSidePx = 1024;

struct SynthOptions {
  std::string output;
  camera::synth::Place place = camera::synth::Place::kRoom;
  std::vector<std::string> photos;
  int frame_count = 500;
  int walk_count = 5;  // The last one is for testing.
  int seed = 1;
  std::optional<app::Size> size;
};

bool ReadPlace(std::string_view name, camera::synth::Place& place) {
  using camera::synth::Place;
  constexpr std::array<std::pair<std::string_view, Place>, 4> kPlaces = {
      {{"room", Place::kRoom}, {"wall", Place::kWall}, {"corridor", Place::kCorridor}, {"street", Place::kStreet}}};
  const auto* const found = std::ranges::find(kPlaces, name, &std::pair<std::string_view, Place>::first);
  if (found == kPlaces.end()) return false;
  place = found->second;
  return true;
}

std::vector<image::Image> ReadPhotos(const std::vector<std::string>& arguments) {
  std::vector<app::Input> inputs = app::ExpandInputs(arguments);
  std::vector<image::Image> photos;
  const std::size_t count = std::min(inputs.size(), kMaxPhotos);
  for (std::size_t i = 0; i < count; ++i) {
    app::ThrowIfInterrupted();
    // Of too many, a sample spread over all of them.
    Result<image::Image> photo = app::ReadImage(inputs[i * inputs.size() / count]);
    if (!photo.has_value()) throw app::CommandError(app::ExitCode::kFailure, photo.error().message);
    camera::synth::Texture levels = camera::synth::MakeTexture(*std::move(photo));
    const auto small = std::ranges::find_if(levels.levels, [](const image::Image& level) {
      return std::max(level.width_px, level.height_px) <= kMaxPhotoSidePx;
    });
    photos.push_back(std::move(small == levels.levels.end() ? levels.levels.back() : *small));
  }
  return photos;
}

// The images and poses of all walks, in a folder each.
class WalkWriter {
 public:
  WalkWriter(const camera::synth::World& world, const camera::Intrinsics& camera, int frame_count)
      : world_(world), camera_(camera), progress_(static_cast<std::size_t>(frame_count)) {}

  void Write(const std::vector<camera::RigidPose>& path, const fs::path& folder) {
    fs::create_directory(folder);
    std::mutex mutex;
    std::exception_ptr failure;
    pool_.ParallelFor(static_cast<int>(path.size()), [&](int i, int /*thread*/) {
      if (app::IsInterrupted()) return;
      try {
        WriteFrame(path[static_cast<std::size_t>(i)], folder / camera::SevenScenesFrameName(i));
        const std::lock_guard lock(mutex);
        progress_.Show(++done_);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    });
    app::ThrowIfInterrupted();
    if (failure) std::rethrow_exception(failure);
  }

  [[nodiscard]] std::size_t done() const { return done_; }

 private:
  // `stem` is the path of the frame's files, without extensions.
  void WriteFrame(const camera::RigidPose& world_from_cam, const fs::path& stem) const {
    const image::Image image = camera::synth::Render(world_, world_from_cam, camera_);
    app::ValueOrThrow(media::WriteImageFile(stem.native() + ".color.png", image));
    app::ValueOrThrow(base::WriteFile(stem.native() + ".pose.txt", camera::FormatSevenScenesPose(world_from_cam)));
  }

  const camera::synth::World& world_;
  const camera::Intrinsics& camera_;
  base::ThreadPool pool_{base::AvailableCores()};
  app::ProgressBar progress_;
  std::size_t done_ = 0;
};

// "seq-01" and so on.
std::string SequenceName(int walk) { return base::StrCat(walk < 9 ? "seq-0" : "seq-", walk + 1); }

void WriteSplits(const fs::path& folder, int walk_count) {
  std::string train;
  for (int walk = 1; walk < walk_count; ++walk) train += base::StrCat("sequence", walk, "\n");
  app::ValueOrThrow(base::WriteFile(folder / "TrainSplit.txt", train));
  app::ValueOrThrow(base::WriteFile(folder / "TestSplit.txt", base::StrCat("sequence", walk_count, "\n")));
}

app::ExitCode Synth(const SynthOptions& options) {
  if (options.frame_count < 2 * options.walk_count) {
    throw app::UsageError(base::StrCat("--frames: expected at least ", 2 * options.walk_count, " for ",
                                       options.walk_count, " walks, got ", options.frame_count));
  }
  app::NewFolder folder(options.output, "--output");
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const camera::synth::World world = camera::synth::MakeWorld(options.place, ReadPhotos(options.photos), seed);
  const app::Size size = options.size.value_or(app::Size{.width_px = 320, .height_px = 240});
  const camera::Intrinsics camera = camera::synth::CameraOfSize(size.width_px, size.height_px);
  WalkWriter writer(world, camera, options.frame_count);
  for (int walk = 0; walk < options.walk_count; ++walk) {
    // The remainder goes to the first walks.
    const int count = (options.frame_count + options.walk_count - 1 - walk) / options.walk_count;
    writer.Write(camera::synth::Walk(options.place, count, walk, seed), folder.path() / SequenceName(walk));
  }
  WriteSplits(folder.path(), options.walk_count);
  folder.Commit();
  app::WriteStandardOutput(base::StrCat(base::Printable(options.output, 400), ": ", writer.done(), " photos of ",
                                        size.width_px, "x", size.height_px, " pixels, focal length ",
                                        app::FormatJsonNumber(camera.focal_x_px, 2), " px\n"));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddCameraSynth(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<SynthOptions>();
  CLI::App& app = *parent.add_subcommand("synth", kSynthDescription)->group(app::kCommandGroup);
  app.footer(kSynthFooter);
  app::AddPath(app, "--output", options->output, "FOLDER", "The folder to create. Required.")->required();
  app::AddName(app, "--place", "room|wall|corridor|street",
               "What to render: a room of 6 by 5 m, seen on walks around it, or on walks that face one of its walls; a "
               "corridor of 24 m; or a street of 60 m. [room]",
               [options](const std::string& name) { return ReadPlace(name, options->place); });
  app.add_option("--photos", options->photos,
                 base::StrCat("Images, or folders of images, for the walls. If there are more than ", kMaxPhotos,
                              ", a sample of them is used. May be given several times. [patterns]"))
      ->option_text("FILE|FOLDER");
  app::AddInt(app, "--frames", options->frame_count, 4, 100'000, "Number of photos to render, over all walks. [500]");
  app::AddInt(app, "--walks", options->walk_count, 2, 50,
              "Number of walks; the last one is for testing. More walks cover the scene better. [5]");
  app::AddInt(app, "--seed", options->seed, 0, 1'000'000'000, "Random seed of the place and the walks. [1]");
  app::AddSize(app, "--size", options->size, "Size of the photos in pixels. [320x240]");
  app.callback([options, &action] { action = [options] { return Synth(*options); }; });
}

}  // namespace posenet::cli
