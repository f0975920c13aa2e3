// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/own_kernel.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "architectures/registry.h"
#include "runner/base/failure.h"
#include "runner/base/mapped_file.h"
#include "runner/kernels/build.h"
#include "runner/kernels/elf.h"
#include "runner/kernels/leftovers.h"
#include "runner/kernels/package.h"
#include "runner/kernels/unpack.h"
#include "sys/child_process.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;
using architectures::Architecture;

namespace {

std::string knownImages() {
  std::string text;
  for (const Architecture* each : architectures::all()) {
    text += (text.empty() ? "" : ", ") + each->images;
  }
  return text;
}

// shown: the path, as messages name it.
Failure refuse(const std::string& shown, const std::string& why) {
  return {ExitStatus::usage,
          "{} {}.\nA kernel is given as a directory or a tarball with its source, "
          "as an image: {}, or as the Debian or RPM package of a kernel.",
          shown, why, knownImages()};
}

// The word at a position: "7.3.4" of "7.3.4 (user@host) ...".
std::string wordAt(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const std::string_view rest = text.substr(at, 128);
  return std::string(rest.substr(0, rest.find_first_of(std::string_view(" \0", 2))));
}

// The release in a kernel's banner; empty where there is none.
std::string releaseInBanner(std::string_view text) {
  constexpr std::string_view kBanner = "Linux version ";
  for (auto at = findText(text, kBanner); at != std::string_view::npos;
       at = findText(text, kBanner, at + 1)) {
    // Format strings start with the same words; in the banner, a number follows.
    std::string word = wordAt(text, at + kBanner.size());
    if (!word.empty() && word.front() >= '0' && word.front() <= '9') return word;
  }
  return {};
}

bool has(std::string_view text, const architectures::ImageFormat& format) {
  return text.size() >= format.header_bytes &&
         std::ranges::all_of(format.magic, [&](const auto& magic) {
           return text.substr(magic.first, magic.second.size()) == magic.second;
         });
}

std::string releaseOf(std::string_view text, const architectures::ImageFormat& format) {
  if (format.release_pointer == 0) return releaseInBanner(text);
  std::uint16_t place = 0;
  std::memcpy(&place, text.data() + format.release_pointer, sizeof place);
  return place == 0 ? std::string() : wordAt(text, place + format.release_base);
}

std::string looksLike(std::string_view text) {
  if (text.empty()) return "is an empty file";
  if (text.size() > 0x40 && text.substr(0x38, 4) == "ARM\x64") return "is a kernel for arm64";
  if (text.substr(0, 2) == "MZ") return "is an EFI program or a kernel of another architecture";
  if (text.substr(0, 2) == "#!") return "is a script";
  if (text.substr(0, 5) == "\x27\x05\x19\x56") return "is a U-Boot image";
  const std::string_view head = text.substr(0, 4096);
  const bool readable = std::ranges::all_of(head, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' || c == '\r';
  });
  return readable ? "is a text file" : "is a file of an unknown type";
}

// "linux-image.deb", but not "6.12.y".
bool looksLikeFile(const std::string& name) {
  const std::string extension = fs::path(name).extension();
  return extension.size() > 2 && std::isalpha(static_cast<unsigned char>(extension[1])) != 0;
}

OwnKernel recogniseElf(const fs::path& path, const std::string& shown, std::string_view text) {
  const auto elf = readElf(text);
  if (!elf) throw refuse(shown, "is a truncated ELF file");
  std::vector<const Architecture*> candidates;
  for (const Architecture* each : architectures::all()) {
    if (elf->is_64_bit && each->elf_machine == elf->machine) candidates.push_back(each);
  }
  if (candidates.empty()) {
    throw refuse(shown, fmt::format("is an ELF file for an unsupported architecture "
                                    "(machine {}, {} bit)",
                                    elf->machine, elf->is_64_bit ? 64 : 32));
  }
  // A section table that lies beyond the end of the file: it is truncated.
  if (elf->sections_end > text.size()) throw refuse(shown, "is a truncated ELF file");
  OwnKernel kernel{.path = path, .release = releaseInBanner(text)};
  if (kernel.release.empty()) {
    throw refuse(shown, elf->type == ET_REL ? "is an object file or a kernel module"
                                            : "is a program or a library, not a kernel");
  }
  for (const Architecture* each : candidates) {
    if (!each->elf_mark.empty() && findText(text, each->elf_mark) == std::string_view::npos) {
      continue;
    }
    if (kernel.architecture == nullptr || !each->elf_mark.empty()) kernel.architecture = each;
  }
  return kernel;
}

