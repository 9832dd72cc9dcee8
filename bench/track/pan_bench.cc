// SPDX-License-Identifier: Apache-2.0
// pan_bench MODEL.safetensors COCO_FOLDER [SIZE]
//
// Evaluates trackers on poses of the network in simulated pans over photos of COCO, of which each frame shows four
// fifths: with people who are cropped, occluded, blurred or small, and with the false positives and duplicates of the
// network. Prints for each tracker and frame rate the number of annotated people, of IDs and of ID switches, and the
// share of the detections of annotated people without an ID.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numbers>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "main.h"
#include "media/image_file.h"
#include "posenet/human.h"
#include "posenet/track.h"
#include "track/coco_people.h"
#include "track/greedy_tracker.h"
#include "track/sensor.h"

namespace {

using posenet::Pose;
using posenet::bench::LabeledPerson;
using Ids = std::vector<std::int64_t>;
using Tracker = std::function<Ids(const std::vector<Pose>&, double)>;

constexpr double kFps = 30.0;
constexpr int kFrames = 120;
// Most poses with lower scores are duplicates.
constexpr float kMinScore = 0.15F;

/// The poses in a frame, and the index of the annotated person of each, or -1.
struct EstimatedFrame {
  double time_s = 0.0;
  std::vector<Pose> poses;
  std::vector<int> people;
};
using EstimatedVideo = std::vector<EstimatedFrame>;

std::vector<int> MatchPeople(const std::vector<Pose>& poses, const std::vector<LabeledPerson>& people,
                             posenet::Point corner) {
  std::vector<Pose> confident;
  std::vector<std::size_t> indices;  // In `poses`.
  for (std::size_t i = 0; i < poses.size(); ++i) {
    if (poses[i].score < kMinScore) continue;
    confident.push_back(poses[i]);
    indices.push_back(i);
  }
  std::vector<int> matched(poses.size(), -1);
  for (std::size_t person = 0; person < people.size(); ++person) {
    const Pose* pose = posenet::bench::PoseOf(people[person].person, confident, corner, 1.0);
    if (pose != nullptr) matched[indices[static_cast<std::size_t>(pose - confident.data())]] = static_cast<int>(person);
  }
  return matched;
}

posenet::Result<EstimatedVideo> EstimatePan(const posenet::PoseEstimator& estimator, const posenet::image::Image& photo,
                                            const std::vector<LabeledPerson>& people, std::mt19937& random) {
  const int width_px = photo.width_px * 4 / 5;
  const int height_px = photo.height_px * 4 / 5;
  EstimatedVideo video;
  for (int frame = 0; frame < kFrames; ++frame) {
    const double time_s = frame / kFps;
    // Horizontally with a period of 2.6 s, vertically with a period of 3.7 s.
    const auto at = [&](double range_px, double period_s) {
      return static_cast<int>(range_px * (0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * time_s / period_s)));
    };
    const int x = at(photo.width_px - width_px, 2.6);
    const int y = at(photo.height_px - height_px, 3.7);
    const posenet::image::Image noisy = posenet::bench::WithSensorNoise(photo, random);
    const auto poses = estimator.Estimate(
        posenet::bench::Crop(noisy, {.x_px = x, .y_px = y, .width_px = width_px, .height_px = height_px}));
    if (!poses) return tl::unexpected<posenet::Error>(poses.error());
    const posenet::Point corner = {.x = static_cast<float>(-x), .y = static_cast<float>(-y)};
    video.push_back({.time_s = time_s, .poses = *poses, .people = MatchPeople(*poses, people, corner)});
  }
  return video;
}

struct Counts {
  int ids = 0;
  int people = 0;
  int switches = 0;
  int detections = 0;  ///< Of annotated people.
  int unassigned = 0;  ///< Of these, those without an ID.
};

