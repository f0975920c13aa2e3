// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/image_config.h"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

#include "runner/base/mapped_file.h"
#include "sys/interrupt.h"

namespace runner {

namespace {

constexpr std::string_view kConfigMark = "IKCFG_ST";  // kernel/configs.c; a gzip stream follows
// How the compressed kernel in a self-extracting image begins: gzip, xz, zstd, lz4, lzop, bzip2.
constexpr std::array<std::string_view, 6> kMagics = {
    "\x1F\x8B\x08",     std::string_view("\xFD\x37zXZ\0", 6),
    "\x28\xB5\x2F\xFD", "\x02\x21\x4C\x18",
    "\x89LZO",          "BZh"};
constexpr std::size_t kHead = std::size_t{1} << 20;  // bytes; only the decompressor precedes it
constexpr std::size_t kSmallestKernel = std::size_t{1} << 20;  // bytes, uncompressed

// As much as can be decompressed: other data follow a stream in an image.
std::string decompressed(std::string_view data) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                      &archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  std::string text;
  if (archive_read_open_memory(reader.get(), data.data(), data.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return text;
  }
  const void* block = nullptr;
  std::size_t bytes = 0;
  la_int64_t offset = 0;
  while (archive_read_data_block(reader.get(), &block, &bytes, &offset) == ARCHIVE_OK) {
    sys::throwIfInterrupted();
    text.append(static_cast<const char*>(block), bytes);
  }
  return text;
}

std::string configIn(std::string_view kernel) {
  for (auto at = findText(kernel, kConfigMark); at != std::string_view::npos;
       at = findText(kernel, kConfigMark, at + 1)) {
    std::string config = decompressed(kernel.substr(at + kConfigMark.size()));
    if (config.find("\nCONFIG_") != std::string::npos) return config;
  }
  return {};
}

}  // namespace

std::string configInImage(const std::filesystem::path& image) {
  const MappedFile file(image);
  if (std::string config = configIn(file.text()); !config.empty()) return config;
  const std::string_view head = file.text().substr(0, kHead);
  for (const std::string_view magic : kMagics) {
    for (auto at = findText(head, magic); at != std::string_view::npos;
         at = findText(head, magic, at + 1)) {
      const std::string kernel = decompressed(file.text().substr(at));
      if (kernel.size() >= kSmallestKernel) return configIn(kernel);
    }
  }
  return {};
}

}  // namespace runner
