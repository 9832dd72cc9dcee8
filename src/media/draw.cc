// SPDX-License-Identifier: Apache-2.0
#include "media/draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/strings.h"

namespace posenet::media {
namespace {

// The channels of an OpenCV color are in the order of the image, RGB here.
using Color = cv::Scalar;

const Color kDark = {22, 22, 26};
// A warm and a cool color of different lightness, distinguishable with all common types of color blindness.
const Color kLeftColor = {255, 140, 30};
const Color kRightColor = {20, 80, 225};
const Color kMiddleColor = {255, 255, 255};

// Colors of people: Okabe and Ito's color-blind-safe palette, with darker colors lightened for contrast with the dark
// outline, and with additional tints. Adjacent colors differ most.
const std::array<Color, 8> kPersonColors = {{
    {86, 196, 255},   // Sky blue.
    {250, 226, 64},   // Yellow.
    {236, 132, 196},  // Reddish purple.
    {60, 214, 160},   // Bluish green.
    {255, 178, 128},  // Apricot.
    {178, 170, 255},  // Lavender.
    {192, 240, 110},  // Lime.
    {240, 240, 240},  // White.
}};

constexpr bool IsOfFace(Part part) { return part <= Part::kRightEar; }

const Color& ColorOf(Part part) {
  if (part == Part::kNose) return kMiddleColor;
  const bool is_left = static_cast<int>(part) % 2 == 1;  // The order of COCO is nose, left, right, left, ...
  return is_left ? kLeftColor : kRightColor;
}

// A pose to draw, in pixels of the canvas; keypoints that are not drawn are empty.
struct Figure {
  std::array<std::optional<cv::Point2d>, kPartCount> keypoints;
  std::string label;
  Color color;

  [[nodiscard]] const std::optional<cv::Point2d>& operator[](Part part) const {
    return keypoints[static_cast<std::size_t>(part)];
  }
};

// Lengths in pixels of the canvas.
struct Style {
  int limb_width_px = 0;
  int limb_outline_px = 0;
  double joint_radius_px = 0.0;
  double face_radius_px = 0.0;
  double ring_px = 0.0;  // The width of each of the two rings around a keypoint.
};

// The bounding box of the keypoints of parts for which `is_included`; nothing if there are none.
template <typename Predicate>
std::optional<cv::Rect2d> Bounds(const Figure& figure, Predicate is_included) {
  std::optional<cv::Rect2d> bounds;
  for (int i = 0; i < kPartCount; ++i) {
    const auto& point = figure[static_cast<Part>(i)];
    if (!point || !is_included(static_cast<Part>(i))) continue;
    const double left = bounds ? std::min(bounds->x, point->x) : point->x;
    const double top = bounds ? std::min(bounds->y, point->y) : point->y;
    const double right = bounds ? std::max(bounds->br().x, point->x) : point->x;
    const double bottom = bounds ? std::max(bounds->br().y, point->y) : point->y;
    bounds = cv::Rect2d(left, top, right - left, bottom - top);
  }
  return bounds;
}

// Draws figures on an image. Lengths are proportional to the geometric mean of its sides and, within limits, to the
// size of the person.
class Canvas {
 public:
  explicit Canvas(image::Image& image)
      : pixels_(image.height_px, image.width_px, CV_8UC3, image.rgb.data()),
        size_px_(std::sqrt(static_cast<double>(image.width_px) * image.height_px)) {}

  void DrawFigure(const Figure& figure) {
    const Style style = StyleOf(figure);
    // All outlines first, so that none covers another limb.
    const int outlined_width_px = style.limb_width_px + 2 * style.limb_outline_px;
    for (const auto& [from, to] : kSkeleton) DrawLimb(figure[from], figure[to], kDark, outlined_width_px);
    for (const auto& [from, to] : kSkeleton) DrawLimb(figure[from], figure[to], figure.color, style.limb_width_px);
    for (int i = 0; i < kPartCount; ++i) {
      const Part part = static_cast<Part>(i);
      if (figure[part]) DrawKeypoint(part, *figure[part], figure.color, style);
    }
  }

