// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/source.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/unpack.h"

namespace runner {

namespace fs = std::filesystem;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Source, release, description, hash, tarball)

namespace {

// Linux 7.3, plus some room.
constexpr std::uintmax_t kTarballBytes = 200u << 20;
constexpr std::uintmax_t kPackageBytes = 400u << 20;  // the package, and the tarball in it

// The archive's last answer, as it is cached.
struct Answer {
  Source source;
  std::string version;  // Debian's: "7.3.4-1~bpo13+1"
  bool pristine = false;
  std::chrono::system_clock::time_point time;
};

fs::path answerFile(const Tree& tree, const Cache& cache) {
  return cache.directory("apt/" + tree.name) / "answer.json";
}

// Changes with everything in trees.toml that the answer depends on.
std::string question(const Tree& tree) {
  std::string text = fmt::format("{}\n{}\n{}\n", tree.version, tree.fallback, tree.package);
  for (const auto& [archive, name, component] : tree.suites) {
    text += fmt::format("{} {} {}\n", archive, name, component);
  }
  return hashOfText(text);
}

std::optional<Answer> readAnswer(const Tree& tree, const Cache& cache) {
  std::ifstream in(answerFile(tree, cache));
  const auto json = nlohmann::json::parse(in, nullptr, false);
  if (json.is_discarded() || json.value("question", "") != question(tree)) return std::nullopt;
  Answer answer{json.get<Source>(), json.value("version", ""), json.value("pristine", false),
                std::chrono::system_clock::from_time_t(json.value("time", std::time_t{0}))};
  if (answer.source.hash.empty() || answer.source.release.empty()) return std::nullopt;
  return answer;
}

void writeAnswer(const Tree& tree, const Cache& cache, const Answer& answer) {
  nlohmann::json json = answer.source;
  json.update({{"question", question(tree)},
               {"version", answer.version},
               {"pristine", answer.pristine},
               {"time", std::chrono::system_clock::to_time_t(answer.time)}});
  writeFileAtomically(answerFile(tree, cache), json.dump(2) + '\n');
}

bool hasTarball(const Answer& answer) {
  std::error_code error;
  return fs::exists(answer.source.tarball, error);
}

std::string newestOf(const std::set<std::string>& versions,
                     const std::function<bool(const std::string& upstream)>& wanted) {
  std::string newest;
  for (const std::string& version : versions) {
    if (wanted(upstreamOf(version)) && (newest.empty() || olderVersion(newest, version))) {
      newest = version;
    }
  }
  return newest;
}

// Asks one archive for the newest release and downloads it.
class Fetch {
 public:
  Fetch(const Tree& tree, const Cache& cache, Progress& progress, Archive& archive)
      : tree_(tree), cache_(cache), progress_(progress), archive_(archive) {}

  Answer run(const std::optional<Answer>& before) {
    const fs::path directory = cache_.directory("source");
    // First, so that no download is wasted.
    if (!before) requireSpace(directory, kEverythingBytes, "the source of Linux and a build of it");
    archive_.update(progress_);
    const std::string version =
        newestOf(tree_.distribution() ? archive_.versions(Archive::Package::binary, tree_.package)
                                      : archive_.versions(Archive::Package::source, "linux"),
                 [&](const std::string& upstream) { return belongsTo(upstream, tree_.version); });
    if (version.empty()) {
      std::string suites;
      for (const Suite& suite : tree_.suites) suites += (suites.empty() ? "" : ", ") + suite.name;
      throw Failure(ExitStatus::environment,
                    "Debian's archive has no release {} of {} in {}: "
                    "kernel-overlay/trees.toml says where to look for the tree {}",
                    tree_.version, tree_.distribution() ? tree_.package : "Linux", suites,
                    tree_.name);
    }
    const bool known = before && before->version == version && hasTarball(*before);
    if (known && (before->pristine || tree_.distribution())) return renewed(*before);
    if (tree_.distribution()) return ofDistribution(version);
    if (auto answer = pristine(version)) return *answer;
    if (known) return renewed(*before);
    return patched(version);
  }

 private:
  static Answer renewed(Answer answer) {
    answer.time = std::chrono::system_clock::now();
    return answer;
  }

  std::optional<Answer> pristine(const std::string& version) {
    const std::string release = upstreamOf(version);
    const fs::path directory = cache_.directory("source/" + tree_.name);
    requireSpace(directory, kTarballBytes, "the source of Linux " + release);
    progress_.step("download linux " + release);
    const TemporaryDirectory temporary(directory);
    const auto file =
        archive_.download(Archive::Package::source, "linux", version, temporary.path(), progress_);
    if (!file) return std::nullopt;
    return keep(*file, version, fmt::format("linux {}, pristine", version), true);
  }

