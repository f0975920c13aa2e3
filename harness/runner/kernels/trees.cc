// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/trees.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "runner/base/failure.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

class Reader {
 public:
  explicit Reader(const fs::path& project)
      : overlay_(project / "kernel-overlay"),
        patches_(project / "patches"),
        file_(overlay_ / "trees.toml") {}

  Trees read() {
    const toml::table root = parse();
    knowOnly(root, {"default", "tree"});
    Trees trees;
    trees.default_name = text(root, "default");
    const toml::node* list = root.get("tree");
    if (list == nullptr || !list->is_array_of_tables()) {
      fail(root, "there is no [[tree]]");
    }
    for (const toml::node& node : *list->as_array()) {
      const toml::table& table = *node.as_table();
      Tree tree = readTree(table);
      if (trees.find(tree.name) != nullptr) fail(table, "a second tree named " + tree.name);
      trees.all.push_back(std::move(tree));
    }
    if (trees.find(trees.default_name) == nullptr) {
      fail(*root.get("default"), "no tree is named " + trees.default_name);
    }
    return trees;
  }

 private:
  [[noreturn]] void fail(const toml::node& where, const std::string& what) const {
    throw Failure(ExitStatus::usage,
                  fmt::format("{}:{}: {}", file_.string(), where.source().begin.line, what));
  }

  toml::table parse() const {
    std::error_code error;
    if (!fs::exists(file_, error)) {
      throw Failure(ExitStatus::usage, fmt::format("{} is missing", file_.string()));
    }
    try {
      return toml::parse_file(file_.string());
    } catch (const toml::parse_error& error) {
      throw Failure(ExitStatus::usage, fmt::format("{}:{}: {}", file_.string(),
                                                   error.source().begin.line, error.description()));
    }
  }

  void knowOnly(const toml::table& table, std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        fail(value,
             fmt::format("unknown key \"{}\" (known here: {})", key.str(), fmt::join(known, ", ")));
      }
    }
  }

  std::string text(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) fail(table, fmt::format("\"{}\" is missing", key));
    const auto value = node->value<std::string>();
    if (!value || value->empty()) fail(*node, fmt::format("\"{}\" has to be a text", key));
    return *value;
  }

  // 0 if it is not there.
  std::size_t bytes(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return 0;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value <= 0) fail(*node, fmt::format("\"{}\" has to be a number of bytes", key));
    return static_cast<std::size_t>(*value);
  }

  std::vector<fs::path> files(const toml::table& table, std::string_view key,
                              const fs::path& folder) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) fail(table, fmt::format("\"{}\" is missing", key));
    const toml::array* list = node->as_array();
    if (list == nullptr) fail(*node, fmt::format("\"{}\" has to be a list of texts", key));
    std::vector<fs::path> result;
    for (const toml::node& item : *list) {
      const auto name = item.value<std::string>();
      if (!name) fail(item, fmt::format("\"{}\" has to be a list of texts", key));
      std::error_code error;
      if (!fs::exists(folder / *name, error)) {
        fail(item, fmt::format("{} does not exist", (folder / *name).string()));
      }
      result.push_back(folder / *name);
    }
    return result;
  }

  Tree readTree(const toml::table& table) const {
    knowOnly(table, {"name", "version", "suites", "fallback", "package", "patches", "series",
                     "tests", "leaves_out", "uml_floating_point_bytes", "config"});
    Tree tree;
    tree.name = text(table, "name");
    tree.version = text(table, "version");
    if (tree.name.find('/') != std::string::npos) {
      fail(*table.get("name"), "a name with a slash is taken for a path");
    }
    if (table.contains("fallback")) tree.fallback = text(table, "fallback");
    if (table.contains("package")) {
      tree.package = text(table, "package");
      if (!tree.fallback.empty()) fail(table, "\"package\" leaves nothing for \"fallback\" to do");
    }
    tree.patches = patches_ / (table.contains("patches") ? text(table, "patches") : tree.name);
    tree.series = files(table, "series", tree.patches);
    if (table.contains("tests")) tree.tests = files(table, "tests", tree.patches);
    if (table.contains("leaves_out")) tree.leaves_out = text(table, "leaves_out");
    tree.uml_floating_point_bytes = bytes(table, "uml_floating_point_bytes");
    readSuites(table, tree);
    const toml::node* config = table.get("config");
    if (config == nullptr || !config->is_table()) fail(table, "\"config\" is missing");
    knowOnly(*config->as_table(), {"uml", "qemu", "debug", "smp"});
    tree.uml_fragments = files(*config->as_table(), "uml", overlay_ / "config");
    tree.qemu_fragments = files(*config->as_table(), "qemu", overlay_ / "config");
    readMore(*config->as_table(), "debug", tree.uml_debug_fragments, tree.qemu_debug_fragments);
    readMore(*config->as_table(), "smp", tree.uml_smp_fragments, tree.qemu_smp_fragments);
    return tree;
  }

  // Fragments that are laid over those of each machine for a kernel of that kind.
  void readMore(const toml::table& config, std::string_view key, std::vector<fs::path>& uml,
                std::vector<fs::path>& qemu) const {
    const toml::node* node = config.get(key);
    if (node == nullptr) return;
    if (!node->is_table()) fail(*node, fmt::format("\"{}\" has to be {{uml, qemu}}", key));
    const toml::table& table = *node->as_table();
    knowOnly(table, {"uml", "qemu"});
    uml = files(table, "uml", overlay_ / "config");
    qemu = files(table, "qemu", overlay_ / "config");
  }

  void readSuites(const toml::table& table, Tree& tree) const {
    const toml::node* node = table.get("suites");
    if (node == nullptr || !node->is_array_of_tables()) {
      fail(table, "\"suites\" has to be a list of {archive, suite}");
    }
    for (const toml::node& item : *node->as_array()) {
      const toml::table& entry = *item.as_table();
      knowOnly(entry, {"archive", "suite", "component"});
      Suite suite;
      suite.archive = text(entry, "archive");
      suite.name = text(entry, "suite");
      if (entry.contains("component")) suite.component = text(entry, "component");
      if (suite.archive != "debian" && suite.archive != "debian-security") {
        fail(entry, fmt::format("the archive \"{}\" is neither \"debian\" nor "
                                "\"debian-security\"",
                                suite.archive));
      }
      tree.suites.push_back(suite);
    }
  }

  fs::path overlay_, patches_, file_;
};

}  // namespace

