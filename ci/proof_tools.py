# SPDX-License-Identifier: GPL-2.0-only
"""Find herd7 and CBMC for check-proofs: those of the host, or Debian's, in the cache."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYRING = Path('/usr/share/keyrings/debian-archive-keyring.gpg')
# The first suite that has a package is taken; the last one is for those that moved on. All programs
# run with the C library of the newest suite.
PACKAGES = {
    'herdtools7': ('forky', 'sid'),
    'cbmc': ('trixie', 'sid'),
    'minisat': ('trixie', 'sid'),
    'libc6': ('forky', 'sid'),
    'libgcc-s1': ('forky', 'sid'),
    'libgmp10': ('forky', 'sid'),
    'libstdc++6': ('forky', 'sid'),
}
HERD7 = 7, 58  # what the memory model of Linux 7.3 asks for, in tools/memory-model/README
CBMC = 6, 0
HOW = ('herd7 7.58 (Debian: herdtools7, since Debian 14) and cbmc 6 (Debian: cbmc, since '
       'Debian 13) are needed, in PATH or from the archive')


class Problem(Exception):
    """Something that is needed is missing; the message says what."""


@dataclass
class Tools:
    herd7: list
    cbmc: list
    versions: str


def run(command, directory, timeout=None, **more):
    """Run a command and return its status and output. A signal that ends us ends it first."""
    try:
        child = subprocess.Popen([str(each) for each in command], cwd=directory, text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, **more)
    except FileNotFoundError as missing:
        raise Problem(f'{missing.filename} is missing') from missing
    try:
        out, error = child.communicate(timeout=timeout)
    except BaseException:
        child.terminate()
        child.wait()
        raise
    return child.returncode, out, error


def must(command, directory, **more):
    """Run a command that must succeed, and return its output."""
    status, out, error = run(command, directory, **more)
    if status:
        raise Problem(f'{" ".join(map(str, command))} ended with {status}:\n'
                      f'{out[-1000:]}{error[-2000:]}')
    return out


def version(command):
    """Return the version that a program prints, or None if it does not run."""
    try:
        text = subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r'(\d+)\.(\d+)', text)
    return match and (int(match[1]), int(match[2]))


def cache():
    base = os.environ.get('XDG_CACHE_HOME', '')
    if base.startswith('/'):
        return Path(base) / 'ovl-syncfs'
    if not os.environ.get('HOME'):
        raise Problem('neither HOME nor XDG_CACHE_HOME is set: no place for herd7 and cbmc')
    return Path(os.environ['HOME']) / '.cache/ovl-syncfs'


def mirror():
    """Return the mirror that this host uses."""
    uris = subprocess.run(['apt-get', 'update', '--print-uris'], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    match = re.search(r"^'(https?://[^']*/debian)/dists/", uris, re.M)
    return match[1] if match else 'http://deb.debian.org/debian'


def download(target):
    """Unpack Debian's packages into a directory, which appears when it is complete."""
    for program, package in (('apt-get', 'apt'), ('dpkg-deb', 'dpkg')):
        if not shutil.which(program):
            raise Problem(f'{HOW}; there is no {program} (Debian: {package}) to fetch them')
    if not KEYRING.exists():
        raise Problem(f'{HOW}; to fetch them, install debian-archive-keyring')
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='getting-', dir=target.parent) as name:
        work = Path(name)
        for each in ('lists/partial', 'cache/archives/partial', 'state', 'debs', 'root'):
            (work / each).mkdir(parents=True)
        (work / 'status').touch()
        suites = sorted({suite for each in PACKAGES.values() for suite in each})
        (work / 'sources').write_text(''.join(
            f'deb [signed-by={KEYRING}] {mirror()} {suite} main\n' for suite in suites))
        (work / 'apt.conf').write_text(f'''
Dir::Etc::SourceList "{work}/sources";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{work}/state";
Dir::State::Lists "{work}/lists";
Dir::State::Status "{work}/status";
Dir::Cache "{work}/cache";
Acquire::Languages "none";
APT::Sandbox::User "";
APT::Get::List-Cleanup "false";
''')
        environment = {**os.environ, 'APT_CONFIG': str(work / 'apt.conf'), 'LC_ALL': 'C'}
        print('fetching herd7 and cbmc from Debian\'s archive', flush=True)
        must(['apt-get', 'update', '--error-on=any', '-qq'], work, env=environment)
        for package, wanted in PACKAGES.items():
            listed = must(['apt-cache', 'madison', package], work, env=environment)
            there = [suite for suite in wanted if f' {suite}/' in listed]
            if not there:
                raise Problem(f'{HOW}; {" and ".join(wanted)} have no {package}')
            must(['apt-get', 'download', '-qq', f'{package}/{there[0]}'], work / 'debs',
                 env=environment)
        for deb in sorted((work / 'debs').iterdir()):
            must(['dpkg-deb', '--extract', deb, work / 'root'], work)
        (work / 'root').rename(target)


def in_root(root, program):
    """Return the command that runs a program of another suite with the libraries of that suite."""
    loaders = glob.glob(f'{root}/usr/lib/*-linux-gnu/ld-linux*.so.*')
    if len(loaders) != 1:
        raise Problem(f'{root} has {len(loaders)} dynamic loaders; remove it and try again')
    libraries = f'{os.path.dirname(loaders[0])}:{root}/usr/lib'
    return [loaders[0], '--library-path', libraries, f'{root}/usr/bin/{program}']


def find():
    # cbmc calls gcc.
    missing = [each for each in ('gcc', 'patch', 'sed') if not shutil.which(each)]
    if missing:
        raise Problem(f'missing programs: apt-get install {" ".join(missing)}')
    herd7, cbmc = ['herd7'], ['cbmc']
    old_herd7 = (version(['herd7', '-version']) or (0,)) < HERD7
    old_cbmc = (version(['cbmc', '--version']) or (0,)) < CBMC
    if old_herd7 or old_cbmc:
        root = cache() / 'proof-tools' / '-'.join(f'{suite[0]}' for suite in PACKAGES.values())
        if not root.exists():
            download(root)
        if old_herd7:
            herd7 = [*in_root(root, 'herd7'), '-set-libdir', f'{root}/usr/share/herdtools7/herd']
        if old_cbmc:
            cbmc = in_root(root, 'cbmc')
    found = version([*herd7, '-version']), version([*cbmc, '--version'])
    if None in found:
        raise Problem(f'{HOW}; what was found does not run: {" ".join(herd7 + cbmc)}')
    return Tools(herd7, cbmc, 'herd7 %d.%d, cbmc %d.%d' % (found[0] + found[1]))
