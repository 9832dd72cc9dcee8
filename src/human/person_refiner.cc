// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/idle_list.h"
#include "base/no_throw.h"
#include "base/thread_pool.h"
#include "human/body.h"
#include "human/estimator_options.h"
#include "human/oks_nms.h"
#include "human/person_crop.h"
#include "human/pose_network.h"
#include "image/image.h"
#include "image/size.h"
#include "image/square_crop.h"
#include "posenet/refine.h"
#include "posenet/runtime.h"

namespace posenet {
namespace {

Result<void> CheckRefinerOptions(const PersonRefinerOptions& options) {
  const auto check = [](const char* name, double value, double min, double max) -> Result<void> {
    if (value >= min && value <= max) return {};
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", value, "; expected ", min, " to ", max);
  };
  POSENET_RETURN_IF_ERROR(check("min_keypoint_score", options.min_keypoint_score, 0.0, 1.0));
  POSENET_RETURN_IF_ERROR(check("crop_scale", options.crop_scale, 1.0, kMaxCropScale));
  POSENET_RETURN_IF_ERROR(check("max_tilt_deg", options.max_tilt_deg, 0.0, 180.0));
  POSENET_RETURN_IF_ERROR(check("min_pose_score", options.min_pose_score, 0.0, 1.0));
  return check("max_similarity", options.max_similarity, 0.0, 1.0);
}

/// The object keypoint similarity to expect of a pose of MoveNet with these keypoint scores. Fitted to 199 photos of
/// the Leeds Sports Poses: means of 0.35, 0.55 and 0.75 had similarities of 0.22, 0.52 and 0.90.
float CalibratedScore(const Pose& pose) {
  float sum = 0.0F;
  for (const Keypoint& keypoint : pose.keypoints) sum += keypoint.score;
  const float mean = sum / kPartCount;
  return std::min(1.6F * mean * mean, 1.0F);
}

image::Size InputSizeOf(const human::PoseNetwork& network) {
  return {.width_px = network.options().input_width_px, .height_px = network.options().input_height_px};
}

/// `square`, and the same network for crops of standing or lying people: most people, at two thirds of the
/// time. Errors: those of PoseNetwork::Resized.
Result<std::vector<human::PoseNetwork>> NetworksOf(human::PoseNetwork square) {
  const int side_px = square.options().input_width_px;
  const int narrow_px = 2 * side_px / 3;
  std::vector<human::PoseNetwork> networks;
  networks.push_back(std::move(square));
  if (narrow_px < human::kMoveNetSideFactorPx) return networks;
  for (const image::Size& size : {image::Size{.width_px = narrow_px, .height_px = side_px},
                                  image::Size{.width_px = side_px, .height_px = narrow_px}}) {
    POSENET_ASSIGN_OR_RETURN(human::PoseNetwork narrow, networks.front().Resized(size.width_px, size.height_px));
    networks.push_back(std::move(narrow));
  }
  return networks;
}

/// The memory in which one thread refines one person at a time.
struct Lane {
  std::vector<std::unique_ptr<nn::Context>> contexts;  // One per network.
  base::ThreadPool alone{1};
  image::SquareCropper cropper;
};

/// The working memory and threads of one call.
struct RefinerWorkspace {
  explicit RefinerWorkspace(int thread_count) : threads(thread_count) {}

  std::vector<std::unique_ptr<Lane>> lanes;  // One per thread; the first may run on all threads.
  base::ThreadPool threads;
  // Pools blocks of up to 1 MiB, as the estimator's does.
  std::pmr::unsynchronized_pool_resource memory{{.largest_required_pool_block = std::size_t{1} << 20}};
};

}  // namespace

struct PersonRefiner::Impl {
  Impl(const PersonRefinerOptions& effective_options, std::vector<human::PoseNetwork> pose_networks)
      : options(effective_options), networks(std::move(pose_networks)) {}

  Result<std::unique_ptr<RefinerWorkspace>> NewWorkspace() const;
  Result<void> Refine(const ImageView& image, std::vector<Pose>& poses);
  std::size_t NetworkFor(const human::PersonCrop& crop) const;
  void RefineOne(const ImageView& image, Lane& lane, base::ThreadPool& threads, Pose& pose) const;
  void RefineAll(const ImageView& image, RefinerWorkspace& workspace, std::vector<Pose>& poses) const;

