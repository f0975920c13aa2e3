// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/fd_kinds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "conformance/file_handle.h"
#include "conformance/quirks.h"
#include "conformance/skip.h"
#include "sys/listener.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;

// Creates a special file through the subject, unless it exists, and opens it.
File openNode(Subject& subject, const std::string& name, mode_t type, dev_t device, int flags) {
  const std::string path = subject.path(name);
  if (::mknod(path.c_str(), type | 0600, device) != 0 && errno != EEXIST) {
    throw sys::SetupError("mknod", path, errno);
  }
  return subject.open(name, flags | O_NONBLOCK);
}

File openDirectory(Subject& subject, const std::string& name) {
  return subject.open(name, O_RDONLY | O_DIRECTORY);
}

File openLowerOnly(Subject& subject) {
  File file = subject.open("other-lower-file", O_RDONLY);
  mustBeInUpper(subject, "other-lower-file", false);
  return file;
}

File openThenCopyUp(Subject& subject) {
  File file = subject.open("lower-file", O_RDONLY);
  mustBeInUpper(subject, "lower-file", false);
  (void)subject.open("lower-file", O_WRONLY);
  mustBeInUpper(subject, "lower-file", true);
  return file;
}

File openMetacopy(Subject& subject) {
  makeMetacopy(subject);
  return subject.open("lower-file", O_RDONLY);
}

File openBlockDevice(Subject& subject) {
  struct stat status {};
  sys::require(::stat(subject.disk.readOnlyDevice().c_str(), &status), "stat",
               subject.disk.readOnlyDevice());
  return openNode(subject, "block-device", S_IFBLK, status.st_rdev, O_RDONLY);
}

const std::vector<FdKind>& fdKinds() {
  static const std::vector<FdKind> kKinds = {
      {"a file of the upper", false, "", [](Subject& s) { return s.open("data"); }},
      {"a file opened read-only", false, "", [](Subject& s) { return s.open("data", O_RDONLY); }},
      {"a directory of the upper", false, "",
       [](Subject& s) { return openDirectory(s, "upper-dir"); }},
      {"the root directory", false, "", [](Subject& s) { return openDirectory(s, "."); }},
      {"a fifo", false, "", [](Subject& s) { return openNode(s, "fifo", S_IFIFO, 0, O_RDWR); }},
      {"a character device", false, "",
       [](Subject& s) { return openNode(s, "null", S_IFCHR, makedev(1, 3), O_RDWR); }},
      {"a block device", false, "", openBlockDevice},
      {"a lower-only file", true, "", openLowerOnly},
      {"a file copied up after it was opened", true, "", openThenCopyUp},
      {"a lower-only file with two names", true, "",
       [](Subject& s) { return s.open("linked-file", O_RDONLY); }},
      {"a fifo of a lower layer", true, "",
       [](Subject& s) { return s.open("lower-fifo", O_RDWR); }},
      {"a device of a lower layer", true, "",
       [](Subject& s) { return s.open("lower-device", O_RDWR); }},
      {"a merged directory", true, "", [](Subject& s) { return openDirectory(s, "merged-dir"); }},
      {"a lower-only directory", true, "",
       [](Subject& s) { return openDirectory(s, "lower-dir"); }},
      {"a file opened by its descriptor", false, "",
       [](Subject& s) {
         const File file = s.open("data", O_PATH);
         return File("/proc/self/fd/" + std::to_string(file.descriptor()));
       }},
      {"a file opened for a listener", false, "",
       [](Subject& s) { return sys::openedForListener(s.path("data")); }},
      {"a lower-only file opened for a listener", true, "",
       [](Subject& s) { return sys::openedForListener(s.path("other-lower-file")); }},
      {"a metacopy file", true, kMetacopy, openMetacopy},
      {"a file of the upper, by handle", false, kHandles,
       [](Subject& s) { return openByHandle(s, "data", O_RDONLY); }},
      {"a directory of the upper, by handle", false, kHandles,
       [](Subject& s) { return openByHandle(s, "upper-dir", O_RDONLY); }},
      {"a lower-only file, by handle", true, kHandles,
       [](Subject& s) {
         File file = openByHandle(s, "lower-file", O_RDONLY);
         mustBeInUpper(s, "lower-file", false);
         return file;
       }},
  };
  return kKinds;
}

}  // namespace

