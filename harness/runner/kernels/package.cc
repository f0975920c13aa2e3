// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/package.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/kept_entries.h"
#include "runner/kernels/module_tree.h"
#include "runner/kernels/package_reader.h"
#include "sys/descriptor.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Part of every key; change it whenever the same package would be unpacked differently.
constexpr std::string_view kUnpackRecipe = "2";
// Modules are compressed in the package or were uncompressed before: what is unpacked from a
// package is at most about five times as large.
constexpr std::uintmax_t kUnpackedFactor = 5;

// No guest needs these, and no module that it needs depends on them; they are most of the modules.
constexpr std::array<std::string_view, 9> kUnneeded = {"kernel/drivers/gpu/",
                                                       "kernel/drivers/infiniband/",
                                                       "kernel/drivers/media/",
                                                       "kernel/drivers/net/",
                                                       "kernel/drivers/staging/",
                                                       "kernel/drivers/usb/",
                                                       "kernel/drivers/iio/",
                                                       "kernel/net/",
                                                       "kernel/sound/"};

// Where to unpack a file to: "lib/modules/6.1.0/modules.order"; empty: not at all.
std::string pathInTree(std::string_view name) {
  if (name.starts_with("usr/lib/modules/")) name.remove_prefix(4);
  if (name.find("..") != std::string_view::npos) return {};
  if (name.starts_with("boot/")) return std::string(name);
  if (!name.starts_with("lib/modules/")) return {};
  const bool unneeded = std::ranges::any_of(
      kUnneeded, [&](auto each) { return name.find(each) != std::string_view::npos; });
  return unneeded ? std::string() : std::string(name);
}

void unpackInto(const fs::path& root, const std::vector<fs::path>& packages, Progress& progress) {
  for (const fs::path& package : packages) {
    progress.step(fmt::format("unpack {}", package.filename().string()));
    PackageReader reader(package);
    while (const auto name = reader.next()) {
      if (const std::string place = pathInTree(*name); !place.empty()) {
        progress.advance(std::nullopt, place);
        reader.extract(root / place);
      }
    }
  }
  std::error_code error;
  for (const auto& modules : fs::directory_iterator(root / "lib/modules", error)) {
    runDepmod(root, modules.path().filename());
  }
}

}  // namespace

fs::path unpackedPackages(const std::vector<fs::path>& packages, const Cache& cache,
                          Progress& progress) {
  std::string key(kUnpackRecipe);
  std::uintmax_t bytes = 0;
  for (const fs::path& package : packages) {
    key += '\n' + hashOfFile(package);
    std::error_code error;
    bytes += fs::file_size(package, error);
  }
  const std::string name = packages.front().stem().string() + '-' + hashOfText(key).substr(0, 12);
  const fs::path directory = cache.directory("packages");
  fs::path entry = directory / name;
  const CacheLock held = cache.lock("packages");
  std::error_code error;
  if (!fs::exists(entry, error)) {
    requireSpace(directory, bytes * kUnpackedFactor, packages.front().filename().string());
    const TemporaryDirectory temporary(directory);
    const fs::path made = temporary.path() / name;
    makeDirectories(made);
    unpackInto(made, packages, progress);
    // So that a power failure leaves no entry with empty files.
    const sys::Descriptor synced(::open(made.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!synced || ::syncfs(synced.get()) != 0) throw writeFailure(made, errno);
    fs::rename(made, entry);
  }
  keepEntry(entry);
  return entry;
}

}  // namespace runner
