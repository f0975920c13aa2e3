// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/prepared_calls.h"

#include <fcntl.h>

#include <memory>
#include <utility>

namespace conformance {

using sys::File;
using sys::Result;

Call callOn(File open_file, long (*call)(int)) {
  const auto file = std::make_shared<File>(std::move(open_file));
  return [file, call] { return Result::ofCall(call(file->descriptor())); };
}

Preparation onFile(const std::string& name, int flags, long (*call)(int)) {
  return [=](const View& view) { return callOn(view.open(name, flags), call); };
}

Preparation onData(long (*call)(int)) {
  return onFile("data", O_RDWR, call);
}

Preparation onDirectory(const std::string& name, long (*call)(int)) {
  return onFile(name, O_RDONLY | O_DIRECTORY, call);
}

}  // namespace conformance
