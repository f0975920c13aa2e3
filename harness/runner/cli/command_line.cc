// SPDX-License-Identifier: GPL-2.0
#include "runner/cli/command_line.h"

#include <fmt/core.h>

#include <CLI/App.hpp>

#include "runner/base/failure.h"
#include "runner/base/option_words.h"
#include "runner/base/words.h"

namespace runner {

std::vector<std::string> optionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

void refuseExtras(const CLI::App& command) {
  const std::vector<std::string> extras = command.remaining();
  if (extras.empty()) return;
  const std::string& word = extras.front();
  if (word.rfind('-', 0) != 0) {
    throw Failure(ExitStatus::usage, fmt::format("`{}` takes no word '{}'; see `ovl-syncfs {} "
                                                 "--help`",
                                                 command.get_name(), word, command.get_name()));
  }
  const auto possible = optionNames(command);
  throw Failure(ExitStatus::usage,
                fmt::format("`{}` has no option {}. {}Possible: {}", command.get_name(), word,
                            didYouMean(word, possible), listed(possible)));
}

}  // namespace runner
