// SPDX-License-Identifier: Apache-2.0
// The decoders of the C interface give the poses of the C++ API.
#include "posenet/decode.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "fixture.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "human/testing/pose_maps.h"
#include "posenet/movenet.h"

namespace posenet::c {
namespace {

using human::decode::MapsOfPeople;
using human::decode::StandingFigure;
using human::decode::TestMaps;

TestMaps TwoPeople() {
  return MapsOfPeople(33, 33, 16, {StandingFigure({.x = 150, .y = 250}, 2), StandingFigure({.x = 350, .y = 250}, 2)});
}

posenet_map MapOf(const MapView& view) { return {.data = view.data, .pixel_stride = view.pixel_stride}; }

posenet_maps MapsOf(const PoseMaps& view) {
  auto maps = Initialized<posenet_maps_init, posenet_maps>();
  maps.height = view.height;
  maps.width = view.width;
  maps.output_stride = view.output_stride;
  maps.heatmap_kind = static_cast<posenet_heatmap_kind>(view.heatmap_kind);
  maps.heatmap = MapOf(view.heatmap);
  maps.offsets = MapOf(view.offsets);
  maps.displacement_fwd = MapOf(view.displacement_fwd);
  maps.displacement_bwd = MapOf(view.displacement_bwd);
  return maps;
}

posenet_movenet_maps MapsOf(const MoveNetMaps& view) {
  auto maps = Initialized<posenet_movenet_maps_init, posenet_movenet_maps>();
  maps.height = view.height;
  maps.width = view.width;
  maps.center = MapOf(view.center);
  maps.keypoint_heatmap = MapOf(view.keypoint_heatmap);
  maps.keypoint_regression = MapOf(view.keypoint_regression);
  maps.keypoint_offset = MapOf(view.keypoint_offset);
  maps.box_offset = MapOf(view.box_offset);
  maps.box_scale = MapOf(view.box_scale);
  return maps;
}

class CDecodeTest : public CTest {
 protected:
  std::vector<Pose> Decode(const posenet_maps& maps, const posenet_decode_options* options,
                           std::size_t capacity = POSENET_MAX_POSES) {
    std::vector<posenet_pose> poses(capacity);
    std::size_t count = 12345;
    EXPECT_EQ(posenet_decode(&maps, options, poses.data(), capacity, &count, error()), POSENET_OK) << message();
    EXPECT_LE(count, capacity);
    poses.resize(count);
    return ToPoses(poses);
  }

