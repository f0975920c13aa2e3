// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/trees.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "architectures/registry.h"
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
    knowOnly(root, {"default", "config", "tree"});
    readConfig(root, config_);
    for (const architectures::Architecture* each : architectures::all()) {
      if (config_[each->name].plain.empty()) {
        fail(root, fmt::format("[config.{}] with its \"plain\" is missing", each->name));
      }
    }
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
    tree.config = config_;
    readConfig(table, tree.config);
    return tree;
  }

  // Lays what a table says about the configuration over what is there already.
  void readConfig(const toml::table& table, std::map<std::string, Fragments>& config) const {
    const toml::node* node = table.get("config");
    if (node == nullptr) return;
    if (!node->is_table()) fail(*node, "\"config\" has to be a table of architectures");
    for (const auto& [key, value] : *node->as_table()) {
      const std::string name(key.str());
      if (architectures::find(name) == nullptr) {
        fail(value, fmt::format("unknown architecture \"{}\" (known are {})", name,
                                architectures::names()));
      }
      if (!value.is_table()) {
        fail(value, fmt::format("\"{}\" has to be {{plain, smp, debug}}", name));
      }
      const toml::table& lists = *value.as_table();
      knowOnly(lists, {"plain", "smp", "debug"});
      const auto read = [&](std::string_view list, std::vector<fs::path>& into) {
        if (lists.contains(list)) into = files(lists, list, overlay_ / "config");
      };
      Fragments& fragments = config[name];
      read("plain", fragments.plain);
      read("smp", fragments.smp);
      read("debug", fragments.debug);
    }
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
  std::map<std::string, Fragments> config_;  // of a tree that says nothing else
};

}  // namespace

std::vector<fs::path> Tree::fragments(const architectures::Architecture& architecture, bool debug,
                                      bool smp) const {
  const Fragments& those = config.at(architecture.name);
  std::vector<fs::path> all = those.plain;
  if (smp) all.insert(all.end(), those.smp.begin(), those.smp.end());
  if (debug && those.debug.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--debug: kernel-overlay/trees.toml names no \"debug\" configuration "
                              "for the tree {}",
                              name));
  }
  if (debug) all.insert(all.end(), those.debug.begin(), those.debug.end());
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
