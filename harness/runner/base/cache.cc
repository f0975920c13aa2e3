// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gcrypt.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <span>
#include <sstream>
#include <vector>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "sys/interrupt.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr int kLockPollMilliseconds = 100;
constexpr std::string_view kTemporaryPrefix = ".tmp-";

class Sha256 {
 public:
  Sha256() {
    // libgcrypt requires this initialization; secure memory is not needed.
    [[maybe_unused]] static const bool ready =
        gcry_check_version(nullptr) != nullptr && gcry_control(GCRYCTL_DISABLE_SECMEM, 0) == 0 &&
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0) == 0;
    gcry_md_hd_t context = nullptr;
    if (gcry_md_open(&context, GCRY_MD_SHA256, 0) != 0) throw std::bad_alloc();
    context_.reset(context);
  }
  void add(const void* data, std::size_t bytes) { gcry_md_write(context_.get(), data, bytes); }
  std::string finish() {
    const unsigned char* digest = gcry_md_read(context_.get(), GCRY_MD_SHA256);
    return fmt::format("{:02x}", fmt::join(std::span(digest, 32), ""));
  }

 private:
  struct Close {
    void operator()(gcry_md_hd_t context) const { gcry_md_close(context); }
  };
  std::unique_ptr<gcry_md_handle, Close> context_;
};

// Locks without waiting; false when somebody else holds it.
bool tryLock(int fd, const fs::path& file) {
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw writeFailure(file, errno);
  }
  return true;
}

bool sameFile(int fd, const fs::path& path) {
  struct stat opened {
  }, named{};
  return ::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

CacheLock::CacheLock(const fs::path& file)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (!file_) throw writeFailure(file, errno);
}

std::optional<CacheLock> CacheLock::tryOpen(const fs::path& file) {
  CacheLock lock(file);
  if (!tryLock(lock.file_.get(), file)) return std::nullopt;
  return lock;
}

CacheLock::CacheLock(const fs::path& file, const std::function<void()>& on_wait) : CacheLock(file) {
  bool waited = false;
  while (!tryLock(file_.get(), file)) {
    if (!waited && on_wait) on_wait();
    waited = true;
    // flock() cannot be polled; a blocking one would miss an interruption just before it.
    pollfd wake{sys::interruptDescriptor(), POLLIN, 0};
    ::poll(&wake, 1, kLockPollMilliseconds);
    sys::throwIfInterrupted();
  }
}

Cache Cache::open() {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  // The XDG specification says to ignore relative paths.
  if (xdg != nullptr && fs::path(xdg).is_absolute()) return Cache(fs::path(xdg) / "ovl-syncfs");
  if (home == nullptr || *home == '\0') {
    throw Failure(ExitStatus::environment,
                  "there is no place for the cache: set XDG_CACHE_HOME or HOME");
  }
  return Cache(fs::path(home) / ".cache" / "ovl-syncfs");
}

Cache::Cache(fs::path root) : root_(std::move(root)) {
  makeDirectories(root_);
  if (::access(root_.c_str(), W_OK) != 0) throw writeFailure(root_, errno);
  removeLeftovers(root_);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root_, error)) {
    if (entry.is_directory(error)) removeLeftovers(entry.path());
  }
}

fs::path Cache::directory(std::string_view name) const {
  fs::path directory = root_ / name;
  makeDirectories(directory);
  return directory;
}

fs::path Cache::lockFile(std::string_view name) const {
  std::string file(name);
  std::replace(file.begin(), file.end(), '/', '-');
  return directory("locks") / (file + ".lock");
}

CacheLock Cache::lock(std::string_view name, const std::function<void()>& on_wait) const {
  return {lockFile(name), on_wait};
}

std::optional<CacheLock> Cache::tryLock(std::string_view name) const {
  return CacheLock::tryOpen(lockFile(name));
}

std::string hashOfText(std::string_view text) {
  Sha256 hash;
  hash.add(text.data(), text.size());
  return hash.finish();
}

std::string hashOfFile(const fs::path& file) {
  const sys::Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const auto fail = [&] {
    const int error = errno;
    return Failure(ExitStatus::environment, "cannot read {}: {}", file.string(),
                   std::generic_category().message(error));
  };
  if (!fd) throw fail();
  Sha256 hash;
  std::vector<char> block(1u << 20);
  while (true) {
    const ssize_t length = ::read(fd.get(), block.data(), block.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) throw fail();
    if (length == 0) return hash.finish();
    hash.add(block.data(), static_cast<std::size_t>(length));
    sys::throwIfInterrupted();
  }
}

std::string readFile(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TemporaryDirectory::TemporaryDirectory(const fs::path& parent) {
  makeDirectories(parent);
  while (true) {
    std::string name = (parent / kTemporaryPrefix).string() + "XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw writeFailure(parent, errno);
    path_ = name;
    lock_ = sys::Descriptor(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Another run may have removed it before it was locked: try again.
    if (lock_ && tryLock(lock_.get(), path_) && sameFile(lock_.get(), path_)) return;
  }
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void removeLeftovers(const fs::path& parent) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (!entry.path().filename().native().starts_with(kTemporaryPrefix)) continue;
    const sys::Descriptor directory(
        ::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory && tryLock(directory.get(), entry.path())) fs::remove_all(entry.path(), error);
  }
}

bool isInUse(const fs::path& parent) {
  removeLeftovers(parent);
  std::error_code error;
  return std::ranges::any_of(fs::directory_iterator(parent, error), [](const auto& entry) {
    return entry.path().filename().native().starts_with(kTemporaryPrefix);
  });
}

void removeBeside(const fs::path& kept, std::string_view beginning) {
  std::error_code error;
  std::vector<fs::path> files, directories;
  for (const auto& entry : fs::directory_iterator(kept.parent_path(), error)) {
    const std::string name = entry.path().filename();
    if (entry.path() == kept || name.starts_with('.') || !name.starts_with(beginning)) continue;
    (entry.is_directory(error) ? directories : files).push_back(entry.path());
  }
  // Files first: one that describes a directory must not outlive a part of that directory.
  files.insert(files.end(), directories.begin(), directories.end());
  for (const fs::path& each : files) {
    fs::remove_all(each, error);
    if (error) {
      throw Failure(ExitStatus::environment,
                    "cannot remove {} from the cache: {}. Remove it yourself and run again.",
                    each.string(), error.message());
    }
  }
}

void makeFileAtomically(const fs::path& file, const std::function<void(const fs::path&)>& make) {
  const TemporaryDirectory directory(file.parent_path());
  const fs::path temporary = directory.path() / file.filename();
  make(temporary);
  const sys::Descriptor fd(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) throw writeFailure(temporary, errno);
  if (::rename(temporary.c_str(), file.c_str()) != 0) throw writeFailure(file, errno);
}

void writeFileAtomically(const fs::path& file, std::string_view text) {
  makeFileAtomically(file, [&](const fs::path& temporary) {
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw writeFailure(file, errno);
  });
}

}  // namespace runner