OwnKernel directoryOfSource(const fs::path& path, const std::string& shown) {
  std::error_code error;
  std::vector<std::string> parts = {"Makefile", "Kconfig", "fs/overlayfs"};
  for (const std::string& name : hostArchitecture().source_directories) {
    parts.push_back("arch/" + name + "/Kconfig");
  }
  for (const std::string& part : parts) {
    if (!fs::exists(path / part, error)) {
      throw refuse(shown, fmt::format("is a directory without {}, so not kernel source", part));
    }
  }
  return {.kind = OwnKernel::Kind::sourceDirectory, .path = path};
}

OwnKernel recognise(const fs::path& named, const std::string& subject) {
  std::error_code error;
  const fs::path path = fs::canonical(named, error);
  const std::string shown = subject.empty() ? path.string() : subject;
  if (error) {
    throw Failure(ExitStatus::usage, "{}: {}", named.string(), error.message());
  }
  if (fs::is_directory(path, error)) return directoryOfSource(path, shown);
  if (!fs::is_regular_file(path, error)) throw refuse(shown, "is neither a file nor a directory");
  if (isPackage(path)) return {.kind = OwnKernel::Kind::package, .path = path};
  const MappedFile file(path);
  if (file.error() != 0) {
    throw refuse(shown, "cannot be read: " + std::generic_category().message(file.error()));
  }
  const std::string_view text = file.text();
  if (text.starts_with(ELFMAG)) return recogniseElf(path, shown, text);
  for (const Architecture* each : architectures::all()) {
    for (const architectures::ImageFormat& format : each->formats) {
      if (!has(text, format)) continue;
      return {.path = path, .architecture = each, .release = releaseOf(text, format)};
    }
  }
  if (isTarball(path)) return {.kind = OwnKernel::Kind::tarball, .path = path};
  if (const std::string compressor = compressorOf(path); !compressor.empty()) {
    throw refuse(shown, fmt::format("is compressed with {} but not a tarball: decompress it first "
                                    "if it is a kernel",
                                    compressor));
  }
  throw refuse(shown, looksLike(text));
}

}  // namespace

bool isOwnKernel(const std::string& tree) {
  std::error_code error;
  return tree.find('/') != std::string::npos || looksLikeFile(tree) || fs::exists(tree, error);
}

std::string OwnKernel::kindInWords() const {
  switch (kind) {
    case Kind::sourceDirectory:
      return "a source directory";
    case Kind::tarball:
      return "a tarball";
    case Kind::image:
      return "an image";
    case Kind::package:
      return "a package";
  }
  return {};
}

OwnKernel recogniseKernel(const fs::path& named, const std::string& subject) {
  OwnKernel own = recognise(named, subject);
  if (own.kind == OwnKernel::Kind::sourceDirectory) refuseLeftovers(own.path);
  return own;
}

OwnKernel recogniseSource(const fs::path& named) {
  OwnKernel own = recognise(named, {});
  if (!own.isBuilt()) return own;
  throw Failure(ExitStatus::usage,
                "{} is {}: a series can only be applied to source. Name the directory or tarball "
                "that it was built from",
                own.path.string(), own.kindInWords());
}

std::string checkedOutCommit(const fs::path& directory) {
  constexpr std::size_t kDigits = 12;
  const auto git = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", directory.string()});
    // Otherwise `git status` writes the index.
    return sys::runCommand(
        {.arguments = std::move(arguments), .environment = {{"GIT_OPTIONAL_LOCKS", "0"}}});
  };
  try {
    const sys::Output output = git({"rev-parse", "--show-toplevel", "HEAD"});
    std::istringstream lines(output.text);
    std::string top, commit;
    const bool read = std::getline(lines, top) && std::getline(lines, commit);
    std::error_code error;
    if (output.exit.ok() && read && fs::equivalent(top, directory, error)) {
      commit.resize(std::min(commit.size(), kDigits));
      const sys::Output changes = git({"status", "--porcelain", "--untracked-files=no"});
      const bool changed = changes.exit.ok() && !changes.text.empty();
      return changed ? commit + " with uncommitted changes" : commit;
    }
  } catch (const sys::SetupError&) {
    // Without git, nobody has cloned it on this host.
  }
  return {};
}

}  // namespace runner
