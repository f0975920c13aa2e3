// SPDX-License-Identifier: GPL-2.0-only
// Reading from the disk itself, whatever is cached.
#pragma once

#include <cstddef>
#include <string>

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

// Opens a file for readDirect(). Throws SetupError.
File directReader(const std::string& path);

// Reads the first bytes of a file, bypassing the page cache, and drops them. bytes: whole blocks.
[[nodiscard]] Result readDirect(const File& reader, std::size_t bytes);

}  // namespace sys