void Count(const EstimatedVideo& video, int every, const Tracker& tracker, Counts& counts) {
  std::map<int, std::int64_t> last_id;
  std::set<std::int64_t> all_ids;
  for (std::size_t i = 0; i < video.size(); i += static_cast<std::size_t>(every)) {
    const Ids ids = tracker(video[i].poses, video[i].time_s);
    for (std::size_t pose = 0; pose < ids.size(); ++pose) {
      const int person = video[i].people[pose];
      if (person >= 0) ++counts.detections;
      if (ids[pose] == 0) {
        if (person >= 0) ++counts.unassigned;
        continue;
      }
      all_ids.insert(ids[pose]);
      if (person < 0) continue;
      const auto [last, is_new] = last_id.emplace(person, ids[pose]);
      if (!is_new && last->second != ids[pose]) ++counts.switches;
      last->second = ids[pose];
    }
  }
  counts.ids += static_cast<int>(all_ids.size());
  counts.people += static_cast<int>(last_id.size());
}

Tracker Ours(float min_new_score) {
  auto tracker =
      std::make_shared<posenet::PoseTracker>(posenet::PoseTracker::Create({.min_new_score = min_new_score}).value());
  return [tracker](const std::vector<Pose>& poses, double time_s) { return tracker->Update(poses, time_s).value(); };
}

Tracker Greedy() {
  auto tracker = std::make_shared<posenet::bench::GreedyTracker>();
  return [tracker](const std::vector<Pose>& poses, double time_s) { return tracker->Update(poses, time_s); };
}

void Compare(const std::vector<EstimatedVideo>& videos) {
  std::printf("%-28s %5s %8s %8s %9s %15s\n", "", "fps", "people", "IDs", "switches", "without ID");
  const std::vector<std::pair<const char*, std::function<Tracker()>>> trackers = {
      {"PoseTracker", [] { return Ours(posenet::PoseTrackerOptions{}.min_new_score); }},
      {"min_new_score 0", [] { return Ours(0.0F); }},
      {"greedy", Greedy}};
  for (const auto& [name, make] : trackers) {
    for (const int every : {1, 2, 4, 6}) {
      Counts counts;
      for (const EstimatedVideo& video : videos) Count(video, every, make(), counts);
      std::printf("%-28s %5.1f %8d %8d %9d %13.3f\n", name, kFps / every, counts.people, counts.ids, counts.switches,
                  static_cast<double>(counts.unassigned) / counts.detections);
    }
  }
}

int Fail(const posenet::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3 || arguments.size() > 4) {
    std::fputs("usage: pan_bench MODEL.safetensors COCO_FOLDER [SIZE]\n", stderr);
    return 2;
  }
  const int size = arguments.size() > 3 ? std::stoi(arguments[3]) : 257;
  const auto model = posenet::Model::Load(arguments[1]);
  if (!model) return Fail(model.error());
  const auto estimator =
      posenet::PoseEstimator::Create(*model, {.input_width_px = size, .input_height_px = size, .thread_count = 1});
  if (!estimator) return Fail(estimator.error());
  const auto people = posenet::bench::LabeledPeople(arguments[2], 5, 0.0);
  if (!people) return Fail(people.error());
  std::map<std::string, std::vector<LabeledPerson>> photos;
  for (const LabeledPerson& person : *people) photos[person.file_name].push_back(person);
  std::mt19937 random(1);
  std::vector<EstimatedVideo> videos;
  for (const auto& [file_name, annotated] : photos) {
    const auto photo = posenet::media::ReadImageFile(std::filesystem::path(arguments[2]) / "images" / file_name);
    if (!photo) return Fail(photo.error());
    auto video = EstimatePan(*estimator, *photo, annotated, random);
    if (!video) return Fail(video.error());
    videos.push_back(*std::move(video));
  }
  std::printf("%zu photos, %d frames of each at %.0f per second, input size %d\n", videos.size(), kFrames, kFps, size);
  Compare(videos);
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return posenet::bench::Main("pan_bench", argc, argv, &Run); }
