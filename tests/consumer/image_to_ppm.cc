// SPDX-License-Identifier: Apache-2.0
// Converts an image to a binary PPM file: image_to_ppm IMAGE PPM
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  int width_px = 0;
  int height_px = 0;
  stbi_uc* const rgb = stbi_load(argv[1], &width_px, &height_px, nullptr, STBI_rgb);
  std::FILE* const file = std::fopen(argv[2], "wb");
  if (rgb == nullptr || file == nullptr) return 1;
  std::fprintf(file, "P6\n%d %d\n255\n", width_px, height_px);
  const auto size = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  const bool is_written = std::fwrite(rgb, 1, size, file) == size;
  stbi_image_free(rgb);
  return std::fclose(file) == 0 && is_written ? 0 : 1;
}
