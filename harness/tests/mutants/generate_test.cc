// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/mutants/c_code.h"
#include "tests/support/scratch_directory.h"

namespace runner {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A file of a small invented patch: lines with '+' are added, the others begin with a space.
PatchedFile patchedFile(std::string_view diff) {
  PatchedFile file{"fs/x.c", {}, {}};
  for (std::size_t line = 1; !diff.empty(); ++line) {
    const auto end = diff.find('\n');
    if (diff.front() == '+') file.added[line] = "a-x";
    file.text += diff.substr(1, end);
    diff.remove_prefix(end + 1);
  }
  return file;
}

// The names without what they have in common, "delete-1", with what the lines that differ are now.
std::vector<std::string> made(std::string_view diff, const std::string& rule = "") {
  const PatchedFile file = patchedFile(diff);
  std::vector<std::string> texts;
  for (const GeneratedMutant& mutant : mutantsOf(file)) {
    const std::string beginning = "gen-a-x.c-f-";
    EXPECT_TRUE(mutant.name.starts_with(beginning)) << mutant.name;
    EXPECT_EQ(std::ranges::count(mutant.text, '\n'), std::ranges::count(file.text, '\n'))
        << mutant.name;
    std::string text = mutant.name.substr(beginning.size());
    if (!text.starts_with(rule)) continue;
    std::istringstream patch(patchOf(mutant, file.text));
    for (std::string line; std::getline(patch, line);) {
      if (!line.starts_with('+') || line.starts_with("+++")) continue;
      const auto first = line.find_first_not_of("+\t ");
      text += '|' + (first == std::string::npos ? "" : line.substr(first));
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(GeneratedMutants, LeaveOutEachAddedStatement) {
  EXPECT_THAT(
      made(" int f(void)\n {\n \told();\n+\tnow(1 + a);\n+\tguard(mutex)(&lock);\n \tlast();\n }\n",
           "delete"),
      ElementsAre("delete-1|;", "delete-2|;"));
}

TEST(GeneratedMutants, LeaveOutAConditionWithWhatDependsOnIt) {
  EXPECT_THAT(made(" int f(void)\n {\n+\tif (a) {\n+\t\tb();\n+\t\tc();\n+\t}\n \treturn 0;\n }\n"),
              ElementsAre("delete-1|;|||", "negate-1|if (!(a)) {", "delete-2|;", "delete-3|;"));
}

TEST(GeneratedMutants, ChangeOnlyWhatIsAdded) {
  EXPECT_THAT(made(" int f(void)\n {\n \tif (a == 0)\n+\t\tb();\n \telse\n \t\tc();\n }\n"),
              ElementsAre("delete-1|;"));
  // The condition is new, what depends on it is not.
  EXPECT_THAT(made(" int f(void)\n {\n+\tif (a)\n \t\tb();\n }\n"),
              ElementsAre("negate-1|if (!(a))"));
}

TEST(GeneratedMutants, LeaveCommentsStringsAndTheRestAlone) {
  EXPECT_THAT(
      made("+#define N 1\n+struct s {\n+\tint a;\n+};\n+/* if (a == 0) b(); */\n"
           " int f(void)\n {\n+\tint a, *b;\n+\t/* a = 0; */\n+\tconst char *c = \"a == 0\";\n"
           "+\tstatic int d[] = { 0, 1 };\n \told();\n }\n"),
      IsEmpty());
  EXPECT_THAT(made(" int f(void)\n {\n+\tpr_err(\"a = 0, %i\\n\", a == 0);\n \told();\n }\n"),
              ElementsAre("delete-1|;"));
}

TEST(GeneratedMutants, ChangeConditionsOfSeveralLines) {
  EXPECT_THAT(
      made(" int f(void)\n {\n+\tif (a ||\n+\t    !b(c, d))\n+\t\treturn 1;\n \treturn 0;\n }\n"),
      ElementsAre("delete-1|;||", "negate-1|if (!(a |||!b(c, d)))", "drop-1|if (|!b(c, d))",
                  "drop-2|if (a|)", "exchange-1|if (a &&", "not-1|b(c, d))", "delete-2|;",
                  "constant-1|return 0;"));
}

TEST(GeneratedMutants, ChangeEachOperandInBrackets) {
  EXPECT_THAT(made(" int f(void)\n {\n+\treturn a && g(b || c);\n }\n"),
              ElementsAre("drop-1|return g(b || c);", "drop-2|return a;",
                          "exchange-1|return a || g(b || c);", "drop-3|return a && g(c);",
                          "drop-4|return a && g(b);", "exchange-2|return a && g(b && c);"));
}

TEST(GeneratedMutants, ExchangeOperatorsErrnosAndConstants) {
  EXPECT_THAT(made(" int f(void)\n {\n+\ta = b < c ? -EIO : d->e - 1;\n \told();\n }\n"),
              ElementsAre("delete-1|;", "negate-1|a = !(b < c) ? -EIO : d->e - 1;",
                          "compare-1|a = b <= c ? -EIO : d->e - 1;",
                          "errno-1|a = b < c ? -EINVAL : d->e - 1;",
                          "arithmetic-1|a = b < c ? -EIO : d->e + 1;",
                          "constant-1|a = b < c ? -EIO : d->e - 0;"));
  EXPECT_THAT(made(" int f(void)\n {\n+\tx = READ_ONCE(y) ?: true;\n \told();\n }\n"),
              ElementsAre("delete-1|;", "drop-1|x = true;", "once-1|x = (y) ?: true;",
                          "drop-2|x = READ_ONCE(y);", "constant-1|x = READ_ONCE(y) ?: false;"));
}

TEST(GeneratedMutants, BeginWithZeroWhereAValueIsCalledFor) {
  EXPECT_THAT(made(" int f(void)\n {\n+\tint err = g(a);\n+\tint n = 0;\n \told();\n }\n"),
              ElementsAre("zero-1|int err = 0;", "constant-1|int n = 1;"));
}

TEST(GeneratedMutants, LeaveOutALockWithItsUnlock) {
  EXPECT_THAT(made(" int f(void)\n "
                   "{\n+\tspin_lock(&a->lock);\n+\tb();\n+\tspin_unlock(&a->lock);\n \tc();\n }\n",
                   "unlocked"),
              ElementsAre("unlocked-1|;|b();|;"));
}

TEST(GeneratedMutants, MoveAnAddedCheckBehindWhatItGuards) {
  EXPECT_THAT(made(" int f(void)\n {\n+\terr = g();\n+\tif (err)\n+\t\treturn err;\n \n \told();\n "
                   "\tend();\n }\n",
                   "later"),
              ElementsAre("later-1|old();||err = g();|if (err)|return err;"));
  // Nothing comes after it.
  EXPECT_THAT(made(" int f(void)\n {\n+\tif (err)\n+\t\treturn err;\n \treturn 0;\n }\n", "later"),
              IsEmpty());
}

TEST(GeneratedMutants, LeaveOutOfTables) {
  const PatchedFile file =
      patchedFile(" static const struct ops ops = {\n+\t.open\t= f,\n \t.close\t= g,\n };\n");
  const auto mutants = mutantsOf(file);
  ASSERT_EQ(mutants.size(), 1u);
  EXPECT_EQ(mutants[0].name, "gen-a-x.c-table-delete-1");
  EXPECT_THAT(mutants[0].text, Not(HasSubstr(".open")));
}

TEST(GeneratedMutants, HaveNamesThatOtherFunctionsDoNotChange) {
  const std::string function = " int f(void)\n {\n+\ta();\n+\tb();\n \tc();\n }\n";
  const std::string other = " int other(void)\n {\n+\ta();\n \tc();\n }\n";
  std::vector<std::string> names;
  for (const auto& mutant : mutantsOf(patchedFile(other + function))) names.push_back(mutant.name);
  EXPECT_THAT(names, ElementsAre("gen-a-x.c-other-delete-1", "gen-a-x.c-f-delete-1",
                                 "gen-a-x.c-f-delete-2"));
  const auto mutants =
      mutantsOf(patchedFile(" SYSCALL_DEFINE1(g, int, fd)\n {\n+\ta();\n \tb();\n }\n"));
  ASSERT_EQ(mutants.size(), 1u);
  EXPECT_EQ(mutants[0].name, "gen-a-x.c-g-delete-1");
  EXPECT_EQ(mutants[0].mistake, "`a();` is left out.");
}

TEST(GeneratedMutants, AreOfTheSeriesThatAddsTheLine) {
  ScratchDirectory scratch;
  const std::string before = "int f(void)\n{\n\ta();\n}\n";
  const std::string patch = "--- a/fs/x.c\n+++ b/fs/x.c\n@@ -1,4 +1,5 @@\n int f(void)\n {\n";
  scratch.write("pristine/fs/x.c", before);
  scratch.write("patched/fs/x.c", "int f(void)\n{\n\tb();\n\tc();\n\ta();\n}\n");
  Series series;
  series.names = {"a-one", "b-two"};
  series.patches = {scratch.write("a-one/1.patch", "\n" + patch + "+\tb();\n \ta();\n }\n"),
                    scratch.write("b-two/1.patch", "\n" + patch + "+\tc();\n \ta();\n }\n")};
  const auto files = patchedFiles(scratch / "pristine", scratch / "patched", series);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_THAT(files[0].added, ElementsAre(std::pair{3u, "a-one"}, std::pair{4u, "b-two"}));
  EXPECT_EQ(mutantsOf(files).back().name, "gen-b-x.c-f-delete-1");
  EXPECT_THAT(patchOf(mutantsOf(files).back(), files[0].text),
              EndsWith("--- a/fs/x.c\n+++ b/fs/x.c\n@@ -1,6 +1,6 @@\n int f(void)\n {\n \tb();\n"
                       "-\tc();\n+\t;\n \ta();\n }\n"));
}

TEST(CCode, HasTheStatementsOfTheKernelsStyle) {
  const std::string code = onlyCode(
      "static int f(void)\n{\n\tlist_for_each_entry(a, &b, c) {\n\t\tif (d)\n\t\t\te();\n\t\telse\n"
      "\t\t\tg();\n\t}\n\tdo {\n\t\th();\n\t} while (i);\nout:\n\tCLASS(fd, x)(fd);\n\treturn "
      "0;\n}\n");
  const auto functions = functionsIn(code);
  ASSERT_EQ(functions.size(), 1u);
  EXPECT_EQ(functions[0].name, "f");
  std::vector<Statement::Kind> kinds;
  for (const Statement& each : functions[0].body) kinds.push_back(each.kind);
  using Kind = Statement::Kind;
  EXPECT_THAT(kinds, ElementsAre(Kind::control, Kind::control, Kind::label, Kind::declaration,
                                 Kind::simple));
  EXPECT_EQ(functions[0].body[0].body[0].body[0].body.size(), 2u) << "if and else";
}

}  // namespace
}  // namespace runner
