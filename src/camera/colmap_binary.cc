// SPDX-License-Identifier: Apache-2.0
// COLMAP's binary format: little-endian, without padding. Source: https://colmap.github.io/format.html
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "camera/colmap.h"
#include "camera/format_readers.h"

namespace posenet::camera::colmap {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "numbers are copied from the file as they are");

// Reads the bytes of a file in order. Reading beyond the end returns zeros and is remembered, so that a record is read
// as a whole and checked once.
class ByteReader {
 public:
  ByteReader(std::string name, std::span<const std::byte> bytes) : name_(std::move(name)), bytes_(bytes) {}

  template <typename T>
  T Take() {
    T value = {};
    if (rest() < sizeof(T)) {
      truncated_ = true;
      position_ = bytes_.size();
      return value;
    }
    std::memcpy(&value, bytes_.data() + position_, sizeof(T));
    position_ += sizeof(T);
    return value;
  }

  // A zero-terminated string.
  std::string TakeName() {
    const auto* const begin = reinterpret_cast<const char*>(bytes_.data()) + position_;
    const void* const zero = rest() == 0 ? nullptr : std::memchr(begin, 0, rest());
    if (zero == nullptr) {
      truncated_ = true;
      position_ = bytes_.size();
      return {};
    }
    std::string name(begin, static_cast<const char*>(zero));
    position_ += name.size() + 1;
    return name;
  }

  // The number of records that follow, of at least `min_record_bytes` each. Fails if the file is too short for them.
  Result<std::uint64_t> TakeCount(std::string_view what, std::size_t min_record_bytes) {
    const std::string place = Place();
    const auto count = Take<std::uint64_t>();
    POSENET_RETURN_IF_ERROR(Check());
    if (count > rest() / min_record_bytes) {
      return base::Fail(ErrorCode::kCorruptData, place, ": claims ", count, " ", what, ", but only ", rest(),
                        " bytes follow, enough for ", rest() / min_record_bytes);
    }
    return count;
  }

  [[nodiscard]] std::size_t rest() const { return bytes_.size() - position_; }
  [[nodiscard]] std::string Place() const { return base::StrCat(name_, ": byte ", position_); }

  [[nodiscard]] Result<void> Check() const {
    if (truncated_) return base::Fail(ErrorCode::kCorruptData, name_, ": is truncated: it ends within a record");
    return {};
  }
  [[nodiscard]] Result<void> CheckEnd() const {
    POSENET_RETURN_IF_ERROR(Check());
    if (rest() > 0) return base::Fail(ErrorCode::kCorruptData, Place(), ": ", rest(), " bytes follow the last record");
    return {};
  }

 private:
  std::string name_;
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  bool truncated_ = false;
};

// Calls `read(reader)` for the contents of a file and checks that it consumes all of them.
template <typename Read>
Result<void> ReadWhole(const fs::path& path, Read read) {
  POSENET_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  ByteReader reader(base::Printable(path.native(), 400), file.bytes());
  POSENET_RETURN_IF_ERROR(read(reader));
  return reader.CheckEnd();
}

Result<void> TakeCameraRecord(ByteReader& reader, Model& model) {
  const std::string place = reader.Place();
  const auto id = reader.Take<std::uint32_t>();
  const auto model_id = reader.Take<std::int32_t>();
  const auto width_px = reader.Take<std::uint64_t>();
  const auto height_px = reader.Take<std::uint64_t>();
  POSENET_RETURN_IF_ERROR(reader.Check());
  const CameraModel* camera_model = FindCameraModel(model_id);
  if (camera_model == nullptr)
    return base::Fail(ErrorCode::kCorruptData, place, ": ", model_id, " is not a camera model of COLMAP");
  std::vector<double> parameters(camera_model->parameter_count);
  for (double& parameter : parameters) parameter = reader.Take<double>();
  POSENET_RETURN_IF_ERROR(reader.Check());
  const Result<Intrinsics> camera = MakeIntrinsics(*camera_model, width_px, height_px, parameters);
  if (!camera.has_value()) return base::FailIn(camera.error(), place);
  if (!model.cameras.emplace(id, *camera).second)
    return base::Fail(ErrorCode::kCorruptData, place, ": camera ", id, " appears twice");
  return {};
}

Result<void> TakeCameraRecords(ByteReader& reader, Model& model) {
  constexpr std::size_t kMinRecordBytes = 4 + 4 + 8 + 8 + 3 * 8;
  POSENET_ASSIGN_OR_RETURN(const std::uint64_t count, reader.TakeCount("cameras", kMinRecordBytes));
  for (std::uint64_t i = 0; i < count; ++i) POSENET_RETURN_IF_ERROR(TakeCameraRecord(reader, model));
  return {};
}

