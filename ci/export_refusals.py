# SPDX-License-Identifier: GPL-2.0-only
"""Exports that must be refused, are interrupted, or run beside other work in the user's tree."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from export_common import ADDRESS, TOOL, expect, export, must, run, state


def check_refusals(scratch, tree):
    """Check that each refusal has its message and leaves the tree unchanged."""
    good = ("--tree", "mainline", "--series", "b-volatile-failstop")

    def refused(what, says, *options, at=tree, base=None, environment=None):
        before = state(at) if (at / ".git").exists() else None
        done = run(TOOL, "series", "export", "--git", at, *(options or good),
                   *(("--base", base) if base else ()),
                   env={**os.environ, **(environment or {})})
        expect(done.returncode == 2 and says in done.stdout,
               f"{what}: status {done.returncode}, says {done.stdout}")
        expect(before is None or state(at) == before, f"{what}: the tree changed")

    must("git", "checkout", "-q", "master", cwd=tree)
    refused("an existing branch", "the branch b4/ovl-b-volatile-failstop already exists")
    for branch in must("git", "branch", "--format=%(refname:short)", cwd=tree).split():
        if branch.startswith("b4/ovl-b"):
            must("git", "branch", "-q", "-D", branch, cwd=tree)
    refused("two series", "only one series at a time", "--tree", "mainline")
    refused("an unknown base", "is not a commit in", base="nonsense")
    refused("a missing directory", "no such directory", at=scratch / "nowhere")
    refused("inside a tree", "inside a git work tree", at=tree / "fs")
    refused("another release", "were made on Linux", "--tree", "5.10.y", "--series", "a-syncfs")
    must("git", "config", "--unset", "user.email", cwd=tree)
    refused("no identity", "git does not know who you are",
            environment={"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"})
    must("git", "config", "user.email", ADDRESS, cwd=tree)

    must("git", "checkout", "-q", "b4/ovl-a-syncfs", cwd=tree)
    refused("on a b4 branch", "Name the commit to start at with --base")
    must("git", "checkout", "-q", "--detach", cwd=tree)
    refused("above a b4 cover letter", "has a cover letter of b4", at=tree)
    must("git", "checkout", "-q", "master", cwd=tree)
    file = tree / "fs/overlayfs/super.c"
    text = file.read_text()
    file.write_text(text.replace("volatile", "fleeting"))
    refused("a dirty tree", "uncommitted changes")
    must("git", "commit", "-q", "-a", "-m", "another base", cwd=tree)
    refused("a base without context", "does not apply to")
    must("git", "reset", "-q", "--hard", "HEAD~1", cwd=tree)
    (tree / ".git" / "rebase-apply").mkdir()
    refused("an unfinished git am", "an unfinished `git am")
    (tree / ".git" / "rebase-apply").rmdir()
    full = scratch / "full"
    full.mkdir()
    (full / "file").touch()
    refused("mails among other files", "the directory is not empty", *good, "--to", full)


def check_users_work(tree):
    """Check what happens if the user, a signal or another export changes the tree meanwhile."""
    series = ("a-syncfs", "b-volatile-failstop")

    def begun(name, at=tree, **environment):
        options = ("--tree", "mainline", "--series", name, "--base", "master")
        return subprocess.Popen([TOOL, "series", "export", "--git", at, *options],
                                env={**os.environ, **environment},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def linked():
        done = run("git", "worktree", "list", cwd=tree)
        return done.returncode == 0 and len(done.stdout.splitlines()) > 1

    def at_work(name):
        process = begun(name)
        # git fails to list a work tree that another git is adding: an error means not yet.
        while not linked():
            if process.poll() is not None:
                sys.exit(f"the export ended too early:\n{process.stdout.read()}")
            time.sleep(0.002)
        return process

    def ended(process):
        output = process.communicate()[0]
        return process.returncode, output

    def clear():
        must("git", "checkout", "-q", "--force", "master", cwd=tree)
        for name in series:
            run("git", "branch", "-q", "-D", f"b4/ovl-{name}", cwd=tree)

    def next_one_succeeds(fate):
        done = export(tree, "--tree", "mainline", "--series", series[0], "--base", "master")
        expect(done.returncode == 0, f"after one that was {fate}: {done.stdout}")
        left = must("git", "worktree", "list", cwd=tree).split("\n")
        expect(len(left) == 1, f"after one that was {fate}: {left}")
        clear()

    clear()
    before = state(tree)
    process = at_work(series[0])
    process.send_signal(signal.SIGINT)
    status, output = ended(process)
    expect(status == 130 and state(tree) == before, f"interrupted: status {status}, says {output}")

    # A git that stops where it has not yet written the file commondir of the work tree it adds.
    entry = tree / ".git" / "worktrees" / "linux"
    slow = Path(tempfile.mkdtemp(dir=tree.parent)) / "git"
    slow.write_text(f"""#!/bin/sh
{shutil.which("git")} "$@" || exit
case " $* " in *" worktree add "*) : > {entry}/commondir; touch {slow}.waits; exec sleep 600;; esac
""")
    slow.chmod(0o755)
    process = begun(series[0], PATH=f"{slow.parent}:{os.environ['PATH']}")
    while not Path(f"{slow}.waits").exists() and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    status, output = ended(process)
    expect(status == 130 and not entry.exists() and state(tree) == before,
           f"interrupted while git adds a work tree: status {status}, says {output}")

    process = at_work(series[0])
    process.send_signal(signal.SIGKILL)
    ended(process)
    next_one_succeeds("killed")

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    beside = cache / "ovl-syncfs" / "series"
    branch = f"b4/ovl-{series[0]}"
    # Leave what an export leaves that is killed while git adds a work tree or the temporary branch.
    killed = Path(tempfile.mkdtemp(dir=beside))
    must("git", "worktree", "add", "-q", "--detach", killed / "linux", cwd=tree)
    must("git", "worktree", "add", "-q", "-b", branch, killed / "committing", cwd=tree)
    shutil.rmtree(killed)
    (entry / "commondir").write_text("")
    heads = tree / ".git" / "refs" / "heads"
    must("git", "update-ref", "refs/heads/ovl-syncfs-export-in-progress", "HEAD", cwd=tree)
    (heads / "ovl-syncfs-export-in-progress.lock").touch()
    (heads / f"{branch}.lock").touch()
    next_one_succeeds("killed at a bad moment")

    hook = tree / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    process = at_work(series[0])
    hook.chmod(0o755)
    status, output = ended(process)
    expect(status == 0, f"a hook that fails after checkout: status {status}, says {output}")
    hook.unlink()
    clear()

    other = tree.parent / "other"
    must("git", "worktree", "add", "-q", "--detach", other, cwd=tree)
    status = [ended(process) for process in [begun(series[0]), begun(series[1], other)]]
    expect([code for code, _ in status] == [0, 0], f"two trees of one repository: {status}")
    must("git", "worktree", "remove", "--force", other, cwd=tree)
    clear()

    status = [ended(process) for process in [begun(name) for name in series]]
    expect([code for code, _ in status] == [0, 0], f"two at a time: {status}")
    clear()

    for name, succeeds in (("Makefile", True), ("fs/overlayfs/super.c", False)):
        file = tree / name
        process = at_work(series[0])
        with file.open("a") as out:
            out.write("mine\n")
        status, output = ended(process)
        branch = must("git", "branch", "--show-current", cwd=tree)
        if succeeds:
            expect(status == 0 and branch == f"b4/ovl-{series[0]}", f"{name} is edited: {output}")
        else:
            expect(status == 9 and branch == "master" and "could not be checked out" in output,
                   f"{name} is edited: status {status}, on {branch}, says {output}")
            expect(must("git", "rev-parse", f"b4/ovl-{series[0]}", cwd=tree),
                   f"{name} is edited: the branch is gone")
        expect(file.read_text().endswith("mine\n"), f"{name}: what was written there is lost")
        clear()
