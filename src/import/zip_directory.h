// SPDX-License-Identifier: Apache-2.0
// Zip archives whose files are stored as they are. Source: PKWARE's APPNOTE.TXT 6.3.
#ifndef POSENET_IMPORT_ZIP_DIRECTORY_H_
#define POSENET_IMPORT_ZIP_DIRECTORY_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "posenet/result.h"

namespace posenet::importer {

/// Files of an archive by name; contents point into the archive's bytes.
using ZipFiles = std::map<std::string, std::span<const std::byte>, std::less<>>;

/// True of bytes that start as zip archives do.
bool IsZip(std::span<const std::byte> bytes);

/// The files of the archive `bytes`, which must outlive them, found by the directory at its end; zip64, too. Checksums
/// are not compared: writers of weights are known to leave them out.
/// Errors: kCorruptData for a directory or files beyond the archive, files that overlap, names that appear twice;
/// kUnsupported for compressed or encrypted files and archives in several parts.
Result<ZipFiles> ReadZipDirectory(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ZIP_DIRECTORY_H_
