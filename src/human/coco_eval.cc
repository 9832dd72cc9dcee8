// SPDX-License-Identifier: Apache-2.0
// COCO keypoint evaluation. Where the published definition is ambiguous (ties, limits of ranges, order of operations),
// this follows COCOeval of pycocotools, so that metrics are comparable with published ones.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "human/coco.h"

namespace posenet::human::coco {
namespace {

constexpr std::size_t kMaxDetectionsPerImage = 20;
constexpr std::size_t kThresholdCount = 10;
constexpr std::size_t kRecallCount = 101;

// Avoids divisions by an area or a count of zero.
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

// The object keypoint similarities (OKS) required for a match: 0.50:0.05:0.95. Bit-exact with NumPy's linspace, as are
// the recall points below: a recall of 7 / 20 is less than 35 * 0.01. Computed at compile time, so that the compiler
// cannot fuse the multiplication and the addition.
constexpr auto kOksThresholds = [] {
  std::array<double, kThresholdCount> thresholds = {};
  constexpr double kStep = (0.95 - 0.5) / (kThresholdCount - 1);
  for (std::size_t i = 0; i < kThresholdCount; ++i) thresholds[i] = static_cast<double>(i) * kStep + 0.5;
  thresholds.back() = 0.95;
  return thresholds;
}();

constexpr auto kRecallPoints = [] {
  std::array<double, kRecallCount> points = {};
  for (std::size_t i = 0; i < kRecallCount; ++i) points[i] = static_cast<double>(i) * 0.01;
  return points;
}();

// (2 sigma)^2 of each keypoint, where sigma is the deviation of annotators relative to the square root of the area.
constexpr auto kVariances = [] {
  constexpr std::array<double, kPartCount> kTenSigmas = {.26, .25, .25,  .35,  .35, .79, .79, .72, .72,
                                                         .62, .62, 1.07, 1.07, .87, .87, .89, .89};
  std::array<double, kPartCount> variances = {};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const double double_sigma = kTenSigmas[i] / 10.0 * 2.0;
    variances[i] = double_sigma * double_sigma;
  }
  return variances;
}();

// A closed range.
struct AreaRange {
  double min_px2;
  double max_px2;

  [[nodiscard]] bool Contains(double area_px2) const { return area_px2 >= min_px2 && area_px2 <= max_px2; }
};
constexpr AreaRange kAllAreas = {0.0, 1e10};
constexpr AreaRange kMediumAreas = {32.0 * 32.0, 96.0 * 96.0};
constexpr AreaRange kLargeAreas = {96.0 * 96.0, 1e10};

// In [0, 1]; 1 at distance 0.
double KeypointSimilarity(std::size_t part, double dx_px, double dy_px, double area_px2) {
  const double distance_px2 = dx_px * dx_px + dy_px * dy_px;
  return std::exp(-(distance_px2 / kVariances[part] / (area_px2 + kEpsilon) / 2.0));
}

double SimilarityToKeypoints(const Person& person, const Detection& detection) {
  double sum = 0.0;
  int labeled_count = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (person.visibility[i] <= 0) continue;
    const double dx_px = double{detection.keypoints_px[i].x} - double{person.keypoints_px[i].x};
    const double dy_px = double{detection.keypoints_px[i].y} - double{person.keypoints_px[i].y};
    sum += KeypointSimilarity(i, dx_px, dy_px, person.area_px2);
    ++labeled_count;
  }
  return sum / labeled_count;
}

// The similarity by the distance to the person's box, expanded by its own width and height on each side.
double SimilarityToBox(const Person& person, const Detection& detection) {
  const auto [x, y, width, height] = person.bbox_xywh_px;
  const auto distance = [](double value, double min, double max) {
    return std::max(0.0, min - value) + std::max(0.0, value - max);
  };
  double sum = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Point& keypoint_px = detection.keypoints_px[i];
    const double dx_px = distance(keypoint_px.x, x - width, x + width * 2.0);
    const double dy_px = distance(keypoint_px.y, y - height, y + height * 2.0);
    sum += KeypointSimilarity(i, dx_px, dy_px, person.area_px2);
  }
  return sum / kPartCount;
}

double ObjectKeypointSimilarity(const Person& person, const Detection& detection) {
  const bool any_labeled =
      std::any_of(person.visibility.begin(), person.visibility.end(), [](int visibility) { return visibility > 0; });
  return any_labeled ? SimilarityToKeypoints(person, detection) : SimilarityToBox(person, detection);
}

