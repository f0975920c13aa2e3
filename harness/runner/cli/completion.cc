// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "runner/base/style.h"
#include "runner/base/words.h"
#include "runner/cli/commands.h"

namespace runner {
namespace {

// "on|off" -> "on off". Words in capitals are placeholders: TREE, FILE.
std::string wordsOf(std::string type) {
  std::replace(type.begin(), type.end(), '|', ',');
  std::vector<std::string> words = splitAtCommas(type);
  std::erase_if(words, [](const std::string& word) {
    return !std::all_of(word.begin(), word.end(), [](unsigned char c) {
      return std::islower(c) != 0 || std::isdigit(c) != 0;
    });
  });
  return fmt::format("{}", fmt::join(words, " "));
}

std::string optionNames(const CommandText& command) {
  std::string text;
  for (const CommandText::Option& option : command.options) {
    if (!option.is_argument) text += fmt::format("{} ", fmt::join(option.names, " "));
  }
  return text;
}

std::string lastWord(const std::string& name) {
  return name.substr(name.rfind(' ') + 1);
}

}  // namespace

// Without words, bash completes file names.
std::string bashCompletion(const CommandText& program, const std::string& version) {
  const auto depth = 1 + std::count(program.name.begin(), program.name.end(), ' ');
  std::string function = '_' + program.name;
  std::replace_if(
      function.begin(), function.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  std::string commands, cases;
  for (const CommandText& command : program.commands) {
    const std::string name = lastWord(command.name);
    commands += name + ' ';
    for (const CommandText::Option& option : command.options) {
      if (option.is_argument || option.type.empty()) continue;
      for (const std::string& typed : option.names) {
        cases += fmt::format("\t1:{}:{}) words='{}' ;;\n", name, typed, wordsOf(option.type));
      }
    }
    const bool takes_files = std::any_of(command.options.begin(), command.options.end(),
                                         [](const auto& option) { return option.is_argument; });
    cases += fmt::format("\t1:{}:*) {}words='{}' ;;\n", name,
                         takes_files ? "[[ $word != -* ]] || " : "", optionNames(command));
  }
  std::string script =
      fmt::format(R"(# Completion of `{0}`, {1}, for bash
{2}() {{
	local word=${{COMP_WORDS[COMP_CWORD]}} words='' inner={2}_${{COMP_WORDS[{3}]}}
	if ((COMP_CWORD > {3})) && declare -F "$inner" >/dev/null; then
		"$inner"
		return
	fi
	case $((COMP_CWORD > {3})):${{COMP_WORDS[{3}]}}:${{COMP_WORDS[COMP_CWORD - 1]}} in
	0:*) words='{4}{5}' ;;
)",
                  program.name, version, function, depth, commands, optionNames(program));
  script += cases;
  script += R"(	esac
	local before=${word%"${word##*,}"}
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "${word##*,}")
}
)";
  return depth > 1 ? script
                   : script + fmt::format("complete -o default -F {} {}\n", function, program.name);
}

}  // namespace runner
