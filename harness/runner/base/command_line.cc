// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/command_line.h"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/base/style.h"
#include "runner/base/words.h"

namespace runner {
namespace {

std::optional<unsigned> numberIn(const std::string& typed, unsigned most) {
  unsigned number = 0;
  const char* const end = typed.data() + typed.size();
  const auto [rest, error] = std::from_chars(typed.data(), end, number);
  const bool good = error == std::errc() && rest == end && number >= 1 && number <= most;
  return good ? std::optional(number) : std::nullopt;
}

std::string complaint(const std::string& typed, const std::vector<std::string>& words) {
  if (std::ranges::count(words, typed) != 0) return "";
  std::string text =
      fmt::format("'{}' is not one of {}. {}", typed, listed(words), didYouMean(typed, words));
  while (text.back() == ' ' || text.back() == '.') text.pop_back();
  return text;
}

std::string fullName(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : fullName(*parent) + ' ') + command.get_name();
}

std::vector<std::string> commandNames(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> optionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string unexpected(const CLI::App& command, const std::string& word) {
  const bool is_option = word.starts_with('-');
  const auto possible = is_option ? optionNames(command) : commandNames(command);
  if (possible.empty()) {
    return fmt::format("unexpected argument '{}'. See `{} --help`", word, fullName(command));
  }
  return fmt::format("unknown {} '{}'{}. {}Possible: {}", is_option ? "option" : "command", word,
                     is_option ? " of `" + fullName(command) + '`' : "",
                     didYouMean(word.substr(0, word.find('=')), possible), listed(possible));
}

// CLI11's message, but an unknown word is reported first: it may have caused the other errors.
std::string failureMessage(const CLI::App* command, const CLI::Error& error) {
  for (;;) {
    const std::vector<std::string> extras = command->remaining();
    if (!extras.empty()) return unexpected(*command, extras.front());
    const auto chosen = command->get_subcommands();
    if (chosen.empty()) break;
    command = chosen.front();
  }
  std::string what = error.what();
  const auto possible = commandNames(*command);
  if (!possible.empty() && error.get_name() == "RequiredError") {
    what = "a command is required. Possible: " + listed(possible);
  }
  return fmt::format("{}{} See `{} --help`", what, what.back() == '?' ? "" : ".",
                     fullName(*command));
}

CommandText textOf(const CLI::App& command) {
  CommandText text{fullName(command), command.get_description(), command.get_footer(), {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    CommandText::Option each{
        {}, option->get_type_name(), option->get_description(), option->get_positional()};
    if (each.is_argument) each.names.push_back(option->get_name(true));
    for (const std::string& name : option->get_snames()) each.names.push_back('-' + name);
    for (const std::string& name : option->get_lnames()) each.names.push_back("--" + name);
    if (option->get_type_size() == 0) each.type.clear();  // a flag
    text.options.push_back(std::move(each));
  }
  for (const CLI::App* each : command.get_subcommands({})) text.commands.push_back(textOf(*each));
  return text;
}

}  // namespace

Validator oneOf(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& typed) { return complaint(typed, words); };
}

Validator listOf(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& typed) {
    for (const std::string& word : splitAtCommas(typed)) {
      if (std::string wrong = complaint(word, words); !wrong.empty()) return wrong;
    }
    return std::string();
  };
}

CLI::Option* addOption(CLI::App& command, const OptionText& text,
                       const std::function<void(const std::string& typed)>& set,
                       const Validator& check) {
  CLI::Option* option =
      command.add_option_function<std::string>(text.names, set, text.about)->type_name(text.type);
  return check ? option->check(CLI::Validator(check, "")) : option;
}

CLI::Option* addText(CLI::App& command, const OptionText& text, std::string& value,
                     const Validator& check) {
  return addOption(
      command, text, [&value](const std::string& typed) { value = typed; }, check);
}

CLI::Option* addPath(CLI::App& command, const OptionText& text, std::filesystem::path& value) {
  return addOption(command, text, [&value](const std::string& typed) { value = typed; });
}

CLI::Option* addNumber(CLI::App& command, const OptionText& text,
                       const std::function<void(unsigned)>& set, unsigned most) {
  // Decimal digits only: CLI11 would take 010 for 8.
  return addOption(
      command, text, [=](const std::string& typed) { set(*numberIn(typed, most)); },
      [=](const std::string& typed) {
        return numberIn(typed, most)
                   ? std::string()
                   : fmt::format("'{}' is not a number from 1 to {}", typed, most);
      });
}

CLI::Option* addFlag(CLI::App& command, const char* names, bool& value, const char* about) {
  return command.add_flag(names, value, about);
}

CLI::Option* addFlag(CLI::App& command, const char* names, const std::function<void()>& set,
                     const char* about) {
  return command.add_flag_callback(names, set, about);
}

void addArguments(CLI::App& command, const OptionText& text, std::vector<std::string>& values) {
  command.add_option(text.names, values, text.about)->required()->type_name(text.type);
}

void addRest(CLI::App& command, std::vector<std::string>& values, bool help) {
  command.prefix_command();
  if (help) command.set_help_flag();
  command.parse_complete_callback([&] { values = command.remaining(); });
}

CommandLine::CommandLine(const std::string& name, const std::string& about,
                         const std::string& details, bool needs_command)
    : app_(std::make_shared<CLI::App>(about, name)) {
  app_->footer(details);
  app_->set_help_flag("--help,-h", "print this text; also after a command");
  app_->set_version_flag(
      "--version", [name] { return name + ' ' + Project::find().version(); },
      "print the version of this project");
  app_->require_subcommand(needs_command ? 1 : 0, 1);
  app_->failure_message(failureMessage);
  app_->get_formatter()->column_width(24);
  app_->get_formatter()->label("SUBCOMMAND", "COMMAND");
}

CLI::App& CommandLine::addCommand(const char* name, const char* about, const std::string& details,
                                  Execution execution) {
  CLI::App* command = app_->add_subcommand(name, about)->group("Commands");
  command->footer(details);
  command->callback([chosen = chosen_, execution = std::move(execution)] { *chosen = execution; });
  return *command;
}

void CommandLine::addPrinter(const char* name, const char* about,
                             std::string (*write)(const CommandText& program,
                                                  const std::string& version)) {
  addCommand(name, about, "", [app = app_.get(), write] {
    print(write(textOf(*app), Project::find().version()));
    return 0;
  });
}

CommandLine::Execution CommandLine::parse(int count, const char* const* arguments) const {
  try {
    app_->parse(count, arguments);
    if (!*chosen_) throw CLI::CallForHelp();
    return *chosen_;
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out, err;
    if (app_->exit(problem, out, err) != 0) throw Failure(ExitStatus::usage, err.str());
    return [text = out.str()] {
      print(text);
      return 0;
    };
  }
}

CommandText CommandLine::text() const {
  return textOf(*app_);
}

}  // namespace runner