  posenet_decode_options OptionsOf(posenet_decoder decoder) {
    auto options = Initialized<posenet_decode_options_init, posenet_decode_options>();
    options.decoder = decoder;
    return options;
  }
};

TEST_F(CDecodeTest, EveryDecoderGivesThePosesOfTheCppApi) {
  const TestMaps owner = TwoPeople();
  const PoseMaps view = owner.View();
  const posenet_maps maps = MapsOf(view);
  posenet_decode_options options = OptionsOf(POSENET_DECODER_TFJS_SINGLE);
  human::ExpectSamePoses(Decode(maps, &options), {DecodeSinglePose(view).value()});
  options = OptionsOf(POSENET_DECODER_TFJS_MULTIPLE);
  human::ExpectSamePoses(Decode(maps, &options), DecodeMultiplePoses(view).value());
  options = OptionsOf(POSENET_DECODER_CORAL);
  human::ExpectSamePoses(Decode(maps, &options), DecodeMultiplePosesCoral(view).value());
  options = OptionsOf(POSENET_DECODER_HOUGH);
  const std::vector<Pose> hough = DecodeMultiplePosesHough(view).value();
  ASSERT_EQ(hough.size(), 2U);
  human::ExpectSamePoses(Decode(maps, &options), hough);
  // Hough voting is the default.
  options = OptionsOf(POSENET_DEFAULT);
  human::ExpectSamePoses(Decode(maps, &options), hough);
  human::ExpectSamePoses(Decode(maps, nullptr), hough);
}

TEST_F(CDecodeTest, OptionsReachTheDecoder) {
  const TestMaps owner = human::decode::RandomMaps(17, 13, 16, 30.0F, 3);
  posenet_decode_options options = OptionsOf(POSENET_DECODER_TFJS_MULTIPLE);
  options.max_poses = 7;
  options.score_threshold = 0.2F;
  options.nms_radius_px = 33.0F;
  const auto expected =
      DecodeMultiplePoses(owner.View(), {.max_poses = 7, .score_threshold = 0.2F, .nms_radius_px = 33.0F}).value();
  ASSERT_EQ(expected.size(), 7U);
  human::ExpectSamePoses(Decode(MapsOf(owner.View()), &options), expected);
}

TEST_F(CDecodeTest, ReadsPixelStridesAndProbabilities) {
  const TestMaps owner = TwoPeople();
  PoseMaps view = owner.View();
  view.heatmap_kind = HeatmapKind::kProbabilities;
  // Each cell of the heatmap is followed by five floats of something else.
  std::vector<float> padded;
  for (std::size_t i = 0; i < owner.heatmap.size(); i += 17) {
    for (std::size_t c = 0; c < 17; ++c) padded.push_back(owner.heatmap[i + c] > 0.0F ? 0.9F : 0.0F);
    padded.insert(padded.end(), 5, 100.0F);
  }
  view.heatmap = {.data = padded.data(), .pixel_stride = 22};
  const auto expected = DecodeMultiplePosesHough(view).value();
  ASSERT_FALSE(expected.empty());
  human::ExpectSamePoses(Decode(MapsOf(view), nullptr), expected);
}

/// `map`, [cells, channels], as [channels, cells].
std::vector<float> Planes(const float* map, std::size_t cells, std::size_t channels) {
  std::vector<float> planes(cells * channels);
  for (std::size_t i = 0; i < planes.size(); ++i) planes[i % channels * cells + i / channels] = map[i];
  return planes;
}

TEST_F(CDecodeTest, ChannelsMayComeFirst) {
  const TestMaps owner = human::decode::RandomMaps(17, 13, 16, 30.0F, 3);
  const auto planes = [&](const std::vector<float>& map) {
    return Planes(map.data(), owner.Cells(), map.size() / owner.Cells());
  };
  const auto heatmap = planes(owner.heatmap);
  const auto offsets = planes(owner.offsets);
  const auto displacement_fwd = planes(owner.displacement_fwd);
  const auto displacement_bwd = planes(owner.displacement_bwd);
  posenet_maps maps = MapsOf(owner.View());
  maps.layout = POSENET_LAYOUT_NCHW;
  maps.heatmap.data = heatmap.data();
  maps.offsets.data = offsets.data();
  maps.displacement_fwd.data = displacement_fwd.data();
  maps.displacement_bwd.data = displacement_bwd.data();
  const auto expected = DecodeMultiplePosesHough(owner.View()).value();
  ASSERT_FALSE(expected.empty());
  human::ExpectSamePoses(Decode(maps, nullptr), expected);
  // The decoder of one person needs no displacements.
  maps.displacement_fwd.data = maps.displacement_bwd.data = nullptr;
  const posenet_decode_options options = OptionsOf(POSENET_DECODER_TFJS_SINGLE);
  human::ExpectSamePoses(Decode(maps, &options), {DecodeSinglePose(owner.View()).value()});
}

TEST_F(CDecodeTest, MapsWithoutALayoutHaveChannelsLast) {
  // As programs have them that were compiled before maps had a layout.
  const TestMaps owner = TwoPeople();
  posenet_maps maps = MapsOf(owner.View());
  maps.struct_size = offsetof(posenet_maps, layout);
  maps.layout = 99;  // Beyond the struct.
  human::ExpectSamePoses(Decode(maps, nullptr), DecodeMultiplePosesHough(owner.View()).value());
}

TEST_F(CDecodeTest, DropsPosesBeyondTheCapacity) {
  const TestMaps owner = TwoPeople();
  const posenet_maps maps = MapsOf(owner.View());
  const auto all = Decode(maps, nullptr);
  ASSERT_EQ(all.size(), 2U);
  human::ExpectSamePoses(Decode(maps, nullptr, 1), {all[0]});
  std::size_t count = 5;
  EXPECT_EQ(posenet_decode(&maps, nullptr, nullptr, 0, &count, error()), POSENET_OK) << message();
  EXPECT_EQ(count, 0U);
}

TEST_F(CDecodeTest, MoveNetGivesThePosesOfTheCppApi) {
  human::MoveNetTestMaps owner(64, 64);
  owner.AddPerson(StandingFigure({.x = 70, .y = 120}, 1), 3.0F);
  owner.AddPerson(StandingFigure({.x = 180, .y = 130}, 1), 2.0F);
  const posenet_movenet_maps maps = MapsOf(owner.View());

  posenet_pose pose;
  ASSERT_EQ(posenet_decode_movenet_single(&maps, &pose, error()), POSENET_OK) << message();
  human::ExpectSamePoses(ToPoses(std::vector{pose}), {DecodeMoveNetSingle(owner.View()).value()});

  const auto expected = DecodeMoveNetMultiple(owner.View()).value();
  ASSERT_EQ(expected.size(), 2U);
  std::vector<posenet_boxed_pose> people(6);
  std::size_t count = 0;
  ASSERT_EQ(posenet_decode_movenet_multiple(&maps, nullptr, people.data(), people.size(), &count, error()), POSENET_OK)
      << message();
  ASSERT_EQ(count, expected.size());
  for (std::size_t i = 0; i < count; ++i) {
    human::ExpectSamePoses(ToPoses(std::vector{people[i].pose}), {expected[i].pose});
    EXPECT_EQ(people[i].box.min_x_px, expected[i].box_px.min_x_px);
    EXPECT_EQ(people[i].box.min_y_px, expected[i].box_px.min_y_px);
    EXPECT_EQ(people[i].box.max_x_px, expected[i].box_px.max_x_px);
    EXPECT_EQ(people[i].box.max_y_px, expected[i].box_px.max_y_px);
  }

  posenet_decode_options options = OptionsOf(POSENET_DEFAULT);
  options.max_poses = 1;
  ASSERT_EQ(posenet_decode_movenet_multiple(&maps, &options, people.data(), people.size(), &count, error()),
            POSENET_OK);
  EXPECT_EQ(count, 1U);
}

TEST_F(CDecodeTest, ChannelsOfMoveNetMayComeFirst) {
  human::MoveNetTestMaps owner(64, 64);
  owner.AddPerson(StandingFigure({.x = 70, .y = 120}, 1), 3.0F);
  posenet_movenet_maps maps = MapsOf(owner.View());
  maps.layout = POSENET_LAYOUT_NCHW;
  std::vector<std::vector<float>> planes;
  const auto make_planar = [&](posenet_map& map, std::size_t channels) {
    map = {.data = planes.emplace_back(Planes(map.data, 64 * 64, channels)).data(), .pixel_stride = 0};
  };
  make_planar(maps.center, 1);
  make_planar(maps.keypoint_heatmap, 17);
  make_planar(maps.keypoint_regression, 34);
  make_planar(maps.keypoint_offset, 34);
  make_planar(maps.box_offset, 2);
  make_planar(maps.box_scale, 2);
  posenet_pose pose;
  ASSERT_EQ(posenet_decode_movenet_single(&maps, &pose, error()), POSENET_OK) << message();
  human::ExpectSamePoses(ToPoses(std::vector{pose}), {DecodeMoveNetSingle(owner.View()).value()});
  const auto expected = DecodeMoveNetMultiple(owner.View()).value();
  std::vector<posenet_boxed_pose> people(6);
  std::size_t count = 0;
  ASSERT_EQ(posenet_decode_movenet_multiple(&maps, nullptr, people.data(), people.size(), &count, error()), POSENET_OK)
      << message();
  ASSERT_EQ(count, 1U);
  human::ExpectSamePoses(ToPoses(std::vector{people[0].pose}), {expected.at(0).pose});
}

TEST_F(CDecodeTest, RejectsWhatDoesNotApply) {
  const TestMaps owner = TwoPeople();
  const posenet_maps maps = MapsOf(owner.View());
  std::vector<posenet_pose> poses(2);
  std::size_t count = 77;
  posenet_decode_options options = OptionsOf(POSENET_DECODER_MOVENET_SINGLE);
  ExpectFailed(posenet_decode(&maps, &options, poses.data(), 2, &count, error()), POSENET_INVALID_ARGUMENT, "MoveNet");
  options = OptionsOf(POSENET_DEFAULT);
  options.mirror = POSENET_MIRROR_HORIZONTAL;
  ExpectFailed(posenet_decode(&maps, &options, poses.data(), 2, &count, error()), POSENET_INVALID_ARGUMENT, "mirror");
  EXPECT_EQ(count, 77U);

  const human::MoveNetTestMaps movenet(8, 8);
  const posenet_movenet_maps movenet_maps = MapsOf(movenet.View());
  std::vector<posenet_boxed_pose> people(2);
  options = OptionsOf(POSENET_DECODER_MOVENET_MULTIPLE);
  ExpectFailed(posenet_decode_movenet_multiple(&movenet_maps, &options, people.data(), 2, &count, error()),
               POSENET_INVALID_ARGUMENT, "decoder");
  options = OptionsOf(POSENET_DEFAULT);
  options.nms_radius_px = 5.0F;
  ExpectFailed(posenet_decode_movenet_multiple(&movenet_maps, &options, people.data(), 2, &count, error()),
               POSENET_INVALID_ARGUMENT, "nms_radius_px");
}

}  // namespace
}  // namespace posenet::c
