# SPDX-License-Identifier: MIT
"""`logtap enable --system` and what takes it off, on real programs in a root of the test's own: what
others wrote comes back to the byte, whatever happens in between."""
import json
import os
import subprocess
import unittest

import harness
from own_root import ENTRY, ENTRY_KEPT, LIBRARY, LIST, OwnRoot, broken

# What others may have in the list.
FOREIGN = {
    "none": None,
    "empty": b"",
    "line": b"/usr/lib/x86_64-linux-gnu/libdl.so.2\n",
    "unended": b"/usr/lib/x86_64-linux-gnu/libdl.so.2",
    "colons, blanks": b" /usr/lib/x86_64-linux-gnu/libdl.so.2:/usr/lib/x86_64-linux-gnu/libutil.so.1 \t\n\n",
    "comments": b"# one\n/usr/lib/x86_64-linux-gnu/libdl.so.2\n\n\n",
    "comment at the end": b"/usr/lib/x86_64-linux-gnu/libdl.so.2\n# no end",
}


class Foreign(OwnRoot):
    def test_entries(self):
        for name, content in FOREIGN.items():
            with self.subTest(name):
                if content is not None:
                    self.put(LIST, content)
                before = self.listing()
                self.logtap("enable", "--system")
                self.assertTrue(self.get(LIST).startswith(content or b""))
                self.assertTrue(self.has_library())
                self.assert_runs()
                self.logtap("disable")
                self.assertEqual(self.listing(), before)
                self.assertFalse(self.has_library())


class There(OwnRoot):
    def test_captured(self):
        self.put("/etc/logtap/logtap.conf", b"LOGTAP_SINK=file:/var/log/x.data\n")
        self.logtap("record", "-o", "/var/log/x.data", "true")
        before = self.listing()
        self.logtap("enable", "--system")
        self.run_in("/bin/sh", "-c", "echo error: from inside >&2; exec cat /nonexistent")
        self.logtap("disable", "--system")
        shown = self.logtap("view", "--output=cat", "--no-pager", "/var/log/x.data").stdout
        self.assertIn(b"error: from inside\n", shown)
        self.assertIn(b"/nonexistent: No such file", shown)
        after = self.listing()
        del before["var/log/x.data"], after["var/log/x.data"]
        self.assertEqual(after, before)

    def test_left_out(self):
        """init, sshd, package managers; a list of one's own takes the place of that."""
        self.put("/etc/logtap/logtap.conf", b"LOGTAP_SINK=file:/var/log/x.data\n")
        self.logtap("record", "-o", "/var/log/x.data", "true")
        self.logtap("enable", "--system")
        for name in ("sshd", "dpkg", "other"):
            os.symlink("/bin/cat", self.inside(f"/usr/local/bin/{name}"))
            self.run_in(name, f"/none-{name}")
        shown = self.logtap("view", "--output=cat", "--no-pager", "/var/log/x.data").stdout
        self.assertIn(b"none-other", shown)
        self.assertNotIn(b"none-sshd", shown)
        self.assertNotIn(b"none-dpkg", shown)
        self.logtap("record", "-o", "/var/log/y.data", "--skip=-", "dpkg", "/none-dpkg", status=1)
        self.assertIn(b"none-dpkg", self.logtap("view", "--output=cat", "--no-pager", "/var/log/y.data").stdout)

    def test_again(self):
        self.logtap("enable", "--system")
        once = self.listing()
        self.assertIn(b"already", self.logtap("enable", "--system").stdout)
        self.assertEqual(self.listing(), once)
        self.logtap("disable")
        self.assertEqual(self.logtap("disable").stdout, b"nothing of it is enabled\n")

    def test_dry(self):
        before = self.listing()
        self.assertIn(ENTRY_KEPT.encode(), self.logtap("enable", "--system", "--dry-run").stdout)
        self.assertEqual(self.listing(), before)
        self.logtap("enable", "--system")
        enabled = self.listing()
        self.assertIn(LIST.encode(), self.logtap("disable", "--dry-run").stdout)
        self.run_in("logtap-disable", "--dry-run")
        self.assertEqual(self.listing(), enabled)

    def test_modes(self):
        """Readable by everybody whatever the umask; somebody's own mode, owner and attributes stay."""
        self.logtap("enable", "--system", preexec_fn=lambda: os.umask(0o077))
        for path, (mode, _, _, _) in self.listing().items():
            if "logtap" in path or path == "etc/ld.so.preload":
                self.assertTrue(int(mode, 8) & 0o004, path)
        self.assertEqual(os.stat(self.inside(LIST)).st_mode & 0o7777, 0o644)
        self.logtap("disable")
        self.put(LIST, b"", 0o640)
        os.chown(self.inside(LIST), 33, 33)
        os.setxattr(self.inside(LIST), "user.theirs", b"kept")
        before = self.listing()
        self.assertIn(b"not readable by everybody", self.logtap("enable", "--system").stdout)
        self.assertEqual(self.logtap("status", status=1).stdout.count(b"chmod 644"), 1)
        self.logtap("disable")
        self.assertEqual(self.listing(), before)
        self.assertEqual(os.getxattr(self.inside(LIST), "user.theirs"), b"kept")

    def test_other_abi(self):
        program = self.program_of_other_abi()
        if not program:
            self.skipTest("no 32-bit program can be made here")
        self.logtap("enable", "--system")
        self.assertEqual(self.run_in(program), (b"narrow\n", b"", 0))
        # Without what enable put there, its loader would complain.
        for here, _, names in os.walk(self.inside("/var/lib/logtap/preload")):
            if names and not os.path.islink(os.path.join(here, names[0])):
                os.remove(os.path.join(here, names[0]))
        self.assertIn(b"cannot be preloaded", self.run_in(program).stderr)
        self.assertIn(b"leads nowhere", self.logtap("status", status=1).stdout)

    def test_root_option(self):
        """From outside, as for an image."""
        before = self.listing()
        harness.run([harness.LOGTAP, "enable", "--system", f"--root={self.root}"])
        self.assertEqual(self.get(LIST).decode(), f"{ENTRY_KEPT}:\n")
        self.assertTrue(self.has_library())
        self.assertEqual(harness.run([harness.LOGTAP, "status", f"--root={self.root}"]).status, 0)
        self.assertEqual(harness.run([harness.LOGTAP, "disable", f"--root={self.root}"]).status, 0)
        self.assertEqual(self.listing(), before)


