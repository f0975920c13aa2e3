// SPDX-License-Identifier: GPL-2.0
// What a filesystem's record says by an enum, and the guest has to do for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "filesystems/filesystem.h"
#include "sys/open_file.h"
#include "sys/sector_range.h"

namespace conformance {

// The sectors that have to fail so that the data of this file cannot be written. Throws SetupError.
std::vector<sys::SectorRange> dataSectors(const filesystems::Filesystem& filesystem,
                                          const sys::File& file, const std::string& path);
// The same in words.
std::string dataInWords(const filesystems::Filesystem& filesystem, const std::string& path);

// What to wait on for the error of a file's writeback, opened while all is well; nothing where
// fsync waits for it. Throws SetupError.
std::optional<sys::File> errorWaiter(const filesystems::Filesystem& filesystem,
                                     const std::string& path);
// Waits until the errors of what was written to the waiter's file are recorded. Throws SetupError.
void waitForErrors(const sys::File& waiter);

// Makes the kernel forget an unmounted device, where it would refuse another state of the same
// filesystem. Throws SetupError.
void forgetDevice(const filesystems::Filesystem& filesystem, const std::string& node);

}  // namespace conformance
