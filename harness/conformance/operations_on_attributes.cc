// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>

#include <utility>

#include "conformance/calls.h"
#include "conformance/operations.h"
#include "conformance/prepared_calls.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// On a file that has the attribute already.
Preparation onAttribute(long (*call)(int)) {
  return [=](const View& view) {
    File file = view.open("data");
    sys::require(setAttributeOnce(file.descriptor()), "fsetxattr", view.path("data"));
    return callOn(std::move(file), call);
  };
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
      {"IoctlThatGetsExtendedFlags", onData(getExtendedFlagsOnce)},
      {"IoctlThatSetsFlags", onData(setFlagsOnce)},
      {"IoctlThatSetsFlagsOfALowerFile", onFile("lower-file", O_RDONLY, setFlagsOnce)},
      {"Fchmod", onData(chmodOnce)},
      {"Fchown", onData(chownOnce)},
      {"Futimens", onData(touchOnce)},
      {"Fsetxattr", onData(setAttributeOnce)},
      {"Fremovexattr", onAttribute(removeAttributeOnce)},
      // It has none: a layer is asked before anything is changed.
      {"FremovexattrOfALowerFile", onFile("lower-file", O_RDONLY, removeAttributeOnce)},
      {"Fgetxattr", onAttribute(getAttributeOnce)},
      {"Flistxattr", onData(listAttributesOnce)},
      {"FlistxattrOfALowerFile", onFile("lower-file", O_RDONLY, listAttributesOnce)},
      {"FsetxattrOfAnAcl", onAcl("data", O_RDWR, setAclOnce)},
      {"FgetxattrOfAnAcl", onAcl("data", O_RDWR, getAclOnce)},
      {"FremovexattrOfAnAcl", onAcl("data", O_RDWR, removeAclOnce)},
      {"FsetxattrOfAnAclOfADirectory", onAcl("upper-dir", O_RDONLY | O_DIRECTORY, setAclOnce)},
      {"FgetxattrOfAnAclOfADirectory", onAcl("upper-dir", O_RDONLY | O_DIRECTORY, getAclOnce)},
      {"FchmodOfADirectory", onDirectory("upper-dir", chmodOnce)},
      {"FchmodOfALowerDirectory", onDirectory("lower-dir", chmodOnce)},
      {"FchownOfADirectory", onDirectory("upper-dir", chownOnce)},
      {"FutimensOfADirectory", onDirectory("upper-dir", touchOnce)},
      {"FsetxattrOfADirectory", onDirectory("upper-dir", setAttributeOnce)},
      {"FgetxattrOfADirectory", onDirectory("upper-dir", getAttributeOnce)},
      {"FlistxattrOfADirectory", onDirectory("upper-dir", listAttributesOnce)},
      {"IoctlThatGetsFlagsOfADirectory", onDirectory("upper-dir", getFlagsOnce)},
      {"IoctlThatSetsFlagsOfADirectory", onDirectory("upper-dir", setFlagsOnce)},
  };
  return kOperations;
}

}  // namespace conformance
