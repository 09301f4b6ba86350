# SPDX-License-Identifier: MIT
"""The settings of the machine, in an /etc of the test's own: read before the environment, listed by
doctor, and the file that switches everything off."""
import os
import re
import shutil
import subprocess

import harness
from harness import LOGTAP, Case, run

SAY = "echo 'error: x' >&2; echo plain >&2; :"


class Machine(Case):
    def setUp(self):
        super().setUp()
        self.etc = self.path("etc")
        if not self.inside("true", check=False):
            self.skipTest("no mount namespace may be made here")
        os.makedirs(self.path("etc/logtap/conf.d"))

    def inside(self, *argv, check=True, **variables):
        """Runs where the test's folder stands over /etc; its other files are this machine's."""
        os.makedirs(self.etc, exist_ok=True)
        script = 'cp -a /etc/ld.so.cache /etc/passwd /etc/localtime "$1"/ 2>/dev/null; mount --bind "$1" /etc && shift && exec "$@"'
        done = run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", self.etc, *argv], **variables)
        if not check:
            return done.status == 0
        return done

    def recorded(self, **variables):
        self.inside(LOGTAP, "record", "-q", "-o", self.path("x.data"), "sh", "-c", SAY, **variables)
        return run([LOGTAP, "view", "--output=cat", self.path("x.data")]).stdout

    def test_files_then_environment(self):
        self.assertEqual(self.recorded(), b"error: x\nplain\n")
        self.write("etc/logtap/logtap.conf", b"# of the machine\nLOGTAP_LEVEL = err\n")
        self.assertEqual(self.recorded(), b"error: x\n")
        self.write("etc/logtap/conf.d/50-level.conf", b"LOGTAP_LEVEL=crit\n")
        self.assertEqual(self.recorded(), b"")
        self.write("etc/logtap/conf.d/60-level.conf", b"LOGTAP_LEVEL=nonsense\n")
        self.assertEqual(self.recorded(), b"", "a bad value changes nothing")
        self.assertEqual(self.recorded(LOGTAP_LEVEL="debug"), b"error: x\nplain\n")

    def test_switched_off(self):
        self.write("etc/logtap/disabled", b"")
        self.assertEqual(self.recorded(), b"")
        done = self.inside(LOGTAP, "doctor")
        self.assertRegex(done.stdout.decode(), r"settings +/etc/logtap/disabled exists")

    def test_doctor_names_the_file(self):
        self.write("etc/logtap/logtap.conf", b"\nLOGTAP_LEVEL=err\nLOGTAP_SKIP=sh\n")
        self.write("etc/logtap/conf.d/1.conf", b"LOGTAP_LEVEL=info\n")
        settings = [line for line in self.inside(LOGTAP, "doctor", LOGTAP_ONLY="x").stdout.decode().splitlines() if " settings " in line]
        self.assertEqual(re.sub(r"^ok +settings +", "", settings[0]), "set, with good values: LOGTAP_LEVEL (conf.d/1.conf:1), "
                         "LOGTAP_ONLY (environment), LOGTAP_SKIP (logtap.conf:3)")
        self.write("etc/logtap/conf.d/2.conf", b"LOGTAP_LEVEL=much\n")
        self.assertIn("/etc/logtap/conf.d/2.conf:1: LOGTAP_LEVEL: bad value 'much'", self.inside(LOGTAP, "doctor").stdout.decode())
        self.write("etc/logtap/conf.d/2.conf", b"LEVEL=err\n")
        self.assertIn("/etc/logtap/conf.d/2.conf:1: 'LEVEL' is no setting", self.inside(LOGTAP, "doctor").stdout.decode())

    def test_preloaded_for_the_whole_machine(self):
        """/etc/ld.so.preload: no launcher and an empty environment."""
        library = self.path("liblogtap.so")
        shutil.copy(os.path.join(harness.BUILD, "lib", "liblogtap.so"), library)
        self.inside(LOGTAP, "record", "-q", "-o", self.path("x.data"), "true")
        sink = self.inside(LOGTAP, "record", "-q", "-o", self.path("y.data"), "env").stdout.decode()
        sink = re.search("^LOGTAP_SINK=(.*)$", sink, re.M)[1]
        self.write("etc/ld.so.preload", library.encode() + b"\n")
        self.write("etc/logtap/logtap.conf", f"LOGTAP_SINK={sink}\nLOGTAP_LEVEL=err\n".encode())
        done = self.inside("env", "-i", "/bin/sh", "-c", SAY)
        self.assertEqual((done.status, done.stderr), (0, b"error: x\nplain\n"))
        self.assertEqual(run([LOGTAP, "view", "--output=cat", self.path("y.data")]).stdout, b"error: x\n")


if __name__ == "__main__":
    harness.main()
