// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/module_tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <endian.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <libkmod.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/kept_entries.h"
#include "sys/descriptor.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// What libkmod reads.
constexpr std::array kIndexes = {"modules.dep.bin", "modules.alias.bin", "modules.symbols.bin",
                                 "modules.builtin.bin"};

// Whether a file is an index that depmod wrote to its end. Its header has three numbers, of which
// the last is what the root has and where it is: last in the file, or nowhere if the index is
// empty.
bool isIndex(const fs::path& file) {
  constexpr std::uint32_t kMagic = 0xB007F457, kMajor = 2, kPlace = 0x0FFFFFFF;
  const std::string text = readFile(file);
  std::array<std::uint32_t, 3> header{};
  if (text.size() < sizeof header) return false;
  std::memcpy(header.data(), text.data(), sizeof header);
  for (std::uint32_t& number : header) number = be32toh(number);
  const bool empty = (header[2] & ~kPlace) == 0;
  return header[0] == kMagic && header[1] >> 16 == kMajor &&
         (empty || (header[2] & kPlace) < text.size());
}

// The first index that libkmod cannot read; empty: it can read all.
fs::path brokenIndexIn(const fs::path& directory) {
  for (const char* index : kIndexes) {
    if (!isIndex(directory / index)) return directory / index;
  }
  return {};
}

bool isModule(const fs::path& file) {
  return file.filename().native().find(".ko") != std::string::npos;
}

// Into a file that is open. into: its name.
void decompress(const fs::path& module, int file, const fs::path& into) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                      &archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(reader.get(), module.c_str(), std::size_t{64} << 10) ==
          ARCHIVE_OK &&
      archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK &&
      archive_read_data_into_fd(reader.get(), file) == ARCHIVE_OK) {
    return;
  }
  const int error = archive_errno(reader.get());
  if (error == ENOSPC || error == EDQUOT) throw writeFailure(into, error);
  const char* why = archive_error_string(reader.get());
  throw Failure(ExitStatus::environment, "cannot decompress {}: {}", module.string(),
                why != nullptr ? why : "it is damaged");
}

