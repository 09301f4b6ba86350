# SPDX-License-Identifier: MIT
"""`logtap enable --unit`: the drop-in that fits each kind of service, what is refused and why, and the
service's program run with the environment that the drop-in gives it. In a root of the test's own,
where no manager runs, so that the unit files are read; what a manager says goes through the same
table (unit-unit-facts)."""
import os
import re
import subprocess

import harness
from own_root import LIBRARY, LIST, OwnRoot

FILE = "--file=/var/log/x.data"
DROPIN = "/etc/systemd/system/{}.service.d/50-logtap.conf"


class Units(OwnRoot):
    def setUp(self):
        super().setUp()
        os.makedirs(self.inside("/etc/systemd/system"))

    def unit(self, *lines, name="x", folder="/etc/systemd/system"):
        text = "\n".join(["[Unit]", "Description=User=nobody", "[Service]", "ExecStart=/bin/cat /nonexistent",
                          *lines, "[Install]", "User=nobody", ""])
        self.put(f"{folder}/{name}.service", text.encode())

    def enable(self, *argv, status=0):
        """From outside, so that this machine's kernel is not the one that counts."""
        done = harness.run([harness.LOGTAP, "enable", f"--root={self.root}", *argv])
        self.assertEqual(done.status, status, done)
        return done

    def dropin(self, name="x"):
        text = self.get(DROPIN.format(name)).decode()
        self.assertRegex(text, r"\A# by logtap enable --unit ")
        return [line for line in text.splitlines() if not line.startswith("#")]

    def enabled(self, *options, name="x"):
        self.enable( "--unit", name, *options)
        lines = self.dropin(name)
        self.check_by_systemd(name)
        return lines

    def check_by_systemd(self, name):
        """systemd itself takes each line."""
        if not os.path.exists("/usr/bin/systemd-analyze"):
            return
        done = harness.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                            self.inside(f"/etc/systemd/system/{name}.service")],
                           SYSTEMD_UNIT_PATH=self.inside("/etc/systemd/system") + ":")
        said = [line for line in done.stderr.decode().splitlines() if "50-logtap.conf" in line]
        self.assertEqual(said, [])

    def refused(self, *words, options=(), name="x"):
        before = self.listing()
        done = self.enable( "--unit", name, *options, status=1)
        self.assert_one_line(done.stderr, f"{name}.service", *words)
        self.assertEqual(self.listing(), before)


