// SPDX-License-Identifier: Apache-2.0
// COLMAP models in text and binary form.
#include <cstdint>
#include <sstream>
#include <string>

#include "base/strings.h"
#include "camera/scene_reader.h"
#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Bytes {
 public:
  template <typename T>
  Bytes& Put(T value) {
    text.append(reinterpret_cast<const char*>(&value), sizeof(T));
    return *this;
  }
  Bytes& Name(const std::string& name) {
    text.append(name).push_back('\0');
    return *this;
  }
  std::string text;
};

class ColmapTest : public FolderTest {
 protected:
  ColmapTest() {
    Write("images/a b.png");
    Write("images/c.png");
  }

  void WriteText() const {
    const RigidPose cam_from_world = Inverse(CrookedPose());
    const Quaternion q = cam_from_world.rotation;
    const Vector3 t = cam_from_world.translation_m;
    std::ostringstream images;
    images.precision(17);
    images << "# images\n7 " << q.w << " " << q.x << " " << q.y << " " << q.z << " " << t.x << " " << t.y << " " << t.z
           << " 3 a b.png\n10 20 5 30 40 -1 50 60 5 1 2 6\n8 1 0 0 0 0 0 0 3 c.png\n\n";
    Write("sparse/0/cameras.txt", "# cameras\n3 PINHOLE 640 480 500 510 320 240\n");
    Write("sparse/0/images.txt", images.str());
    Write("sparse/0/points3D.txt", "6 4 5 6 0 0 0 0.5 7 0\n5 1 2 3 255 255 255 0.5 7 0 7 2\n");
  }

  static Bytes Image(const std::string& name, std::uint64_t feature_count) {
    const RigidPose cam_from_world = Inverse(CrookedPose());
    const Quaternion q = cam_from_world.rotation;
    const Vector3 t = cam_from_world.translation_m;
    Bytes image;
    image.Put(std::uint32_t{7});
    for (const double number : {q.w, q.x, q.y, q.z, t.x, t.y, t.z}) image.Put(number);
    image.Put(std::uint32_t{3}).Name(name).Put(feature_count);
    return image;
  }

  static std::string Images() {
    Bytes bytes;
    bytes.Put(std::uint64_t{2});
    bytes.text += Image("a b.png", 2).Put(1.0).Put(2.0).Put(std::uint64_t{6}).Put(1.0).Put(2.0).Put(UINT64_MAX).text;
    bytes.text += Image("c.png", 0).text;
    return bytes.text;
  }

  static std::string Cameras() {
    Bytes bytes;
    bytes.Put(std::uint64_t{1})
        .Put(std::uint32_t{3})
        .Put(std::int32_t{2})
        .Put(std::uint64_t{640})
        .Put(std::uint64_t{480});
    bytes.Put(500.0).Put(320.0).Put(240.0).Put(0.01);
    return bytes.text;
  }

  static std::string Points() {
    Bytes bytes;
    bytes.Put(std::uint64_t{1}).Put(std::uint64_t{6}).Put(4.0).Put(5.0).Put(6.0);
    bytes.Put(std::uint8_t{1}).Put(std::uint8_t{2}).Put(std::uint8_t{3}).Put(0.5).Put(std::uint64_t{1});
    bytes.Put(std::uint32_t{7}).Put(std::uint32_t{0});
    return bytes.text;
  }

  void WriteBinary() const {
    Write("cameras.bin", Cameras());
    Write("images.bin", Images());
    Write("points3D.bin", Points());
  }

