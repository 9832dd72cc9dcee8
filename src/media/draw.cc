// SPDX-License-Identifier: Apache-2.0
#include "media/draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/strings.h"
#include "image/antialias.h"
#include "media/raster.h"

namespace posenet::media {
namespace {

constexpr Color kDark = {22, 22, 26};
// A warm and a cool color of different lightness, distinguishable with all common types of color blindness.
constexpr Color kLeftColor = {255, 140, 30};
constexpr Color kRightColor = {20, 80, 225};
constexpr Color kMiddleColor = {255, 255, 255};

// Colors of people: Okabe and Ito's color-blind-safe palette, with darker colors lightened for contrast with the dark
// outline, and with additional tints. Adjacent colors differ most.
constexpr std::array<Color, 8> kPersonColors = {{
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

constexpr Color ColorOf(Part part) {
  if (part == Part::kNose) return kMiddleColor;
  const bool is_left = static_cast<int>(part) % 2 == 1;  // The order of COCO is nose, left, right, left, ...
  return is_left ? kLeftColor : kRightColor;
}

// A pose to draw, in pixels of the canvas; keypoints that are not drawn are empty.
struct Figure {
  std::array<std::optional<PixelPosition>, kPartCount> keypoints;
  std::string label;
  Color color;

  [[nodiscard]] const std::optional<PixelPosition>& operator[](Part part) const {
    return keypoints[static_cast<std::size_t>(part)];
  }
};

// Lengths in pixels of the canvas.
struct Style {
  double limb_width_px = 0.0;
  double limb_outline_px = 0.0;
  double joint_radius_px = 0.0;
  double face_radius_px = 0.0;
  double ring_px = 0.0;  // The width of each of the two rings around a keypoint.
};

// The bounding box of keypoints.
struct Bounds {
  double left, top, right, bottom;

  [[nodiscard]] double Width() const { return right - left; }
  [[nodiscard]] double Height() const { return bottom - top; }
  [[nodiscard]] double CenterX() const { return (left + right) / 2; }
};

// That of the parts for which `is_included`; nothing if there are none.
template <typename Predicate>
std::optional<Bounds> BoundsOf(const Figure& figure, Predicate is_included) {
  std::optional<Bounds> bounds;
  for (int i = 0; i < kPartCount; ++i) {
    const auto& point = figure[static_cast<Part>(i)];
    if (!point || !is_included(static_cast<Part>(i))) continue;
    if (!bounds) bounds = Bounds{point->x, point->y, point->x, point->y};
    bounds = Bounds{std::min(bounds->left, point->x), std::min(bounds->top, point->y),
                    std::max(bounds->right, point->x), std::max(bounds->bottom, point->y)};
  }
  return bounds;
}

// Draws figures on an image. Lengths are proportional to the geometric mean of its sides and, within limits, to the
// size of the person.
class Canvas {
 public:
  explicit Canvas(image::Image& image)
      : image_(image), size_px_(std::sqrt(static_cast<double>(image.width_px) * image.height_px)) {}

  void DrawFigure(const Figure& figure) {
    const Style style = StyleOf(figure);
    // All outlines first, so that none covers another limb.
    const double outlined_width_px = style.limb_width_px + 2 * style.limb_outline_px;
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
    const double text_height_px = std::max(10.0, 0.021 * size_px_);
    const int stroke_px = std::max(1, static_cast<int>(std::lround(text_height_px / 8.0)));
    const int border_px = stroke_px;
    const int padding_px = border_px + static_cast<int>(std::lround(0.45 * text_height_px));
    const int text_width_px = static_cast<int>(std::ceil(TextWidth(text) * text_height_px));
    const Box box = PlaceLabel(LabelAnchor(figure, padding_px), text_width_px + 2 * padding_px,
                               static_cast<int>(std::ceil(text_height_px)) + 2 * padding_px);
    labels_.push_back(box);

    const double radius_px = std::min(box.width, box.height) / 4.0;
    FillRoundedBox(image_, box, radius_px, kDark);
    const Box inner = {box.left + border_px, box.top + border_px, box.width - 2 * border_px,
                       box.height - 2 * border_px};
    FillRoundedBox(image_, inner, std::max(0.0, radius_px - border_px), figure.color);
    DrawText(image_, text, {box.left + 1.0 * padding_px, box.top + 1.0 * padding_px}, text_height_px, stroke_px, kDark);
  }

 private:
  [[nodiscard]] Style StyleOf(const Figure& figure) const {
    const auto bounds = BoundsOf(figure, [](Part) { return true; });
    const double person_px = bounds ? std::max(bounds->Width(), bounds->Height()) : 0.0;
    const double limb_px = std::max(1.3, std::clamp(0.016 * person_px, 0.0025 * size_px_, 0.008 * size_px_));
    return {.limb_width_px = limb_px,
            .limb_outline_px = std::max(1.0, 0.3 * limb_px),
            .joint_radius_px = 1.1 * limb_px,
            .face_radius_px = std::max(1.0, 0.55 * limb_px),
            .ring_px = 0.3 * limb_px};
  }

  void DrawLimb(const std::optional<PixelPosition>& from, const std::optional<PixelPosition>& to, Color color,
                double width_px) {
    if (from && to) FillCapsule(image_, *from, *to, width_px / 2, color);
  }

  // A disc in the color of the side with a ring in the color of the person, which also marks keypoints without limbs.
  void DrawKeypoint(Part part, PixelPosition center, Color person_color, const Style& style) {
    const double radius_px = IsOfFace(part) ? style.face_radius_px : style.joint_radius_px;
    FillDisc(center, radius_px + 2.0 * style.ring_px, kDark);
    FillDisc(center, radius_px + style.ring_px, person_color);
    FillDisc(center, radius_px, ColorOf(part));
  }

  void FillDisc(PixelPosition center, double radius_px, Color color) {
    FillCapsule(image_, center, center, radius_px, color);
  }

  // The center of the lower edge of the label.
  [[nodiscard]] static PixelPosition LabelAnchor(const Figure& figure, int gap_px) {
    if (const auto face = BoundsOf(figure, IsOfFace)) {
      // The distance from the eyes to the top of the head is about that between the ears.
      const double above_px = 0.9 * std::max(face->Width(), face->Height()) + gap_px;
      return {face->CenterX(), face->top - above_px};
    }
    const Bounds all = BoundsOf(figure, [](Part) { return true; }).value_or(Bounds{});
    return {all.CenterX(), all.top - 2.0 * gap_px};
  }

  [[nodiscard]] Box PlaceLabel(PixelPosition anchor, int width_px, int height_px) const {
    const auto inside = [](double low, int extent, int limit) {
      return static_cast<int>(std::clamp(low, 0.0, std::max(0.0, 1.0 * limit - extent)));
    };
    Box box = {inside(anchor.x - width_px / 2.0, width_px, image_.width_px),
               inside(anchor.y - height_px, height_px, image_.height_px), width_px, height_px};
    for (const Box& other : labels_) {
      if (!box.Overlaps(other)) continue;
      const int below = other.Bottom() + 2;
      const int above = other.top - 2 - height_px;
      box.top = inside(above >= 0 ? above : below, height_px, image_.height_px);
    }
    return box;
  }

  image::Image& image_;
  double size_px_;
  std::vector<Box> labels_;
};

image::Image Enlarged(const image::Image& image, double factor) {
  if (factor <= 1.0) return image;
  const auto scaled = [&](int side_px) { return std::max(1, static_cast<int>(std::lround(side_px * factor))); };
  image::Image enlarged = {.width_px = scaled(image.width_px), .height_px = scaled(image.height_px), .rgb = {}};
  enlarged.rgb.resize(static_cast<std::size_t>(enlarged.width_px) * static_cast<std::size_t>(enlarged.height_px) * 3);
  image::AntialiasResizer().Run(image.View(), {.width_px = 1.0 * image.width_px, .height_px = 1.0 * image.height_px},
                                {.width_px = enlarged.width_px, .height_px = enlarged.height_px}, enlarged.rgb);
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
    figure.keypoints[i] = PixelPosition{scaled(position.x), scaled(position.y)};
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
