// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/image_build.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "runner/kernels/config.h"

namespace runner {

namespace {

// Part of every key; change it whenever the same input would be built differently.
constexpr std::string_view kRecipe = "1";

}  // namespace

ImageBuild::ImageBuild(const KernelRequest& request, const Tree& tree, const Cache& cache,
                       Progress& progress)
    : request_(request),
      cache_(cache),
      progress_(progress),
      images_(cache),
      compiler_(compilerIdentity(*request.architecture)),
      fragments_(tree.fragments(*request.architecture, request.lane, request.smp)) {
  const bool smp = request.smp && !tree.config.at(request.architecture->name).smp.empty();
  machine_label_ = fmt::format("{}{}{}", request.lane.empty() ? "" : request.lane + '-',
                               smp ? "smp-" : "", request.architecture->cache_name);
}

std::string ImageBuild::keyOf(const std::string& source_hash,
                              const std::string& series_hash) const {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n", kRecipe, source_hash, series_hash,
                                 compiler_, request_.architecture->cache_name);
  for (const Option& option : readFragments(fragments_)) text += option.text() + '\n';
  return hashOfText(text);
}

std::optional<KernelIdentity> ImageBuild::cached(const std::string& name, bool quiet) const {
  if (quiet) return images_.find(name);
  return images_.find(name, [&](const std::string& what) { progress_.note(what); });
}

BuildRequest ImageBuild::request(std::string name) const {
  return {.source = {},
          .directory = {},
          .fragments = fragments_,
          .architecture = *request_.architecture,
          .name = std::move(name)};
}

KernelIdentity ImageBuild::build(const std::string& entry, const std::string& family,
                                 const BuildRequest& request, KernelIdentity identity) const {
  const BuiltKernel built = buildKernel(request, cache_, progress_);
  identity.release = built.release;
  identity.compiler = compiler_;
  // Keep one image of each mutant, so that a run of all of them finds all of them.
  const std::size_t kept = request_.mutant.empty() ? ImageCache::kKept : 1;
  return images_.keep(entry, family, built.image, built.config, std::move(identity), kept);
}

Kernel ImageBuild::result(KernelIdentity identity, bool own,
                          std::vector<std::string> left_out) const {
  identity.lane = request_.lane;
  return {identity.image,
          qemu::machineFor(*request_.architecture),
          own,
          identity,
          std::move(left_out),
          {}};
}

}  // namespace runner
