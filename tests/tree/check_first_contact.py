# SPDX-License-Identifier: MIT
"""The README's commands where they can't work: they say so in one line, at once, before anything is
built or installed, and what to do. Each case has a copy of the scripts and a PATH of its own, on which
only what is named here can be found."""
import os
import shutil
import subprocess
import sys
import tempfile

import harness

TOOLS = ("bash", "basename", "cat", "chmod", "cut", "dirname", "env", "getent", "grep", "head", "id",
         "mkdir", "mktemp", "nproc", "rm", "sh", "sha256sum", "ls", "tail", "touch", "tr", "uname")
NOTHING_INSTALLED = {"dpkg-query": "exit 1"}
APT = {"apt-get": "echo $* >>$LOG", "apt-cache": "exit 0"}
REFUSING = {"apt-get": "echo refused; exit 100", "apt-cache": "exit 0"}
failures = []


class Place:
    """A copy of the scripts at a path of the test's choice, and a PATH."""

    def __init__(self, name="logtap", programs=None):
        self.folder = tempfile.mkdtemp(prefix="logtap-first-")
        os.chmod(self.folder, 0o755)
        self.tree = os.path.join(self.folder, name)
        self.path = os.path.join(self.folder, "path")
        self.log = os.path.join(self.folder, "log")
        shutil.copytree(os.path.join(harness.SOURCE, "scripts"), os.path.join(self.tree, "scripts"))
        os.mkdir(self.path)
        for tool in TOOLS:
            os.symlink(shutil.which(tool), os.path.join(self.path, tool))
        for program, script in (programs or {}).items():
            with open(os.path.join(self.path, program), "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{script}\n")
            os.chmod(os.path.join(self.path, program), 0o755)

    def run(self, script, *arguments, before=(), **variables):
        environment = {"PATH": self.path, "LOG": self.log, "HOME": self.folder, **variables}
        environment = {name: value for name, value in environment.items() if value is not None}
        return subprocess.run([*before, os.path.join(self.tree, "scripts", script), *arguments], env=environment,
                              capture_output=True, text=True, check=False, cwd="/")


def refuses(what, done, *words):
    """One line on stderr, with the script's name and these words, and exit status 1."""
    said = done.stderr
    if done.returncode != 1 or said.count("\n") != 1 or not all(word in said for word in words):
        failures.append(f"{what}: status {done.returncode}, stdout {done.stdout!r}, stderr {said!r}")


def unprivileged(place):
    """In front of a command: as nobody, who owns the place."""
    if os.geteuid() != 0:
        return ()
    for folder, _, names in os.walk(place.folder):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            os.lchown(path, 65534, 65534)
    return (shutil.which("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups")


def paths():
    for name in ("a b", "a\tb", "a:b", "a$LIB", "a'b", 'a"b', "a;b", "a,b", "a\\b", "a(b", "a#b"):
        for script in ("demo.sh", "test.sh", "build.sh", "bench.sh") if name == "a b" else ("demo.sh",):
            place = Place(name, NOTHING_INSTALLED | APT)
            refuses(f"{script} in {name!r}", place.run(script), script, "in its path", "move it")
            if os.listdir(place.tree) != ["scripts"] or os.path.exists(place.log):
                failures.append(f"{script} in {name!r} did something")
            shutil.rmtree(place.folder)


def becoming_root():
    place = Place(programs=NOTHING_INSTALLED | APT)
    for script in ("demo.sh", "build.sh", "test.sh", "bench.sh"):
        refuses(f"{script} without sudo", place.run(script, before=unprivileged(place)),
                "takes root", "install sudo", "cmake")
    shutil.rmtree(place.folder)
    place = Place(programs=NOTHING_INSTALLED | APT | {"sudo": "exit 1"})
    refuses("sudo that refuses", place.run("demo.sh", before=unprivileged(place)), "sudo refuses")
    shutil.rmtree(place.folder)


def packages():
    place = Place(programs=NOTHING_INSTALLED | APT | {"sudo": 'exec "$@"',
                                                      "apt-cache": "case $2 in linux-source-*) exit 1; esac"})
    refuses("no security archive", place.run("test.sh"), "linux-source-", "security archive", "--no-kernel")
    with open(place.log, encoding="utf-8") as file:
        if "install" in file.read():
            failures.append("something was installed before the missing archive was noticed")
    shutil.rmtree(place.folder)
    place = Place(programs=NOTHING_INSTALLED | REFUSING | {"sudo": 'exec "$@"'})
    done = place.run("demo.sh")
    if done.returncode != 1 or "apt-get could not install" not in done.stderr or "refused" not in done.stderr:
        failures.append(f"apt-get that fails: {done}")
    shutil.rmtree(place.folder)
    place = Place(programs={"cmake": "echo no cmake >&2; exit 1"})
    done = place.run("build.sh")
    if "this is no Debian" not in done.stdout or "cmake failed" not in done.stderr:
        failures.append(f"another distribution: {done}")
    shutil.rmtree(place.folder)


def folders():
    place = Place(programs=NOTHING_INSTALLED | APT)
    before = unprivileged(place)
    os.chmod(place.tree, 0o555)
    for script in ("demo.sh", "test.sh", "build.sh"):
        refuses(f"{script} in a read-only checkout", place.run(script, before=before), "cannot write into", "cp -r")
    os.chmod(place.tree, 0o755)
    refuses("no folder for temporary files", place.run("test.sh", before=before, TMPDIR="/nonexistent"), "/nonexistent", "TMPDIR")
    done = place.run("vm/build-kernel.sh", "--path", before=before, HOME=None)
    if "/logtap/vm/" not in done.stdout or done.stderr:
        failures.append(f"without HOME: {done}")
    shutil.rmtree(place.folder)
    place = Place(programs=NOTHING_INSTALLED | APT)
    refuses("a blank in TMPDIR", place.run("test.sh", TMPDIR="/tmp/a b"), "TMPDIR", "blanks")
    noexec = (shutil.which("unshare"), "--map-root-user", "--mount", "sh", "-c",
              'PATH=/usr/sbin:/usr/bin:/sbin:/bin mount -t tmpfs -o noexec,mode=1777 none /mnt && exec "$@"', "sh")
    if subprocess.run([*noexec, "true"], capture_output=True, check=False).returncode == 0:
        refuses("a noexec TMPDIR", place.run("test.sh", before=noexec, TMPDIR="/mnt"), "noexec", "TMPDIR")
    else:
        print("SKIPPED: no mount namespace may be made here: a noexec TMPDIR was not tried")
    shutil.rmtree(place.folder)


for part in (paths, becoming_root, packages, folders):
    part()
print("\n".join(failures))
sys.exit(bool(failures))
