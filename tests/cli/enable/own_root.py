# SPDX-License-Identifier: MIT
"""A root folder of a test's own, made of this machine's programs and loaders, with an /etc, /run and
/var that are nobody's: what `logtap enable` does to a machine is tried there and compared to the byte.
Nothing outside of it is touched; its mounts are this process's own."""
import hashlib
import os
import shutil
import stat
import subprocess
import unittest

import harness
import world

STATIC = os.path.join(harness.BUILD, "bin", "logtap-disable")
LIST = "/etc/ld.so.preload"
# Below a library folder that the loaders know, as `cmake --install` puts it.
LIBRARY = "/usr/local/lib/x86_64-linux-gnu/logtap/liblogtap.so"
UNIT = "/usr/local/lib/systemd/system/logtap-preload.service"
ENTRY_KEPT = "/var/lib/logtap/preload/$LIB/liblogtap.so"
ENTRY = "/run/logtap-preload/$LIB/liblogtap.so"
MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


def _own_mounts():
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root has mounts and a root of its own")
    world.unshare(world.NEWNS)
    world.mount("none", "/", None, world.MS_REC | world.MS_PRIVATE)


class OwnRoot(harness.Case):
    """Each test has a root of its own."""

    mounts = False

    def setUp(self):
        super().setUp()
        if not OwnRoot.mounts:
            _own_mounts()
            OwnRoot.mounts = True
        self.root = self.path("root")
        for folder in ("usr", "etc", "run", "tmp", "dev", "proc", "var/lib", "var/log"):
            os.makedirs(os.path.join(self.root, folder))
        for name in MERGED:
            if os.path.islink("/" + name):
                os.symlink(os.readlink("/" + name), os.path.join(self.root, name))
        self._mount("/usr", "usr", None, world.MS_BIND)
        self._mount("tmpfs", "usr/local", "tmpfs")
        self._mount("proc", "proc", "proc")
        os.mknod(self.inside("/dev/null"), 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        os.chmod(self.inside("/dev/null"), 0o666)
        self.put("/etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/:/bin/sh\n")
        self.put("/etc/group", b"root:x:0:\nwww:x:33:\n")
        for source, target in ((harness.LOGTAP, "bin/logtap"), (STATIC, "sbin/logtap-disable"),
                               (harness.LIBRARY, LIBRARY.removeprefix("/usr/local/"))):
            target = self.inside("/usr/local/" + target)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)

    def _mount(self, source, target, kind, flags=0):
        target = self.inside("/" + target)
        world.mount(source, target, kind, flags)
        self.addCleanup(world.LIBC.umount2, target.encode(), world.MNT_DETACH)

    def inside(self, path):
        return self.root + path

    def put(self, path, content, mode=0o644):
        os.makedirs(os.path.dirname(self.inside(path)), exist_ok=True)
        with open(self.inside(path), "wb") as file:
            file.write(content)
        os.chmod(self.inside(path), mode)

    def get(self, path):
        return harness.contents(self.inside(path))

    def with_systemd(self):
        """The machine has the unit that sets the entry at boot."""
        if not os.path.exists("/usr/lib/systemd/systemd"):
            self.skipTest("systemd is not installed")
        self.put(UNIT, b"[Service]\nExecStart=/usr/local/bin/logtap enable --at-boot\n")
        os.makedirs(self.inside("/etc/systemd/system"))

    def run_in(self, *argv, **keywords):
        """A program, in the root."""
        return harness.run(["chroot", self.root, *argv], PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                           **keywords)

    def logtap(self, *argv, status=0, **keywords):
        done = self.run_in("logtap", *argv, **keywords)
        self.assertEqual(done.status, status, done)
        return done

    def listing(self):
        """Every file with its kind, mode, owner and bytes; none of the machine's own."""
        found = {}
        for top in ("etc", "run", "var", "usr/local"):
            for here, folders, names in os.walk(self.inside("/" + top)):
                for name in folders + names:
                    path = os.path.join(here, name)
                    status = os.lstat(path)
                    if stat.S_ISREG(status.st_mode):
                        content = hashlib.sha256(harness.contents(path)).hexdigest()
                    else:
                        content = os.readlink(path) if os.path.islink(path) else ""
                    found[os.path.relpath(path, self.root)] = (oct(status.st_mode), status.st_uid, status.st_gid,
                                                               content)
        return found

    def assert_runs(self):
        """Programs of each loader run, and say nothing but their own."""
        done = self.run_in("/bin/sh", "-c", "echo out; echo err >&2; exit 3")
        self.assertEqual(done, (b"out\n", b"err\n", 3))
        done = self.run_in("/usr/bin/env", "-i", "/bin/true")
        self.assertEqual(done, (b"", b"", 0))

    def has_library(self):
        return b"/liblogtap.so" in self.run_in("cat", "/proc/self/maps").stdout

    def program_of_other_abi(self):
        """A 32-bit program, or None where none can be made or started here."""
        path = self.inside("/usr/local/bin/narrow")
        code = b'int puts(const char *);\nint main(void) { return puts("narrow") < 0; }\n'
        done = subprocess.run(["cc", "-m32", "-x", "c", "-", "-o", path], input=code, capture_output=True, check=False)
        if done.returncode != 0 or subprocess.run([path], capture_output=True, check=False).returncode != 0:
            return None
        return "/usr/local/bin/narrow"


def broken():
    """The first part of the library, as a full disk leaves it."""
    return harness.contents(harness.LIBRARY)[:40000]


