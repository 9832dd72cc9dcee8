// SPDX-License-Identifier: Apache-2.0
// Valid and invalid scenes of every format. Each contains CrookedPose in the convention of its format.
#include "camera/scene_reader.h"

#include <array>
#include <cstring>
#include <sstream>
#include <string>

#include "base/strings.h"
#include "camera/seven_scenes.h"
#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text(std::initializer_list<double> numbers) {
  std::ostringstream out;
  out.precision(17);
  for (const double number : numbers) out << ' ' << number;
  return out.str();
}

class SceneReaderTest : public FolderTest {
 protected:
  [[nodiscard]] Result<Scene> Read(Photos photos = Photos::kOptional) const {
    return ReadScene(root_, {.photos = photos});
  }
  void ExpectError(ErrorCode code, const std::string& message, Photos photos = Photos::kOptional) const {
    const Result<Scene> scene = Read(photos);
    ASSERT_FALSE(scene) << "expected " << message;
    EXPECT_EQ(scene.error().code, code) << scene.error().message;
    EXPECT_THAT(scene.error().message, HasSubstr(message));
  }

  void WriteSevenScenes() const {
    Write("TrainSplit.txt", "sequence2\nsequence10\n");
    Write("TestSplit.txt", "sequence1\r\n");
    for (const char* const sequence : {"seq-01", "seq-02", "seq-10"}) {
      for (const int index : {0, 1}) {
        const std::string stem = base::StrCat(sequence, "/", SevenScenesFrameName(index));
        Write(stem + ".pose.txt", FormatSevenScenesPose(index == 0 ? CrookedPose() : RigidPose{}));
        Write(stem + ".color.png");
      }
    }
  }

  void WriteCambridge(const std::string& last_train_line = "") const {
    const RigidPose pose = CrookedPose();
    const Quaternion q = Inverse(pose.rotation);
    const Vector3 c = pose.translation_m;
    const std::string header = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n";
    const std::string line = Text({c.x, c.y, c.z, q.w, q.x, q.y, q.z}) + "\n";
    Write("dataset_train.txt", header + "seq1/a.png" + line + "seq2/b.png" + line + last_train_line);
    Write("dataset_test.txt", header + "seq1/c.png" + line);
  }
};

TEST_F(SceneReaderTest, ReadsSevenScenes) {
  WriteSevenScenes();
  const Result<Scene> scene = Read(Photos::kRequired);
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_EQ(scene->format, SceneFormat::kSevenScenes);
  ASSERT_EQ(scene->frames.size(), 6U);
  EXPECT_EQ(scene->frames[0].name, "seq-01/frame-000000.color.png");
  EXPECT_EQ(scene->frames[0].split, Split::kTest);
  EXPECT_THAT(scene->frames[0].world_from_cam, PoseNear(CrookedPose()));
  EXPECT_EQ(scene->frames[5].sequence, "seq-10");
  EXPECT_EQ(scene->frames[5].split, Split::kTrain);
}

TEST_F(SceneReaderTest, SevenScenesPoseFilesAreSixteenFiniteNumbers) {
  WriteSevenScenes();
  const std::string file = "seq-02/frame-000001.pose.txt";
  Write(file, "1 0 0 0\n0 1 0 0\n0 0 1\n");
  ExpectError(ErrorCode::kCorruptData,
              "frame-000001.pose.txt: expected 16 numbers, a 4x4 matrix from camera to world, got 11");
  Write(file, "1 0 0 0\n0 1 nan 0\n0 0 1 0\n0 0 0 1\n");
  ExpectError(ErrorCode::kCorruptData, "frame-000001.pose.txt:2: expected a finite number, got 'nan'");
  Write(file, "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0.5 1\n");
  ExpectError(ErrorCode::kCorruptData, "expected 0 0 0 1 as the last row");
  Write(file, "0 0 0 0\n0 0 0 0\n0 0 0 0\n0 0 0 1\n");
  ExpectError(ErrorCode::kCorruptData, "without an inverse");
  Write(file, "");
  ExpectError(ErrorCode::kCorruptData, "got 0");
}

