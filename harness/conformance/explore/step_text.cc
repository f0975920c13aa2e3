// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/step_text.h"

#include <fcntl.h>
#include <string.h>

#include "conformance/explore/machine.h"

namespace conformance {
namespace {

using model::Step;
using model::Target;
using model::Verb;

// What is opened in one way, by Target.
struct Opening {
  const char* name;   // empty: a new one
  const char* flags;  // empty: as the step says
  int value;
};

const Opening& openingOf(Target target) {
  static const std::vector<Opening> kOpenings = {
      {"data", "", 0},
      {"other", "", 0},
      {"upper-dir", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {"merged-dir", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {".", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {"other-lower-file", "", 0},
      {"a-fifo", "O_RDWR | O_NONBLOCK", O_RDWR | O_NONBLOCK},
      {"a-device", "O_RDWR", O_RDWR},
      {"", " | O_CREAT | O_EXCL", O_CREAT | O_EXCL},
      {"", " | O_CREAT | O_EXCL", O_CREAT | O_EXCL},
      {".", " | O_TMPFILE", O_TMPFILE},
      {"data", "O_PATH", O_PATH},
  };
  return kOpenings.at(static_cast<std::size_t>(target));
}

// Adds to the flags of the step instead of replacing them.
bool adds(const Opening& opening) {
  return opening.flags[0] == ' ' || opening.flags[0] == '\0';
}

std::string viewText(int view) {
  if (view == model::kBare) return "subject.upper()";
  if (view == model::kSubject) return "subject";
  return "view" + std::to_string(view);
}

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

// EXPECT_OK(call); or EXPECT_ERRNO(call, EIO);
std::string expected(const std::string& call, int error) {
  if (error == 0) return "EXPECT_OK(" + call + ");\n";
  return "EXPECT_ERRNO(" + call + ", " + ::strerrorname_np(error) + ");\n";
}

std::string opened(const Step& step, int error) {
  const Opening& opening = openingOf(step.target);
  std::string flags = opening.flags;
  if (adds(opening)) flags = model::openModes()[step.choice].text + flags;
  const std::string view = viewText(step.view), name = nameToOpen(step);
  const std::string arguments = '(' + quoted(name) + ", " + flags + ')';
  if (error != 0) return expected(view + ".tryOpen" + arguments, error);
  std::string made =
      "File file" + std::to_string(step.file) + " = " + view + ".open" + arguments + ";\n";
  if (step.target != Target::nameless) return made;
  return made + "::unlink(" + view + ".path(" + quoted(name) + ").c_str());\n";
}

std::string mounted(const Step& step, int error) {
  const bool again = step.verb == Verb::mount_again;
  const std::string layers = "layers" + std::to_string(again ? step.from : step.view);
  const model::MountMode& mode = model::mountModes().at(step.choice);
  std::string text;
  if (!again) text = "const Layers " + layers + " = subject.layers.fresh();\n";
  text +=
      expected("subject.beside.mountLayers(" + layers + ".options + " +
                   quoted(std::string(",") + mode.text) + (mode.read_only ? ", MS_RDONLY)" : ")"),
               error);
  if (error != 0) return text;
  if (again) text += "const Layers& layers" + std::to_string(step.view) + " = " + layers + ";\n";
  return text + "const View " + viewText(step.view) + "(subject.beside.latest().root(), " + layers +
         ".upper);\n";
}

std::string lost(const Step& step) {
  const std::string view = viewText(step.view), name = quoted(nameToOpen(step));
  return "subject.disk.loseWriteback(" + view + ".path(" + name + "), " + view + ".barePath(" +
         name + "), " + model::losses().at(step.choice).text + ");\n";
}

std::string remounted(const Step& step, const std::string& how) {
  if (step.view == model::kSubject) return "subject.mount." + how + "()";
  return "subject.beside." + how + '(' + viewText(step.view) + ')';
}

}  // namespace

std::string nameToOpen(const Step& step) {
  const std::string name = openingOf(step.target).name;
  return name.empty() ? "new" + std::to_string(step.file) : name;
}

int flagsToOpen(const Step& step) {
  const Opening& opening = openingOf(step.target);
  return adds(opening) ? model::openModes()[step.choice].flags | opening.value : opening.value;
}

std::string textOf(const Step& step, int error, bool directory) {
  const std::string file = "file" + std::to_string(step.file);
  const std::string from = "file" + std::to_string(step.from);
  const std::string call = "call" + std::to_string(step.file);
  switch (step.verb) {
    case Verb::open:
      return opened(step, error);
    case Verb::duplicate:
      return "File " + file + " = " + from + ".duplicate();\n";
    case Verb::pass:
      return "File " + file + " = sentOverSocket(" + from + ");\n";
    case Verb::close:
      return expected(file + ".close()", error);
    case Verb::syncfs:
      return expected(file + ".syncfs()", error);
    case Verb::fsync:
      return expected(file + ".fsync()", error);
    case Verb::fdatasync:
      return expected(file + ".fdatasync()", error);
    case Verb::read:
      return expected((directory ? "readEntry(" : "read(") + file + ')', error);
    case Verb::write:
      return expected("write(" + file + ')', error);
    case Verb::write_and_sync:
      return expected("write(" + file + ", RWF_SYNC)", error);
    case Verb::map:
      return expected("map(" + file + ')', error);
    case Verb::prepare:
      return "const Call " + call + " = operation(" +
             quoted(Machine::operations().at(step.choice).title) + ").prepare(" +
             viewText(step.view) + ");\n";
    case Verb::call:
      return expected(call + "()", error);
    case Verb::lose:
      return lost(step);
    case Verb::sync:
      return "::sync();\n";
    case Verb::drop_caches:
      return "sys::dropCaches();\n";
    case Verb::mount:
    case Verb::mount_again:
      return mounted(step, error);
    case Verb::unmount:
      return "subject.beside.unmount(" + viewText(step.view) + ");\n";
    case Verb::detach:
      return "subject.beside.detach(" + viewText(step.view) + ");\n";
    case Verb::remount_read_only:
      return expected(remounted(step, "remountReadOnly"), error);
    case Verb::remount_writable:
      return expected(remounted(step, "remountWritable"), error);
  }
  return "";
}

}  // namespace conformance