  // Debian's own patched tree, in a binary package of the same release.
  Answer patched(const std::string& source_version) {
    const std::string release = upstreamOf(source_version);
    const auto not_there = [&](std::string_view rest) {
      return Failure(ExitStatus::environment,
                     "Debian's archive lists the source of linux {} but does not have it{}. Try "
                     "again later, or give your own source: --tree DIR",
                     source_version, rest);
    };
    if (tree_.fallback.empty()) throw not_there("");
    const std::string version =
        newestOf(archive_.versions(Archive::Package::binary, tree_.fallback),
                 [&](const std::string& upstream) { return upstream == release; });
    if (version.empty()) throw not_there(fmt::format(", nor a {} of {}", tree_.fallback, release));
    const auto answer = ofPackage(tree_.fallback, version,
                                  "Debian's patched tree, since the pristine source of this "
                                  "release is not in the archive");
    if (!answer) throw not_there(fmt::format(", nor {} {}", tree_.fallback, version));
    progress_.note(
        fmt::format("Debian's archive lists the pristine source of linux {} but does not "
                    "have it: using {}, Debian's patched tree of the same release",
                    version, tree_.fallback));
    return *answer;
  }

  Answer ofDistribution(const std::string& version) {
    if (const auto answer = ofPackage(tree_.package, version, "Debian's own tree")) return *answer;
    throw Failure(ExitStatus::environment,
                  "Debian's archive lists {} {} but does not have it. Try again later, "
                  "or give your own source: --tree DIR",
                  tree_.package, version);
  }

  // The tree in a binary package; nothing if the archive does not have it.
  std::optional<Answer> ofPackage(const std::string& name, const std::string& version,
                                  const std::string& what) {
    const fs::path directory = cache_.directory("source/" + tree_.name);
    requireSpace(directory, kPackageBytes, fmt::format("the source of {} {}", name, version));
    progress_.step(fmt::format("download {} {}", name, version));
    const TemporaryDirectory temporary(directory);
    const auto package =
        archive_.download(Archive::Package::binary, name, version, temporary.path(), progress_);
    if (!package) return std::nullopt;
    const fs::path tarball = temporary.path() / (name + ".tar.xz");
    unpackFromPackage(*package, '/' + tarball.filename().string(), tarball, progress_);
    return keep(tarball, version, fmt::format("{} {}, {}", name, version, what), false);
  }

  Answer keep(const fs::path& file, const std::string& version, const std::string& description,
              bool pristine) {
    Answer answer{{upstreamOf(version), description, hashOfFile(file), {}},
                  version,
                  pristine,
                  std::chrono::system_clock::now()};
    answer.source.tarball = sourceDirectory(tree_.name, answer.source, cache_) / "source.tar.xz";
    std::error_code error;
    fs::rename(file, answer.source.tarball, error);
    if (error) throw writeFailure(answer.source.tarball, error.value());
    return answer;
  }

  const Tree& tree_;
  const Cache& cache_;
  Progress& progress_;
  Archive& archive_;
};

}  // namespace

ArchiveAccess ArchiveAccess::standard() {
  ArchiveAccess access;
  access.mirrors.push_back(hostMirrors());
  if (const Mirrors standard; !(standard == access.mirrors.front())) {
    access.mirrors.push_back(standard);
  }
  return access;
}

std::optional<Source> rememberedSource(const Tree& tree, const Cache& cache) {
  const auto answer = readAnswer(tree, cache);
  const auto now = std::chrono::system_clock::now();
  if (!answer || answer->time > now || now - answer->time > kAnswerIsGoodFor) return std::nullopt;
  return answer->source;
}

Source fetchSource(const Tree& tree, const Cache& cache, Progress& progress,
                   const ArchiveAccess& access) {
  const std::optional<Answer> before = readAnswer(tree, cache);
  for (std::size_t i = 0;; ++i) {
    try {
      Archive archive(cache.directory("apt/" + tree.name), tree.suites, access.mirrors[i],
                      !tree.fallback.empty() || tree.distribution(), access.keyring);
      const Answer answer = Fetch(tree, cache, progress, archive).run(before);
      writeAnswer(tree, cache, answer);
      return answer.source;
    } catch (const Failure& failure) {
      if (failure.status() != ExitStatus::environment) throw;
      if (i + 1 < access.mirrors.size()) {
        progress.note(fmt::format("{}\nTrying {}", failure.what(), access.mirrors[i + 1].debian));
      } else if (before && hasTarball(*before)) {
        // An old answer is better than none.
        progress.note(fmt::format("{}\nContinuing with Linux {} from the cache", failure.what(),
                                  before->source.release));
        return before->source;
      } else {
        throw;
      }
    }
  }
}

CacheLock lockTree(const std::string& tree, const Cache& cache, Progress& progress) {
  return cache.lock(tree, [&] {
    progress.remark(fmt::format("another run is working on {}: waiting for it to finish", tree));
  });
}

Source availableSource(const Tree& tree, const Cache& cache, Progress& progress) {
  std::error_code error;
  const auto source = rememberedSource(tree, cache);
  // The cache may have been cleaned up since: then ask the archive again.
  if (source && fs::exists(source->tarball, error)) return *source;
  return fetchSource(tree, cache, progress);
}

}  // namespace runner
