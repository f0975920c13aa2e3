// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/trees.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "architectures/registry.h"
#include "requirements/requirements.h"
#include "runner/base/failure.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

constexpr const char* kGood = R"(default = "mainline"
series = [{ name = "a", requirements = ["A11", "V"], guards = ["A11", "V1"] },
          { name = "b", requirements = ["B"] }]
[config]
um = { plain = ["common.config"] }
x86_64 = { plain = ["common.config", "x86.config"] }
[[tree]]
name = "mainline"
version = "7.3"
suites = [{ archive = "debian", suite = "trixie-backports" },
          { archive = "debian-security", suite = "trixie-security", component = "contrib" }]
fallback = "linux-source-7.3"
series = ["a", "b"]
)";

class TreesTest : public testing::Test {
 protected:
  TreesTest() {
    for (const char* file : {"common.config", "x86.config"}) {
      scratch_.write(std::string("kernel-overlay/config/") + file, "");
    }
    scratch_.write("patches/mainline/a/series", "");
    scratch_.write("patches/mainline/b/series", "");
  }
  Trees load(const std::string& text) {
    scratch_.write("kernel-overlay/trees.toml", text);
    return loadTrees(scratch_.path());
  }
  // Loads kGood with one text replaced, which must fail; returns the message.
  std::string complaint(const std::string& from, const std::string& to) {
    std::string text = kGood;
    text.replace(text.find(from), from.size(), to);
    try {
      load(text);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), ExitStatus::usage);
      return failure.what();
    }
    return "no failure";
  }
  ScratchDirectory scratch_;
};

TEST_F(TreesTest, KeepsTheSeriesThatAreAskedFor) {
  const auto kept = [&](const std::vector<std::string>& names) {
    Tree tree = load(kGood).standard();
    tree.keepSeries(names);
    std::string text;
    for (const auto& directory : tree.series) text += directory.filename().string() + ' ';
    return text;
  };
  EXPECT_EQ(kept({}), "a b ");
  EXPECT_EQ(kept({"b"}), "b ");
  EXPECT_EQ(kept({"b", "a"}), "a b ");
  try {
    kept({"c"});
    ADD_FAILURE() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), ExitStatus::usage);
    EXPECT_STREQ(failure.what(), "'c' is not a series of mainline. It has a, b");
  }
}

TEST_F(TreesTest, ADraftIsAppliedOnlyIfItIsNamed) {
  scratch_.write("patches/mainline/c/series", "");
  Tree tree = load(std::string(kGood) + "drafts = [\"c\"]\n").standard();
  const auto names = [&] {
    std::string text;
    for (const auto& directory : tree.series) text += directory.filename().string() + ' ';
    return text;
  };
  EXPECT_EQ(names(), "a b ");
  tree.keepSeries({});
  EXPECT_EQ(names(), "a b ");
  tree.keepSeries({"c", "b"});
  EXPECT_EQ(names(), "b c ");
}

TEST_F(TreesTest, ReadsATree) {
  const Trees trees = load(kGood);
  EXPECT_EQ(trees.names(), "mainline");
  EXPECT_EQ(trees.find("6.1.y"), nullptr);
  const Tree& tree = trees.standard();
  EXPECT_EQ(tree.version, "7.3");
  EXPECT_THAT(tree.left_out, testing::IsEmpty());
  EXPECT_EQ(tree.fallback, "linux-source-7.3");
  ASSERT_EQ(tree.suites.size(), 2u);
  EXPECT_EQ(tree.suites[0].component, "main");
  EXPECT_EQ(tree.suites[1].archive, "debian-security");
  EXPECT_EQ(tree.suites[1].component, "contrib");
  EXPECT_THAT(tree.series, testing::ElementsAre(scratch_ / "patches/mainline/a",
                                                scratch_ / "patches/mainline/b"));
  EXPECT_EQ(tree.fragments(architectures::um(), "").size(), 1u);
  EXPECT_EQ(tree.fragments(architectures::x86_64(), "").back(),
            scratch_ / "kernel-overlay/config/x86.config");
}

TEST_F(TreesTest, ASeriesIsForRequirements) {
  using testing::ElementsAre;
  const Trees trees = load(kGood);
  ASSERT_EQ(trees.series.size(), 2u);
  EXPECT_EQ(trees.series[0].name, "a");
  EXPECT_THAT(trees.series[0].proves, ElementsAre("V2", "V3", "V4", "V5", "V6"));
  EXPECT_THAT(trees.series[0].guards, ElementsAre("A11", "V1"));
  EXPECT_THAT(trees.guards(), ElementsAre("A11", "V1"));
}

