// SPDX-License-Identifier: GPL-2.0-only
// The command line of a program: commands that describe themselves, read by CLI11, whose heavy
// headers only command_line.cc includes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runner/base/project.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace runner {

// A command, as the directory that implements it describes it.
template <typename Options>
struct Command {
  const char* name;
  const char* about;    // its line in the list of commands
  std::string details;  // what --help prints below the options; indented lines are preformatted
  void (*offer)(CLI::App& command, Options& options);  // adds the options, with the functions below
  // Gives the exit status of the program. Throws Failure, sys::Interrupted, sys::SetupError and
  // OutputClosed.
  int (*execute)(const Options& options, const Project& project);
};

// An option as --help shows it.
struct OptionText {
  const char* names;  // "--jobs,-j"
  std::string type;   // "N"; lower-case words in it are completed: "on|off", "ext4,xfs"
  std::string about;
};

// A CLI11 validator: returns what is wrong with what was typed, or nothing. May change it.
using Validator = std::function<std::string(std::string& typed)>;
// One of these words; several of them with commas in between.
Validator oneOf(std::vector<std::string> words);
Validator listOf(std::vector<std::string> words);

// Each returns the CLI11 option for further settings. set: called with an argument that passed the
// check; may throw Failure.
CLI::Option* addOption(CLI::App& command, const OptionText& text,
                       const std::function<void(const std::string& typed)>& set,
                       const Validator& check = {});
CLI::Option* addText(CLI::App& command, const OptionText& text, std::string& value,
                     const Validator& check = {});
CLI::Option* addPath(CLI::App& command, const OptionText& text, std::filesystem::path& value);
// From 1 to `most`.
CLI::Option* addNumber(CLI::App& command, const OptionText& text,
                       const std::function<void(unsigned)>& set, unsigned most = 999);
CLI::Option* addFlag(CLI::App& command, const char* names, bool& value, const char* about);
CLI::Option* addFlag(CLI::App& command, const char* names, const std::function<void()>& set,
                     const char* about);
// Positional arguments; at least one.
void addArguments(CLI::App& command, const OptionText& text, std::vector<std::string>& values);
// Passes everything after the command on to another program; help: including --help.
void addRest(CLI::App& command, std::vector<std::string>& values, bool help);

// Words and their values. target: a Value, or something that can be assigned one.
template <typename Value>
using Words = std::vector<std::pair<const char*, Value>>;
template <typename Value, typename Target>
CLI::Option* addWord(CLI::App& command, const char* names, const std::string& about,
                     const Words<Value>& words, Target& target) {
  std::vector<std::string> possible;
  std::string type;
  for (const auto& [word, value] : words) {
    possible.emplace_back(word);
    type += (type.empty() ? "" : "|") + possible.back();
  }
  const auto set = [words, &target](const std::string& typed) {
    for (const auto& [word, value] : words) {
      if (typed == word) target = value;
    }
  };
  return addOption(command, {names, type, about}, set, oneOf(possible));
}

// What --help says about a program or command, for the manual page and the completion.
struct CommandText {
  struct Option {
    std::vector<std::string> names;  // "-j", "--jobs"; "DIR"
    std::string type, about;
    bool is_argument = false;
  };
  std::string name;  // in full: "ovl-syncfs run"
  std::string about, details;
  std::vector<Option> options;
  std::vector<CommandText> commands;
};

class CommandLine {
 public:
  using Execution = std::function<int()>;

  // name: as the user types it, "ovl-syncfs series". Without a command it prints --help, or fails
  // if needs_command is set.
  CommandLine(const std::string& name, const std::string& about, const std::string& details,
              bool needs_command = false);

  template <typename Options>
  void add(const Command<Options>& command) {
    const auto options = std::make_shared<Options>();
    CLI::App& app = addCommand(
        command.name, command.about, command.details,
        [options, execute = command.execute] { return execute(*options, Project::find()); });
    command.offer(app, *options);
  }
  // A command that prints a text made of the help of all commands.
  void addPrinter(const char* name, const char* about,
                  std::string (*write)(const CommandText& program, const std::string& version));

  // What to execute; --help and --version too. Throws Failure (usage) that names what is wrong and
  // what is possible.
  Execution parse(int count, const char* const* arguments) const;
  CommandText text() const;

 private:
  CLI::App& addCommand(const char* name, const char* about, const std::string& details,
                       Execution execution);

  std::shared_ptr<CLI::App> app_;
  std::shared_ptr<Execution> chosen_ = std::make_shared<Execution>();
};

}  // namespace runner
