// SPDX-License-Identifier: GPL-2.0-only
#include "sys/user_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "sys/setup_error.h"

namespace sys {
namespace {

// What the process answers before it takes requests: 0, or the errno of unshare(2).
int enterNamespaces() {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return errno;
  return 0;
}

bool sendInt(int socket, int value) {
  return ::send(socket, &value, sizeof value, MSG_NOSIGNAL) == sizeof value;
}

int receiveInt(int socket, const char* what) {
  int value = 0;
  const ssize_t count = ::recv(socket, &value, sizeof value, 0);
  if (count != sizeof value) throw SetupError(what, "its process has ended", 0);
  return value;
}

// A request is a message for each of its words, and the flags.
constexpr std::size_t kMaxWord = 4096;

bool receiveWord(int socket, std::string& word) {
  word.resize(kMaxWord);
  const ssize_t count = ::recv(socket, word.data(), word.size(), 0);
  if (count <= 0) return false;
  word.resize(static_cast<std::size_t>(count) - 1);
  return true;
}

// With its final zero, so that an empty word is no empty message, which would look like the end.
void sendWord(int socket, const std::string& word) {
  require(::send(socket, word.c_str(), word.size() + 1, MSG_NOSIGNAL), "send a mount to",
          "the user namespace");
}

// Closes everything else, which the new process would otherwise hold open.
int keepOnly(int descriptor) {
  constexpr int kKept = 3;
  if (descriptor != kKept && ::dup2(descriptor, kKept) < 0) ::_exit(1);
  ::close_range(kKept + 1, ~0U, 0);
  return kKept;
}

[[noreturn]] void serve(int inherited) {
  const int socket = keepOnly(inherited);
  if (!sendInt(socket, enterNamespaces())) ::_exit(1);
  MountRequest request;
  while (receiveWord(socket, request.source) && receiveWord(socket, request.target) &&
         receiveWord(socket, request.type) && receiveWord(socket, request.options)) {
    const int result = ::mount(request.source.c_str(), request.target.c_str(), request.type.c_str(),
                               0, request.options.c_str());
    if (!sendInt(socket, result == 0 ? 0 : errno)) break;
  }
  ::_exit(0);
}

void writeFile(const std::string& path, const std::string& text) {
  const Descriptor file(
      static_cast<int>(require(::open(path.c_str(), O_WRONLY | O_CLOEXEC), "open", path)));
  require(::write(file.get(), text.data(), text.size()), "write", path);
}

}  // namespace

UserNamespace::UserNamespace() {
  int pair[2];
  require(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "socketpair", "AF_UNIX");
  requests_ = Descriptor(pair[0]);
  Descriptor far(pair[1]);
  pid_ = static_cast<pid_t>(require(::fork(), "fork", "for a user namespace"));
  if (pid_ == 0) {
    ::close(pair[0]);
    serve(far.get());
  }
  far = Descriptor();
  try {
    const int error = receiveInt(requests_.get(), "unshare");
    if (error != 0) throw SetupError("unshare", "the user and the mount namespace", error);
    const std::string process = "/proc/" + std::to_string(pid_);
    writeFile(process + "/uid_map", "0 0 65536\n");
    writeFile(process + "/gid_map", "0 0 65536\n");
  } catch (...) {
    end();
    throw;
  }
}

UserNamespace::~UserNamespace() {
  end();
}

void UserNamespace::end() noexcept {
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result UserNamespace::mount(const MountRequest& request) {
  for (const std::string* word :
       {&request.source, &request.target, &request.type, &request.options}) {
    sendWord(requests_.get(), *word);
  }
  const int error = receiveInt(requests_.get(), "mount in the user namespace");
  return error == 0 ? Result::success() : Result::failure(error);
}

std::string UserNamespace::pathOf(const std::string& path) const {
  return "/proc/" + std::to_string(pid_) + "/root" + path;
}

Descriptor UserNamespace::descriptor() const {
  const std::string path = "/proc/" + std::to_string(pid_) + "/ns/user";
  return Descriptor(
      static_cast<int>(require(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open", path)));
}

Mount idmappedMount(const std::string& source, const std::string& target,
                    const UserNamespace& users) {
  const Descriptor tree(static_cast<int>(
      require(::open_tree(AT_FDCWD, source.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC),
              "open_tree", source)));
  const Descriptor namespace_descriptor = users.descriptor();
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_IDMAP;
  attributes.userns_fd = static_cast<std::uint64_t>(namespace_descriptor.get());
  require(::mount_setattr(tree.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes),
          "mount_setattr, MOUNT_ATTR_IDMAP of", source);
  require(::move_mount(tree.get(), "", AT_FDCWD, target.c_str(), MOVE_MOUNT_F_EMPTY_PATH),
          "move_mount to", target);
  return Mount::adopt(target);
}

}  // namespace sys
