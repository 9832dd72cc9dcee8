// SPDX-License-Identifier: Apache-2.0
// COCO keypoints: annotations, results and their evaluation.
#ifndef POSENET_HUMAN_COCO_H_
#define POSENET_HUMAN_COCO_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet::human::coco {

/// A labelled person (or crowd) of the annotation file. Positions and areas in pixels of the image.
struct Person {
  std::int64_t id = 0;
  std::int64_t image_id = 0;
  std::array<Point, kPartCount> keypoints_px = {};
  std::array<int, kPartCount> visibility = {};  ///< 0 not labelled, 1 labelled but hidden, 2 visible.
  int keypoint_count = 0;                       ///< The file's num_keypoints.
  double area_px2 = 0.0;                        ///< Of the segmentation.
  std::array<double, 4> bbox_xywh_px = {};
  bool is_crowd = false;
};

/// An image of the annotation file.
struct ImageEntry {
  std::int64_t id = 0;
  std::string file_name;
  int width_px = 0;
  int height_px = 0;
};

/// What a COCO keypoint annotation file holds; persons of the category named "person", or else of category 1, or else
/// of the only category.
struct Annotations {
  std::vector<ImageEntry> images;
  std::vector<Person> persons;
};

/// Parses an annotation file; `name` is what messages call it. Ids are unique, and all persons are on listed images.
/// Errors: kCorruptData naming what is missing or of the wrong type, and where ("annotations[3].area").
Result<Annotations> ParseAnnotations(std::string_view json, std::string_view name);

/// A detected person.
struct Detection {
  std::int64_t image_id = 0;
  std::array<Point, kPartCount> keypoints_px = {};
  double score = 0.0;
};

/// Parses a COCO results file: [{"image_id", "category_id", "keypoints": [x, y, v] * 17, "score"}].
/// The category is 1 (person); v is not looked at. Errors: kCorruptData as above.
Result<std::vector<Detection>> ParseDetections(std::string_view json, std::string_view name);

/// One entry of a COCO results file, as JSON without a line end: x, y with 2 decimals and the keypoint's visibility
/// flag 1, score with all digits. Numbers that are not finite are written as 0.
std::string DetectionToJson(std::int64_t image_id, const Pose& pose);

/// The ten figures of COCO keypoint evaluation, each in [0, 1], or -1 where no labelled person falls into its range.
struct Summary {
  double ap = -1, ap50 = -1, ap75 = -1, ap_medium = -1, ap_large = -1;
  double ar = -1, ar50 = -1, ar75 = -1, ar_medium = -1, ar_large = -1;
};

/// AP and AR, averaged over object keypoint similarity 0.50:0.05:0.95, at most 20 detections an image, 101 recall
/// points; crowds and persons without labelled keypoints are ignore regions; medium is 32^2 to 96^2 px of area, large
/// above. Every image of `image_ids` counts, with or without persons and detections; detections on other images are not
/// looked at. Ties go as in pycocotools: images by ascending id, detections of an image in the order given, the later
/// of two persons that fit equally well. Source: COCO keypoint evaluation (cocodataset.org, keypoints-eval); sigmas as
/// published there.
Summary Evaluate(std::span<const std::int64_t> image_ids, std::span<const Person> persons,
                 std::span<const Detection> detections);

}  // namespace posenet::human::coco

#endif  // POSENET_HUMAN_COCO_H_
