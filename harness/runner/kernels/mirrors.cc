// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/mirrors.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

namespace runner {

namespace fs = std::filesystem;

namespace {

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Remembers the first mirror of each archive.
class Finder {
 public:
  void add(std::string uri) {
    while (uri.ends_with("/")) uri.pop_back();
    if (!uri.starts_with("http://") && !uri.starts_with("https://")) return;
    if (uri.ends_with("/debian-security") || uri.ends_with("//security.debian.org")) {
      if (!security_) security_ = uri;
    } else if (uri.ends_with("/debian")) {
      if (!debian_) debian_ = uri;
    }
  }
  Mirrors result() const {
    Mirrors mirrors;
    if (debian_) mirrors.debian = *debian_;
    if (security_) mirrors.security = *security_;
    return mirrors;
  }

 private:
  std::optional<std::string> debian_, security_;
};

// deb [options] URI suite component...
void readOneLineFormat(std::istream& in, Finder& finder) {
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    words >> word;
    if (word != "deb" && word != "deb-src") continue;
    words >> word;
    if (word.starts_with("[")) {
      while (!word.ends_with("]") && words >> word) {
      }
      words >> word;
    }
    finder.add(word);
  }
}

// Stanzas of "Field: value", parted by empty lines; Enabled: no switches one off.
void readDeb822(std::istream& in, Finder& finder) {
  std::vector<std::string> uris;
  bool enabled = true, in_uris = false;
  const auto end_of_stanza = [&] {
    if (enabled) std::for_each(uris.begin(), uris.end(), [&](const auto& uri) { finder.add(uri); });
    uris.clear();
    enabled = true;
    in_uris = false;
  };
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) continue;
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      end_of_stanza();
      continue;
    }
    std::string value = line;
    if (line.front() != ' ' && line.front() != '\t') {
      const auto colon = line.find(':');
      const std::string field = lowerCase(line.substr(0, colon));
      value = colon == std::string::npos ? "" : line.substr(colon + 1);
      in_uris = field == "uris";
      std::istringstream words(lowerCase(value));
      if (std::string word; field == "enabled" && words >> word && word == "no") enabled = false;
    }
    if (!in_uris) continue;
    std::istringstream words(value);
    for (std::string uri; words >> uri;) uris.push_back(uri);
  }
  end_of_stanza();
}

}  // namespace

Mirrors machineMirrors(const fs::path& apt_folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(apt_folder / "sources.list.d", error)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  files.insert(files.begin(), apt_folder / "sources.list");
  Finder finder;
  for (const fs::path& file : files) {
    std::ifstream in(file);
    if (file.extension() == ".list") readOneLineFormat(in, finder);
    if (file.extension() == ".sources") readDeb822(in, finder);
  }
  return finder.result();
}

}  // namespace runner
