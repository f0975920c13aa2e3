// SPDX-License-Identifier: GPL-2.0-only
#include "architectures/registry.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace architectures {
namespace {

TEST(Registry, FindsWhatItLists) {
  std::set<std::string> names, cached;
  for (const Architecture* each : all()) {
    EXPECT_EQ(find(each->name), each);
    names.insert(each->name);
    cached.insert(each->cache_name);
  }
  EXPECT_EQ(names.size(), all().size());
  EXPECT_EQ(cached.size(), all().size()) << "two would share their images";
  EXPECT_EQ(find("m68k"), nullptr);
}

// Nobody else looks at a record before a kernel is built or booted.
TEST(Registry, HasWholeRecords) {
  for (const Architecture* each : all()) {
    SCOPED_TRACE(each->name);
    for (const std::string& field :
         {each->title, each->machine, each->debian, each->target, each->images}) {
      EXPECT_FALSE(field.empty());
    }
    EXPECT_NE(each->elf_machine, 0u);
    EXPECT_EQ(each->compiler_prefix.empty(), each->compiler_package.empty());
    EXPECT_GT(each->build_steps, 0);
    EXPECT_FALSE(each->source_directories.empty());
    if (!each->qemu) continue;
    for (const std::string& field :
         {each->qemu->program, each->qemu->package, each->qemu->machine, each->qemu->processor,
          each->qemu->virtio_bus, each->qemu->console}) {
      EXPECT_FALSE(field.empty());
    }
    EXPECT_GT(each->qemu->command_line_bytes, 0u);
  }
}

}  // namespace
}  // namespace architectures
