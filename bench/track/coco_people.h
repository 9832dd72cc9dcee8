// SPDX-License-Identifier: Apache-2.0
// Annotated people of COCO, for measurements on real images.
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

/// An annotated person and the file name of the image.
struct LabeledPerson {
  std::string file_name;
  human::coco::Person person;
};

/// The people of `coco_folder`/person_keypoints_val.json with at least `min_keypoints` labeled keypoints and a height
/// of at least `min_height_px`, on images that exist, in the order of the file.
Result<std::vector<LabeledPerson>> LabeledPeople(const std::filesystem::path& coco_folder, int min_keypoints,
                                                 double min_height_px);

/// The mean of the sides of the annotated box.
double SizeOf(const human::coco::Person& person);

/// The pose with the smallest mean distance from the labeled keypoints, if it is at most half the size of the person,
/// else null. A position p in the annotated image is at `offset_px` + `scale` * p in the image of the poses.
const Pose* PoseOf(const human::coco::Person& person, const std::vector<Pose>& poses, Point offset_px, double scale);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_COCO_PEOPLE_H_
