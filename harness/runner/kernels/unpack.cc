// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "architectures/registry.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

sys::Descriptor openForReading(const fs::path& file) {
  sys::Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    throw Failure(ExitStatus::environment, "cannot read {}: {}", file.string(),
                  std::generic_category().message(errno));
  }
  return fd;
}

// The program that turns a file into a plain tar stream, chosen by the file's first bytes. An empty
// list: it is plain. Nothing: not an archive.
std::optional<std::vector<std::string>> readerFor(const fs::path& file) {
  const sys::Descriptor fd = openForReading(file);
  std::array<char, 512> head{};
  const ssize_t length = ::pread(fd.get(), head.data(), head.size(), 0);
  if (length <= 0) return std::nullopt;
  const std::string_view text(head.data(), static_cast<std::size_t>(length));
  using namespace std::string_view_literals;
  if (text.starts_with("\xFD\x37zXZ\0"sv)) {
    return {{"xz", "-dc", "-T0"}};
  }
  if (text.starts_with("\x1F\x8B")) return {{"gzip", "-dc"}};
  if (text.starts_with("\x28\xB5\x2F\xFD")) return {{"zstd", "-dc"}};
  if (text.starts_with("BZh")) return {{"bzip2", "-dc"}};
  if (text.starts_with("!<arch>\n")) return {{"dpkg-deb", "--fsys-tarfile", file.string()}};
  if (text.size() > 262 && text.substr(257, 5) == "ustar") return std::vector<std::string>{};
  return std::nullopt;
}

// Reads a file as a tar stream. A separate program decompresses: xz uses all cores, and shares the
// descriptor that is open here, so the file offset shows the progress.
class TarStream {
 public:
  explicit TarStream(const fs::path& file)
      : file_(file),
        input_(openForReading(file)),
        archive_(archive_read_new(), &archive_read_free),
        disk_(archive_write_disk_new(), &archive_write_free) {
    // make compares times: the same source unpacked again must not look new to a build directory.
    archive_write_disk_set_options(disk_.get(), ARCHIVE_EXTRACT_TIME);
    const auto reader = readerFor(file);
    if (!reader) damaged("it is not an archive");
    struct stat status {};
    sys::require(::fstat(input_.get(), &status), "fstat", file.string());
    size_ = status.st_size;
    int source = input_.get();
    if (!reader->empty()) {
      start(*reader);
      source = output_.get();
    }
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_gnutar(archive_.get());
    if (archive_read_open_fd(archive_.get(), source, kBlockBytes) != ARCHIVE_OK) damaged("");
  }

  // The next entry, or null at the end of the archive, which must not be truncated.
  archive_entry* next() {
    sys::throwIfInterrupted();
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(archive_.get(), &entry);
    if (result == ARCHIVE_EOF) {
      drain();
      if (decompressor_ && !decompressor_->wait().ok()) damaged("");
      return nullptr;
    }
    if (result < ARCHIVE_WARN) damaged("");
    return entry;
  }

  // Writes the current entry under that name, creating the directories above it.
  void extract(archive_entry* entry, const fs::path& target) {
    archive_entry_set_perm(entry, (archive_entry_perm(entry) & 0111) != 0 ? 0755 : 0644);
    archive_entry_set_pathname(entry, target.c_str());
    archive_entry_set_hardlink(entry, nullptr);  // its target could be any file
    if (archive_read_extract2(archive_.get(), entry, disk_.get()) == ARCHIVE_OK) return;
    const int error = archive_errno(disk_.get());
    if (error > 0) throw writeFailure(target, error);
    damaged("");
  }

  double fraction() const {
    const off_t offset = ::lseek(input_.get(), 0, SEEK_CUR);
    return size_ > 0 ? static_cast<double>(offset) / static_cast<double>(size_) : 0;
  }

  [[noreturn]] void damaged(const std::string& why) {
    sys::throwIfInterrupted();
    std::string reason = why;
    if (reason.empty() && complaints_) {
      std::array<char, 512> text{};
      const ssize_t length = ::pread(complaints_.get(), text.data(), text.size(), 0);
      if (length > 0) reason.assign(text.data(), static_cast<std::size_t>(length));
    }
    if (reason.empty()) {
      const char* said = archive_error_string(archive_.get());
      reason = said != nullptr ? said : "it is truncated";
    }
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    throw Failure(ExitStatus::environment, "cannot unpack {}: {}", file_.string(), reason);
  }

 private:
  // Reads what follows the archive, which the decompressor would wait to write.
  void drain() {
    std::vector<char> block(kBlockBytes);
    ssize_t length = 1;
    while (output_ && (length > 0 || (length < 0 && errno == EINTR))) {
      sys::throwIfInterrupted();
      length = ::read(output_.get(), block.data(), block.size());
    }
  }

  void start(const std::vector<std::string>& reader) {
    sys::Pipe pipe = sys::Pipe::make();
    complaints_ = sys::Descriptor(::memfd_create("complaints", MFD_CLOEXEC));
    sys::require(complaints_.get(), "memfd_create", reader[0]);
    sys::Command command;
    command.arguments = reader;
    command.arguments[0] = findTool(reader[0]).string();
    command.environment = {{"LC_ALL", "C"}};
    command.inherited = {{input_.get(), STDIN_FILENO},
                         {pipe.write.get(), STDOUT_FILENO},
                         {complaints_.get(), STDERR_FILENO}};
    decompressor_.emplace(command);
    output_ = std::move(pipe.read);
  }

