// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/fault_log.h"

#include <iomanip>
#include <sstream>

namespace conformance {

void FaultLog::note(const std::string& what) {
  const std::chrono::duration<double, std::milli> since = std::chrono::steady_clock::now() - start_;
  std::ostringstream line;
  line << "at " << std::fixed << std::setprecision(1) << since.count() << " ms: " << what;
  lines_.push_back(line.str());
}

}  // namespace conformance
