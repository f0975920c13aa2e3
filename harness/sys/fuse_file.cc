// SPDX-License-Identifier: GPL-2.0-only
#include "sys/fuse_file.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr const char* kDevice = "/dev/fuse";
constexpr std::uint32_t kMostBytes = 128u << 10;  // of one write
constexpr std::uint64_t kSecondsValid = 1u << 30;

// Answers the kernel until it lets go of the filesystem. The root of the filesystem is the file, so
// there is nothing to look up.
class Server {
 public:
  Server(int connection, std::uint64_t bytes, int error,
         const std::atomic<std::chrono::milliseconds>& delay)
      : connection_(connection), bytes_(bytes), error_(error), delay_(delay) {}

  void run() {
    std::vector<char> request(kMostBytes + 4096);
    for (;;) {
      const ssize_t length = ::read(connection_, request.data(), request.size());
      if (length < 0 && (errno == EINTR || errno == EAGAIN || errno == ENOENT)) continue;
      if (length < static_cast<ssize_t>(sizeof(fuse_in_header))) return;
      fuse_in_header header{};
      std::memcpy(&header, request.data(), sizeof header);
      answer(header, request.data() + sizeof header);
    }
  }

 private:
  void answer(const fuse_in_header& header, const char* body) const {
    switch (header.opcode) {
      case FUSE_INIT:
        return reply(header, greeting(body));
      case FUSE_GETATTR:
        return reply(header, attributes());
      case FUSE_OPEN:
        return reply(header, opened());
      case FUSE_READ: {
        fuse_read_in read{};
        std::memcpy(&read, body, sizeof read);
        return send(header, 0, std::string(read.size, '\0'));
      }
      case FUSE_WRITE:
        std::this_thread::sleep_for(delay_.load());
        return send(header, -error_, {});
      case FUSE_FLUSH:
      case FUSE_FSYNC:
      case FUSE_RELEASE:
        return send(header, 0, {});
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
      case FUSE_INTERRUPT:
        return;  // they have no answer
      default:
        return send(header, -ENOSYS, {});
    }
  }

  static fuse_init_out greeting(const char* body) {
    fuse_init_in asked{};
    std::memcpy(&asked, body, offsetof(fuse_init_in, flags) + sizeof asked.flags);
    fuse_init_out out{};
    out.major = FUSE_KERNEL_VERSION;
    out.minor = std::min<std::uint32_t>(asked.minor, FUSE_KERNEL_MINOR_VERSION);
    out.max_write = kMostBytes;
    return out;
  }

  fuse_attr_out attributes() const {
    fuse_attr_out out{};
    out.attr_valid = kSecondsValid;
    out.attr.ino = FUSE_ROOT_ID;
    out.attr.size = bytes_;
    out.attr.mode = S_IFREG | 0600;
    out.attr.nlink = 1;
    return out;
  }

  static fuse_open_out opened() {
    fuse_open_out out{};
    out.open_flags = FOPEN_DIRECT_IO;
    return out;
  }

  template <typename Body>
  void reply(const fuse_in_header& header, const Body& body) const {
    send(header, 0, {reinterpret_cast<const char*>(&body), sizeof body});
  }

  void send(const fuse_in_header& header, int error, std::string_view body) const {
    fuse_out_header out{.len = static_cast<std::uint32_t>(sizeof out + body.size()),
                        .error = error,
                        .unique = header.unique};
    const iovec parts[] = {{&out, sizeof out}, {const_cast<char*>(body.data()), body.size()}};
    // A caller that was interrupted waits for no answer.
    (void)!::writev(connection_, parts, 2);
  }

  int connection_;
  std::uint64_t bytes_;
  int error_;
  const std::atomic<std::chrono::milliseconds>& delay_;
};

// A file to mount on, for so long as it takes to open what is mounted there.
class Place {
 public:
  explicit Place(int connection) {
    require(::close(static_cast<int>(require(::mkstemp(path_.data()), "mkstemp", path_))), "close",
            path_);
    const std::string options =
        "fd=" + std::to_string(connection) + ",rootmode=100600,user_id=0,group_id=0";
    const int mounted = ::mount("ovl-syncfs", path_.c_str(), "fuse", 0, options.c_str());
    const int error = errno;
    if (mounted == 0) return;
    (void)::unlink(path_.c_str());
    throw SetupError("mount fuse on", path_, error);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (::umount2(path_.c_str(), MNT_DETACH) != 0 || ::unlink(path_.c_str()) != 0) {
      std::cerr << path_ << " is left behind\n";
    }
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/ovl-syncfs-file.XXXXXX";
};

}  // namespace

bool FuseFile::isPossible() {
  return ::access(kDevice, R_OK | W_OK) == 0;
}

FuseFile::FuseFile(std::uint64_t bytes, int error)
    : connection_(static_cast<int>(require(::open(kDevice, O_RDWR | O_CLOEXEC), "open", kDevice))) {
  const Place place(connection_.get());
  const int connection = connection_.get();
  server_ = std::jthread([=, this] { Server(connection, bytes, error, delay_).run(); });
  file_.emplace(place.path());
}

FuseFile::~FuseFile() {
  file_.reset();
}

}  // namespace sys
