# SPDX-License-Identifier: GPL-2.0-only
"""Helpers for the tests of `series export`: a small kernel tree, commands, expectations."""

import email
import email.policy
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "ovl-syncfs"
NAME, ADDRESS = "Zoë Tester", "zoe@example.org"
SIGNED_OFF = f"Signed-off-by: {NAME} <{ADDRESS}>"

failed = passed = 0


def expect(holds, what):
    """Count one expectation; `what` says what is wrong if it does not hold."""
    global failed, passed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}")


def run(*command, cwd=ROOT, **more):
    """Run a command, with its output as text; the caller checks its status."""
    return subprocess.run([str(part) for part in command], cwd=cwd, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def must(*command, cwd=ROOT):
    """Run a command of the test itself, which must succeed, and return its output."""
    done = run(*command, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout.strip()


def source(tree, *more):
    """Return the unpacked source of a tree, with these options of `build`."""
    return Path(must(TOOL, "build", "--source", "--tree", tree, *more).splitlines()[-1])


def touched(directory):
    """Return the files that the patches in a directory change."""
    text = "".join(patch.read_text() for patch in sorted(directory.glob("000[1-9]*.patch")))
    return set(re.findall(r"^(?:---|\+\+\+) [ab]/(.*)$", text, re.M))


def make_tree(directory, kernel, files):
    """Make a git tree with those files of a kernel, and with those that identify it as one."""
    tops = ("COPYING CREDITS Kbuild Kconfig MAINTAINERS Makefile README "
            "scripts/get_maintainer.pl").split()
    for part in "Documentation arch include drivers fs init ipc kernel lib scripts".split():
        (directory / part).mkdir(parents=True, exist_ok=True)
        (directory / part / "placeholder").touch()
    for name in sorted(files) + tops:
        if not (kernel / name).exists():
            continue
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(kernel / name, directory / name)
    must("git", "init", "-q", "-b", "master", cwd=directory)
    must("git", "config", "user.name", NAME, cwd=directory)
    must("git", "config", "user.email", ADDRESS, cwd=directory)
    # b4 requires a way to send mail; nothing is sent.
    must("git", "config", "sendemail.smtpserver", "/bin/false", cwd=directory)
    must("git", "add", "-A", "-f", cwd=directory)
    must("git", "commit", "-q", "-m", "base", cwd=directory)
    return directory


def state(tree):
    """Return what a refused export must not change."""
    return (run("git", "symbolic-ref", "HEAD", cwd=tree).stdout,
            must("git", "for-each-ref", cwd=tree), must("git", "status", "--short", cwd=tree),
            must("git", "worktree", "list", cwd=tree))


def export(tree, *options):
    """Run `series export` into a git tree, without any global configuration."""
    return run(TOOL, "series", "export", "--git", tree, *options,
               env={**os.environ, "GIT_EDITOR": "false", "GIT_CONFIG_GLOBAL": "/dev/null"})


def read_mails(directory):
    """Return the mails in the order of their numbers."""
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted(directory.glob("*.eml"))]
