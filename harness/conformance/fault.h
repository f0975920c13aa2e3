// SPDX-License-Identifier: GPL-2.0-only
// Fault: sectors that fail until it is healed, by its destructor at the latest.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/failing_disk.h"
#include "conformance/fault_log.h"
#include "sys/block_statistics.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {

// What all faults of a case share.
struct FaultSite {
  FailingDisk& disk;
  FaultLog& log;
  std::optional<sys::SetupError> unhealed = {};  // of a fault that its destructor had to heal
};

class Fault {
 public:
  // Makes these sectors of the disk fail. what: describes them in the log. written: the files whose
  // errors may be recorded late, by errorWaiter(). Throws SetupError, also if another fault of the
  // same disk is not healed yet: hits could not be attributed.
  Fault(FaultSite& site, const std::vector<sys::SectorRange>& sectors, FaultKind kind,
        const std::string& what, std::vector<sys::File> written);
  Fault(Fault&& other) noexcept;
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
  Fault& operator=(Fault&&) = delete;
  // As heal(), but stores what it would throw in the site.
  ~Fault();

  // Heals the disk, and waits until the filesystem has recorded all errors. Throws SetupError if no
  // write has failed: then nothing was tested.
  void heal();
  // The same for a fault that only reads, and no write, have hit.
  void healAfterReads();
  // For a fault during which others work with its file, and are judged by what their calls answer:
  // it may never be hit. heal() takes what is left in the mapping of the file (AS_EIO), which
  // FIEMAP and direct reads would return later.
  void lasts(sys::File file) { lasting_ = std::move(file); }
  // How many writes have failed so far. To be called before heal().
  std::uint64_t failedWrites() const;
  // Waits until a write has failed, for writeback that others start. Throws SetupError when that
  // takes too long.
  void waitUntilHit(std::chrono::seconds limit = std::chrono::seconds(10)) const;

 private:
  // Returns the number of failures until then.
  sys::BlockStatistics healDisk();

  FaultSite* site_;
  std::vector<sys::File> written_;
  sys::BlockStatistics failed_before_;
  std::optional<sys::File> lasting_;
};

}  // namespace conformance