class Fits(Units):
    def test_there_and_back(self):
        self.unit()
        before = self.listing()
        self.assertEqual(self.enabled(), ["[Service]", f'Environment="LD_PRELOAD={LIBRARY}"'])
        once = self.listing()
        self.assertIn(b"already", self.enable( "--unit", "x.service").stdout)
        self.assertEqual(self.listing(), once)
        self.assertIn(b"x.service", self.logtap("status").stdout)
        self.logtap("disable", "--unit", "x")
        self.assertEqual(self.listing(), before)

    def test_folder_that_was_there(self):
        self.unit()
        os.makedirs(self.inside("/etc/systemd/system/x.service.d"))
        before = self.listing()
        self.enabled()
        self.enabled("--level=err")
        self.logtap("disable")
        self.assertEqual(self.listing(), before)

    def test_captured(self):
        """The service's program, with what the drop-in puts into its environment."""
        self.unit("Environment=LD_PRELOAD=libdl.so.2 OTHER=1")
        lines = self.enabled(FILE, "--provider=auto")
        environment = dict(re.fullmatch(r'Environment="(\w+)=(.*)"', line).groups()
                           for line in lines if line.startswith("Environment"))
        self.assertEqual(environment["LD_PRELOAD"], f"libdl.so.2:{LIBRARY}")
        done = self.run_in("/usr/bin/env", *(f"{name}={value}" for name, value in environment.items()),
                           "cat", "/nonexistent")
        self.assertEqual(done.stderr, b"cat: /nonexistent: No such file or directory\n")
        shown = self.logtap("view", "--no-pager", "--output=json", "/var/log/x.data").stdout
        events = [event for event in harness.json_lines(shown) if event["event"] == "stderr"]
        self.assertEqual([(event["provider"], event["fields"]["message"]) for event in events],
                         [("cat", "cat: /nonexistent: No such file or directory")])

    def test_settings(self):
        """Those of `run` go into the drop-in, and what they are by themselves doesn't."""
        self.unit()
        given = {"--capture=stderr": "CAPTURE=stderr", "--null=off": "NULL=off", "--rate=10/5": "RATE=10/5",
                 "--passthrough=off": "PASSTHROUGH=off", "--stderr-level=notice": "STDERR_LEVEL=notice",
                 "--detect=words": "DETECT=words", "--layout=otel": "LAYOUT=otel", "--args=on": "ARGS=on", "--debug=/var/log/d": "DEBUG=/var/log/d"}
        lines = self.enabled(FILE, *given)
        for setting in given.values():
            self.assertIn(f'Environment="LOGTAP_{setting}"', lines)

    def test_one_recording(self):
        """Its provider is that of all services that write to it, or the later one is refused."""
        for name in ("a", "b"):
            self.unit(name=name)
        self.put("/etc/systemd/system/c.service", b"[Service]\nExecStart=/bin/true\n")
        self.enable("--unit", "a", "b", FILE, "--provider=auto")
        for name in ("a", "b"):
            self.assertIn('Environment="LOGTAP_PROVIDER=cat"', self.dropin(name))
        self.assertIn(b"/var/log/x.data", self.enable("--unit", "c", FILE, "--provider=auto", status=1).stderr)
        self.assertIn(b"already", self.enable("--unit", "a", FILE, "--provider=auto").stdout)

    def test_users(self):
        self.unit("User=www")
        self.refused("runs as www", "tracers")
        self.put("/etc/group", b"root:x:0:\ntracers:x:77:other\n")
        self.refused("runs as www", "usermod -aG tracers www")
        self.put("/etc/group", b"root:x:0:\ntracers:x:77:other,www\n")
        # No group in it: where that is missing, systemd starts no service that wants it.
        self.assertNotIn("Groups", "".join(self.enabled()))
        self.enabled(FILE)
        status = os.stat(self.inside("/var/log/x.data"))
        self.assertEqual((status.st_uid, status.st_gid), (33, 33))
        self.put("/etc/group", b"root:x:0:\n")
        self.unit("User=root")
        self.enabled()

    def test_sandbox(self):
        for option, line in (
                ("ReadOnlyPaths=/etc -/sys/kernel", "ReadWritePaths=-/sys/kernel/tracing/user_events_data"),
                ("NoExecPaths=/", f"ExecPaths=-{LIBRARY}")):
            self.unit(option)
            self.assertIn(line, self.enabled())
        for option in ("ProtectSystem=strict", "ReadOnlyPaths=/"):
            self.unit(option)
            self.assertIn("ReadWritePaths=-/var/log/x.data", self.enabled(FILE))
        self.unit("ProtectKernelTunables=yes")
        self.assertNotIn("user_events", "".join(self.enabled(FILE)))

    def test_settings(self):
        self.unit()
        lines = self.enabled("--only=a%b", "--skip=\\*\"x\"", "--level=warning")
        self.assertIn('Environment="LOGTAP_ONLY=a%%b"', lines)
        self.assertIn('Environment="LOGTAP_SKIP=\\\\*\\"x\\""', lines)
        self.assertIn('Environment="LOGTAP_LEVEL=warning"', lines)

    def test_where_units_are(self):
        """Drop-ins of theirs count, later ones more; templates; folders in their order."""
        self.unit(name="low", folder="/usr/local/lib/systemd/system")
        self.put("/etc/systemd/system/low.service.d/10-user.conf", b"[Service]\nUser=www\n")
        self.refused("runs as www", name="low")
        self.put("/run/systemd/system/low.service.d/20-user.conf", b"[Service]\nUser=\\\n  root\n")
        self.enabled(name="low")
        self.put("/etc/systemd/system/t@.service", b"[Service]\nExecStart=/bin/true %i\n")
        self.enable( "--unit", "t@1")
        self.assertTrue(os.path.exists(self.inside(DROPIN.format("t@1"))))

    def test_several(self):
        self.unit(name="a")
        self.unit(name="b")
        before = self.listing()
        done = self.enable( "--unit", "a", "gone", "b", status=1)
        self.assert_one_line(done.stderr, "gone.service")
        self.assertEqual(done.stdout.count(b"enabled by"), 2)
        self.logtap("disable", "--unit", "a", "b", "gone")
        self.assertEqual(self.listing(), before)