TEST_F(SceneReaderTest, SevenScenesNeedsAPoseForEveryPhoto) {
  WriteSevenScenes();
  Write("seq-02/frame-000002.color.png");
  ExpectError(ErrorCode::kNotFound, "expected its pose frame-000002.pose.txt");
  std::filesystem::remove(root_ / "seq-02/frame-000002.color.png");
  std::filesystem::remove(root_ / "seq-02/frame-000001.color.png");
  ExpectError(ErrorCode::kNotFound, "frame-000001.color.png, which does not exist", Photos::kRequired);
  EXPECT_TRUE(Read());
}

TEST_F(SceneReaderTest, SevenScenesSplitsAreChecked) {
  WriteSevenScenes();
  Write("TestSplit.txt", "\n");
  ExpectError(ErrorCode::kCorruptData, "TestSplit.txt: expected sequences");
  Write("TestSplit.txt", "sequence2\n");
  ExpectError(ErrorCode::kCorruptData, "lists seq-02, which TrainSplit.txt lists too");
  Write("TestSplit.txt", "sequence7\n");
  ExpectError(ErrorCode::kNotFound, "TestSplit.txt:1: expected the folder seq-07");
  Write("TestSplit.txt", "first\n");
  ExpectError(ErrorCode::kCorruptData, "TestSplit.txt:1: expected a sequence such as 'sequence1', got 'first'");
  std::filesystem::remove(root_ / "TestSplit.txt");
  ExpectError(ErrorCode::kNotFound, "TestSplit.txt");
}

TEST_F(SceneReaderTest, SevenScenesWithoutSplitsHoldsOutFramesWithARemark) {
  WriteSevenScenes();
  std::filesystem::remove(root_ / "TestSplit.txt");
  std::filesystem::remove(root_ / "TrainSplit.txt");
  const Result<Scene> scene = ReadScene(root_, {.photos = Photos::kOptional, .holdout = 0.5});
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_EQ(scene->split_origin, SplitOrigin::kHeldOut);
  EXPECT_THAT(scene->remarks, Contains(HasSubstr("held out 3 of 6 frames")));
}

TEST_F(SceneReaderTest, ReadsCambridge) {
  WriteCambridge();
  const Result<Scene> scene = Read();
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_EQ(scene->format, SceneFormat::kCambridge);
  ASSERT_EQ(scene->frames.size(), 3U);
  EXPECT_EQ(scene->frames[1].name, "seq1/c.png");
  EXPECT_EQ(scene->frames[1].split, Split::kTest);
  for (const Frame& frame : scene->frames) EXPECT_THAT(frame.world_from_cam, PoseNear(CrookedPose()));
  ExpectError(ErrorCode::kNotFound, "dataset_train.txt:4: expected the image", Photos::kRequired);
}

TEST_F(SceneReaderTest, CambridgeErrorsNameTheLine) {
  WriteCambridge("seq2/d.png 0 0 0 1 0 0 0 0 0 0 0\n");
  ExpectError(ErrorCode::kCorruptData, "dataset_train.txt:6: expected 8 fields, 'image X Y Z W P Q R', got 12");
  WriteCambridge("seq2/d.png 0 nan 0 1 0 0 0\n");
  ExpectError(ErrorCode::kCorruptData, "dataset_train.txt:6: expected a finite number, got 'nan'");
  WriteCambridge("seq2/d.png 0 0 0 0 0 0 0\n");
  ExpectError(ErrorCode::kCorruptData, "dataset_train.txt:6: expected a unit quaternion, got one of length 0");
  WriteCambridge("seq1/c.png 0 0 0 1 0 0 0\n");
  ExpectError(ErrorCode::kCorruptData, "dataset_test.txt:4: 'seq1/c.png' is listed twice, first at");
  WriteCambridge();
  Write("dataset_test.txt", "Visual Landmark Dataset V1\n\n");
  ExpectError(ErrorCode::kCorruptData, "found none");
}