void mustBeInUpper(const View& view, const std::string& name, bool expected) {
  if ((::access(view.barePath(name).c_str(), F_OK) == 0) != expected) {
    throw sys::SetupError("copy up of",
                          name + (expected ? " did not happen" : " happened too early"), 0);
  }
}

void makeMetacopy(const View& view, const std::string& name) {
  const std::string path = view.path(name);
  sys::require(::chmod(path.c_str(), 0640), "chmod", path);
  const std::string upper = view.barePath(name);
  sys::require(::getxattr(upper.c_str(), "trusted.overlay.metacopy", nullptr, 0),
               "attribute of a metacopy on", upper);
}

File openByHandle(const View& view, const std::string& name, int flags) {
  const std::string path = view.path(name);
  FileHandle handle;
  const sys::Result taken = handle.take(view.open(name, O_PATH));
  if (taken.error() == ENOSYS) skip("the kernel has no file handles (CONFIG_FHANDLE)");
  if (!taken.ok()) throw sys::SetupError("name_to_handle_at", path, taken.error());
  const File mount = view.open(".", O_RDONLY | O_DIRECTORY);
  sys::Descriptor opened = handle.open(mount, flags);
  if (!opened) throw sys::SetupError("open_by_handle_at", path, errno);
  return File(std::move(opened));
}

std::vector<OpenedFd> openEveryKind(Subject& subject, const std::string& overlay_options) {
  std::vector<OpenedFd> opened;
  for (const FdKind& kind : fdKinds()) {
    if (kind.overlay_options != overlay_options) continue;
    if (kind.needs_layers && !subject.isOverlay()) continue;
    if (auto file = kind.open(subject)) opened.push_back({kind.name, std::move(*file)});
  }
  return opened;
}

const View& overlayWithDataOnlyLayer(Subject& subject) {
  const std::string layer = subject.layers.freshDirectory();
  const std::string data_only = subject.layers.freshDirectory();
  const std::string bytes = sys::freshBytes(kDataBytes);
  const sys::Result written = File(data_only + "/blob", O_RDWR | O_CREAT).pwrite(bytes, 0);
  if (!written.ok()) throw sys::SetupError("write", data_only + "/blob", written.error());
  const std::string path = layer + '/' + kDataOnlyFile;
  (void)File(path, O_RDWR | O_CREAT);
  sys::require(::truncate(path.c_str(), kDataBytes), "truncate", path);
  sys::require(::setxattr(path.c_str(), "trusted.overlay.metacopy", "", 0, 0), "setxattr", path);
  sys::require(::setxattr(path.c_str(), "trusted.overlay.redirect", "/blob", 5, 0), "setxattr",
               path);
  const sys::Result result = subject.beside.mountOverlay("metacopy=on,redirect_dir=on",
                                                         {.lower = layer + "::" + data_only});
  if (!result.ok()) {
    throw sys::SetupError("mount", "an overlay with a data-only layer", result.error());
  }
  const View& view = subject.beside.latest();
  char byte = 0;
  const File file = view.open(kDataOnlyFile, O_RDONLY);
  sys::require(::pread(file.descriptor(), &byte, 1, 0), "read", view.path(kDataOnlyFile));
  if (byte != bytes.front()) throw sys::SetupError("read", view.path(kDataOnlyFile), ENODATA);
  return view;
}

File openTemporary(const View& view) {
  try {
    return view.open(".", O_TMPFILE | O_RDWR);
  } catch (const sys::SetupError& error) {
    if (error.error() != EOPNOTSUPP) throw;
    skipFor(filesystems::kernelQuirks(), filesystems::quirk::no_tmpfile);
  }
}

}  // namespace conformance
