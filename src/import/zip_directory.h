// SPDX-License-Identifier: Apache-2.0
// Zip archives without compression. Source: PKWARE's APPNOTE.TXT 6.3.
#ifndef POSENET_IMPORT_ZIP_DIRECTORY_H_
#define POSENET_IMPORT_ZIP_DIRECTORY_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "posenet/result.h"

namespace posenet::importer {

/// The files of an archive by name; contents point into the archive's bytes.
using ZipFiles = std::map<std::string, std::span<const std::byte>, std::less<>>;

/// Whether `bytes` start like a zip archive.
bool IsZip(std::span<const std::byte> bytes);

/// The files in the directory of the archive `bytes`, which must outlive them; zip64 is supported. Checksums are not
/// verified: some writers of weights leave them out.
/// Errors: kCorruptData for a directory or files beyond the archive, overlapping files and duplicate names;
/// kUnsupported for compressed or encrypted files and archives in several parts.
Result<ZipFiles> ReadZipDirectory(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ZIP_DIRECTORY_H_
