// SPDX-License-Identifier: GPL-2.0-only
#include "sys/ring.h"

#include "sys/setup_error.h"

namespace sys {

Ring::Ring() {
  const int result = io_uring_queue_init(4, &ring_, 0);
  if (result < 0) throw SetupError("io_uring_setup", "of 4 entries", -result);
}

Ring::~Ring() {
  io_uring_queue_exit(&ring_);
}

Result Ring::fsync(const File& file) {
  return fsync(file, 0, 0, 0);
}

Result Ring::fdatasync(const File& file) {
  return fsync(file, IORING_FSYNC_DATASYNC, 0, 0);
}

Result Ring::fsync(const File& file, off_t offset, unsigned bytes) {
  return fsync(file, 0, offset, bytes);
}

Result Ring::pread(const File& file, std::string& bytes, off_t offset) {
  io_uring_prep_read(freeEntry(), file.descriptor(), bytes.data(),
                     static_cast<unsigned>(bytes.size()), static_cast<std::uint64_t>(offset));
  return submit();
}

Result Ring::pwrite(const File& file, std::string_view data, off_t offset, int flags) {
  io_uring_sqe* const entry = freeEntry();
  io_uring_prep_write(entry, file.descriptor(), data.data(), static_cast<unsigned>(data.size()),
                      static_cast<std::uint64_t>(offset));
  entry->rw_flags = flags;
  const Result result = submit();
  if (!result.ok()) return result;
  mustBeAll(result.value(), data.size());
  return Result::success();
}

Result Ring::fsync(const File& file, unsigned flags, off_t offset, unsigned bytes) {
  io_uring_sqe* const entry = freeEntry();
  io_uring_prep_fsync(entry, file.descriptor(), flags);
  entry->off = static_cast<std::uint64_t>(offset);
  entry->len = bytes;
  return submit();
}

io_uring_sqe* Ring::freeEntry() {
  io_uring_sqe* entry = io_uring_get_sqe(&ring_);
  if (entry == nullptr) throw SetupError("io_uring", "has no free entry", 0);
  return entry;
}

Result Ring::submit() {
  const int submitted = io_uring_submit(&ring_);
  if (submitted < 0) throw SetupError("io_uring_submit", "of one request", -submitted);
  io_uring_cqe* completion = nullptr;
  const int waited = io_uring_wait_cqe(&ring_, &completion);
  if (waited < 0) throw SetupError("io_uring_wait", "for one request", -waited);
  const Result result = Result::ofKernel(completion->res);
  io_uring_cqe_seen(&ring_, completion);
  return result;
}

}  // namespace sys
