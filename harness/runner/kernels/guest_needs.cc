// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/guest_needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

#include "runner/kernels/module_tree.h"

namespace runner {

namespace {

enum class Importance {
  indispensable,  // no case can run without it
  channel,        // without one of these, there are no verdicts
  useful          // without it, the guest does something else, or a case is skipped
};

struct Need {
  std::string what;
  std::string config;  // "CONFIG_BLK_DEV_DM"
  std::string module;  // empty: it cannot be a module
  Importance importance = Importance::indispensable;
  std::string parameters = {};
};

// The verdicts have the second line; CONFIG_SERIAL_8250_RUNTIME_UARTS may be 1.
constexpr const char* kSerialLines = "nr_uarts=4";

// In the order in which they load.
std::vector<Need> allNeeds() {
  using enum Importance;
  return {
      {"an initramfs", "CONFIG_BLK_DEV_INITRD", ""},
      {"ELF programs", "CONFIG_BINFMT_ELF", ""},
      {"/proc", "CONFIG_PROC_FS", ""},
      {"/sys", "CONFIG_SYSFS", ""},
      {"/dev", "CONFIG_DEVTMPFS", ""},
      {"tmpfs", "CONFIG_TMPFS", ""},
      {"extended attributes on tmpfs", "CONFIG_TMPFS_XATTR", ""},
      {"file handles", "CONFIG_FHANDLE", ""},
      {"file locks", "CONFIG_FILE_LOCKING", ""},
      {"fadvise and madvise", "CONFIG_ADVISE_SYSCALLS", ""},
      {"local sockets", "CONFIG_UNIX", ""},
      {"virtio on PCI", "CONFIG_VIRTIO_PCI", "virtio_pci"},
      {"virtio disks", "CONFIG_VIRTIO_BLK", "virtio_blk"},
      {"virtio consoles", "CONFIG_VIRTIO_CONSOLE", "virtio_console", channel},
      {"serial lines", "CONFIG_SERIAL_8250", "8250", channel, kSerialLines},
      {"device-mapper", "CONFIG_BLK_DEV_DM", "dm_mod"},
      {"dm-snapshot", "CONFIG_DM_SNAPSHOT", "dm_snapshot", useful},
      {"dm-switch", "CONFIG_DM_SWITCH", "dm_switch", useful},
      {"dm-flakey", "CONFIG_DM_FLAKEY", "dm_flakey", useful},
      {"dm-log-writes", "CONFIG_DM_LOG_WRITES", "dm_log_writes", useful},
      {"dm-thin", "CONFIG_DM_THIN_PROVISIONING", "dm_thin_pool", useful},
      {"FUSE", "CONFIG_FUSE_FS", "fuse", useful},
      {"loop devices", "CONFIG_BLK_DEV_LOOP", "loop", useful},
      // One disk for 512 MiB of writes, as the kernels that we build have it.
      {"RAM disks", "CONFIG_BLK_DEV_RAM", "brd", useful, "rd_nr=1 rd_size=524288"},
      {"overlayfs", "CONFIG_OVERLAY_FS", "overlay"},
  };
}

class KernelContent {
 public:
  explicit KernelContent(const KernelFiles& kernel) : kernel_(kernel) {
    if (!kernel.modules.empty()) tree_.emplace(kernel.modules);
    std::istringstream config(kernel.config);
    for (std::string line; std::getline(config, line);) {
      if (line.starts_with("CONFIG_")) config_.insert(line);
    }
  }

  // Why the kernel does not have it; empty if it does, or if that is not known. Adds the modules.
  std::string add(const Need& need, std::vector<GuestModule>& modules) const {
    const bool known = !config_.empty();
    const bool is_module = config_.contains(need.config + "=m");
    if (config_.contains(need.config + "=y")) return {};
    if (known && !is_module) return fmt::format("{} ({})", need.what, need.config);
    if (need.module.empty()) return {};
    if (!tree_) {
      if (!is_module) return {};
      return fmt::format("{} ({}=m, and there are no modules{})", need.what, need.config,
                         kernel_.release.empty() ? "" : " of " + kernel_.release);
    }
    if (tree_->isBuiltin(need.module)) return {};
    const auto order = tree_->loadOrder(need.module);
    if (order.empty()) {
      if (!is_module && !tree_->listsBuiltin()) return {};
      return fmt::format("{} ({}{})", need.what, need.config,
                         is_module ? "=m, and the module " + need.module + " is missing" : "");
    }
    addFiles(order, need, modules);
    return {};
  }

 private:
  static void addFiles(const std::vector<ModuleTree::Load>& order, const Need& need,
                       std::vector<GuestModule>& modules) {
    for (const ModuleTree::Load& load : order) {
      const auto found = std::ranges::find(modules, load.file, &GuestModule::file);
      const bool needed = !load.soft && need.importance == Importance::indispensable;
      if (found == modules.end()) {
        const bool last = &load == &order.back();
        modules.push_back({load.file, needed, last ? need.parameters : ""});
      } else if (needed) {
        found->needed = true;
      }
    }
  }

  const KernelFiles& kernel_;
  std::optional<ModuleTree> tree_;
  std::set<std::string> config_;  // its lines that set something
};

}  // namespace

GuestNeeds needsOf(const KernelFiles& kernel, const filesystems::Filesystem& filesystem) {
  const KernelContent content(kernel);
  GuestNeeds needs;
  std::vector<std::string> channels;
  std::size_t possible_channels = 0;
  for (const Need& need : allNeeds()) {
    const std::string lacking = content.add(need, needs.modules);
    if (need.importance == Importance::channel) ++possible_channels;
    if (lacking.empty() || need.importance == Importance::useful) continue;
    (need.importance == Importance::channel ? channels : needs.lacking).push_back(lacking);
  }
  if (channels.size() == possible_channels) {
    needs.lacking.push_back(
        fmt::format("a channel for the verdicts: {}", fmt::join(channels, " or ")));
  }
  std::vector<filesystems::KernelOption> options = {{filesystem.config, filesystem.module}};
  std::ranges::copy(filesystem.more_config, std::back_inserter(options));
  for (const filesystems::KernelOption& option : options) {
    const std::string lacking = content.add(
        {.what = filesystem.name, .config = option.config, .module = option.module}, needs.modules);
    if (needs.lacking_filesystem.empty()) needs.lacking_filesystem = lacking;
  }
  return needs;
}

}  // namespace runner
