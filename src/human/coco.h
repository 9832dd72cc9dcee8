// SPDX-License-Identifier: Apache-2.0
// COCO keypoints: annotation files, results files and evaluation.
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

/// An annotated person or crowd.
struct Person {
  std::int64_t id = 0;
  std::int64_t image_id = 0;
  std::array<Point, kPartCount> keypoints_px = {};
  std::array<int, kPartCount> visibility = {};  ///< 0 not labeled, 1 labeled but occluded, 2 visible.
  int keypoint_count = 0;                       ///< "num_keypoints" of the file.
  double area_px2 = 0.0;                        ///< Of the segmentation.
  std::array<double, 4> bbox_xywh_px = {};
  bool is_crowd = false;
};

/// An image of an annotation file.
struct ImageEntry {
  std::int64_t id = 0;
  std::string file_name;
  int width_px = 0;
  int height_px = 0;
};

/// COCO's own category of persons.
inline constexpr std::int64_t kPersonCategoryId = 1;

/// The content of a COCO keypoint annotation file: the annotations of the category named "person", or else of category
/// 1, or else of the only category.
struct Annotations {
  std::vector<ImageEntry> images;
  std::int64_t category_id = kPersonCategoryId;  ///< Of the persons.
  std::vector<Person> persons;
};

/// Parses an annotation file; `name` identifies it in error messages. In the result, IDs are unique and each person is
/// on one of the images. Errors: kCorruptData, naming the value that is missing or invalid ("annotations[3].area").
Result<Annotations> ParseAnnotations(std::string_view json, std::string_view name);

/// The same without persons, for a file that need not have any, such as that of a test set.
Result<Annotations> ParseImageList(std::string_view json, std::string_view name);

/// A detected person.
struct Detection {
  std::int64_t image_id = 0;
  std::int64_t category_id = kPersonCategoryId;
  std::array<Point, kPartCount> keypoints_px = {};
  double score = 0.0;
};

/// Parses a COCO results file: [{"image_id", "category_id", "keypoints": [x, y, v] * 17, "score"}]; v is ignored.
/// Errors: kCorruptData, as above ("[17].score").
Result<std::vector<Detection>> ParseDetections(std::string_view json, std::string_view name);

/// Checks that all of `detections` are on the images and of the category of `annotations`, as COCO's own tools require.
/// Errors: kInvalidArgument, with the number of those that are not, and the first of them.
Result<void> CheckDetections(std::span<const Detection> detections, const Annotations& annotations);

/// The detection that `pose` is on an image.
Detection ToDetection(std::int64_t image_id, std::int64_t category_id, const Pose& pose);

/// An entry of a COCO results file, as JSON on one line: x and y with 2 decimals, visibility flags of 1, and the score
/// with all digits of a float. Non-finite numbers are written as 0.
std::string DetectionToJson(const Detection& detection);

/// The ten metrics of COCO keypoint evaluation, each in [0, 1], or -1 if no annotated person is in its range.
struct Summary {
  double ap = -1, ap50 = -1, ap75 = -1, ap_medium = -1, ap_large = -1;
  double ar = -1, ar50 = -1, ar75 = -1, ar_medium = -1, ar_large = -1;
};

/// AP and AR, averaged over the object keypoint similarities 0.50:0.05:0.95, with at most 20 detections per image and
/// 101 recall points. Crowds and persons without labeled keypoints are ignore regions. Medium is an area of 32^2 to
/// 96^2 px, large is above. Evaluates the images in `image_ids`, including those without persons or detections, and
/// ignores detections on other images; CheckDetections reports those. Ties are resolved as in pycocotools: images by
/// ascending ID, detections of an image in the given order, and the later of two persons with equal similarity. Source:
/// COCO keypoint evaluation (cocodataset.org, keypoints-eval), with the sigmas published there.
Summary Evaluate(std::span<const std::int64_t> image_ids, std::span<const Person> persons,
                 std::span<const Detection> detections);

}  // namespace posenet::human::coco

#endif  // POSENET_HUMAN_COCO_H_
