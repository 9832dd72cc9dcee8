// SPDX-License-Identifier: Apache-2.0
// follow_bench MODEL.safetensors COCO_FOLDER [SIZE [FRAMES]]
//
// Measures how much PersonFollower improves the keypoints of people who are small in the frame, in simulated videos of
// annotated people of COCO. Prints the median distance from the labels, in sizes of the person, with the whole frame as
// the input and with PersonFollower, for people of different heights relative to the frame.
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "main.h"
#include "media/image_file.h"
#include "posenet/human.h"
#include "track/coco_people.h"
#include "track/small_person.h"

namespace {

int Fail(const posenet::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3 || arguments.size() > 5) {
    std::fputs("usage: follow_bench MODEL.safetensors COCO_FOLDER [SIZE [FRAMES]]\n", stderr);
    return 2;
  }
  const int size = arguments.size() > 3 ? std::stoi(arguments[3]) : 257;
  const int frames = arguments.size() > 4 ? std::stoi(arguments[4]) : 12;
  const auto model = posenet::Model::Load(arguments[1]);
  if (!model) return Fail(model.error());
  const auto estimator =
      posenet::PoseEstimator::Create(*model, {.input_width_px = size, .input_height_px = size, .thread_count = 1});
  if (!estimator) return Fail(estimator.error());
  const auto people = posenet::bench::LabeledPeople(arguments[2], 10, 120.0);
  if (!people) return Fail(people.error());
  std::printf("%zu people, %d frames each, input size %d\n", people->size(), frames, size);
  std::printf("height/frame   whole frame   followed   ratio\n");
  for (const double height_fraction : {0.2, 0.33, 0.5}) {
    posenet::bench::FollowErrors errors;
    for (const auto& one : *people) {
      const auto photo = posenet::media::ReadImageFile(std::filesystem::path(arguments[2]) / "images" / one.file_name);
      if (!photo) return Fail(photo.error());
      const posenet::bench::SmallPersonVideo video(*photo, one.person, height_fraction);
      const auto appended = AppendFollowErrors(*estimator, video, one.person, frames, errors);
      if (!appended) return Fail(appended.error());
    }
    const double whole = posenet::bench::Median(errors.whole_frame);
    const double followed = posenet::bench::Median(errors.followed);
    std::printf("%.2f           %.4f        %.4f     %.2f\n", height_fraction, whole, followed, followed / whole);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return posenet::bench::Main("follow_bench", argc, argv, &Run); }