std::vector<fs::path> Tree::fragments(qemu::Kind machine, bool debug, bool smp) const {
  const bool uml = machine == qemu::Kind::userModeLinux;
  std::vector<fs::path> all = uml ? uml_fragments : qemu_fragments;
  if (smp) {
    const auto& several = uml ? uml_smp_fragments : qemu_smp_fragments;
    all.insert(all.end(), several.begin(), several.end());
  }
  if (!debug) return all;
  const auto& more = uml ? uml_debug_fragments : qemu_debug_fragments;
  if (more.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--debug: kernel-overlay/trees.toml names no \"debug\" configuration "
                              "for the tree {}",
                              name));
  }
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void Tree::keepSeries(const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::vector<std::string> known;
  for (const fs::path& folder : series) known.push_back(folder.filename().string());
  for (const std::string& wanted : names) {
    if (std::find(known.begin(), known.end(), wanted) != known.end()) continue;
    throw Failure(ExitStatus::usage, fmt::format("'{}' is no series of {}. It has {}", wanted, name,
                                                 fmt::join(known, ", ")));
  }
  std::erase_if(series, [&](const fs::path& folder) {
    return std::find(names.begin(), names.end(), folder.filename().string()) == names.end();
  });
}

std::optional<Tree> Tree::withTest(const std::string& name) const {
  for (const fs::path& folder : tests) {
    if (folder.filename() != name) continue;
    Tree tree = *this;
    tree.series = {folder};
    tree.tests.clear();
    tree.is_test = true;
    return tree;
  }
  return std::nullopt;
}

const Tree* Trees::find(const std::string& name) const {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Tree& tree) { return tree.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const Tree& Trees::named(const std::string& name) const {
  if (const Tree* tree = find(name)) return *tree;
  throw Failure(ExitStatus::usage,
                fmt::format("there is no tree \"{}\": known are {}", name, names()));
}

std::string Trees::names() const {
  std::string text;
  for (const Tree& tree : all) text += (text.empty() ? "" : ", ") + tree.name;
  return text;
}

Trees loadTrees(const fs::path& project) {
  return Reader(fs::absolute(project)).read();
}

}  // namespace runner
