// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/package_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/package.h"
#include "sys/descriptor.h"
#include "sys/interrupt.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;
constexpr std::string_view kDebianMagic = "!<arch>\ndebian";
constexpr std::string_view kRpmMagic = "\xED\xAB\xEE\xDB";

std::string packageHead(const fs::path& file) {
  // A FIFO must not block.
  const sys::Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 16> head{};
  const ssize_t length = fd ? ::pread(fd.get(), head.data(), head.size(), 0) : 0;
  return {head.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

// Lets libarchive read a member of one archive as an archive.
la_ssize_t readMember(archive* /*inner*/, void* outer, const void** block) {
  std::size_t bytes = 0;
  la_int64_t offset = 0;
  const int result = archive_read_data_block(static_cast<archive*>(outer), block, &bytes, &offset);
  if (result == ARCHIVE_EOF) return 0;
  return result < ARCHIVE_WARN ? -1 : static_cast<la_ssize_t>(bytes);
}

}  // namespace

bool isPackage(const fs::path& file) {
  const std::string head = packageHead(file);
  return head.starts_with(kDebianMagic) || head.starts_with(kRpmMagic);
}

void PackageReader::Free::operator()(archive* archive) const {
  archive_read_free(archive);
}

PackageReader::PackageReader(const fs::path& package, bool control)
    : package_(package), inner_(archive_read_new()) {
  const std::string head = packageHead(package);
  archive_read_support_filter_all(inner_.get());
  if (head.starts_with(kRpmMagic)) {
    archive_read_support_format_cpio(inner_.get());
    if (archive_read_open_filename(inner_.get(), package.c_str(), kReadBytes) != ARCHIVE_OK) {
      damaged(inner_.get());
    }
    return;
  }
  if (!head.starts_with(kDebianMagic)) {
    throw Failure(ExitStatus::usage, "{} is not a Debian or RPM package", package.string());
  }
  outer_.reset(archive_read_new());
  archive_read_support_format_ar(outer_.get());
  if (archive_read_open_filename(outer_.get(), package.c_str(), kReadBytes) != ARCHIVE_OK) {
    damaged(outer_.get());
  }
  openMember(control ? "control.tar" : "data.tar");
}

PackageReader::~PackageReader() = default;

void PackageReader::openMember(std::string_view beginning) {
  for (;;) {
    archive_entry* entry = nullptr;
    if (archive_read_next_header(outer_.get(), &entry) != ARCHIVE_OK) damaged(outer_.get());
    if (std::string_view(archive_entry_pathname(entry)).starts_with(beginning)) break;
  }
  archive_read_support_format_tar(inner_.get());
  archive_read_support_format_gnutar(inner_.get());
  archive_read_support_format_empty(inner_.get());
  if (archive_read_open(inner_.get(), outer_.get(), nullptr, readMember, nullptr) != ARCHIVE_OK) {
    damaged(inner_.get());
  }
}

std::optional<std::string> PackageReader::next() {
  for (;;) {
    sys::throwIfInterrupted();
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(inner_.get(), &entry);
    if (result == ARCHIVE_EOF) return std::nullopt;
    if (result < ARCHIVE_WARN) damaged(inner_.get());
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    std::string name = archive_entry_pathname(entry);
    if (name.starts_with("./")) name.erase(0, 2);
    while (name.starts_with('/')) name.erase(0, 1);
    return name;
  }
}

std::string PackageReader::text() {
  std::string text;
  std::array<char, 4096> block;
  la_ssize_t length = 0;
  while ((length = archive_read_data(inner_.get(), block.data(), block.size())) > 0) {
    text.append(block.data(), static_cast<std::size_t>(length));
  }
  if (length < 0) damaged(inner_.get());
  return text;
}

void PackageReader::extract(const fs::path& target) {
  makeDirectories(target.parent_path());
  const sys::Descriptor file(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  // Two packages may have the same file.
  if (!file && errno == EEXIST) return;
  if (!file) throw writeFailure(target, errno);
  const int result = archive_read_data_into_fd(inner_.get(), file.get());
  if (result >= ARCHIVE_WARN) return;
  const int error = archive_errno(inner_.get());
  if (error == ENOSPC || error == EDQUOT) throw writeFailure(target, error);
  damaged(inner_.get());
}

void PackageReader::damaged(archive* archive) const {
  sys::throwIfInterrupted();
  const char* why = archive_error_string(archive);
  throw Failure(ExitStatus::usage, "cannot unpack {}: {}", package_.string(),
                why != nullptr ? why : "it is truncated");
}

}  // namespace runner