class Boot(OwnRoot):
    def test_down_and_up(self):
        self.with_systemd()
        before = self.listing()
        self.logtap("enable", "--system")
        enabled = self.listing()
        self.assertEqual(self.get(LIST).decode(), f"{ENTRY}:\n")
        # Down: as the unit's ExecStop; up: /run is empty, and ExecStart.
        self.run_in("logtap-disable", "--until-boot")
        self.assertFalse(os.path.exists(self.inside(LIST)))
        self.assertFalse(os.path.exists(self.inside("/run/logtap-preload")))
        self.logtap("status", status=1)
        self.logtap("enable", "--at-boot")
        self.assertIn(b" at boot", self.get("/var/lib/logtap/system"))
        now = self.listing()
        for listing in (enabled, now):
            del listing["var/lib/logtap/system"]
        self.assertEqual(now, enabled)
        self.logtap("disable")
        self.assertEqual(self.listing(), before)

    def test_power_cut(self):
        """The entry is still there, and /run is not."""
        self.with_systemd()
        self.put(LIST, FOREIGN["comments"])
        self.logtap("enable", "--system")
        subprocess.run(["rm", "-r", self.inside("/run/logtap-preload")], check=True)
        self.assertIn(b"cannot be preloaded", self.run_in("/bin/true").stderr)
        self.logtap("enable", "--at-boot")
        self.assert_runs()
        self.assertTrue(self.has_library())
        self.assertEqual(self.get(LIST), FOREIGN["comments"] + ENTRY.encode() + b"\n")

    def test_switched_off(self):
        """By the file; what a power cut left goes, and the boot is no failure."""
        self.with_systemd()
        before = self.listing()
        self.logtap("enable", "--system")
        subprocess.run(["rm", "-r", self.inside("/run/logtap-preload")], check=True)
        self.put("/etc/logtap/disabled", b"")
        self.assertIn(b"switched off", self.logtap("enable", "--at-boot").stdout)
        self.assert_runs()
        os.remove(self.inside("/etc/logtap/disabled"))
        self.logtap("disable")
        self.assertEqual(self.listing(), before)

    def test_power_cut_and_bad_library(self):
        """The entry is still there, /run is not, and the library went bad."""
        self.with_systemd()
        self.logtap("enable", "--system")
        subprocess.run(["rm", "-r", self.inside("/run/logtap-preload")], check=True)
        self.assertEqual(self.run_in("/bin/true").status, 0)  # it complains, and runs
        self.put(LIBRARY, broken())
        self.logtap("enable", "--at-boot", status=1)
        self.assertFalse(os.path.exists(self.inside(LIST)))
        self.assert_runs()