TEST_F(TreesTest, ATreeLeavesOutRequirementsOfSeriesThatItLacks) {
  std::string text = kGood;
  text.replace(text.find(R"(["a", "b"])"), 10, R"(["b"])");
  EXPECT_THAT(load(text).standard().left_out, testing::ElementsAre("V2", "V3", "V4", "V5", "V6"));
}

TEST_F(TreesTest, TheRequirementsOfADraftApplyOnceItIsNamed) {
  std::string text = kGood;
  text.replace(text.find(R"(["a", "b"])"), 10, R"(["b"])");
  Tree tree = load(text + "drafts = [\"a\"]\n").standard();
  EXPECT_THAT(tree.left_out, testing::SizeIs(7));  // what it guards as well
  tree.keepSeries({"b"});
  EXPECT_THAT(tree.left_out, testing::SizeIs(7));
  tree = load(text + "drafts = [\"a\"]\n").standard();
  tree.keepSeries({"a", "b"});
  EXPECT_THAT(tree.left_out, testing::IsEmpty());
}

TEST_F(TreesTest, RefusesSeriesWithUnknownRequirements) {
  using testing::AllOf;
  using testing::HasSubstr;
  EXPECT_THAT(complaint(R"(["B"])", R"(["B0"])"),
              AllOf(HasSubstr("trees.toml:3:"), HasSubstr("no requirement B0")));
  EXPECT_THAT(complaint(R"("A11", "V1"])", R"("A12"])"),
              HasSubstr("\"guards\" has A12 but \"requirements\" does not"));
  EXPECT_THAT(complaint(R"(name = "b", requirements)", R"(name = "a", requirements)"),
              HasSubstr("a second series named a"));
  EXPECT_THAT(complaint(R"({ name = "b", requirements = ["B"] })", ""),
              AllOf(HasSubstr("trees.toml:13:"), HasSubstr("no [[series]] named b")));
  EXPECT_THAT(complaint(", requirements = [\"B\"]", ""), HasSubstr("\"requirements\" is missing"));
}

TEST_F(TreesTest, DebugFragmentsComeOnTop) {
  scratch_.write("kernel-overlay/config/debug.config", "");
  const Tree tree = load(std::string(kGood) + "config.um.debug = [\"debug.config\"]\n").standard();
  const auto fragments = tree.fragments(architectures::um(), "debug");
  ASSERT_EQ(fragments.size(), 2u);
  EXPECT_EQ(fragments.back(), scratch_ / "kernel-overlay/config/debug.config");
  EXPECT_EQ(tree.fragments(architectures::um(), "").size(), 1u);
  // The other architecture has none.
  EXPECT_THROW(tree.fragments(architectures::x86_64(), "debug"), Failure);
  EXPECT_THROW(load(kGood).standard().fragments(architectures::um(), "debug"), Failure);
}

TEST_F(TreesTest, ATreeMayDifferInOneListOfOneArchitecture) {
  const Tree tree =
      load(std::string(kGood) + "config.x86_64.plain = [\"x86.config\"]\n").standard();
  EXPECT_THAT(tree.fragments(architectures::x86_64(), ""),
              testing::ElementsAre(scratch_ / "kernel-overlay/config/x86.config"));
  EXPECT_EQ(tree.fragments(architectures::um(), "").size(), 1u);
}

TEST_F(TreesTest, FragmentsForSeveralProcessorsComeBeforeThoseOfDebug) {
  const Tree tree = loadTrees(PROJECT_ROOT).standard();
  const auto one = tree.fragments(architectures::um(), "debug");
  const auto several = tree.fragments(architectures::um(), "debug", true);
  ASSERT_EQ(several.size(), one.size() + 1);
  EXPECT_EQ(several.back(), one.back());
  // Every x86 kernel of ours can use them.
  EXPECT_EQ(tree.fragments(architectures::x86_64(), "", true),
            tree.fragments(architectures::x86_64(), ""));
}

