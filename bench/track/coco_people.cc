// SPDX-License-Identifier: Apache-2.0
#include "track/coco_people.h"

#include <cmath>
#include <string_view>

#include "base/error.h"
#include "base/file.h"

namespace posenet::bench {
namespace {

constexpr std::size_t kMaxAnnotationBytes = std::size_t{1} << 30;

double MeanDistance(const human::coco::Person& person, const Pose& pose, Point offset_px, double scale) {
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (person.visibility[i] == 0) continue;
    const Point& labeled = person.keypoints_px[i];
    const Point& found = pose.keypoints[i].position_px;
    sum += std::hypot(static_cast<double>(found.x - offset_px.x) - scale * static_cast<double>(labeled.x),
                      static_cast<double>(found.y - offset_px.y) - scale * static_cast<double>(labeled.y));
    ++count;
  }
  return sum / count;
}

}  // namespace

Result<std::vector<LabeledPerson>> LabeledPeople(const std::filesystem::path& coco_folder, int min_keypoints,
                                                 double min_height_px) {
  const std::filesystem::path file = coco_folder / "person_keypoints_val.json";
  POSENET_ASSIGN_OR_RETURN(const auto bytes, base::ReadFile(file, kMaxAnnotationBytes));
  const std::string_view json(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  POSENET_ASSIGN_OR_RETURN(const human::coco::Annotations annotations,
                           human::coco::ParseAnnotations(json, file.string()));
  std::vector<LabeledPerson> people;
  for (const human::coco::Person& person : annotations.persons) {
    if (person.is_crowd || person.keypoint_count < min_keypoints || person.bbox_xywh_px[3] < min_height_px) continue;
    for (const human::coco::ImageEntry& image : annotations.images) {
      if (image.id != person.image_id || !std::filesystem::exists(coco_folder / "images" / image.file_name)) continue;
      people.push_back({.file_name = image.file_name, .person = person});
    }
  }
  return people;
}

double SizeOf(const human::coco::Person& person) { return 0.5 * (person.bbox_xywh_px[2] + person.bbox_xywh_px[3]); }

const Pose* PoseOf(const human::coco::Person& person, const std::vector<Pose>& poses, Point offset_px, double scale) {
  const Pose* nearest = nullptr;
  double nearest_distance = 0.5 * scale * SizeOf(person);
  for (const Pose& pose : poses) {
    const double distance = MeanDistance(person, pose, offset_px, scale);
    if (distance >= nearest_distance) continue;
    nearest = &pose;
    nearest_distance = distance;
  }
  return nearest;
}

}  // namespace posenet::bench
