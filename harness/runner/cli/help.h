// SPDX-License-Identifier: GPL-2.0
// What --help says beside the options themselves.
#pragma once

namespace runner {

inline constexpr const char* kAbout =
    "Judges whether syncfs(2) on overlayfs reports writeback errors as the documentation "
    "promises:\n"
    "builds a kernel, boots it on a failing disk, and says so case by case.\n";

inline constexpr const char* kExitStatus = R"(
Exit status:
  0 all passed      3 error of this suite   6 splat (BUG, WARNING, ...)   9 this machine can't
  1 a case failed   4 timeout, a hang       7 the machine was lost        128+N interrupted
  2 wrong usage     5 panic                 8 the kernel can't be built   141 output closed
The worst decides: panic, splat, timeout, lost, error, fail.)";

inline constexpr const char* kRunDetails = R"(
A kernel of your own is a source directory, a source tarball, a bzImage, a vmlinux or a linux
program; it is judged as it is. Cases have names like A2.EveryOpenFdReportsOnce/ext4/overlay;
--filter takes a requirement id, a part of a name, or glob patterns, separated by ':'.
Reports are results.json, results.ktap, results.xml (JUnit), failures.txt and console-*.log.

--tree takes several trees with commas between them, or all: every tree of ours but those of
distributions. Each gets its reports in a folder of its own, beside matrix.txt and matrix.json. One
whose kernel cannot be had or built does not stop the others, and decides the exit status.

Examples:
  ovl-syncfs run                                  newest mainline, our series, User-Mode Linux
  ovl-syncfs run --series both                    what the series changes: proves, guards
  ovl-syncfs run --tree ~/linux --fs ext4         your own kernel source
  ovl-syncfs run --tree ./bzImage --machine qemu  your own image
  ovl-syncfs run --tree all --series both         every tree, side by side
  ovl-syncfs run --filter A2                      every case of one requirement
  ovl-syncfs run --filter 'A*/overlay:V3'         several patterns
)";

inline constexpr const char* kShellDetails = R"(
In the guest `help` lists the commands that break and heal the disk; `exit` ends it, Ctrl-] does
so at once. If standard input is no terminal, it is a script for the guest's shell. Ends with the
status of that shell, or as `run` does if the machine did not come so far.

Examples:
  ovl-syncfs shell --series off                   see the bug by hand
  echo 'exec 5<data; lose; syncfs <&5' | ovl-syncfs shell
)";

inline constexpr const char* kMergeDetails = R"(
Each machine of a CI runs a part, and one of them puts the parts together: the same reports, table and
exit status as those of a single run. A part of --series both says nothing of the series yet: it fails
for what befalls its machines, and `merge` has the verdict.

Examples:
  ovl-syncfs run --tree all --series both --shard 1/3 --out part-1
  ovl-syncfs merge part-1 part-2 part-3 --out all
)";

inline constexpr const char* kMutantsDetails = R"(
A mutant is a small wrong patch on top of the series. It is killed when a case of the requirement
that it breaks fails; one that survives shows a hole in the cases. --filter takes a requirement id,
a part of a name, or glob patterns, separated by ':'.

Exit status:
  0 all were killed     1 one survived, or was killed by cases of other requirements only
  8 one was not built   the others as for `run`)";

inline constexpr const char* kCostDetails = R"(
Boots each kernel in QEMU so that the processor's time stamp counter counts instructions, and gives
what each system call takes on the bare filesystem, on an overlay and on a volatile one. Of a tree
of ours that is the kernel without the series, and one more with each series on top of those before
it; a kernel of your own is measured as it is.

Examples:
  ovl-syncfs cost                                 newest mainline, all its series
  ovl-syncfs cost --with b-volatile-failstop      one series alone
  ovl-syncfs cost --tree ./bzImage                your own image)";

}  // namespace runner
