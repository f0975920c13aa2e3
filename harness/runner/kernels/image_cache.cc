// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/image_cache.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "architectures/registry.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr const char* kImage = "image";
constexpr const char* kConfig = "config";
constexpr const char* kInfo = "kernel.json";
constexpr std::pair<const char*, std::string KernelIdentity::*> kTexts[] = {
    {"tree", &KernelIdentity::tree},        {"release", &KernelIdentity::release},
    {"source", &KernelIdentity::source},    {"series", &KernelIdentity::series},
    {"key", &KernelIdentity::key},          {"config_hash", &KernelIdentity::config_hash},
    {"compiler", &KernelIdentity::compiler}};

struct ImageStamp {
  std::int64_t bytes = -1, nanoseconds = -1;  // size, and time of the last change
};

ImageStamp imageStampOf(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_size,
          std::int64_t{status.st_mtim.tv_sec} * 1000000000 + status.st_mtim.tv_nsec};
}

void removeAll(const std::vector<fs::path>& directories) {
  std::error_code ignored;
  for (const fs::path& directory : directories) fs::remove_all(directory, ignored);
}

}  // namespace

std::optional<KernelIdentity> ImageCache::find(
    const std::string& name, const std::function<void(const std::string&)>& on_damage) const {
  const fs::path directory = root_ / name;
  std::error_code error;
  if (!fs::exists(directory, error)) return std::nullopt;
  const auto damaged = [&](const std::string& how) -> std::optional<KernelIdentity> {
    if (on_damage) {
      on_damage(fmt::format("the cached kernel is damaged and will be rebuilt: {} {}",
                            directory.string(), how));
    }
    return std::nullopt;
  };
  std::ifstream in(directory / kInfo);
  if (!in) return damaged("has no kernel.json");
  const auto json = nlohmann::json::parse(in, nullptr, false);
  if (!json.is_object()) return damaged("has a truncated kernel.json");
  const fs::path image = directory / kImage;
  const ImageStamp stamp = imageStampOf(image);
  if (stamp.bytes < 0) return damaged("has no image");
  if (!fs::exists(directory / kConfig, error)) return damaged("has no config");
  if (stamp.bytes != json.value("bytes", std::int64_t{0})) return damaged("has a truncated image");
  if (stamp.nanoseconds != json.value("nanoseconds", std::int64_t{0}) &&
      hashOfFile(image) != json.value("sha256", "")) {
    return damaged("has a modified image");
  }
  KernelIdentity identity;
  for (const auto& [key, member] : kTexts) identity.*member = json.value(key, "");
  identity.fuzzy = json.value("fuzzy", std::vector<std::string>());
  identity.moved = json.value("moved", std::vector<std::string>());
  identity.image = image.string();
  return identity;
}

KernelIdentity ImageCache::keep(const std::string& name, const std::string& family,
                                const fs::path& image, const fs::path& config,
                                KernelIdentity identity, std::size_t kept) const {
  const TemporaryDirectory temporary(root_);
  const fs::path made = temporary.path() / name;
  fs::create_directory(made);
  for (const auto& [from, to] : {std::pair(image, kImage), std::pair(config, kConfig)}) {
    // This syncs, so that a power failure leaves no entry with an empty image.
    makeFileAtomically(made / to,
                       [&source = from](const fs::path& file) { fs::copy_file(source, file); });
  }
  identity.config_hash = hashOfFile(config);
  const ImageStamp stamp = imageStampOf(made / kImage);
  nlohmann::json json = {{"fuzzy", identity.fuzzy},
                         {"moved", identity.moved},
                         {"bytes", stamp.bytes},
                         {"nanoseconds", stamp.nanoseconds},
                         {"sha256", hashOfFile(made / kImage)}};
  for (const auto& [key, member] : kTexts) json[key] = identity.*member;
  writeFileAtomically(made / kInfo, json.dump(2) + '\n');
  // A directory can't be renamed over one that isn't empty.
  const fs::path target = root_ / name;
  std::error_code error;
  if (fs::exists(target, error)) fs::rename(target, temporary.path() / "before");
  fs::rename(made, target);
  identity.image = (target / kImage).string();
  std::vector<fs::path> old = entries(family);
  old.resize(old.size() - std::min(old.size(), kept));
  removeAll(old);
  return identity;
}

void ImageCache::forgetMutants(const std::string& beginning,
                               const std::vector<std::string>& names) const {
  // What may follow a mutant's name, so that no name matches as the prefix of another.
  std::vector<std::string> labels = {"-debug-", "-distro-", "-smp-"};
  for (const auto* each : architectures::all())
    labels.push_back(fmt::format("-{}-", each->cache_name));
  std::vector<fs::path> unwanted = entries(beginning);
  for (const std::string& name : names) {
    for (const std::string& label : labels) {
      std::erase_if(unwanted, [&, kept = fmt::format("{}{}{}", beginning, name, label)](
                                  const fs::path& entry) {
        return entry.filename().native().starts_with(kept);
      });
    }
  }
  removeAll(unwanted);
}

std::vector<fs::path> ImageCache::entries(const std::string& beginning) const {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root_)) {
    if (entry.path().filename().native().starts_with(beginning)) found.push_back(entry.path());
  }
  std::ranges::sort(found, {}, [](const fs::path& entry) {
    return std::pair(fs::last_write_time(entry), entry);
  });
  return found;
}

}  // namespace runner
