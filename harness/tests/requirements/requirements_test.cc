// SPDX-License-Identifier: GPL-2.0-only
#include "requirements/requirements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace requirements {
namespace {

TEST(Requirements, AreThoseOfTheDocumentation) {
  EXPECT_EQ(all().front().id, "A1");
  EXPECT_EQ(textOf("A14"), "The errno is the recorded one; the latest wins.");
  EXPECT_THROW(textOf("A0"), std::out_of_range);
}

TEST(Requirements, AreMeantByIdOrByLetter) {
  EXPECT_THAT(idsOf("A1"), testing::ElementsAre("A1"));
  EXPECT_THAT(idsOf("V"), testing::ElementsAre("V1", "V2", "V3", "V4", "V5", "V6"));
  EXPECT_THAT(idsOf("A0"), testing::IsEmpty());
  EXPECT_THAT(idsOf(""), testing::IsEmpty());
}

}  // namespace
}  // namespace requirements