class Refused(OwnRoot):
    def refuses(self, *words, argv=("enable", "--system")):
        before = self.listing()
        done = self.logtap(*argv, status=1)
        self.assert_one_line(done.stderr, *words)
        self.assertEqual(self.listing(), before)
        self.assert_runs()

    def test_broken_library(self):
        for name, content in (("cut", broken()), ("text", b"#!/bin/sh\n"), ("empty", b"")):
            with self.subTest(name):
                self.put(LIBRARY, content)
                self.refuses("not enabled")

    def test_switched_off(self):
        self.put("/etc/logtap/disabled", b"")
        self.refuses("rm /etc/logtap/disabled")

    def test_by_hand(self):
        self.put(LIST, LIBRARY.encode() + b"\n")
        self.refuses(LIBRARY, "logtap disable --system")
        self.logtap("disable", "--system")
        self.assertEqual(self.get(LIST), b"")

    def test_link(self):
        os.symlink("/var/lib/list", self.inside(LIST))
        self.refuses("symbolic link")

    def test_library_of_others(self):
        os.chmod(self.inside(LIBRARY), 0o775)
        self.refuses("can be changed by others")
        os.chmod(self.inside(LIBRARY), 0o755)
        os.chown(os.path.dirname(self.inside(LIBRARY)), 33, 33)
        self.refuses("can be changed by others")

    def test_no_room(self):
        """/var is full: nothing half done stays."""
        self._mount("tmpfs", "var", "tmpfs")
        os.makedirs(self.inside("/var/lib"))
        with open(self.inside("/var/fill"), "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 1)
        subprocess.run(["mount", "-o", "remount,size=4k", self.inside("/var")], check=True)
        self.refuses("cannot write /var/lib/logtap/system")

    def test_read_only(self):
        self._mount(self.inside("/etc"), "etc", None, 4096)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.inside("/etc")], check=True)
        before = self.listing()
        self.assertNotEqual(self.run_in("logtap", "enable", "--system").status, 0)
        self.assertEqual(self.listing(), before)


class Rescue(OwnRoot):
    def test_static(self):
        """A library that went bad kills every program; the static one takes it out."""
        for systemd in (False, True):
            with self.subTest(systemd=systemd):
                if systemd:
                    self.with_systemd()
                self.put(LIST, FOREIGN["unended"])
                self.put("/etc/systemd/system/x.service", b"[Service]\nExecStart=/bin/true\n")
                before = self.listing()
                self.logtap("enable", "--system")
                self.logtap("enable", "--unit", "x", "--file=/var/log/x.data")
                self.put(LIBRARY, broken())
                self.assertLess(self.run_in("/bin/true").status, 0)
                done = self.run_in("logtap-disable")
                self.assertEqual((done.stdout, done.status), (b"", 0), done)
                self.assert_runs()
                self.put(LIBRARY, harness.contents(harness.LIBRARY), 0o755)
                after = self.listing()
                # What it leaves: the switch, and the recording.
                for extra in ("etc/logtap", "etc/logtap/disabled", "var/log/x.data"):
                    after.pop(extra)
                    path = self.inside("/" + extra)
                    if os.path.isfile(path):
                        os.remove(path)
                self.assertEqual(after, before)
                os.rmdir(self.inside("/etc/logtap"))
                subprocess.run(["rm", "-r", self.inside("/etc/systemd")], check=True)

    def test_before_removal(self):
        """As the package's removal calls it: nothing is left, not the switch either; then nothing is said."""
        self.put(LIST, FOREIGN["unended"])
        self.put("/etc/systemd/system/x.service", b"[Service]\nExecStart=/bin/true\n")
        before = self.listing()
        self.logtap("enable", "--system")
        self.logtap("enable", "--unit", "x", "--file=/var/log/x.data")
        os.remove(self.inside("/var/log/x.data"))
        self.assertEqual(self.run_in("logtap-disable", "--no-switch").status, 0)
        self.assertEqual(self.listing(), before)
        self.assertEqual(self.run_in("logtap-disable", "--no-switch"), (b"", b"", 0))

    def test_is_static(self):
        said = subprocess.run(["readelf", "-lW", self.inside("/usr/local/sbin/logtap-disable")], capture_output=True,
                              text=True, check=True).stdout
        self.assertNotIn("INTERP", said)

    def test_by_hand_among_others(self):
        self.put(LIST, b"/usr/lib/x86_64-linux-gnu/libdl.so.2:/opt/liblogtap.so /usr/lib/x86_64-linux-gnu/libutil.so.1")
        self.assertEqual(self.run_in("logtap-disable").status, 0)
        self.assertEqual(self.get(LIST), b"/usr/lib/x86_64-linux-gnu/libdl.so.2:/usr/lib/x86_64-linux-gnu/libutil.so.1")
        self.assertTrue(os.path.exists(self.inside("/etc/logtap/disabled")))


