// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/step_text.h"

#include <fcntl.h>
#include <string.h>

#include "conformance/explore/changes.h"
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
      {"lower-dir", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {"", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {"merged-dir", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {".", "O_RDONLY | O_DIRECTORY", O_RDONLY | O_DIRECTORY},
      {"other-lower-file", "", 0},
      {"a-fifo", "O_RDWR | O_NONBLOCK", O_RDWR | O_NONBLOCK},
      {"a-device", "O_RDWR", O_RDWR},
      {"", " | O_CREAT | O_EXCL", O_CREAT | O_EXCL},
      {"", " | O_CREAT | O_EXCL", O_CREAT | O_EXCL},
      {".", " | O_TMPFILE", O_TMPFILE},
      {"data", "", 0},
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
  if (step.target == Target::by_handle) {
    const std::string call =
        "handle" + std::to_string(step.view) + ".openIn(" + view + ".root(), " + flags + ')';
    if (error != 0) return expected("Result::ofCall(" + call + ".get())", error);
    return "File file" + std::to_string(step.file) + '(' + call + ");\n";
  }
  const std::string arguments = '(' + quoted(name) + ", " + flags + ')';
  if (error != 0) return expected(view + ".tryOpen" + arguments, error);
  std::string made = step.target == Target::renamed_directory
                         ? "makeAndRename(" + view + ", " + quoted(name) + ");\n"
                         : "";
  made += "File file" + std::to_string(step.file) + " = " + view + ".open" + arguments + ";\n";
  if (step.target != Target::nameless) return made;
  return made + "::unlink(" + view + ".path(" + quoted(name) + ").c_str());\n";
}

std::string placesOf(const model::MountMode& mode) {
  static constexpr const char* kPlaces[] = {"", "{.lower = twoLowerLayers(subject)}",
                                            "{.lower = lowerOnTheUpperFilesystem(subject)}",
                                            "{.lower = overlayAsLower(subject)}"};
  return kPlaces[static_cast<std::size_t>(mode.lowers)];
}

std::string mounted(const Step& step, int error) {
  const bool again = step.verb == Verb::mount_again;
  const std::string layers = "layers" + std::to_string(again ? step.from : step.view);
  const model::MountMode& mode = model::mountModes().at(step.choice);
  const std::string number = std::to_string(step.view);
  std::string text;
  if (!again)
    text = "const Layers " + layers + " = subject.layers.fresh(" + placesOf(mode) + ");\n";
  if (mode.isInUserNamespace()) {
    const std::string users = "users" + number;
    text += "auto " + users +
            " = std::make_unique<sys::UserNamespace>();\nconst std::string target" + number +
            " = subject.layers.freshDirectory();\n" +
            expected(users + "->mount({\"overlay\", target" + number + ", \"overlay\", " + layers +
                         ".options + " + quoted(std::string(",") + mode.text) + "})",
                     error);
    if (error != 0) return text;
    return text + "const View " + viewText(step.view) + '(' + users + "->pathOf(target" + number +
           "), " + layers + ".upper);\n";
  }
  text +=
      expected("subject.beside.mountLayers(" + layers + ".options + " +
                   quoted(std::string(",") + mode.text) + (mode.read_only ? ", MS_RDONLY)" : ")"),
               error);
  if (error != 0) return text;
  if (again) text += "const Layers& layers" + std::to_string(step.view) + " = " + layers + ";\n";
  text += "const View " + viewText(step.view) + "(subject.beside.latest().root(), " + layers +
          ".upper);\n";
  if (!mode.hasHandles()) return text;
  return text + "FileHandle handle" + number + ";\nEXPECT_OK(handle" + number + ".take(" +
         viewText(step.view) + ".open(\"data\", O_PATH)));\n";
}

std::string lost(const Step& step) {
  const std::string view = viewText(step.view), name = quoted(nameToOpen(step));
  return view + ".path(" + name + "), " + view + ".barePath(" + name + "), " +
         model::losses().at(step.choice).text + ')';
}

// call: "return file1.syncfs();"
std::string lostBy(const Step& step, const std::string& call, int error) {
  return expected("subject.disk.loseWritebackBy([&] { " + call + " }, " + lost(step), error);
}

// By whom.
std::string called(const Step& step, const std::string& call) {
  return step.choice == 0 ? call : "asNobody([&] { return " + call + "; })";
}

std::string filled(const Step& step, int error) {
  return expected(viewText(step.view) + ".open(" + quoted(nameToOpen(step)) +
                      ").pwrite(sys::freshBytes(kDataBytes), 0)",
                  error);
}

std::string remounted(const Step& step, const std::string& how) {
  if (step.view == model::kSubject) return "subject.mount." + how + "()";
  return "subject.beside." + how + '(' + viewText(step.view) + ')';
}

}  // namespace

std::string nameOfNew(const Step& step) {
  return "new" + std::to_string(step.file);
}

std::string nameToOpen(const Step& step) {
  const std::string name = openingOf(step.target).name;
  return name.empty() ? nameOfNew(step) : name;
}

int flagsToOpen(const Step& step) {
  const Opening& opening = openingOf(step.target);
  return adds(opening) ? model::openModes()[step.choice].flags | opening.value : opening.value;
}

std::string textOf(const model::World& world, const Step& step, int error) {
  const std::string file = "file" + std::to_string(step.file);
  const std::string from = "file" + std::to_string(step.from);
  const std::string call = "call" + std::to_string(step.file);
  switch (step.verb) {
    case Verb::open:
      return opened(step, error);
    case Verb::duplicate:
      return "File " + file + " = " + from +
             ".duplicate(sys::Duplication::" + model::kDuplications.at(step.choice) + ");\n";
    case Verb::pass:
      return "File " + file + " = sentOverSocket(" + from + ");\n";
    case Verb::close:
      return expected(file + ".close()", error);
    case Verb::syncfs:
      return expected(called(step, file + ".syncfs()"), error);
    case Verb::syncfs_in_child:
      return expected("syncfsInChildren(" + file + ", 1).front()", error);
    case Verb::syncfs_on_read_only:
      return expected("subject.mount.whileUpperIsReadOnly([&] { return " + file + ".syncfs(); })",
                      error);
    case Verb::fsync:
      return expected(called(step, file + ".fsync()"), error);
    case Verb::fdatasync:
      return expected(called(step, file + ".fdatasync()"), error);
    case Verb::read:
      return expected(
          called(step, (world.isDirectory(step.file) ? "readEntry(" : "read(") + file + ')'),
          error);
    case Verb::stat:
      return expected(called(step, "status(" + file + ')'), error);
    case Verb::write:
      return expected(called(step, "write(" + file + ')'), error);
    case Verb::write_and_sync:
      return expected(called(step, "write(" + file + ", RWF_SYNC)"), error);
    case Verb::map:
      return expected(called(step, "map(" + file + ')'), error);
    case Verb::store_and_msync:
      return expected(called(step, "storeAndSync(" + file + ')'), error);
    case Verb::copy:
      return expected("copyPage(" + from + ", " + file + ')', error);
    case Verb::ring_read:
      return expected("readByRing(ring, " + file + ')', error);
    case Verb::ring_write:
      return expected("ring.pwrite(" + file + ", sys::freshBytes(kBytes), 0)", error);
    case Verb::ring_fsync:
      return expected("ring.fsync(" + file + ')', error);
    case Verb::change:
      return expected("change(" + quoted(changes().at(step.choice).title) + ", " +
                          viewText(step.view) + ", " + quoted(nameOfNew(step)) + ')',
                      error);
    case Verb::look_up:
      return expected("lookUp(" + viewText(step.view) + ", " + quoted(nameOfNew(step)) + ')',
                      error);
    case Verb::inspect:
      return expected("inspect(" + viewText(step.view) + ')', error);
    case Verb::prepare:
      return "Call " + call + " = operation(" +
             quoted(Machine::operations().at(step.choice).title) + ").prepare(" +
             viewText(step.view) + ");\n";
    case Verb::call:
      return expected(call + "()", error);
    case Verb::drop:
      return call + " = nullptr;\n";
    case Verb::lose:
      return "subject.disk.loseWriteback(" + lost(step) + ";\n";
    case Verb::sync_loses:
      return lostBy(step, "::sync(); return Result::success();", error);
    case Verb::syncfs_loses:
      return lostBy(step, "return " + file + ".syncfs();", error);
    case Verb::fsync_loses:
      return lostBy(step, "return " + file + ".fsync();", error);
    case Verb::write_loses:
      return lostBy(step, "return writeAndSyncAll(" + file + ");", error);
    case Verb::fault:
      return "::sync();\nFault fault" + std::to_string(step.file) + " = subject.disk.breakFile(" +
             viewText(step.view) + ".barePath(" + quoted(nameToOpen(step)) + "), " +
             model::losses().at(step.choice).text + ");\n" + filled(step, error);
    case Verb::write_under_fault:
      return filled(step, error);
    case Verb::heal:
      return "fault" + std::to_string(step.file) + ".heal();\n";
    case Verb::sync:
      return "::sync();\n";
    case Verb::freeze:
      return "{\n  const File root = subject.upper().open(\".\", O_RDONLY);\n"
             "  const sys::Freeze freeze(root);\n}\n";
    case Verb::drop_caches:
      return "sys::dropCaches();\n";
    case Verb::mount:
    case Verb::mount_again:
      return mounted(step, error);
    case Verb::unmount:
      if (world.isInUserNamespace(step.view)) {
        return "users" + std::to_string(step.view) + ".reset();\n";
      }
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