  // Above the head, or above the whole figure if there is none; avoids existing labels.
  void DrawLabel(const Figure& figure) {
    const std::string& text = figure.label;
    constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;
    const double text_height_px = std::max(10.0, 0.021 * size_px_);
    const int stroke_px = std::max(1, static_cast<int>(std::lround(text_height_px / 11.0)));
    const double scale = cv::getFontScaleFromHeight(kFont, static_cast<int>(text_height_px), stroke_px);
    int baseline_px = 0;
    const cv::Size text_size = cv::getTextSize(text, kFont, scale, stroke_px, &baseline_px);
    const int border_px = stroke_px;
    const int padding_px = border_px + static_cast<int>(std::lround(0.4 * text_height_px));
    const cv::Size size(text_size.width + 2 * padding_px, text_size.height + 2 * padding_px);
    const cv::Rect box = PlaceLabel(LabelAnchor(figure, padding_px), size);
    labels_.push_back(box);

    FillRounded(box, kDark);
    const cv::Point inset(border_px, border_px);
    FillRounded(cv::Rect(box.tl() + inset, box.br() - inset), figure.color);
    cv::putText(pixels_, text, {box.x + padding_px, box.y + padding_px + text_size.height}, kFont, scale, kDark,
                stroke_px, cv::LINE_AA);
  }

 private:
  // The resolution of positions and radii is 1/16 px.
  static constexpr int kShift = 4;
  static constexpr double kSubpixels = 1 << kShift;

  [[nodiscard]] Style StyleOf(const Figure& figure) const {
    const auto bounds = Bounds(figure, [](Part) { return true; });
    const double person_px = bounds ? std::max(bounds->width, bounds->height) : 0.0;
    const double limb_px = std::max(1.3, std::clamp(0.016 * person_px, 0.0025 * size_px_, 0.008 * size_px_));
    return {.limb_width_px = static_cast<int>(std::lround(limb_px)),
            .limb_outline_px = std::max(1, static_cast<int>(std::lround(0.3 * limb_px))),
            .joint_radius_px = 1.1 * limb_px,
            .face_radius_px = std::max(1.0, 0.55 * limb_px),
            .ring_px = 0.3 * limb_px};
  }

  void DrawLimb(const std::optional<cv::Point2d>& from, const std::optional<cv::Point2d>& to, const Color& color,
                int width_px) {
    if (!from || !to) return;
    // Positions may be far outside: clip to the visible area, with a margin for the round ends.
    const std::int64_t margin = 2 * std::int64_t{width_px} << kShift;
    const auto shifted = [&](const cv::Point2d& point) {
      return cv::Point2l(std::llround(point.x * kSubpixels) + margin, std::llround(point.y * kSubpixels) + margin);
    };
    cv::Point2l start = shifted(*from);
    cv::Point2l end = shifted(*to);
    const cv::Size2l area((std::int64_t{pixels_.cols} << kShift) + 2 * margin,
                          (std::int64_t{pixels_.rows} << kShift) + 2 * margin);
    if (!cv::clipLine(area, start, end)) return;
    const cv::Point2l origin(margin, margin);
    cv::line(pixels_, start - origin, end - origin, color, width_px, cv::LINE_AA, kShift);
  }

  // A disc in the color of the side with a ring in the color of the person, which also marks keypoints without limbs.
  void DrawKeypoint(Part part, const cv::Point2d& center, const Color& person_color, const Style& style) {
    const double radius_px = IsOfFace(part) ? style.face_radius_px : style.joint_radius_px;
    FillDisc(center, radius_px + 2.0 * style.ring_px, kDark);
    FillDisc(center, radius_px + style.ring_px, person_color);
    FillDisc(center, radius_px, ColorOf(part));
  }

  void FillDisc(const cv::Point2d& center, double radius_px, const Color& color) {
    const bool is_visible = center.x > -radius_px && center.x < pixels_.cols + radius_px && center.y > -radius_px &&
                            center.y < pixels_.rows + radius_px;
    if (!is_visible) return;
    // cv::circle draws small discs as diamonds.
    std::array<cv::Point, 48> rim;
    for (std::size_t i = 0; i < rim.size(); ++i) {
      const double angle = 2.0 * CV_PI * static_cast<double>(i) / static_cast<double>(rim.size());
      rim[i] = {static_cast<int>(std::lround((center.x + radius_px * std::cos(angle)) * kSubpixels)),
                static_cast<int>(std::lround((center.y + radius_px * std::sin(angle)) * kSubpixels))};
    }
    cv::fillConvexPoly(pixels_, rim.data(), static_cast<int>(rim.size()), color, cv::LINE_AA, kShift);
  }

  void FillRounded(const cv::Rect& box, const Color& color) {
    const int radius = std::min(box.width, box.height) / 4;
    const cv::Point right_bottom = box.br() - cv::Point(1, 1);
    cv::rectangle(pixels_, {box.x + radius, box.y}, {right_bottom.x - radius, right_bottom.y}, color, cv::FILLED);
    cv::rectangle(pixels_, {box.x, box.y + radius}, {right_bottom.x, right_bottom.y - radius}, color, cv::FILLED);
    for (const int x : {box.x + radius, right_bottom.x - radius}) {
      for (const int y : {box.y + radius, right_bottom.y - radius}) FillDisc({1.0 * x, 1.0 * y}, radius, color);
    }
  }

