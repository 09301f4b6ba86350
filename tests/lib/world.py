# SPDX-License-Identifier: MIT
"""Mounts and a /dev of a process's own, so that a test can listen at /dev/log and leave the machine's
own alone. Standard library only."""
import contextlib
import ctypes
import os
import stat
import subprocess
import tempfile

LIBC = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
NEWUSER = 0x10000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2

DEVICES = (("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9),
           ("tty", 5, 0))
LINKS = (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
         ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"))


def check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(kinds):
    check(LIBC.unshare(kinds), "unshare")


def mount(source, target, kind, flags=0, data=""):
    check(LIBC.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags,
                     data.encode() or None), f"mount {kind or 'bind'} on {target}")


def _fill(dev):
    """Terminals of its own, shared memory and links: what no right is needed for but that to mount."""
    for name in ("pts", "shm"):
        os.mkdir(f"{dev}/{name}")
    mount("devpts", f"{dev}/pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=620")
    mount("tmpfs", f"{dev}/shm", "tmpfs")
    for name, target in LINKS:
        os.symlink(target, f"{dev}/{name}")


def make_dev(dev):
    """A /dev; needs the right to make device files."""
    mount("tmpfs", dev, "tmpfs", 0, "mode=755")
    for name, major, minor in DEVICES:
        os.mknod(f"{dev}/{name}", 0o666 | stat.S_IFCHR, os.makedev(major, minor))
        os.chmod(f"{dev}/{name}", 0o666)
    _fill(dev)


def make_dev_of_binds():
    """As make_dev("/dev"), without that right: with the machine's device files."""
    # Not where TMPDIR says: that may be a folder of the /dev which is about to be covered.
    with tempfile.TemporaryDirectory(prefix="logtap-dev-", dir="/tmp") as old:
        mount("/dev", old, None, MS_BIND | MS_REC)
        mount("tmpfs", "/dev", "tmpfs", 0, "mode=755")
        for name, _, _ in DEVICES:
            with open(f"/dev/{name}", "wb"):
                pass
            mount(f"{old}/{name}", f"/dev/{name}", None, MS_BIND)
        _fill("/dev")
        check(LIBC.umount2(old.encode(), MNT_DETACH), "umount2")


def own_user_namespace():
    """Rights over mounts, for who has none; the user stays the same."""
    uid, gid = os.geteuid(), os.getegid()
    unshare(NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                       ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def enter_own_dev(user_namespace=True):
    """Gives this process, and all that it starts, mounts and a /dev of its own. Raises OSError where
    that is not allowed. The process must not have started a thread.

    user_namespace: where it needs one for that, it may be put into one, in which it cannot become
    another user."""
    make = lambda: make_dev("/dev")
    try:
        unshare(NEWNS)
    except PermissionError:
        if not user_namespace:
            raise
        own_user_namespace()
        unshare(NEWNS)
        make = make_dev_of_binds
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    make()


def private_mounts():
    """The unshare command that gives a program mounts of its own here, or None: as root, or as
    anybody where the system allows user namespaces."""
    for options in (["-m"], ["-U", "-r", "-m"]):
        command = ["unshare", *options, "--propagation", "private"]
        with contextlib.suppress(FileNotFoundError):
            done = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                                  capture_output=True, check=False)
            if done.returncode == 0:
                return command
    return None
