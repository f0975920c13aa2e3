// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/guest_modules.h"

#include <fmt/format.h>

#include "filesystems/registry.h"
#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/module_tree.h"
#include "runner/run/unable.h"

namespace runner {

namespace fs = std::filesystem;

std::map<std::string, GuestNeeds> needsOf(const Kernel& kernel,
                                          const std::vector<std::string>& filesystems) {
  std::map<std::string, GuestNeeds> needs;
  if (kernel.files.image.empty() || !kernel.machine.architecture->qemu) return needs;
  std::vector<std::string> lacking, lacking_filesystems;
  for (const std::string& name : filesystems) {
    GuestNeeds found = needsOf(kernel.files, filesystems::get(name));
    lacking = found.lacking;  // the same for each
    if (!found.lacking_filesystem.empty()) lacking_filesystems.push_back(found.lacking_filesystem);
    needs.emplace(name, std::move(found));
  }
  // One filesystem is enough.
  const bool none = !filesystems.empty() && lacking_filesystems.size() == filesystems.size();
  if (lacking.empty() && !none) return needs;
  lacking.insert(lacking.end(), lacking_filesystems.begin(), lacking_filesystems.end());
  throw Failure(
      ExitStatus::error,
      lackingInWords(
          kernel.files.release, kernel.files.source, lacking,
          kernel.files.modules.empty() ? "If it has modules, name them with --modules." : ""));
}

std::vector<qemu::PackedFile> packModules(const GuestNeeds& needs, const fs::path& directory) {
  std::vector<qemu::PackedFile> files;
  if (needs.modules.empty()) return files;
  makeDirectories(directory);
  std::string list;  // as conformance/modules.h describes it
  for (const GuestModule& module : needs.modules) {
    std::string name = module.file.filename();
    name.erase(name.find(".ko") + 3);
    const std::string path = "modules/" + name;
    list += fmt::format("{} /{} {}\n", module.needed ? "need" : "may", path, module.parameters);
    files.push_back({path, directory / name});
    decompressModule(module.file, files.back().source);
  }
  files.push_back({"modules/list", directory / "list"});
  writeFileAtomically(files.back().source, list);
  return files;
}

}  // namespace runner
