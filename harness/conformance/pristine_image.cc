// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/pristine_image.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/extents.h"
#include "sys/open_file.h"
#include "sys/sector_range.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

}  // namespace

PristineImage::PristineImage(const std::string& device)
    : bytes_(sys::deviceSectors(device) * sys::kSectorBytes) {
  const sys::File file(device, O_RDONLY);
  std::string piece;
  for (std::uint64_t place = 0; place < bytes_; place += piece.size()) {
    piece.resize(std::min<std::uint64_t>(kPieceBytes, bytes_ - place));
    const long count = sys::require(
        ::pread(file.descriptor(), piece.data(), piece.size(), static_cast<off_t>(place)), "read",
        device);
    if (static_cast<std::size_t>(count) != piece.size()) throw sys::SetupError("read", device, EIO);
    if (std::ranges::any_of(piece, [](char byte) { return byte != 0; })) pieces_[place] = piece;
  }
}

void PristineImage::writeTo(const std::string& device) const {
  {
    const sys::File file(device, O_RDWR);
    const std::uint64_t range[2] = {0, bytes_};
    sys::require(::ioctl(file.descriptor(), BLKZEROOUT, range), "BLKZEROOUT", device);
    for (const auto& [place, piece] : pieces_) {
      sys::require(file.pwrite(piece, static_cast<off_t>(place)), "write", device);
    }
    sys::require(file.fsync(), "fsync", device);
  }
  sys::dropCache(device);
}

}  // namespace conformance