TEST_F(SceneReaderTest, RequireSoundRotationsReportsDefects) {
  WriteCambridge("seq2/d.png 0 0 0 3 0 0 0\n");
  const Result<Scene> scene = Read();
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_EQ(scene->frames.back().defect, RotationDefect::kNotUnit);
  const auto sound = RequireSoundRotations(*scene);
  ASSERT_FALSE(sound);
  EXPECT_THAT(sound.error().message,
              HasSubstr("dataset_train.txt:6: expected a rotation, got a quaternion whose length is not 1 (3)"));
}

TEST_F(SceneReaderTest, RefusesAHoldoutForDataWithASplit) {
  WriteCambridge();
  const auto scene = ReadScene(root_, {.photos = Photos::kOptional, .holdout = 0.5});
  ASSERT_FALSE(scene);
  EXPECT_EQ(scene.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(SceneReaderTest, ReadsNerf) {
  // OpenGL's camera axes: y and z the other way.
  const std::array<double, 16> m = Matrix4(CrookedPose());
  const std::string rows =
      base::StrCat("[[", m[0], ",", -m[1], ",", -m[2], ",", m[3], "],[", m[4], ",", -m[5], ",", -m[6], ",", m[7], "],[",
                   m[8], ",", -m[9], ",", -m[10], ",", m[11], "],[0,0,0,1]]");
  std::string frames;
  for (const char* const name : {"images/a", "images/b", "images/c"}) {
    frames += base::StrCat(frames.empty() ? "" : ",", R"({"file_path":")", name, R"(","transform_matrix":)", rows, "}");
    Write(base::StrCat(name, ".png"));
  }
  Write("transforms.json", base::StrCat(R"({"fl_x":500,"w":640,"h":480,"frames":[)", frames, "]}"));
  const auto scene = Read(Photos::kRequired);
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_EQ(scene->format, SceneFormat::kNerf);
  EXPECT_EQ(scene->units, LengthUnit::kArbitrary);
  ASSERT_EQ(scene->frames.size(), 3U);
  // The matrix was written with six digits.
  EXPECT_LT(AngleBetweenDeg(scene->frames[0].world_from_cam.rotation, CrookedPose().rotation), 1e-3);
  EXPECT_EQ(scene->frames[0].image, root_ / "images/a.png");
  EXPECT_EQ(scene->frames[0].defect, RotationDefect::kNone);
  ASSERT_EQ(scene->cameras.size(), 1U);
  EXPECT_EQ(scene->cameras[0].center_x_px, 320.0);
}

TEST_F(SceneReaderTest, NerfErrorsNameTheJsonPath) {
  const auto with_matrix = [](const std::string& matrix) {
    return base::StrCat(R"({"frames":[{"file_path":"a.png","transform_matrix":)", matrix, "}]}");
  };
  Write("transforms.json", with_matrix("[[1,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]"));
  ExpectError(ErrorCode::kCorruptData, "frames[0].transform_matrix[0]: expected an array of 4");
  Write("transforms.json", with_matrix("[[0,0,0,0],[0,0,0,0],[0,0,0,0],[0,0,0,1]]"));
  ExpectError(ErrorCode::kCorruptData, "frames[0]: expected a rotation matrix, got one without an inverse");
  Write("transforms.json", with_matrix("[[NaN"));
  ExpectError(ErrorCode::kCorruptData, "not valid JSON");
  Write("transforms.json", R"({"frames":[]})");
  ExpectError(ErrorCode::kCorruptData, "transforms.json: frames: expected an array of");
}

TEST_F(SceneReaderTest, ReadsTum) {
  const RigidPose pose = CrookedPose();
  const Quaternion q = pose.rotation;
  const Vector3 c = pose.translation_m;
  const std::string numbers = Text({c.x, c.y, c.z, q.x, q.y, q.z, q.w}) + "\n";
  Write("groundtruth.txt", "# ground truth\n10.000" + numbers + "10.100 0 0 0 0 0 0 1\n10.200" + numbers);
  Write("rgb.txt", "# images\n10.011 rgb/a.png\n10.110 rgb/b.png\n10.195 rgb/c.png\n11.5 rgb/d.png\n");
  const auto scene = ReadScene(root_, {.photos = Photos::kOptional, .holdout = 0.4});
  ASSERT_TRUE(scene) << scene.error().message;
  ASSERT_EQ(scene->frames.size(), 3U);
  EXPECT_THAT(scene->frames[0].world_from_cam, PoseNear(pose));
  EXPECT_THAT(scene->frames[1].world_from_cam, PoseNear(RigidPose{}));
  EXPECT_EQ(scene->frames[1].split, Split::kTest);
  EXPECT_THAT(scene->remarks, Contains(HasSubstr("1 of 4 images of rgb.txt have no pose within 0.02 s")));
  Write("groundtruth.txt", "2 0 0 0 0 0 0 1\n1 0 0 0 0 0 0 1\n");
  ExpectError(ErrorCode::kCorruptData, "groundtruth.txt:2: expected times that increase");
  Write("groundtruth.txt", "2 0 0 0 0 0 0 1\n");
  ExpectError(ErrorCode::kCorruptData, "none has one");
}

TEST_F(SceneReaderTest, ReadsCsv) {
  const RigidPose pose = CrookedPose();
  const Quaternion q = pose.rotation;
  std::ostringstream row;
  row.precision(17);
  row << "0.5,-1.25,2," << q.w << "," << q.x << "," << q.y << "," << q.z;
  Write("poses.csv", base::StrCat("image,x,y,z,qw,qx,qy,qz,split,time\r\n\"a, \"\"b\"\".png\",", row.str(),
                                  ",train,2\r\nc.png,", row.str(), ",test,1\r\n"));
  const auto scene = Read();
  ASSERT_TRUE(scene) << scene.error().message;
  ASSERT_EQ(scene->frames.size(), 2U);
  EXPECT_EQ(scene->frames[0].name, "c.png");  // In the order of time.
  EXPECT_EQ(scene->frames[1].name, "a, \"b\".png");
  EXPECT_THAT(scene->frames[0].world_from_cam, PoseNear(pose));
}

TEST_F(SceneReaderTest, CsvErrorsNameLineAndColumn) {
  Write("poses.csv", "image,x,y,z,qw,qx,qy,qz\na.png,0,0,0,1,0,0\n");
  ExpectError(ErrorCode::kCorruptData, "poses.csv:2: expected 8 cells, got 7");
  Write("poses.csv", "image,x,y,z,qw,qx,qy,qz\na.png,0,zero,0,1,0,0,0\n");
  ExpectError(ErrorCode::kCorruptData, "poses.csv:2: y: expected a finite number, got 'zero'");
  Write("poses.csv", "image,x,y,z,qw,qx,qy\n");
  ExpectError(ErrorCode::kCorruptData, "there is no qz");
  Write("poses.csv", "image,x,y,z,qw,qx,qy,qz,colour\n");
  ExpectError(ErrorCode::kCorruptData, "got 'colour'");
  Write("poses.csv", "image,x,y,z,qw,qx,qy,qz,split\na.png,0,0,0,1,0,0,0,val\n");
  ExpectError(ErrorCode::kCorruptData, "split: expected train or test, got 'val'");
  Write("poses.csv", "image,x,y,z,qw,qx,qy,qz,split\na.png,0,0,0,1,0,0,0,train\n");
  ExpectError(ErrorCode::kCorruptData, "expected frames for training and for testing, got 1 and 0");
  Write("poses.csv", "");
  ExpectError(ErrorCode::kCorruptData, "it is empty");
}

TEST_F(SceneReaderTest, RefusesOtherAndAmbiguousFolders) {
  ExpectError(ErrorCode::kUnsupported, "not a scene; expected 7-Scenes");
  EXPECT_EQ(ReadScene(root_ / "none").error().code, ErrorCode::kNotFound);
  WriteCambridge();
  Write("transforms.json", "{}");
  ExpectError(ErrorCode::kUnsupported, "looks like two formats, cambridge and nerf");
}

}  // namespace
}  // namespace posenet::camera