  [[nodiscard]] Result<Scene> Read() const { return ReadScene(root_, {.photos = Photos::kRequired, .holdout = 0.5}); }
  void ExpectError(const std::string& message) const {
    const Result<Scene> scene = Read();
    ASSERT_FALSE(scene) << "expected " << message;
    EXPECT_EQ(scene.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(scene.error().message, HasSubstr(message));
  }
};

TEST_F(ColmapTest, ReadsText) {
  WriteText();
  const Result<Scene> scene = Read();
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_EQ(scene->format, SceneFormat::kColmap);
  EXPECT_EQ(scene->units, LengthUnit::kArbitrary);
  ASSERT_EQ(scene->frames.size(), 2U);
  EXPECT_EQ(scene->frames[0].name, "a b.png");
  EXPECT_THAT(scene->frames[0].world_from_cam, PoseNear(CrookedPose()));
  EXPECT_THAT(scene->frames[0].points, ElementsAre(0, 1));
  EXPECT_THAT(scene->points_world_m, ElementsAre(Vector3{1, 2, 3}, Vector3{4, 5, 6}));
  ASSERT_EQ(scene->cameras.size(), 1U);
  EXPECT_EQ(scene->cameras[0].focal_y_px, 510.0);
}

TEST_F(ColmapTest, ReadsBinary) {
  WriteBinary();
  const Result<Scene> scene = Read();
  ASSERT_TRUE(scene) << scene.error().message;
  ASSERT_EQ(scene->frames.size(), 2U);
  EXPECT_THAT(scene->frames[0].world_from_cam, PoseNear(CrookedPose()));
  EXPECT_THAT(scene->frames[0].points, ElementsAre(0));
  EXPECT_EQ(scene->cameras[0].focal_y_px, 500.0);
  EXPECT_EQ(scene->cameras[0].center_y_px, 240.0);
}

TEST_F(ColmapTest, EveryTruncationIsAnError) {
  WriteBinary();
  for (const auto& [name, content] :
       {std::pair{"images.bin", Images()}, {"cameras.bin", Cameras()}, {"points3D.bin", Points()}}) {
    for (std::size_t size = 0; size < content.size(); ++size) {
      Write(name, content.substr(0, size));
      const Result<Scene> scene = Read();
      ASSERT_FALSE(scene) << name << " cut to " << size;
      EXPECT_THAT(scene.error().message, HasSubstr(name));
    }
    Write(name, content + "x");
    ExpectError("1 bytes follow the last record");
    Write(name, content);
  }
}

TEST_F(ColmapTest, RefusesCountsThatExceedTheFile) {
  WriteBinary();
  Write("images.bin", Bytes().Put(std::uint64_t{1} << 60).text + Images().substr(8));
  ExpectError("claims 1152921504606846976 images, but only");
  Write("images.bin", Bytes().Put(std::uint64_t{1}).text + Image("c.png", std::uint64_t{1} << 61).text);
  ExpectError("claims 2305843009213693952 features");
}

TEST_F(ColmapTest, RefusesDanglingReferences) {
  WriteText();
  Write("sparse/0/points3D.txt", "5 1 2 3 255 255 255 0.5\n");
  ExpectError("images.txt:2: refers to point 6");
  Write("sparse/0/cameras.txt", "1 SIMPLE_PINHOLE 640 480 500 320 240\n");
  ExpectError("refers to camera 3");
  Write("sparse/0/cameras.txt", "3 PINHOLE 640 480 500 320 240\n");
  ExpectError("cameras.txt:1: expected 4 parameters of PINHOLE, got 3");
  Write("sparse/0/cameras.txt", "3 LENS 640 480 500 320 240\n");
  ExpectError("'LENS' is not a camera model");
}

TEST_F(ColmapTest, TextErrorsNameTheLine) {
  WriteText();
  Write("sparse/0/images.txt", "7 0 0 0 0 0 0 0 3 c.png\n\n");
  ExpectError("images.txt:1: expected a unit quaternion, got one of length 0");
  Write("sparse/0/images.txt", "7 1 0 0 0 0 inf 0 3 c.png\n\n");
  ExpectError("images.txt:1: expected a finite number, got 'inf'");
  Write("sparse/0/images.txt", "7 1 0 0 0 0 0 0 3 c.png\n1 2\n");
  ExpectError("images.txt:2: expected features");
  Write("sparse/0/images.txt", "# nothing\n");
  ExpectError("found none");
}

}  // namespace
}  // namespace posenet::camera
