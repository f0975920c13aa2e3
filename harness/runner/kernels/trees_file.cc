// SPDX-License-Identifier: GPL-2.0-only
// Reads kernel-overlay/trees.toml.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string_view>

#include "architectures/registry.h"
#include "requirements/requirements.h"
#include "runner/base/failure.h"
#include "runner/kernels/trees.h"

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
    knowOnly(root, {"default", "config", "series", "tree"});
    readConfig(root, config_);
    for (const architectures::Architecture* each : architectures::all()) {
      if (config_[each->name].plain.empty()) {
        fail(root, fmt::format("[config.{}] with its \"plain\" is missing", each->name));
      }
    }
    Trees trees;
    trees.default_name = text(root, "default");
    for (const toml::node& node : tables(root, "series")) {
      trees.series.push_back(readSeriesEntry(*node.as_table(), trees.series));
    }
    for (const toml::node& node : tables(root, "tree")) {
      const toml::table& table = *node.as_table();
      Tree tree = readTree(table);
      leaveOut(table, tree, trees.series);
      if (trees.find(tree.name) != nullptr) fail(table, "a second tree named " + tree.name);
      trees.all.push_back(std::move(tree));
    }
    leaveOutGuardsOfDrafts(trees);
    if (trees.find(trees.default_name) == nullptr) {
      fail(*root.get("default"), "no tree is named " + trees.default_name);
    }
    return trees;
  }

 private:
  [[noreturn]] void fail(const toml::node& where, const std::string& what) const {
    throw Failure(ExitStatus::usage, "{}:{}: {}", file_.string(), where.source().begin.line, what);
  }

  toml::table parse() const {
    std::error_code error;
    if (!fs::exists(file_, error)) {
      throw Failure(ExitStatus::usage, "{} is missing", file_.string());
    }
    try {
      return toml::parse_file(file_.string());
    } catch (const toml::parse_error& error) {
      throw Failure(ExitStatus::usage, "{}:{}: {}", file_.string(), error.source().begin.line,
                    error.description());
    }
  }

  void knowOnly(const toml::table& table, std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table) {
      if (std::ranges::count(known, key.str()) == 0) {
        fail(value,
             fmt::format("unknown key \"{}\" (known here: {})", key.str(), fmt::join(known, ", ")));
      }
    }
  }

  const toml::array& tables(const toml::table& root, std::string_view key) const {
    const toml::node* list = root.get(key);
    if (list == nullptr || !list->is_array_of_tables()) {
      fail(root, fmt::format("there is no [[{}]]", key));
    }
    return *list->as_array();
  }

  std::string text(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) fail(table, fmt::format("\"{}\" is missing", key));
    const auto value = node->value<std::string>();
    if (!value || value->empty()) fail(*node, fmt::format("\"{}\" must be a string", key));
    return *value;
  }

  std::string textOr(const toml::table& table, std::string_view key, std::string other) const {
    return table.contains(key) ? text(table, key) : std::move(other);
  }

  // 0 if the key is missing.
  std::size_t bytes(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return 0;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value <= 0) fail(*node, fmt::format("\"{}\" must be a number of bytes", key));
    return static_cast<std::size_t>(*value);
  }

  // Calls use(word, node) for each string of a list.
  void eachText(const toml::table& table, std::string_view key, const auto& use) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) fail(table, fmt::format("\"{}\" is missing", key));
    const toml::array* list = node->as_array();
    if (list == nullptr) fail(*node, fmt::format("\"{}\" must be a list of strings", key));
    for (const toml::node& item : *list) {
      const auto word = item.value<std::string>();
      if (!word) fail(item, fmt::format("\"{}\" must be a list of strings", key));
      use(*word, item);
    }
  }

  std::vector<fs::path> files(const toml::table& table, std::string_view key,
                              const fs::path& directory) const {
    std::vector<fs::path> result;
    eachText(table, key, [&](const std::string& name, const toml::node& item) {
      std::error_code error;
      if (!fs::exists(directory / name, error)) {
        fail(item, fmt::format("{} does not exist", (directory / name).string()));
      }
      result.push_back((directory / name).lexically_normal());
    });
    return result;
  }

  // Ids of requirements; a letter stands for all that begin with it.
  std::vector<std::string> ids(const toml::table& table, std::string_view key) const {
    std::vector<std::string> result;
    eachText(table, key, [&](const std::string& word, const toml::node& item) {
      const auto meant = requirements::idsOf(word);
      if (meant.empty()) {
        fail(item, fmt::format("Documentation/semantics.md has no requirement {}", word));
      }
      result.insert(result.end(), meant.begin(), meant.end());
    });
    return result;
  }

  SeriesEntry readSeriesEntry(const toml::table& table,
                              const std::vector<SeriesEntry>& before) const {
    knowOnly(table, {"name", "requirements", "guards"});
    SeriesEntry entry{text(table, "name"), ids(table, "requirements"), {}};
    if (table.contains("guards")) entry.guards = ids(table, "guards");
    for (const std::string& id : entry.guards) {
      if (std::erase(entry.proves, id) == 0) {
        fail(table, fmt::format("\"guards\" has {} but \"requirements\" does not", id));
      }
    }
    if (std::ranges::count(before, entry.name, &SeriesEntry::name) != 0) {
      fail(table, "a second series named " + entry.name);
    }
    return entry;
  }

  // What holds without a series is asked of every tree, but not if all that have the series have it
  // as a draft: nobody may have tried it on the others.
  static void leaveOutGuardsOfDrafts(Trees& trees) {
    for (const SeriesEntry& entry : trees.series) {
      const auto has = [&](const Tree& tree) { return tree.applies(entry.name); };
      const auto drafts = [&](const Tree& tree) { return tree.of_drafts.contains(entry.name); };
      if (std::ranges::any_of(trees.all, has) || std::ranges::none_of(trees.all, drafts)) continue;
      for (Tree& tree : trees.all) {
        tree.left_out.insert(tree.left_out.end(), entry.guards.begin(), entry.guards.end());
        if (!drafts(tree)) continue;
        auto& own = tree.of_drafts.at(entry.name);
        own.insert(own.end(), entry.guards.begin(), entry.guards.end());
      }
    }
  }

  // Leaves out the requirements of the series that a tree does not have, or has as drafts.
  void leaveOut(const toml::table& table, Tree& tree,
                const std::vector<SeriesEntry>& entries) const {
    std::set<std::string> own, drafts;
    for (const fs::path& directory : tree.series) own.insert(directory.filename());
    for (const fs::path& directory : tree.drafts) drafts.insert(directory.filename());
    for (const SeriesEntry& entry : entries) {
      if (own.erase(entry.name) != 0) continue;
      tree.left_out.insert(tree.left_out.end(), entry.proves.begin(), entry.proves.end());
      if (drafts.contains(entry.name)) tree.of_drafts[entry.name] = entry.proves;
    }
    if (!own.empty()) {
      fail(*table.get("series"), fmt::format("there is no [[series]] named {}", *own.begin()));
    }
  }

  Tree readTree(const toml::table& table) const {
    knowOnly(table, {"name", "version", "suites", "fallback", "package", "patches", "series",
                     "drafts", "tests", "uml_floating_point_bytes", "config"});
    Tree tree;
    tree.name = text(table, "name");
    tree.version = text(table, "version");
    if (tree.name.contains('/')) {
      fail(*table.get("name"), "a name with a slash is taken for a path");
    }
    tree.fallback = textOr(table, "fallback", "");
    tree.package = textOr(table, "package", "");
    if (!tree.package.empty() && !tree.fallback.empty()) {
      fail(table, "\"fallback\" has no effect with \"package\"");
    }
    tree.patches = patches_ / textOr(table, "patches", tree.name);
    tree.series = files(table, "series", tree.patches);
    if (table.contains("drafts")) tree.drafts = files(table, "drafts", tree.patches);
    if (table.contains("tests")) tree.tests = files(table, "tests", tree.patches);
    tree.uml_floating_point_bytes = bytes(table, "uml_floating_point_bytes");
    readSuites(table, tree);
    tree.config = config_;
    readConfig(table, tree.config);
    return tree;
  }

  // Overrides the configuration with what a table says.
  void readConfig(const toml::table& table, std::map<std::string, Fragments>& config) const {
    const toml::node* node = table.get("config");
    if (node == nullptr) return;
    if (!node->is_table()) fail(*node, "\"config\" must be a table of architectures");
    for (const auto& [key, value] : *node->as_table()) {
      const std::string name(key.str());
      if (architectures::find(name) == nullptr) {
        fail(value, fmt::format("unknown architecture \"{}\" (known are {})", name,
                                architectures::names()));
      }
      if (!value.is_table()) {
        fail(value, fmt::format("\"{}\" must be {{plain, smp, debug, distro, engines}}", name));
      }
      const toml::table& lists = *value.as_table();
      knowOnly(lists, {"plain", "smp", "debug", "distro", "engines", "profiles"});
      const auto read = [&](std::string_view list, std::vector<fs::path>& into) {
        if (lists.contains(list)) into = files(lists, list, overlay_ / "config");
      };
      Fragments& fragments = config[name];
      read("plain", fragments.plain);
      read("smp", fragments.smp);
      for (const char* lane : {"debug", "distro", "engines", "profiles"})
        read(lane, fragments.lanes[lane]);
    }
  }

  void readSuites(const toml::table& table, Tree& tree) const {
    const toml::node* node = table.get("suites");
    if (node == nullptr || !node->is_array_of_tables()) {
      fail(table, "\"suites\" must be a list of {archive, suite}");
    }
    for (const toml::node& item : *node->as_array()) {
      const toml::table& entry = *item.as_table();
      knowOnly(entry, {"archive", "suite", "component"});
      Suite suite{text(entry, "archive"), text(entry, "suite"), textOr(entry, "component", "main")};
      if (suite.archive != "debian" && suite.archive != "debian-security") {
        fail(entry, fmt::format("the archive \"{}\" is neither \"debian\" nor "
                                "\"debian-security\"",
                                suite.archive));
      }
      tree.suites.push_back(std::move(suite));
    }
  }

  fs::path overlay_, patches_, file_;
  std::map<std::string, Fragments> config_;  // of a tree without its own
};

}  // namespace

Trees loadTrees(const fs::path& project) {
  return Reader(fs::absolute(project)).read();
}

}  // namespace runner
