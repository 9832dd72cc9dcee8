// SPDX-License-Identifier: Apache-2.0
// Estimates and tracks people in a webcam or a video file, with OpenCV as the source of frames.
//
//   webcam_loop MODEL [VIDEO]
//
// MODEL is a model file, such as mobilenet100.safetensors; VIDEO is a video file instead of the first webcam.
#include <posenet/human.h>
#include <posenet/opencv.h>
#include <posenet/track.h>

#include <chrono>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <vector>

namespace {

int Fail(const std::string& message) {
  std::fprintf(stderr, "webcam_loop: %s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: webcam_loop MODEL [VIDEO]\n");
    return 2;
  }

  const auto model = posenet::Model::Load(argv[1]);
  if (!model) return Fail(model.error().message);
  // A small input keeps up with a webcam on most CPUs. A webcam's user fills the frame, so it is enough.
  const auto estimator = posenet::PoseEstimator::Create(*model, {.input_width_px = 257, .input_height_px = 257});
  if (!estimator) return Fail(estimator.error().message);
  auto tracker = posenet::PoseTracker::Create();
  auto smoother = posenet::PoseSmoother::Create();
  if (!tracker || !smoother) return Fail("cannot create the tracker");

  cv::VideoCapture capture = argc == 3 ? cv::VideoCapture(std::string(argv[2])) : cv::VideoCapture(0);
  if (!capture.isOpened()) return Fail(argc == 3 ? "cannot open the video" : "cannot open the webcam");

  const auto start = std::chrono::steady_clock::now();
  cv::Mat frame;
  std::vector<posenet::Pose> poses;  // Kept, so that nothing is allocated for each frame.
  for (int number = 0; capture.read(frame); ++number) {
    // A file has times of its own; frames of a webcam are stamped as they arrive.
    const double time_s = argc == 3 ? capture.get(cv::CAP_PROP_POS_MSEC) / 1000.0
                                    : std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto view = posenet::ViewOf(frame);
    if (!view) return Fail(view.error().message);
    if (const auto done = estimator->Estimate(*view, poses); !done) return Fail(done.error().message);
    const auto ids = tracker->Update(poses, time_s);
    if (!ids) return Fail(ids.error().message);
    if (const auto done = smoother->Smooth(poses, *ids, time_s); !done) return Fail(done.error().message);

    std::printf("%.2f s:", time_s);
    for (std::size_t i = 0; i < poses.size(); ++i) {
      if ((*ids)[i] == 0) continue;  // The track is tentative: probably not a person.
      const posenet::Point nose_px = poses[i][posenet::Part::kNose].position_px;
      std::printf("  ID %d, nose at %.0f, %.0f", static_cast<int>((*ids)[i]), nose_px.x, nose_px.y);
    }
    std::printf("\n");
  }
  return 0;
}