Result<void> TakeFeatures(ByteReader& reader, PosedImage& image) {
  constexpr std::size_t kRecordBytes = 8 + 8 + 8;
  POSENET_ASSIGN_OR_RETURN(const std::uint64_t count, reader.TakeCount("features", kRecordBytes));
  for (std::uint64_t i = 0; i < count; ++i) {
    reader.Take<std::array<double, 2>>();  // Its position in the image.
    const auto id = reader.Take<std::uint64_t>();
    if (id != kNoPoint) image.point_ids.push_back(id);
  }
  return reader.Check();
}

Result<void> TakeImageRecord(ByteReader& reader, Model& model) {
  PosedImage image;
  image.origin = reader.Place();
  reader.Take<std::uint32_t>();  // Its id, which only the tracks of points refer to.
  const auto n = reader.Take<std::array<double, 7>>();
  image.camera_id = reader.Take<std::uint32_t>();
  image.name = reader.TakeName();
  POSENET_RETURN_IF_ERROR(reader.Check());
  const Result<CheckedRotation> rotation = CheckQuaternion({n[0], n[1], n[2], n[3]});
  if (!rotation.has_value()) return base::FailIn(rotation.error(), image.origin);
  if (!std::isfinite(n[4] + n[5] + n[6])) {
    return base::Fail(ErrorCode::kCorruptData, image.origin, ": expected a translation of finite numbers");
  }
  image.cam_from_world = *rotation;
  image.translation_m = {n[4], n[5], n[6]};
  POSENET_RETURN_IF_ERROR(TakeFeatures(reader, image));
  model.images.push_back(std::move(image));
  return {};
}

Result<void> TakeImageRecords(ByteReader& reader, Model& model) {
  constexpr std::size_t kMinRecordBytes = 4 + 7 * 8 + 4 + 1 + 8;
  POSENET_ASSIGN_OR_RETURN(const std::uint64_t count, reader.TakeCount("images", kMinRecordBytes));
  for (std::uint64_t i = 0; i < count; ++i) POSENET_RETURN_IF_ERROR(TakeImageRecord(reader, model));
  return {};
}

Result<void> TakePointRecord(ByteReader& reader, Model& model) {
  const std::string place = reader.Place();
  const auto id = reader.Take<std::uint64_t>();
  const auto n = reader.Take<std::array<double, 3>>();
  reader.Take<std::array<std::uint8_t, 3>>();  // Its color.
  reader.Take<double>();                       // Its reprojection error.
  constexpr std::size_t kTrackElementBytes = 4 + 4;
  POSENET_ASSIGN_OR_RETURN(const std::uint64_t track_length, reader.TakeCount("views of a point", kTrackElementBytes));
  for (std::uint64_t i = 0; i < track_length; ++i) reader.Take<std::uint64_t>();
  if (!std::isfinite(n[0] + n[1] + n[2]))
    return base::Fail(ErrorCode::kCorruptData, place, ": expected a point of finite numbers");
  if (!model.points_m.emplace(id, Vector3{n[0], n[1], n[2]}).second) {
    return base::Fail(ErrorCode::kCorruptData, place, ": point ", id, " appears twice");
  }
  return {};
}

Result<void> TakePointRecords(ByteReader& reader, Model& model) {
  constexpr std::size_t kMinRecordBytes = 8 + 3 * 8 + 3 + 8 + 8;
  POSENET_ASSIGN_OR_RETURN(const std::uint64_t count, reader.TakeCount("points", kMinRecordBytes));
  for (std::uint64_t i = 0; i < count; ++i) POSENET_RETURN_IF_ERROR(TakePointRecord(reader, model));
  return {};
}

}  // namespace

Result<Model> ReadBinary(const fs::path& folder) {
  Model model;
  POSENET_RETURN_IF_ERROR(
      ReadWhole(folder / "cameras.bin", [&](ByteReader& reader) { return TakeCameraRecords(reader, model); }));
  POSENET_RETURN_IF_ERROR(
      ReadWhole(folder / "images.bin", [&](ByteReader& reader) { return TakeImageRecords(reader, model); }));
  model.has_points = IsFile(folder / "points3D.bin");
  if (!model.has_points) return model;
  POSENET_RETURN_IF_ERROR(
      ReadWhole(folder / "points3D.bin", [&](ByteReader& reader) { return TakePointRecords(reader, model); }));
  return model;
}

}  // namespace posenet::camera::colmap
