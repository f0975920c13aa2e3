// SPDX-License-Identifier: GPL-2.0-only
// What the guest does for the enums in a filesystem's record.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "filesystems/filesystem.h"
#include "sys/open_file.h"
#include "sys/sector_range.h"

namespace conformance {

// The sectors that must fail so that the data of this file cannot be written. Throws SetupError.
std::vector<sys::SectorRange> dataSectors(const filesystems::Filesystem& filesystem,
                                          const sys::File& file, const std::string& path);
// The same in words.
std::string dataInWords(const filesystems::Filesystem& filesystem, const std::string& path);

// The file to wait on until a writeback error is recorded, opened before the fault; none if fsync
// waits for that. Throws SetupError.
std::optional<sys::File> errorWaiter(const filesystems::Filesystem& filesystem,
                                     const std::string& path);
// Waits until the errors of what was written to the waiter's file are recorded. Throws SetupError.
void waitForErrors(const sys::File& waiter);

// Makes the kernel forget an unmounted device if it would refuse another state of the same
// filesystem. Throws SetupError.
void forgetDevice(const filesystems::Filesystem& filesystem, const std::string& node);

}  // namespace conformance
