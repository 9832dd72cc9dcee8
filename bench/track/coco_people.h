// SPDX-License-Identifier: Apache-2.0
// Photos with labelled people, for measurements on real images.
#ifndef POSENET_BENCH_TRACK_COCO_PEOPLE_H_
#define POSENET_BENCH_TRACK_COCO_PEOPLE_H_

#include <filesystem>
#include <string>
#include <vector>

#include "human/coco.h"
#include "image/image.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet::bench {

/// A person and the photo that shows them.
struct LabelledPerson {
  std::string file_name;
  human::coco::Person person;
};

/// People of COCO_FOLDER/person_keypoints_val.json with at least `min_keypoints` labelled, at least `min_height_px`
/// tall, on photos that are there, in the order of the file.
Result<std::vector<LabelledPerson>> LabelledPeople(const std::filesystem::path& coco_folder, int min_keypoints,
                                                   double min_height_px);

/// The mean of the sides of the labelled box.
double SizeOf(const human::coco::Person& person);

/// The pose whose keypoints are nearest to the labelled ones in the mean, if that is within half the person's size.
/// Null if none is. `offset_px` is where the photo's corner lies in the image that the poses are of, `scale` pixels
/// of it to one.
const Pose* PoseOf(const human::coco::Person& person, const std::vector<Pose>& poses, Point offset_px, double scale);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_COCO_PEOPLE_H_
