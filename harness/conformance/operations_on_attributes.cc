// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

#include "conformance/operations.h"
#include "conformance/prepared_calls.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// In a namespace for which the VFS checks no permission of the file: only the filesystem can fail.
constexpr const char* kAttribute = "trusted.attribute";
constexpr const char* kAcl = "system.posix_acl_access";

long getFlagsOnce(int file) {
  int flags = 0;
  return ::ioctl(file, FS_IOC_GETFLAGS, &flags);
}

long setFlagsOnce(int file) {
  const int flags = FS_NODUMP_FL;
  return ::ioctl(file, FS_IOC_SETFLAGS, &flags);
}

long setAttributeOnce(int file) {
  return ::fsetxattr(file, kAttribute, "x", 1, 0);
}

long getAttributeOnce(int file) {
  char byte = 0;
  return ::fgetxattr(file, kAttribute, &byte, 1);
}

long listAttributesOnce(int file) {
  return ::flistxattr(file, nullptr, 0);
}

long removeAttributeOnce(int file) {
  return ::fremovexattr(file, kAttribute);
}

// On a file that has the attribute already.
Preparation onAttribute(long (*call)(int)) {
  return [=](const View& view) {
    File file = view.open("data");
    sys::require(setAttributeOnce(file.descriptor()), "fsetxattr", view.path("data"));
    return callOn(std::move(file), call);
  };
}

long setAclOnce(int file) {
  struct Entry {
    std::uint16_t tag, permissions;
    std::uint32_t id;
  };
  // As in <linux/posix_acl_xattr.h>: the owner, user 1, the group, the mask, all others.
  struct {
    std::uint32_t version = 2;
    std::array<Entry, 5> entries = {
        {{0x01, 6, ~0u}, {0x02, 4, 1}, {0x04, 4, ~0u}, {0x10, 4, ~0u}, {0x20, 0, ~0u}}};
  } acl;
  return ::fsetxattr(file, kAcl, &acl, sizeof acl, 0);
}

long getAclOnce(int file) {
  return ::fgetxattr(file, kAcl, nullptr, 0);
}

long removeAclOnce(int file) {
  return ::fremovexattr(file, kAcl);
}

// On a file that has an ACL already.
Preparation onAcl(const std::string& name, int flags, long (*call)(int)) {
  return [=](const View& view) {
    File file = view.open(name, flags);
    const Result set = Result::ofCall(setAclOnce(file.descriptor()));
    if (set.error() == EOPNOTSUPP) throw NoAcls();
    if (!set.ok()) throw sys::SetupError("fsetxattr", kAcl, set.error());
    return callOn(std::move(file), call);
  };
}

}  // namespace

const std::vector<Operation>& operationsOnAttributes() {
  static const std::vector<Operation> kOperations = {
      {"IoctlThatGetsFlags", onData(getFlagsOnce)},
      {"IoctlThatGetsExtendedFlags", onData([](int f) -> long {
         fsxattr attributes{};
         return ::ioctl(f, FS_IOC_FSGETXATTR, &attributes);
       })},
      {"IoctlThatSetsFlags", onData(setFlagsOnce)},
      {"IoctlThatSetsFlagsOfALowerFile", onFile("lower-file", O_RDONLY, setFlagsOnce)},
      {"Fchmod", onData([](int f) -> long { return ::fchmod(f, 0640); })},
      {"Fchown", onData([](int f) -> long { return ::fchown(f, 1, 1); })},
      {"Futimens", onData([](int f) -> long { return ::futimens(f, nullptr); })},
      {"Fsetxattr", onData(setAttributeOnce)},
      {"Fremovexattr", onAttribute(removeAttributeOnce)},
      // It has none: a layer is asked before anything is changed.
      {"FremovexattrOfALowerFile", onFile("lower-file", O_RDONLY, removeAttributeOnce)},
      {"Fgetxattr", onAttribute(getAttributeOnce)},
      {"Flistxattr", onData(listAttributesOnce)},
      {"FsetxattrOfAnAcl", onAcl("data", O_RDWR, setAclOnce)},
      {"FgetxattrOfAnAcl", onAcl("data", O_RDWR, getAclOnce)},
      {"FremovexattrOfAnAcl", onAcl("data", O_RDWR, removeAclOnce)},
      {"FsetxattrOfAnAclOfADirectory", onAcl("upper-dir", O_RDONLY | O_DIRECTORY, setAclOnce)},
      {"FgetxattrOfAnAclOfADirectory", onAcl("upper-dir", O_RDONLY | O_DIRECTORY, getAclOnce)},
      {"FchmodOfADirectory",
       onDirectory("upper-dir", [](int f) -> long { return ::fchmod(f, 0750); })},
      {"FchmodOfALowerDirectory",
       onDirectory("lower-dir", [](int f) -> long { return ::fchmod(f, 0750); })},
      {"FchownOfADirectory",
       onDirectory("upper-dir", [](int f) -> long { return ::fchown(f, 1, 1); })},
      {"FutimensOfADirectory",
       onDirectory("upper-dir", [](int f) -> long { return ::futimens(f, nullptr); })},
      {"FsetxattrOfADirectory", onDirectory("upper-dir", setAttributeOnce)},
      {"FgetxattrOfADirectory", onDirectory("upper-dir", getAttributeOnce)},
      {"FlistxattrOfADirectory", onDirectory("upper-dir", listAttributesOnce)},
      {"IoctlThatGetsFlagsOfADirectory", onDirectory("upper-dir", getFlagsOnce)},
      {"IoctlThatSetsFlagsOfADirectory", onDirectory("upper-dir", setFlagsOnce)},
  };
  return kOperations;
}

}  // namespace conformance
