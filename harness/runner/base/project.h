// SPDX-License-Identifier: GPL-2.0-only
// Project: the checkout that contains this program.
#pragma once

#include <filesystem>
#include <string>

namespace runner {

struct Project {
  std::filesystem::path root;          // patches/ and kernel-overlay/ are there
  std::filesystem::path guest;         // the guest program
  std::filesystem::path program = {};  // this one

  // From OVL_SYNCFS_ROOT and OVL_SYNCFS_GUEST, or from this program's own location: it is built as
  // root/build/release/ovl-syncfs, with the guest program beside it. Throws Failure (environment)
  // if root is not a checkout.
  static Project find();

  // `git describe` of the checkout, or "unknown".
  std::string version() const;
};

}  // namespace runner
