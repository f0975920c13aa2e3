// SPDX-License-Identifier: GPL-2.0-only
// The configuration that a kernel with CONFIG_IKCONFIG=y has in itself.
#pragma once

#include <filesystem>
#include <string>

namespace runner {

// The text of the .config in a kernel image, compressed or not; empty if there is none, or if the
// image is compressed with something that libarchive does not read.
std::string configInImage(const std::filesystem::path& image);

}  // namespace runner