class Others(OwnRoot):
    def test_missing_library_of_theirs(self):
        """Their loader's complaints were there before, and say nothing about ours."""
        self.put(LIST, b"/opt/theirs.so\n")
        before = self.listing()
        said = self.run_in("/bin/true").stderr
        self.logtap("enable", "--system")
        self.assertEqual(self.run_in("/bin/true").stderr, said)
        self.assertTrue(self.has_library())
        self.logtap("disable")
        self.assertEqual(self.listing(), before)

    def test_ordinary_user(self):
        before = self.listing()
        user = lambda: (os.chroot(self.root), os.chdir("/"), os.setgid(33), os.setuid(33))
        for argv in (("enable", "--system"), ("disable",), ("enable", "--unit", "x")):
            done = harness.run(["/usr/local/bin/logtap", *argv], preexec_fn=user)
            self.assertEqual(done.status, 1)
            self.assert_one_line(done.stderr, "sudo")
        self.assertEqual(harness.run(["/usr/local/bin/logtap", "status"], preexec_fn=user).status, 0)
        self.assertEqual(self.listing(), before)


class Together(OwnRoot):
    def test_two_at_once(self):
        self.put(LIST, FOREIGN["line"])
        before = self.listing()
        argv = ["chroot", self.root, "/usr/local/bin/logtap", "enable", "--system"]
        running = [subprocess.Popen(argv, stdout=subprocess.PIPE, env=harness.ENVIRONMENT) for _ in range(4)]
        said = [process.communicate()[0] for process in running]
        self.assertEqual([process.returncode for process in running], [0] * 4)
        self.assertEqual(sum(b"already" in text for text in said), 3)
        self.assertEqual(self.get(LIST), FOREIGN["line"] + ENTRY_KEPT.encode() + b"\n")
        self.logtap("disable")
        self.assertEqual(self.listing(), before)

    def test_signals(self):
        """Ctrl-C at any moment: done or not begun."""
        before = self.listing()
        argv = ["chroot", self.root, "/usr/local/bin/logtap", "enable", "--system"]
        for delay in range(0, 160, 20):
            process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, env=harness.ENVIRONMENT)
            try:
                process.wait(delay / 1000)
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait()
            self.assert_runs()
            self.assertEqual(os.path.exists(self.inside(LIST)), os.path.exists(self.inside(LIST)) and self.has_library())
            self.logtap("disable")
            left = {path: what for path, what in self.listing().items() if "preload.trial" not in path}
            self.assertEqual(left, before)


class Status(OwnRoot):
    def test_builds(self):
        """A process from before an upgrade has the old build, and that is said."""
        self.logtap("enable", "--system")
        self.run_in("cp", LIBRARY, LIBRARY + ".new")
        old = subprocess.Popen(["chroot", self.root, "sleep", "100"], env=harness.ENVIRONMENT)
        self.addCleanup(harness.kill_and_wait, old)
        self.assertTrue(harness.wait_for(lambda: b"liblogtap" in harness.contents(f"/proc/{old.pid}/maps")))
        os.rename(self.inside(LIBRARY + ".new"), self.inside(LIBRARY))
        status = json.loads(self.logtap("status", "--json").stdout)
        self.assertTrue(status["system"]["enabled"])
        self.assertEqual(status["system"]["by"], "root")
        mine = [build for build in status["builds"] if any(process["pid"] == old.pid for process in build["processes"])]
        self.assertEqual([(build["deleted"], build["path"]) for build in mine], [(True, LIBRARY)])
        self.assertRegex(mine[0]["build_id"], "^[0-9a-f]{16,}$")
        text = self.logtap("status").stdout.decode()
        self.assertRegex(text, rf"replaced since.*sleep\[{old.pid}\]")


if __name__ == "__main__":
    unittest.TestCase.maxDiff = None
    harness.main()