  PersonRefinerOptions options;
  std::vector<human::PoseNetwork> networks;  // For crops of different shapes, the square first.
  base::IdleList<RefinerWorkspace> workspaces;
};

Result<std::unique_ptr<RefinerWorkspace>> PersonRefiner::Impl::NewWorkspace() const {
  auto workspace = std::make_unique<RefinerWorkspace>(options.thread_count);
  for (int i = 0; i < options.thread_count; ++i) {
    auto lane = std::make_unique<Lane>();
    for (const human::PoseNetwork& network : networks) {
      POSENET_ASSIGN_OR_RETURN(auto context, nn::Context::Create(network.plan(), i == 0 ? options.thread_count : 1));
      lane->contexts.push_back(std::move(context));
    }
    workspace->lanes.push_back(std::move(lane));
  }
  return workspace;
}

/// The network with the smallest input that shows the person.
std::size_t PersonRefiner::Impl::NetworkFor(const human::PersonCrop& crop) const {
  const image::Size square = InputSizeOf(networks.front());
  for (std::size_t i = 1; i < networks.size(); ++i) {
    const image::Size input = InputSizeOf(networks[i]);
    if (crop.width_norm * square.width_px <= input.width_px && crop.height_norm * square.height_px <= input.height_px) {
      return i;
    }
  }
  return 0;
}

/// Replaces `pose` by that of MoveNet on a crop around it. If that fails, only the score changes: the people whom
/// MoveNet does not recognize are the least certain ones. Throws std::bad_alloc.
void PersonRefiner::Impl::RefineOne(const ImageView& image, Lane& lane, base::ThreadPool& threads, Pose& pose) const {
  pose.score = std::clamp(pose.score, 0.0F, 1.0F) * options.min_pose_score;
  const std::optional<human::PersonCrop> crop = human::CropAround(pose, options);
  if (!crop) return;
  const std::size_t shape = NetworkFor(*crop);
  const human::PoseNetwork& network = networks[shape];
  nn::Context& context = *lane.contexts[shape];
  const image::Size input = InputSizeOf(network);
  lane.cropper.Run(image, crop->square, input, network.normalization(), context.input());
  network.plan()->Run(context, threads);
  Pose expected = pose;
  human::MapToCrop(crop->square, input, expected);
  Result<Pose> refined = network.DecodeMoveNetPerson(context, expected, options.min_keypoint_score);
  if (!refined.has_value()) return;
  refined->score = CalibratedScore(*refined);
  if (refined->score < options.min_pose_score) return;
  human::MapFromCrop(crop->square, input, *refined);
  pose = *refined;
}

/// As many people at a time as there are threads, one per thread; then the rest. The few that remain are refined
/// one by one on all threads. Throws std::bad_alloc.
void PersonRefiner::Impl::RefineAll(const ImageView& image, RefinerWorkspace& workspace,
                                    std::vector<Pose>& poses) const {
  const std::size_t thread_count = workspace.lanes.size();
  const std::size_t rest = poses.size() % thread_count;
  const std::size_t parallel = 2 * rest > thread_count ? poses.size() : poses.size() - rest;
  std::atomic<bool> out_of_memory = false;  // The loop's body must not throw.
  workspace.threads.ParallelFor(static_cast<int>(parallel), [&](int task, int thread) {
    try {
      Lane& lane = *workspace.lanes[static_cast<std::size_t>(thread)];
      RefineOne(image, lane, lane.alone, poses[static_cast<std::size_t>(task)]);
    } catch (const std::bad_alloc&) {
      out_of_memory = true;
    }
  });
  if (out_of_memory) throw std::bad_alloc();
  for (std::size_t i = parallel; i < poses.size(); ++i) {
    RefineOne(image, *workspace.lanes.front(), workspace.threads, poses[i]);
  }
}

Result<void> PersonRefiner::Impl::Refine(const ImageView& image, std::vector<Pose>& poses) {
  POSENET_RETURN_IF_ERROR(image::CheckView(image));
  POSENET_RETURN_IF_ERROR(human::body::CheckFinite(poses));
  POSENET_ASSIGN_OR_RETURN(const auto workspace, workspaces.Take([this] { return NewWorkspace(); }));
  const human::OksNmsOptions nms = {.max_similarity = options.max_similarity,
                                    .min_keypoint_score = options.min_keypoint_score};
  // Duplicates cost as much time as people do. Only obvious ones are removed before: of two hypotheses for one person,
  // either may lead to the better crop.
  constexpr double kMaxProposalSimilarity = 0.8;
  human::OksNmsOptions before = nms;
  before.max_similarity = std::max(nms.max_similarity, kMaxProposalSimilarity);
  human::SuppressSimilar(before, workspace->memory, poses);
  RefineAll(image, *workspace, poses);
  human::SuppressSimilar(nms, workspace->memory, poses);
  return {};
}

PersonRefiner::PersonRefiner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PersonRefiner::PersonRefiner(PersonRefiner&&) noexcept = default;
PersonRefiner& PersonRefiner::operator=(PersonRefiner&&) noexcept = default;
PersonRefiner::~PersonRefiner() = default;

const PersonRefinerOptions& PersonRefiner::options() const { return impl_->options; }

Result<PersonRefiner> PersonRefiner::Create(const Model& model, const PersonRefinerOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PersonRefiner> {
    POSENET_RETURN_IF_ERROR(CheckRefinerOptions(options));
    PoseEstimatorOptions estimator_options;
    estimator_options.precision = options.precision;
    estimator_options.instruction_set = options.instruction_set;
    estimator_options.thread_count = options.thread_count;
    POSENET_ASSIGN_OR_RETURN(human::PoseNetwork network, human::PoseNetwork::Create(model, estimator_options));
    const PoseEstimatorOptions& effective = network.options();
    if (network.kind() != human::NetworkKind::kMoveNetSingle || effective.input_width_px != effective.input_height_px) {
      return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(model.info().name),
                        " cannot refine poses; expected MoveNet Lightning or Thunder, for one person in a square");
    }
    PersonRefinerOptions in_effect = options;
    in_effect.precision = effective.precision;
    in_effect.instruction_set = effective.instruction_set;
    in_effect.thread_count = effective.thread_count;
    POSENET_ASSIGN_OR_RETURN(auto networks, NetworksOf(std::move(network)));
    return PersonRefiner(std::make_unique<Impl>(in_effect, std::move(networks)));
  });
}

Result<void> PersonRefiner::Refine(const ImageView& image, std::vector<Pose>& poses) const {
  return base::CatchBadAlloc([&] { return impl_->Refine(image, poses); });
}

}  // namespace posenet