class Refused(Units):
    def test_filters(self):
        for option in ("SystemCallFilter=@system-service", "MemoryDenyWriteExecute=yes", "DynamicUser=yes",
                       "ProtectKernelTunables=1", "RestrictAddressFamilies=AF_UNIX", "PrivateDevices=true",
                       "LockPersonality=on"):
            self.unit(option)
            self.refused(option.split("=")[0], "--file")
            if not option.startswith("DynamicUser"):
                self.enable( "--unit", "x", FILE)
                self.logtap("disable", "--unit", "x")
        self.unit("SystemCallFilter=", "RestrictRealtime=no")
        self.enabled()

    def test_programs(self):
        for name, build in (("static", ["-static"]), ("narrow", ["-m32"])):
            path = self.inside(f"/usr/local/bin/{name}")
            done = subprocess.run(["cc", *build, "-x", "c", "-", "-o", path], input=b"int main(void) { return 0; }\n",
                                  capture_output=True, check=False)
            if done.returncode != 0:
                continue
            self.unit("ExecStart=", f"ExecStart=-/usr/local/bin/{name} --option")
            self.put("/etc/systemd/system/x.service",
                     f"[Service]\nExecStart=-/usr/local/bin/{name} --option\n".encode())
            self.refused(f"/usr/local/bin/{name}", {"static": "static", "narrow": "32-bit"}[name])

    def test_last_word(self):
        self.put("/etc/default/x", b"A=1\nLD_PRELOAD=/opt/other.so\n")
        self.unit("EnvironmentFile=-/etc/default/x", "EnvironmentFile=/etc/default/none")
        self.refused("/etc/default/x", "LD_PRELOAD")

    def test_somebody_elses(self):
        self.unit()
        self.put(DROPIN.format("x"), b"[Service]\nNice=3\n")
        self.refused("somebody else's")
        self.logtap("disable")
        self.assertEqual(self.get(DROPIN.format("x")), b"[Service]\nNice=3\n")

    def test_broken_library(self):
        self.unit()
        self.put(LIBRARY, harness.contents(harness.LIBRARY)[:40000])
        self.refused("trial run")
        self.assertFalse(os.path.exists(self.inside(LIST)))

    def test_hidden_files(self):
        self.unit("PrivateTmp=yes")
        self.refused("/tmp/x.data", options=("--file=/tmp/x.data",))
        self.unit("ProtectHome=tmpfs")
        self.refused("/home/x.data", options=("--file=/home/x.data",))

    def test_words(self):
        for argv in (("enable",), ("enable", "--unit", "x", "--system"), ("enable", "x"), ("enable", "--unit", "a/b"),
                     ("enable", "--unit", "x.socket"), ("enable", "--system", "--level=err"),
                     ("enable", "--unit", "x", "--level=loud"), ("enable", "--unit", "x", "--file=relative"),
                     ("status", "x"), ("disable", "--nothing")):
            done = self.logtap(*argv, status=2)
            self.assert_one_line(done.stderr)


class Roots(Units):
    """Services with a root of their own: the library is tried in it."""

    def make_root(self, libc=True):
        inner = self.inside("/srv/inner")
        for folder in ("run", "proc", "dev"):
            os.makedirs(f"{inner}/{folder}")
        for name in ("usr",) if libc else ():
            os.makedirs(f"{inner}/{name}")
            self._mount("/usr", f"srv/inner/{name}", None, 4096)
        for name in ("bin", "lib", "lib64"):
            os.symlink(os.readlink("/" + name), f"{inner}/{name}")
        with open(f"{inner}/dev/null", "wb"):
            pass

    def test_bound_into_it(self):
        self.make_root()
        self.unit("RootDirectory=/srv/inner", "MountAPIVFS=yes")
        before = self.listing()
        lines = self.enabled(FILE)
        self.assertIn(f"BindReadOnlyPaths=-{LIBRARY}:/run/logtap-preload/liblogtap.so", lines)
        self.assertIn('Environment="LD_PRELOAD=/run/logtap-preload/liblogtap.so"', lines)
        self.assertIn("BindPaths=-/var/log/x.data:/run/logtap-preload/x.data", lines)
        self.logtap("disable")
        os.remove(self.inside("/var/log/x.data"))
        self.assertEqual(self.listing(), before)

    def test_refused(self):
        self.unit("RootImage=/var/image")
        self.refused("image")
        self.unit("RootDirectory=/srv/inner")
        self.refused("its root is not there")
        self.make_root(libc=False)
        self.refused("trial")
        self.unit("RootDirectory=/srv/inner", "MountAPIVFS=no")
        self.refused("MountAPIVFS")


if __name__ == "__main__":
    harness.main()
