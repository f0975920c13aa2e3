// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <string>

#include "sys/descriptor.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

// The temporary file that becomes the archive; removed unless finished.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(const std::filesystem::path& target)
      : target_(target), name_(target.string() + ".XXXXXX") {
    file_ = sys::Descriptor(mkostemp(name_.data(), O_CLOEXEC));
    if (!file_) throw sys::SetupError("create", name_, errno);
  }
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;
  ~UnfinishedFile() {
    if (!name_.empty()) unlink(name_.c_str());
  }

  int descriptor() const { return file_.get(); }

  void finish() {
    sys::require(fchmod(file_.get(), 0644), "chmod", name_);
    sys::require(rename(name_.c_str(), target_.c_str()), "rename", target_.string());
    name_.clear();
  }

 private:
  std::filesystem::path target_;
  std::string name_;
  sys::Descriptor file_;
};

class CpioWriter {
 public:
  CpioWriter(int descriptor, std::string name)
      : name_(std::move(name)), archive_(archive_write_new()) {
    check(archive_write_set_format_cpio_newc(archive_.get()));
    check(archive_write_add_filter_none(archive_.get()));
    check(archive_write_open_fd(archive_.get(), descriptor));
  }

  void directory(const char* path) { header(makeEntry(path, S_IFDIR | 0755)); }

  // A device node: only an entry in the archive, so it needs no root.
  void characterDevice(const char* path, unsigned major, unsigned minor) {
    Entry entry = makeEntry(path, S_IFCHR | 0600);
    archive_entry_set_rdev(entry.get(), makedev(major, minor));
    header(entry);
  }

  void program(const char* path, const std::filesystem::path& source) {
    const sys::Descriptor file(open(source.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw sys::SetupError("open for the guest", source.string(), errno);
    struct stat status = {};
    sys::require(fstat(file.get(), &status), "stat", source.string());
    Entry entry = makeEntry(path, S_IFREG | 0755);
    archive_entry_set_size(entry.get(), status.st_size);
    header(entry);
    std::array<char, 65536> buffer;
    off_t copied = 0;
    for (ssize_t size = 0; (size = read(file.get(), buffer.data(), buffer.size())) != 0;) {
      sys::require(size, "read", source.string());
      if (archive_write_data(archive_.get(), buffer.data(), static_cast<std::size_t>(size)) !=
          size) {
        check(ARCHIVE_FATAL);
      }
      copied += size;
    }
    // The source shrank while it was read, for example in a rebuild.
    if (copied != status.st_size) throw sys::SetupError("read all of", source.string(), EIO);
  }

  void close() { check(archive_write_close(archive_.get())); }

 private:
  struct FreeArchive {
    void operator()(archive* archive) const { archive_write_free(archive); }
  };

  static Entry makeEntry(const char* path, unsigned mode) {
    Entry entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), path);
    archive_entry_set_mode(entry.get(), mode);
    archive_entry_set_size(entry.get(), 0);
    archive_entry_set_nlink(entry.get(), S_ISDIR(mode) ? 2 : 1);
    archive_entry_set_mtime(entry.get(), 0, 0);  // the same program gives the same archive
    return entry;
  }

  void header(const Entry& entry) { check(archive_write_header(archive_.get(), entry.get())); }

  void check(int status) {
    if (status >= ARCHIVE_OK) return;
    const char* why = archive_error_string(archive_.get());
    throw sys::SetupError("write", name_ + ": " + (why != nullptr ? why : "libarchive failed"), 0);
  }

  std::string name_;
  std::unique_ptr<archive, FreeArchive> archive_;
};

}  // namespace

void writeInitramfs(const std::filesystem::path& program, const std::filesystem::path& archive,
                    const std::vector<PackedFile>& more) {
  UnfinishedFile file(archive);
  CpioWriter writer(file.descriptor(), archive.string());
  std::set<std::string> directories = {"dev", "proc", "sys", "tmp"};
  for (const PackedFile& file : more) {
    if (auto directory = std::filesystem::path(file.path).parent_path().string();
        !directory.empty()) {
      directories.insert(std::move(directory));
    }
  }
  for (const std::string& directory : directories) writer.directory(directory.c_str());
  writer.characterDevice("dev/console", 5, 1);
  writer.characterDevice("dev/null", 1, 3);
  writer.program("init", program);
  for (const PackedFile& file : more) writer.program(file.path.c_str(), file.source);
  writer.close();
  file.finish();
}

}  // namespace qemu