  fs::path file_;
  sys::Descriptor input_, output_, complaints_;
  off_t size_ = 0;
  std::optional<sys::ChildProcess> decompressor_;
  std::unique_ptr<struct archive, decltype(&archive_read_free)> archive_;
  std::unique_ptr<struct archive, decltype(&archive_write_free)> disk_;
};

// Whether a name leads out of the tree: one with "..", or one that is or passes through a link from
// the same archive.
bool leavesTree(const std::string& name, const std::set<std::string>& links) {
  fs::path passed;
  for (const fs::path& part : fs::path(name)) {
    passed /= part;
    if (part == ".." || part.is_absolute() || links.contains(passed.string())) return true;
  }
  return false;
}

}  // namespace

bool isTarball(const fs::path& file) {
  const auto reader = readerFor(file);
  if (!reader || (!reader->empty() && reader->front() == "dpkg-deb")) return false;
  // A compressed file may have anything in it.
  const std::unique_ptr<archive, decltype(&archive_read_free)> tar(archive_read_new(),
                                                                   &archive_read_free);
  archive_read_support_filter_all(tar.get());
  archive_read_support_format_tar(tar.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(tar.get(), file.c_str(), kBlockBytes) != ARCHIVE_OK) return false;
  const int result = archive_read_next_header(tar.get(), &entry);
  return result == ARCHIVE_OK || result == ARCHIVE_WARN;
}

std::string compressorOf(const fs::path& file) {
  const auto reader = readerFor(file);
  return reader && !reader->empty() && reader->front() != "dpkg-deb" ? reader->front() : "";
}

void unpackTarball(const fs::path& tarball, const fs::path& into,
                   const std::function<bool(std::string_view)>& wanted, Progress& progress) {
  TarStream stream(tarball);
  std::set<std::string> links;
  while (archive_entry* entry = stream.next()) {
    const char* path = archive_entry_pathname(entry);
    std::string name = path != nullptr ? path : "";
    if (name.starts_with("./")) name.erase(0, 2);
    const auto slash = name.find('/');
    if (slash == std::string::npos || slash + 1 == name.size())
      continue;  // the top directory itself
    name.erase(0, slash + 1);
    if (!wanted(name)) continue;
    if (leavesTree(name, links)) stream.damaged(fmt::format("it contains the path {}", name));
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFLNK) links.insert(name);
    if (type != AE_IFLNK && type != AE_IFREG && type != AE_IFDIR) continue;
    stream.extract(entry, into / name);
    progress.advance(stream.fraction(), name);
  }
}

void takeFilesFrom(const fs::path& source, const std::set<std::string>& files, const fs::path& into,
                   Progress& progress) {
  std::error_code error;
  if (!fs::is_directory(source, error)) {
    const auto wanted = [&](std::string_view name) { return files.contains(std::string(name)); };
    unpackTarball(source, into, wanted, progress);
    return;
  }
  for (const std::string& file : files) {
    if (!fs::is_regular_file(source / file, error)) continue;
    fs::create_directories((into / file).parent_path(), error);
    fs::copy_file(source / file, into / file, error);
    if (error) throw writeFailure(into / file, error.value());
  }
}

void unpackFromPackage(const fs::path& package, std::string_view name_end, const fs::path& into,
                       Progress& progress) {
  TarStream stream(package);
  while (archive_entry* entry = stream.next()) {
    const std::string name = archive_entry_pathname(entry);
    if (!name.ends_with(name_end) || archive_entry_filetype(entry) != AE_IFREG) continue;
    progress.advance(std::nullopt, name);
    stream.extract(entry, into);
    return;
  }
  stream.damaged(fmt::format("it contains no {}", name_end));
}

bool neededForBuild(std::string_view name) {
  const auto file = name.substr(name.rfind('/') + 1);
  for (const char* always : {"Kconfig", "Makefile", "Kbuild"}) {
    if (file.starts_with(always)) return true;
  }
  if (name.starts_with("arch/")) {
    const std::string_view architecture = name.substr(5, name.find('/', 5) - 5);
    return architecture.size() + 5 == name.size() ||
           std::ranges::any_of(architectures::all(), [&](const auto* each) {
             return std::ranges::count(each->source_directories, architecture) != 0;
           });
  }
  // Series may change these, although no build reads them.
  if (name.starts_with("Documentation/")) {
    return name.starts_with("Documentation/filesystems/") || name == kErrseqDocument;
  }
  if (name.starts_with("tools/testing/")) {
    return name.starts_with("tools/testing/selftests/filesystems/");
  }
  constexpr std::array<std::string_view, 6> kUnread = {
      "drivers/gpu/drm/",      "drivers/media/", "drivers/net/ethernet/",
      "drivers/net/wireless/", "sound/",         "tools/perf/"};
  return std::ranges::none_of(kUnread, [&](auto unread) { return name.starts_with(unread); });
}

}  // namespace runner