// The area of the bounding box of the keypoints: detections have no segmentation.
double AreaOf(const Detection& detection) {
  const auto& keypoints_px = detection.keypoints_px;
  const auto by_x = [](const Point& a, const Point& b) { return a.x < b.x; };
  const auto by_y = [](const Point& a, const Point& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(keypoints_px.begin(), keypoints_px.end(), by_x);
  const auto [top, bottom] = std::minmax_element(keypoints_px.begin(), keypoints_px.end(), by_y);
  return (double{right->x} - double{left->x}) * (double{bottom->y} - double{top->y});
}

// The data of an image that does not depend on the area range or threshold.
struct EvaluatedImage {
  std::vector<const Person*> persons;        // In the order of the annotations.
  std::vector<const Detection*> detections;  // Best first, at most kMaxDetectionsPerImage.
  std::vector<double> oks;                   // [detection][person]
  std::vector<double> detection_areas_px2;

  [[nodiscard]] double Oks(std::size_t detection, std::size_t person) const {
    return oks[detection * persons.size() + person];
  }
};

// Descending order, with NaN last.
bool ScoresHigher(double a, double b) { return a > b || (std::isnan(b) && !std::isnan(a)); }

void KeepBestDetections(std::vector<const Detection*>& detections) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const Detection* a, const Detection* b) { return ScoresHigher(a->score, b->score); });
  if (detections.size() > kMaxDetectionsPerImage) detections.resize(kMaxDetectionsPerImage);
}

// The images in ascending order of ID, each once; the order resolves ties between images.
std::vector<EvaluatedImage> GroupByImage(std::span<const std::int64_t> image_ids, std::span<const Person> persons,
                                         std::span<const Detection> detections) {
  std::vector<std::int64_t> ids(image_ids.begin(), image_ids.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());

  std::vector<EvaluatedImage> images(ids.size());
  const auto find = [&](std::int64_t id) -> EvaluatedImage* {
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    return found != ids.end() && *found == id ? &images[static_cast<std::size_t>(found - ids.begin())] : nullptr;
  };
  for (const Person& person : persons) {
    if (EvaluatedImage* image = find(person.image_id)) image->persons.push_back(&person);
  }
  for (const Detection& detection : detections) {
    if (EvaluatedImage* image = find(detection.image_id)) image->detections.push_back(&detection);
  }
  for (EvaluatedImage& image : images) {
    KeepBestDetections(image.detections);
    for (const Detection* detection : image.detections) {
      image.detection_areas_px2.push_back(AreaOf(*detection));
      for (const Person* person : image.persons) image.oks.push_back(ObjectKeypointSimilarity(*person, *detection));
    }
  }
  return images;
}

// The persons of an image for one area range: indices into EvaluatedImage::persons, with ignored persons last.
struct Targets {
  std::vector<std::size_t> order;
  std::size_t counted = 0;

  [[nodiscard]] bool IsIgnored(std::size_t position) const { return position >= counted; }
};

Targets SelectTargets(const EvaluatedImage& image, const AreaRange& range) {
  Targets targets;
  targets.order.resize(image.persons.size());
  std::iota(targets.order.begin(), targets.order.end(), std::size_t{0});
  const auto counts = [&](std::size_t i) {
    const Person& person = *image.persons[i];
    return !person.is_crowd && person.keypoint_count != 0 && range.Contains(person.area_px2);
  };
  const auto ignored = std::stable_partition(targets.order.begin(), targets.order.end(), counts);
  targets.counted = static_cast<std::size_t>(ignored - targets.order.begin());
  return targets;
}

// The index in `targets.order` of the person that matches `detection`: the most similar unmatched person, preferably
// one that is not ignored; crowds match any number of detections. Of persons with equal similarity, the last.
std::optional<std::size_t> FindMatch(const EvaluatedImage& image, const Targets& targets, std::size_t detection,
                                     const std::vector<bool>& is_matched, double threshold) {
  std::optional<std::size_t> match;
  double best_oks = threshold;
  for (std::size_t position = 0; position < targets.order.size(); ++position) {
    const std::size_t person = targets.order[position];
    if (is_matched[position] && !image.persons[person]->is_crowd) continue;
    if (match && !targets.IsIgnored(*match) && targets.IsIgnored(position)) break;
    const double oks = image.Oks(detection, person);
    if (!(oks >= best_oks)) continue;
    best_oks = oks;
    match = position;
  }
  return match;
}

enum class Outcome : std::uint8_t { kTruePositive, kFalsePositive, kIgnored };

// Matches the detections of one image in descending order of score, and appends the outcome of each to `outcomes`.
void MatchDetections(const EvaluatedImage& image, const Targets& targets, const AreaRange& range, double threshold,
                     std::vector<Outcome>& outcomes) {
  std::vector<bool> is_matched(targets.order.size(), false);
  for (std::size_t detection = 0; detection < image.detections.size(); ++detection) {
    const auto match = FindMatch(image, targets, detection, is_matched, threshold);
    if (match) {
      is_matched[*match] = true;
      outcomes.push_back(targets.IsIgnored(*match) ? Outcome::kIgnored : Outcome::kTruePositive);
    } else {
      const bool in_range = range.Contains(image.detection_areas_px2[detection]);
      outcomes.push_back(in_range ? Outcome::kFalsePositive : Outcome::kIgnored);
    }
  }
}