TEST_F(TreesTest, NamesFileAndLineOfWhatIsWrong) {
  using testing::AllOf;
  using testing::HasSubstr;
  EXPECT_THAT(complaint("fallback =", "falback ="),
              AllOf(HasSubstr("trees.toml:12:"), HasSubstr("unknown key \"falback\"")));
  EXPECT_THAT(complaint("suite = \"trixie-backports\"", "suit = \"x\""),
              HasSubstr("trees.toml:10:"));
  EXPECT_THAT(complaint("\"7.3\"", "7.3"), AllOf(HasSubstr("trees.toml:9:"), HasSubstr("version")));
  EXPECT_THAT(complaint("version = \"7.3\"", ""), HasSubstr("\"version\" is missing"));
  EXPECT_THAT(complaint("\"debian\"", "\"ubuntu\""), HasSubstr("\"ubuntu\""));
  EXPECT_THAT(complaint("[\"a\", \"b\"]", "[\"a\", \"c\"]"),
              AllOf(HasSubstr("trees.toml:13:"), HasSubstr("patches/mainline/c does not exist")));
  EXPECT_THAT(complaint("um = { plain = [\"common.config\"] }", ""),
              HasSubstr("[config.um] with its \"plain\" is missing"));
  EXPECT_THAT(complaint("um =", "m68k ="),
              AllOf(HasSubstr("trees.toml:5:"), HasSubstr("unknown architecture \"m68k\""),
                    HasSubstr("um, x86_64")));
  EXPECT_THAT(complaint("um = { plain", "um = { quick"), HasSubstr("unknown key \"quick\""));
  EXPECT_THAT(complaint("default = \"mainline\"", "default = \"next\""),
              HasSubstr("no tree is named next"));
  EXPECT_THAT(complaint("name = \"mainline\"", "name = "), HasSubstr("trees.toml:8:"));
}

TEST_F(TreesTest, ATreeOfADistributionIsAPackage) {
  const auto with = [](const std::string& line) {
    std::string text = kGood;
    const std::string fallback = "fallback = \"linux-source-7.3\"";
    return text.replace(text.find(fallback), fallback.size(), line);
  };
  const Tree tree = load(with("package = \"linux-source-7.3\"")).standard();
  EXPECT_EQ(tree.package, "linux-source-7.3");
  EXPECT_TRUE(tree.distribution());
  EXPECT_FALSE(load(kGood).standard().distribution());
  EXPECT_THROW(load(with("package = \"a\"\nfallback = \"b\"")), Failure);
}

TEST_F(TreesTest, MayTakeTheSeriesOfAnotherTree) {
  scratch_.write("patches/other/a/series", "");
  const std::string taken = std::string(kGood) + "patches = \"other\"\n";
  EXPECT_THROW(load(taken), Failure) << "there is no b";
  scratch_.write("patches/other/b/series", "");
  const Tree tree = load(taken).standard();
  EXPECT_EQ(tree.patches, scratch_ / "patches/other");
  EXPECT_EQ(tree.series.front(), scratch_ / "patches/other/a");
}

TEST_F(TreesTest, ReadsHowMuchFloatingPointStateUmlReserves) {
  EXPECT_EQ(load(kGood).standard().uml_floating_point_bytes, 0u);
  const std::string good = kGood;
  EXPECT_EQ(load(good + "uml_floating_point_bytes = 2696\n").standard().uml_floating_point_bytes,
            2696u);
  EXPECT_THROW(load(good + "uml_floating_point_bytes = -1\n"), Failure);
  EXPECT_THROW(load(good + "uml_floating_point_bytes = \"2696\"\n"), Failure);
}

TEST_F(TreesTest, RefusesTwoTreesOfTheSameName) {
  const std::string tree = std::string(kGood).substr(std::string(kGood).find("[[tree]]"));
  EXPECT_THROW(load(kGood + tree), Failure);
}

TEST_F(TreesTest, SaysThatTheFileIsMissing) {
  EXPECT_THROW(loadTrees(scratch_.path()), Failure);
}

TEST(ProjectTrees, AreGood) {
  const Trees trees = loadTrees(PROJECT_ROOT);
  EXPECT_EQ(trees.standard().name, "mainline");
  for (const Tree& tree : trees.all) {
    for (const architectures::Architecture* each : architectures::all()) {
      EXPECT_GT(tree.fragments(*each, "debug").size(), tree.fragments(*each, "").size());
    }
  }
}

TEST(ProjectTrees, EachRequirementBelongsToOneSeries) {
  std::vector<std::string> ids;
  const Trees trees = loadTrees(PROJECT_ROOT);
  for (const SeriesEntry& entry : trees.series) {
    ids.insert(ids.end(), entry.proves.begin(), entry.proves.end());
    ids.insert(ids.end(), entry.guards.begin(), entry.guards.end());
  }
  std::vector<std::string> all;
  for (const requirements::Requirement& each : requirements::all()) all.emplace_back(each.id);
  EXPECT_THAT(ids, testing::UnorderedElementsAreArray(all));
}

}  // namespace
}  // namespace runner