  // The center of the lower edge of the label.
  [[nodiscard]] static cv::Point2d LabelAnchor(const Figure& figure, int gap_px) {
    if (const auto face = Bounds(figure, IsOfFace)) {
      // The distance from the eyes to the top of the head is about that between the ears.
      const double above_px = 0.9 * std::max(face->width, face->height) + gap_px;
      return {face->x + face->width / 2, face->y - above_px};
    }
    const cv::Rect2d all = Bounds(figure, [](Part) { return true; }).value_or(cv::Rect2d());
    return {all.x + all.width / 2, all.y - 2.0 * gap_px};
  }

  [[nodiscard]] cv::Rect PlaceLabel(const cv::Point2d& anchor, const cv::Size& size) const {
    const auto inside = [](double low, int extent, int limit) {
      return static_cast<int>(std::clamp(low, 0.0, std::max(0.0, 1.0 * limit - extent)));
    };
    cv::Rect box(inside(anchor.x - size.width / 2.0, size.width, pixels_.cols),
                 inside(anchor.y - size.height, size.height, pixels_.rows), size.width, size.height);
    for (const cv::Rect& other : labels_) {
      if ((box & other).empty()) continue;
      const int below = other.br().y + 2;
      const int above = other.y - 2 - size.height;
      box.y = inside(above >= 0 ? above : below, size.height, pixels_.rows);
    }
    return box;
  }

  cv::Mat pixels_;
  double size_px_;
  std::vector<cv::Rect> labels_;
};

image::Image Enlarged(const image::Image& image, double factor) {
  if (factor <= 1.0) return image;
  const auto scaled = [&](int side_px) { return std::max(1, static_cast<int>(std::lround(side_px * factor))); };
  image::Image enlarged = {.width_px = scaled(image.width_px), .height_px = scaled(image.height_px), .rgb = {}};
  enlarged.rgb.resize(static_cast<std::size_t>(enlarged.width_px) * static_cast<std::size_t>(enlarged.height_px) * 3);
  // cv::Mat cannot refer to const pixels; these are only read.
  const cv::Mat from(image.height_px, image.width_px, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
  cv::Mat to(enlarged.height_px, enlarged.width_px, CV_8UC3, enlarged.rgb.data());
  cv::resize(from, to, to.size(), 0, 0, cv::INTER_CUBIC);
  return enlarged;
}

Figure FigureOf(const Pose& pose, double factor, float min_keypoint_score) {
  // Avoids overflow, and is large enough to keep the direction of limbs.
  constexpr double kMaxPositionPx = 1e8;
  Figure figure;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const auto& [position, score] = pose.keypoints[i];
    if (!(score >= min_keypoint_score) || !std::isfinite(position.x) || !std::isfinite(position.y)) continue;
    // (0, 0) is the center of a pixel; scaling is about its corner.
    const auto scaled = [&](float x) { return std::clamp((x + 0.5) * factor - 0.5, -kMaxPositionPx, kMaxPositionPx); };
    figure.keypoints[i] = cv::Point2d(scaled(position.x), scaled(position.y));
  }
  return figure;
}

std::string ScoreLabel(float score) {
  const double confidence = std::isfinite(score) ? std::clamp<double>(score, 0.0, 1.0) : 0.0;
  return base::StrCat(std::lround(100.0 * confidence), " %");
}

bool HasKeypoints(const Figure& figure) {
  return std::ranges::any_of(figure.keypoints, [](const auto& point) { return point.has_value(); });
}

}  // namespace

image::Image DrawPoses(const image::Image& image, std::span<const Pose> poses, const DrawOptions& options) {
  if (image.width_px < 1 || image.height_px < 1) return image;
  const double factor = std::max(1.0, 1.0 * options.min_longer_side_px / std::max(image.width_px, image.height_px));
  image::Image drawing = Enlarged(image, factor);
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    Figure figure = FigureOf(poses[i], factor, options.min_keypoint_score);
    const bool has_id = i < options.ids.size();
    const std::size_t person = has_id ? static_cast<std::size_t>(options.ids[i]) : i;
    figure.color = kPersonColors[person % kPersonColors.size()];
    figure.label = has_id ? base::StrCat(options.ids[i]) : ScoreLabel(poses[i].score);
    if (HasKeypoints(figure)) figures.push_back(figure);
  }
  Canvas canvas(drawing);
  // The first pose, which has the highest score, is on top.
  std::for_each(figures.rbegin(), figures.rend(), [&](const Figure& figure) { canvas.DrawFigure(figure); });
  for (const Figure& figure : figures) canvas.DrawLabel(figure);
  return drawing;
}

}  // namespace posenet::media