struct Curve {
  double average_precision = -1.0;
  double max_recall = -1.0;
};

// `best_first` ranks the outcomes of the detections of all images.
Curve PrecisionOverRecall(const std::vector<Outcome>& outcomes, const std::vector<std::size_t>& best_first,
                          std::size_t person_count) {
  if (outcomes.empty()) return {.average_precision = 0.0, .max_recall = 0.0};
  std::vector<double> recalls;
  std::vector<double> precisions;
  double true_positives = 0.0;
  double false_positives = 0.0;
  for (const std::size_t i : best_first) {
    if (outcomes[i] == Outcome::kTruePositive) ++true_positives;
    if (outcomes[i] == Outcome::kFalsePositive) ++false_positives;
    recalls.push_back(true_positives / static_cast<double>(person_count));
    precisions.push_back(true_positives / (false_positives + true_positives + kEpsilon));
  }
  // The interpolated precision: the maximum at that recall or any higher one.
  for (std::size_t i = precisions.size() - 1; i > 0; --i) {
    precisions[i - 1] = std::max(precisions[i - 1], precisions[i]);
  }

  double sum = 0.0;
  for (const double recall : kRecallPoints) {
    const auto reached = std::lower_bound(recalls.begin(), recalls.end(), recall);
    if (reached != recalls.end()) sum += precisions[static_cast<std::size_t>(reached - recalls.begin())];
  }
  return {.average_precision = sum / kRecallCount, .max_recall = recalls.back()};
}

// The indices of the detections of all images in descending order of score.
std::vector<std::size_t> RankDetections(const std::vector<EvaluatedImage>& images) {
  std::vector<double> scores;
  for (const EvaluatedImage& image : images) {
    for (const Detection* detection : image.detections) scores.push_back(detection->score);
  }
  std::vector<std::size_t> best_first(scores.size());
  std::iota(best_first.begin(), best_first.end(), std::size_t{0});
  std::stable_sort(best_first.begin(), best_first.end(),
                   [&](std::size_t a, std::size_t b) { return ScoresHigher(scores[a], scores[b]); });
  return best_first;
}

using Curves = std::array<Curve, kThresholdCount>;

// One curve per threshold; all -1 if there is no person in the range.
Curves EvaluateRange(const std::vector<EvaluatedImage>& images, const std::vector<std::size_t>& best_first,
                     const AreaRange& range) {
  std::array<std::vector<Outcome>, kThresholdCount> outcomes;
  std::size_t person_count = 0;
  for (const EvaluatedImage& image : images) {
    const Targets targets = SelectTargets(image, range);
    person_count += targets.counted;
    for (std::size_t i = 0; i < kThresholdCount; ++i) {
      MatchDetections(image, targets, range, kOksThresholds[i], outcomes[i]);
    }
  }
  Curves curves;
  if (person_count == 0) return curves;
  for (std::size_t i = 0; i < kThresholdCount; ++i) {
    curves[i] = PrecisionOverRecall(outcomes[i], best_first, person_count);
  }
  return curves;
}

double Mean(const Curves& curves, double Curve::*metric) {
  double sum = 0.0;
  for (const Curve& curve : curves) sum += curve.*metric;
  return sum / kThresholdCount;
}

}  // namespace

Summary Evaluate(std::span<const std::int64_t> image_ids, std::span<const Person> persons,
                 std::span<const Detection> detections) {
  const std::vector<EvaluatedImage> images = GroupByImage(image_ids, persons, detections);
  const std::vector<std::size_t> best_first = RankDetections(images);
  const Curves all = EvaluateRange(images, best_first, kAllAreas);
  const Curves medium = EvaluateRange(images, best_first, kMediumAreas);
  const Curves large = EvaluateRange(images, best_first, kLargeAreas);
  constexpr std::size_t kAt50 = 0;
  constexpr std::size_t kAt75 = 5;
  return {.ap = Mean(all, &Curve::average_precision),
          .ap50 = all[kAt50].average_precision,
          .ap75 = all[kAt75].average_precision,
          .ap_medium = Mean(medium, &Curve::average_precision),
          .ap_large = Mean(large, &Curve::average_precision),
          .ar = Mean(all, &Curve::max_recall),
          .ar50 = all[kAt50].max_recall,
          .ar75 = all[kAt75].max_recall,
          .ar_medium = Mean(medium, &Curve::max_recall),
          .ar_large = Mean(large, &Curve::max_recall)};
}

}  // namespace posenet::human::coco
