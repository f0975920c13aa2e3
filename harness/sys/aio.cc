// SPDX-License-Identifier: GPL-2.0-only
#include "sys/aio.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "sys/setup_error.h"

namespace sys {

Aio::Aio() {
  require(::syscall(SYS_io_setup, 1, &context_), "io_setup", "for one request");
}

Aio::~Aio() {
  ::syscall(SYS_io_destroy, context_);
}

Result Aio::pread(const File& file, void* memory, std::size_t bytes) {
  return submit(IOCB_CMD_PREAD, file, memory, bytes);
}

Result Aio::pwrite(const File& file, const void* memory, std::size_t bytes) {
  return submit(IOCB_CMD_PWRITE, file, memory, bytes);
}

Result Aio::fsync(const File& file) {
  return submit(IOCB_CMD_FSYNC, file, nullptr, 0);
}

Result Aio::submit(std::uint16_t operation, const File& file, const void* memory,
                   std::size_t bytes) {
  iocb request{};
  request.aio_lio_opcode = operation;
  request.aio_fildes = static_cast<std::uint32_t>(file.descriptor());
  request.aio_buf = reinterpret_cast<std::uintptr_t>(memory);
  request.aio_nbytes = bytes;
  std::array<iocb*, 1> requests = {&request};
  const Result submitted = Result::ofCall(::syscall(SYS_io_submit, context_, 1, requests.data()));
  if (!submitted.ok()) return submitted;
  io_event event{};
  require(::syscall(SYS_io_getevents, context_, 1, 1, &event, nullptr), "io_getevents",
          "of one request");
  return Result::ofKernel(static_cast<long>(event.res));
}

}  // namespace sys
