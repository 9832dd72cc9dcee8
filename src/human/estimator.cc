// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <memory_resource>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/idle_list.h"
#include "base/no_throw.h"
#include "base/thread_pool.h"
#include "human/body.h"
#include "human/estimator_options.h"
#include "human/pose_network.h"
#include "image/image.h"
#include "image/resample.h"
#include "image/size.h"
#include "posenet/human.h"
#include "posenet/refine.h"

namespace posenet {
namespace {

/// The working memory and threads of one call.
struct Workspace {
  Workspace(std::unique_ptr<nn::Context> run_context, int thread_count)
      : context(std::move(run_context)), threads(thread_count) {}

  std::unique_ptr<nn::Context> context;
  base::ThreadPool threads;
  image::PadResizer resizer;
  // Pools blocks of up to 1 MiB, enough for the candidates of an image of noise.
  std::pmr::unsynchronized_pool_resource decoder_memory{{.largest_required_pool_block = std::size_t{1} << 20}};
  std::vector<Pose> proposals;  // Of the second estimator.
};

/// Transforms positions from the network's input to the image.
void MapToImage(const image::PadAndResize& fit, Pose& pose) {
  for (Keypoint& keypoint : pose.keypoints) keypoint.position_px = fit.SourceFromTarget(keypoint.position_px);
}

void MapToImage(const image::PadAndResize& fit, BoxedPose& person) {
  MapToImage(fit, person.pose);
  BoundingBox& box = person.box_px;
  const Point min_px = fit.SourceFromTarget({.x = box.min_x_px, .y = box.min_y_px});
  const Point max_px = fit.SourceFromTarget({.x = box.max_x_px, .y = box.max_y_px});
  box = {.min_x_px = min_px.x, .min_y_px = min_px.y, .max_x_px = max_px.x, .max_y_px = max_px.y};
}

void MirrorIn(int width_px, Pose& pose) { human::body::MirrorPoses(width_px, std::span(&pose, 1)); }

void MirrorIn(int width_px, BoxedPose& person) {
  MirrorIn(width_px, person.pose);
  BoundingBox& box = person.box_px;
  const auto right_px = static_cast<float>(width_px - 1);
  box.min_x_px = right_px - std::exchange(box.max_x_px, right_px - box.min_x_px);
}

}  // namespace

struct PoseEstimator::Impl {
  explicit Impl(human::PoseNetwork pose_network) : network(std::move(pose_network)) {}

  Result<base::IdleList<Workspace>::Lease> LeaseWorkspace() {
    return workspaces.Take([this]() -> Result<std::unique_ptr<Workspace>> {
      const int thread_count = network.options().thread_count;
      POSENET_ASSIGN_OR_RETURN(std::unique_ptr<nn::Context> context, nn::Context::Create(network.plan(), thread_count));
      return std::make_unique<Workspace>(std::move(context), thread_count);
    });
  }

  /// A person is a Pose or a BoxedPose.
  template <typename Person>
  Result<void> Estimate(const ImageView& image, const PoseDecodeOptions& decode, std::vector<Person>& people) {
    POSENET_RETURN_IF_ERROR(image::CheckView(image));
    const PoseEstimatorOptions& options = network.options();
    POSENET_ASSIGN_OR_RETURN(const human::Decoding decoding, network.DecodingOf(decode));
    POSENET_ASSIGN_OR_RETURN(const auto workspace, LeaseWorkspace());
    const image::PadAndResize fit = image::FitImage(
        *options.fit, image::SizeOf(image), {.width_px = options.input_width_px, .height_px = options.input_height_px});
    workspace->resizer.Run(image, fit, network.normalization(), workspace->context->input(), *options.resampling);
    network.plan()->Run(*workspace->context, workspace->threads);
    POSENET_RETURN_IF_ERROR(network.Decode(*workspace->context, decoding, workspace->decoder_memory, people));
    for (Person& person : people) MapToImage(fit, person);
    if (options.refiner != nullptr) POSENET_RETURN_IF_ERROR(Refine(image, *workspace, people));
    if (decoding.mirror == Mirror::kHorizontal) {
      for (Person& person : people) MirrorIn(image.width_px, person);
    }
    return {};
  }

  static Result<void> Refine(const ImageView& /*image*/, Workspace& /*workspace*/, std::vector<BoxedPose>& /*people*/) {
    return base::Fail(ErrorCode::kUnsupported, "refined poses have no boxes; expected an estimator without a refiner");
  }

  /// Adds the poses of the second estimator, and refines all.
  Result<void> Refine(const ImageView& image, Workspace& workspace, std::vector<Pose>& poses) const {
    const PoseEstimatorOptions& options = network.options();
    if (options.proposer != nullptr) {
      POSENET_RETURN_IF_ERROR(options.proposer->Estimate(image, workspace.proposals));
      poses.insert(poses.end(), workspace.proposals.begin(), workspace.proposals.end());
    }
    return options.refiner->Refine(image, poses);
  }

  human::PoseNetwork network;
  base::IdleList<Workspace> workspaces;
};

PoseEstimator::PoseEstimator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PoseEstimator::PoseEstimator(PoseEstimator&&) noexcept = default;
PoseEstimator& PoseEstimator::operator=(PoseEstimator&&) noexcept = default;
PoseEstimator::~PoseEstimator() = default;

const PoseEstimatorOptions& PoseEstimator::options() const { return impl_->network.options(); }

Result<PoseEstimator> PoseEstimator::Create(const Model& model, const PoseEstimatorOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PoseEstimator> {
    if (options.proposer != nullptr && options.refiner == nullptr) {
      return base::Fail(ErrorCode::kInvalidArgument,
                        "proposer needs a refiner, which merges its poses with the others");
    }
    if (options.proposer != nullptr && options.proposer->options().mirror != Mirror::kNone) {
      return base::Fail(ErrorCode::kInvalidArgument, "proposer mirrors its poses; expected Mirror::kNone");
    }
    POSENET_ASSIGN_OR_RETURN(human::PoseNetwork network, human::PoseNetwork::Create(model, options));
    return PoseEstimator(std::make_unique<Impl>(std::move(network)));
  });
}

Result<std::vector<Pose>> PoseEstimator::Estimate(const ImageView& image) const {
  std::vector<Pose> poses;
  POSENET_RETURN_IF_ERROR(Estimate(image, poses));
  return poses;
}

Result<void> PoseEstimator::Estimate(const ImageView& image, std::vector<Pose>& poses) const {
  return Estimate(image, {}, poses);
}

Result<void> PoseEstimator::Estimate(const ImageView& image, const PoseDecodeOptions& decode,
                                     std::vector<Pose>& poses) const {
  return base::CatchBadAlloc([&] { return impl_->Estimate(image, decode, poses); });
}

Result<void> PoseEstimator::Estimate(const ImageView& image, const PoseDecodeOptions& decode,
                                     std::vector<BoxedPose>& people) const {
  return base::CatchBadAlloc([&] { return impl_->Estimate(image, decode, people); });
}

}  // namespace posenet
