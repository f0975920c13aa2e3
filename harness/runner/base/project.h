// SPDX-License-Identifier: GPL-2.0
// Project: the checkout that this program belongs to.
#pragma once

#include <filesystem>
#include <string>

namespace runner {

struct Project {
  std::filesystem::path root;          // patches/ and kernel-overlay/ are there
  std::filesystem::path guest;         // the guest program
  std::filesystem::path program = {};  // this one

  // From OVL_SYNCFS_ROOT and OVL_SYNCFS_GUEST, or from this program's own place: it is built as
  // root/build/release/ovl-syncfs, and the guest program beside it. Throws Failure (environment)
  // when root is no checkout.
  static Project find();

  // `git describe` of the checkout, "unknown" when that says nothing.
  std::string version() const;
};

}  // namespace runner