// "dm_mod": as the kernel and libkmod write a module's name.
std::string underscored(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string moduleNameOf(const std::string& path) {
  const std::string file = fs::path(path).filename();
  return underscored(file.substr(0, file.find(".ko")));
}

// Of all files, so that a changed one gives another text.
std::string inventoryOf(const fs::path& directory) {
  std::vector<std::string> lines;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
    if (!entry.is_regular_file(error)) continue;
    lines.push_back(fmt::format("{} {} {}", entry.path().string(), entry.file_size(error),
                                entry.last_write_time(error).time_since_epoch().count()));
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

struct FreeList {
  void operator()(kmod_list* list) const { kmod_module_unref_list(list); }
};
using ModuleList = std::unique_ptr<kmod_list, FreeList>;

std::vector<kmod_module*> modulesIn(const ModuleList& list) {
  std::vector<kmod_module*> modules;
  kmod_list* each = nullptr;
  kmod_list_foreach(each, list.get()) {
    // The list keeps it.
    modules.push_back(kmod_module_unref(kmod_module_get_module(each)));
  }
  return modules;
}

}  // namespace

void runDepmod(const fs::path& root, const std::string& release) {
  // Debian's depmod takes a module that is compressed with gzip for one without dependencies.
  std::vector<fs::path> gzipped;
  for (const auto& entry : fs::recursive_directory_iterator(root / "lib/modules" / release)) {
    if (entry.path().native().ends_with(".ko.gz")) gzipped.push_back(entry.path());
  }
  for (const fs::path& module : gzipped) {
    decompressModule(module, fs::path(module).replace_extension());
    fs::remove(module);
  }
  // Without that list, depmod does not write the index that libkmod needs.
  const fs::path builtin = root / "lib/modules" / release / "modules.builtin";
  const bool listed = fs::exists(builtin);
  if (!listed) writeFileAtomically(builtin, "");
  std::string said;
  const sys::Exit exit =
      runLines({{"depmod", "-b", root.string(), release}}, [&](std::string_view line) {
        if (!line.starts_with("depmod: WARNING")) said += '\n' + std::string(line);
      });
  if (!listed) fs::remove(builtin);
  if (exit.ok()) return;
  throw Failure(ExitStatus::environment, "depmod fails for the modules in {}/lib/modules/{}:{}",
                root.string(), release, said);
}

std::string releaseOfModules(const fs::path& directory) {
  std::error_code error;
  for (const auto& each : fs::recursive_directory_iterator(directory, error)) {
    if (!isModule(each.path()) || !each.is_regular_file(error)) continue;
    try {
      const sys::Descriptor file(::memfd_create("module", MFD_CLOEXEC));
      decompress(each.path(), file.get(), each.path());
      const std::string text = readFile(fmt::format("/proc/self/fd/{}", file.get()));
      constexpr std::string_view kKey("\0vermagic=", 10);
      const std::size_t found = text.find(kKey);
      if (found == std::string::npos) return {};
      const std::size_t begin = found + kKey.size();
      return text.substr(begin, text.find_first_of(std::string_view(" \0", 2), begin) - begin);
    } catch (const Failure&) {
      return {};  // perhaps no guest needs this one
    }
  }
  return {};
}

fs::path withDependencies(const fs::path& directory, const std::string& release, const Cache& cache,
                          Progress& progress) {
  std::error_code error;
  if (brokenIndexIn(directory).empty()) return directory;
  const std::string name = "modules-" + hashOfText(directory.string()).substr(0, 12) + '-';
  const fs::path entry =
      cache.directory("packages") / (name + hashOfText(inventoryOf(directory)).substr(0, 12));
  const CacheLock held = cache.lock("packages");
  const fs::path modules = fs::path("lib/modules") / release;
  if (fs::exists(entry, error)) {
    keepEntry(entry);
    return entry / modules;
  }
  progress.step(fmt::format("find the dependencies of the modules in {}", directory.string()));
  const TemporaryDirectory temporary(entry.parent_path());
  const fs::path made = temporary.path() / entry.filename();
  makeDirectories(made / modules);
  for (const auto& each : fs::recursive_directory_iterator(directory)) {
    // depmod writes the other files; it must not write through a link.
    const std::string file = each.path().filename();
    const bool wanted = isModule(file) || file == "modules.order" || file == "modules.builtin" ||
                        file == "modules.builtin.modinfo";
    if (!wanted || !each.is_regular_file(error)) continue;
    const fs::path link = made / modules / each.path().lexically_relative(directory);
    makeDirectories(link.parent_path());
    fs::create_symlink(fs::canonical(each.path()), link);
  }
  runDepmod(made, release);
  fs::rename(made, entry);
  keepEntry(entry);
  return entry / modules;
}

void ModuleTree::Unreference::operator()(kmod_ctx* context) const {
  kmod_unref(context);
}

ModuleTree::ModuleTree(const fs::path& directory) {
  std::ifstream builtin(directory / "modules.builtin");
  lists_builtin_ = builtin.good();
  for (std::string line; std::getline(builtin, line);) builtin_.insert(moduleNameOf(line));
  // libkmod takes only one line for each module.
  std::ifstream softdeps(directory / "modules.softdep");
  for (std::string line; std::getline(softdeps, line);) {
    std::istringstream words(line);
    std::string keyword, module;
    words >> keyword >> module;
    if (keyword != "softdep") continue;
    Soft& soft = soft_[underscored(module)];
    std::vector<std::string>* list = nullptr;
    for (std::string word; words >> word;) {
      if (word == "pre:") {
        list = &soft.before;
      } else if (word == "post:") {
        list = &soft.after;
      } else if (list != nullptr) {
        list->push_back(word);
      }
    }
  }
  // Not the host's configuration in /etc/modprobe.d.
  const char* no_configuration[] = {nullptr};
  context_.reset(kmod_new(directory.c_str(), no_configuration));
  if (context_) {
    // A module that is missing is news to needsOf() alone.
    kmod_set_log_fn(
        context_.get(), [](void*, int, const char*, int, const char*, const char*, va_list) {},
        nullptr);
  }
  const fs::path broken = brokenIndexIn(directory);
  if (context_ && broken.empty() && kmod_load_resources(context_.get()) >= 0) return;
  throw Failure(ExitStatus::environment,
                "libkmod cannot read {}, where depmod writes what modules depend on: run depmod "
                "again, or, if it is in the cache, remove the directory and run this again",
                (broken.empty() ? directory : broken).string());
}

bool ModuleTree::isBuiltin(const std::string& module) const {
  return builtin_.contains(underscored(module));
}

std::vector<ModuleTree::Load> ModuleTree::loadOrder(const std::string& module) const {
  std::set<std::string> seen;
  std::vector<Load> order;
  add(module, false, seen, order);
  if (!seen.contains(underscored(module))) order.clear();
  return order;
}

void ModuleTree::add(const std::string& name, bool soft, std::set<std::string>& seen,
                     std::vector<Load>& order) const {
  kmod_list* found = nullptr;
  if (kmod_module_new_from_lookup(context_.get(), name.c_str(), &found) < 0) return;
  const ModuleList list(found);
  for (kmod_module* module : modulesIn(list)) {
    const ModuleList dependencies(kmod_module_get_dependencies(module));
    std::vector<kmod_module*> all = modulesIn(dependencies);
    all.push_back(module);
    for (kmod_module* each : all) {
      const std::string its_name = kmod_module_get_name(each);
      const char* path = kmod_module_get_path(each);
      // modules.dep may be older than the directory.
      std::error_code error;
      if (path == nullptr || !fs::exists(path, error) || !seen.insert(its_name).second) continue;
      const auto others = soft_.find(its_name);
      if (others != soft_.end()) {
        for (const std::string& before : others->second.before) add(before, true, seen, order);
      }
      order.push_back({path, soft});
      if (others != soft_.end()) {
        for (const std::string& after : others->second.after) add(after, true, seen, order);
      }
    }
  }
}

void decompressModule(const fs::path& module, const fs::path& into) {
  const sys::Descriptor file(::open(into.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) throw writeFailure(into, errno);
  decompress(module, file.get(), into);
}

}  // namespace runner
