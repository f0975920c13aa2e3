// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/own_kernel.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "runner/base/failure.h"
#include "runner/kernels/unpack.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

Failure refuse(const fs::path& path, const std::string& why) {
  return {ExitStatus::usage,
          fmt::format("{} {}.\nA kernel is a folder or a tarball with its source, a bzImage, a "
                      "vmlinux, or a User-Mode Linux program.",
                      path.string(), why)};
}

// A whole file, mapped: a vmlinux with debug information has hundreds of megabytes.
class MappedFile {
 public:
  explicit MappedFile(const fs::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status {};
    if (!fd_ || ::fstat(fd_.get(), &status) != 0) {
      throw refuse(path, "cannot be read: " + std::generic_category().message(errno));
    }
    length_ = static_cast<std::size_t>(status.st_size);
    if (length_ == 0) return;
    data_ = ::mmap(nullptr, length_, PROT_READ, MAP_PRIVATE, fd_.get(), 0);
    if (data_ == MAP_FAILED) {
      throw refuse(path, "cannot be read: " + std::generic_category().message(errno));
    }
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (length_ > 0) ::munmap(data_, length_);
  }
  std::string_view text() const { return {static_cast<const char*>(data_), length_}; }

 private:
  sys::Descriptor fd_;
  void* data_ = nullptr;
  std::size_t length_ = 0;
};

std::size_t findText(std::string_view text, std::string_view wanted) {
  const auto found = std::search(text.begin(), text.end(),
                                 std::boyer_moore_horspool_searcher(wanted.begin(), wanted.end()));
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

// The word at a position: "7.3.4" of "7.3.4 (user@host) ...".
std::string wordAt(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const std::string_view rest = text.substr(at, 128);
  return std::string(rest.substr(0, rest.find_first_of(std::string_view(" \0", 2))));
}

// Documentation/arch/x86/boot.rst: the setup header of a bzImage.
bool isBzImage(std::string_view text) {
  return text.size() > 0x250 && text.substr(0x1FE, 2) == "\x55\xAA" &&
         text.substr(0x202, 4) == "HdrS";
}

std::string releaseOfBzImage(std::string_view text) {
  std::uint16_t offset = 0;  // kernel_version: of a text, less 0x200; 0 when there is none
  std::memcpy(&offset, text.data() + 0x20E, sizeof offset);
  return offset == 0 ? std::string() : wordAt(text, offset + 0x200u);
}

std::string looksLike(std::string_view text) {
  if (text.empty()) return "is an empty file";
  if (text.size() > 0x40 && text.substr(0x38, 4) == "ARM\x64") return "is a kernel for arm64";
  if (text.substr(0, 2) == "MZ") return "is an EFI program or a kernel of another architecture";
  if (text.substr(0, 2) == "#!") return "is a script";
  if (text.substr(0, 5) == "\x27\x05\x19\x56") return "is a U-Boot image";
  const std::string_view head = text.substr(0, 4096);
  const bool readable = std::all_of(head.begin(), head.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' || c == '\r';
  });
  return readable ? "is a text file" : "is a file of a kind that is not known here";
}

OwnKernel recogniseElf(const fs::path& path, std::string_view text) {
  Elf64_Ehdr header{};
  if (text.size() < sizeof header) throw refuse(path, "is an ELF file that is cut off");
  std::memcpy(&header, text.data(), sizeof header);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64) {
    throw refuse(path, "is an ELF file for another architecture than x86-64");
  }
  // A section table that lies outside of the file: the end is missing.
  if (header.e_shoff + std::uint64_t{header.e_shnum} * header.e_shentsize > text.size()) {
    throw refuse(path, "is an ELF file that is cut off");
  }
  constexpr std::string_view kBanner = "Linux version ";
  auto banner = findText(text, kBanner);
  // Format strings have the same words; the banner has a number after them.
  while (banner != std::string_view::npos &&
         (banner + kBanner.size() >= text.size() || text[banner + kBanner.size()] < '0' ||
          text[banner + kBanner.size()] > '9')) {
    const auto next = findText(text.substr(banner + 1), kBanner);
    banner = next == std::string_view::npos ? next : banner + 1 + next;
  }
  if (banner == std::string_view::npos) {
    throw refuse(path, header.e_type == ET_REL ? "is an object file or a kernel module"
                                               : "is a program or a library, but no kernel");
  }
  OwnKernel kernel;
  kernel.kind = OwnKernel::Kind::image;
  kernel.path = path;
  kernel.release = wordAt(text, banner + kBanner.size());
  // The first words of what `linux --help` prints.
  const bool uml = findText(text, "User Mode Linux v") != std::string_view::npos;
  kernel.machine = uml ? qemu::Kind::userModeLinux : qemu::Kind::qemu;
  return kernel;
}

OwnKernel recogniseFolder(const fs::path& path) {
  std::error_code error;
  for (const char* part : {"Makefile", "Kconfig", "arch/x86/Kconfig", "fs/overlayfs"}) {
    if (!fs::exists(path / part, error)) {
      throw refuse(path, fmt::format("is a folder without {}, so no kernel source", part));
    }
  }
  // What the kernel's own Makefile asks before it builds anywhere else.
  for (const char* left :
       {".config", "include/config", "arch/x86/include/generated", "arch/um/include/generated"}) {
    if (fs::exists(path / left, error)) {
      throw Failure(
          ExitStatus::usage,
          fmt::format("{} was configured or built in place ({} is there), and kbuild then "
                      "cannot build it elsewhere.\nRun `make mrproper` there (it removes "
                      "its .config, so keep a copy), or name a clean checkout: git "
                      "worktree add.",
                      path.string(), left));
    }
  }
  OwnKernel kernel;
  kernel.kind = OwnKernel::Kind::sourceFolder;
  kernel.path = path;
  return kernel;
}

}  // namespace

bool isOwnKernel(const std::string& tree) {
  std::error_code error;
  return tree.find('/') != std::string::npos || std::filesystem::exists(tree, error);
}

OwnKernel recogniseKernel(const fs::path& named) {
  std::error_code error;
  const fs::path path = fs::canonical(named, error);
  if (error) {
    throw Failure(ExitStatus::usage, fmt::format("{}: {}", named.string(), error.message()));
  }
  if (fs::is_directory(path, error)) return recogniseFolder(path);
  if (!fs::is_regular_file(path, error)) throw refuse(path, "is neither a file nor a folder");
  const MappedFile file(path);
  const std::string_view text = file.text();
  OwnKernel kernel;
  kernel.path = path;
  if (text.substr(0, 4) == ELFMAG) return recogniseElf(path, text);
  if (isBzImage(text)) {
    kernel.machine = qemu::Kind::qemu;
    kernel.release = releaseOfBzImage(text);
    return kernel;
  }
  if (isTarball(path)) {
    kernel.kind = OwnKernel::Kind::tarball;
    return kernel;
  }
  throw refuse(path, looksLike(text));
}

std::string checkedOutCommit(const fs::path& folder) {
  constexpr std::size_t kDigits = 12;
  try {
    const sys::Output output = sys::runCommand(
        {.arguments = {"git", "-C", folder.string(), "rev-parse", "--show-toplevel", "HEAD"}});
    std::istringstream lines(output.text);
    std::string top, commit;
    const bool read = std::getline(lines, top) && std::getline(lines, commit);
    std::error_code error;
    if (output.exit.ok() && read && fs::equivalent(top, folder, error)) {
      return commit.substr(0, kDigits);
    }
  } catch (const sys::SetupError&) {
    // No git: then nobody has cloned it here.
  }
  return {};
}

}  // namespace runner
