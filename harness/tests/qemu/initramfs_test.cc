// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "qemu/line_splitter.h"
#include "sys/setup_error.h"

namespace qemu {
namespace {

namespace fs = std::filesystem;

class Initramfs : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "initramfs-test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    std::ofstream(program()) << content_;
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path program() const { return directory_ / "program"; }
  fs::path archive() const { return directory_ / "guest.cpio"; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  static std::string makeContent() {
    std::string content(100000, 'x');  // several buffers long
    content[0] = '\0';
    content[1] = '\n';
    return content;
  }

  fs::path directory_;
  const std::string content_ = makeContent();
};

struct Item {
  unsigned mode = 0;
  dev_t device = 0;
  std::string content;
};

std::map<std::string, Item> unpack(const fs::path& file) {
  std::map<std::string, Item> items;
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_format_cpio(reader.get());
  EXPECT_EQ(archive_read_open_filename(reader.get(), file.c_str(), 10240), ARCHIVE_OK);
  for (archive_entry* entry = nullptr;
       archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK;) {
    Item item{archive_entry_mode(entry), archive_entry_rdev(entry), {}};
    item.content.resize(static_cast<std::size_t>(archive_entry_size(entry)));
    archive_read_data(reader.get(), item.content.data(), item.content.size());
    items[archive_entry_pathname(entry)] = item;
  }
  return items;
}

TEST_F(Initramfs, HoldsTheProgramAndWhatItNeeds) {
  writeInitramfs(program(), archive());
  const auto items = unpack(archive());
  EXPECT_EQ(items.size(), 7u);
  EXPECT_EQ(items.at("init").mode, S_IFREG | 0755u);
  EXPECT_EQ(items.at("init").content, content_);
  EXPECT_EQ(items.at("dev/console").mode, S_IFCHR | 0600u);
  EXPECT_EQ(items.at("dev/console").device, makedev(5, 1));
  EXPECT_EQ(items.at("dev/null").device, makedev(1, 3));
  for (const char* name : {"dev", "proc", "sys", "tmp"}) {
    EXPECT_EQ(items.at(name).mode, S_IFDIR | 0755u) << name;
  }
}

TEST_F(Initramfs, HoldsMoreFilesInTheirDirectories) {
  std::ofstream(directory_ / "other") << "#!";
  writeInitramfs(
      program(), archive(),
      {{"bin/one", program()}, {"bin/two", directory_ / "other"}, {"script", program()}});
  const auto items = unpack(archive());
  EXPECT_EQ(items.size(), 11u);
  EXPECT_EQ(items.at("bin").mode, S_IFDIR | 0755u);
  EXPECT_EQ(items.at("bin/one").content, content_);
  EXPECT_EQ(items.at("bin/two").content, "#!");
  EXPECT_EQ(items.at("bin/two").mode, S_IFREG | 0755u);
  EXPECT_EQ(items.at("script").content, content_);
  EXPECT_THROW(writeInitramfs(program(), archive(), {{"bin/one", directory_ / "missing"}}),
               sys::SetupError);
}

TEST_F(Initramfs, IsTheSameForTheSameProgram) {
  writeInitramfs(program(), archive());
  writeInitramfs(program(), directory_ / "second.cpio");
  const auto read = [](const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  EXPECT_EQ(read(archive()), read(directory_ / "second.cpio"));
  EXPECT_EQ(read(archive()).substr(0, 6), "070701") << "newc, not compressed";
}

TEST_F(Initramfs, AMissingProgramLeavesNothingBehind) {
  EXPECT_THROW(writeInitramfs(directory_ / "missing", archive()), sys::SetupError);
  EXPECT_EQ(files(), 1u);
}

TEST_F(Initramfs, ADirectoryThatIsMissingIsNamed) {
  try {
    writeInitramfs(program(), directory_ / "missing" / "guest.cpio");
    FAIL() << "it was written";
  } catch (const sys::SetupError& error) {
    EXPECT_EQ(error.error(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("missing/guest.cpio"), std::string::npos);
  }
}

TEST(LineSplitter, GivesWholeLinesOnly) {
  LineSplitter splitter(100);
  std::vector<std::string> lines;
  const auto take = [&](std::string_view line) { lines.emplace_back(line); };
  splitter.add("a", take);
  splitter.add("b\n\nc\r\nd", take);
  EXPECT_EQ(lines, (std::vector<std::string>{"ab", "", "c\r"}));
  EXPECT_EQ(splitter.partial(), "d");
  EXPECT_FALSE(splitter.overflowed());
  EXPECT_EQ(splitter.takePartial(), "d");
  EXPECT_EQ(splitter.partial(), "");
}

TEST(LineSplitter, NoticesAnEndlessLine) {
  LineSplitter splitter(3);
  const auto ignore = [](std::string_view) {};
  splitter.add("abc", ignore);
  EXPECT_FALSE(splitter.overflowed());
  splitter.add("d", ignore);
  EXPECT_TRUE(splitter.overflowed());
}

}  // namespace
}  // namespace qemu
