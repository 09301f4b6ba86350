#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tracefs mounted elsewhere, through debugfs, not at all: each part finds it or says so, and no
program is harmed."""
import os
import subprocess

from kernel import HELPERS, LOGTAP, check, equal, finish, run, tail, wait_for

TALK = HELPERS + "/talk"
USUAL = "/sys/kernel/tracing"
ELSEWHERE = "/tmp/else where"
DEBUG = "/sys/kernel/debug"


def sh(command):
    equal(command, subprocess.run(["sh", "-c", command], check=False).returncode, 0)


def umount(place):
    """What just ended may hold it for a moment yet."""
    check("umount " + place, wait_for(
        lambda: run("umount", place).returncode == 0))


def works(where, path):
    live = tail("--output=cat")
    done = run(LOGTAP, "run", TALK, "1", "1")
    equal("run and tail with tracefs " + where, (done.returncode, len(live.stop()[1].splitlines())),
          (0, 2))
    doctor = run(LOGTAP, "doctor")
    equal("doctor with tracefs " + where, doctor.returncode, 0)
    check("doctor names the place", path.encode() in doctor.stdout, doctor.stdout)


works("in its usual place", USUAL)
os.makedirs(ELSEWHERE)
sh("mount -t tracefs tracefs '%s'" % ELSEWHERE)
umount(USUAL)
works("elsewhere", ELSEWHERE)
umount(ELSEWHERE)

sh("mount -t debugfs debugfs " + DEBUG)
works("inside debugfs", DEBUG + "/tracing")
if os.path.ismount(DEBUG + "/tracing"):
    umount(DEBUG + "/tracing")
umount(DEBUG)

# Not mounted.
result = run(LOGTAP, "run", TALK, "1", "1")
equal("not mounted: run refuses and starts nothing", (result.returncode, result.stdout), (125, b""))
equal("not mounted: in one line", result.stderr.count(b"\n"), 1)
result = run(LOGTAP, "run", "--best-effort", TALK, "1", "1")
check("not mounted: --best-effort starts it all the same",
      result.returncode == 0 and b"talk 0 line 0 \n" in result.stderr, result)
for command in ("tail", "register"):
    result = run(LOGTAP, command)
    equal("not mounted: %s says so in one line" % command,
          (result.returncode, result.stdout, result.stderr.count(b"\n")), (1, b"", 1))
result = run(LOGTAP, "doctor")
equal("not mounted: doctor's status", result.returncode, 1)
check("not mounted: doctor's command", b"mount -t tracefs tracefs " + USUAL.encode() in
      result.stdout, result.stdout)
check("the doctor mounted nothing", not os.path.exists(USUAL + "/README"))

# A program that was started before: it finds the sink once it logs, within about a second.
early = subprocess.Popen([LOGTAP, "run", "--best-effort", "sh", "-c",
                          "i=0; while [ ! -e /tmp/stop-early ]; do i=$((i + 1)); echo early $i >&2;"
                          " logger -s -p user.err from a child 2>&1; sleep 0.2; done"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
early.stderr.readline()
sh("mount -t tracefs tracefs " + USUAL)
live = tail("--output=cat")
live.until("stdout", b"early ")
open("/tmp/stop-early", "w", encoding="ascii").close()
early.communicate()
check("a program from before the mount is heard", b"early " in live.stop()[1])
one_file = "/tmp/only this file"
open(one_file, "w", encoding="ascii").close()
sh("mount --bind %s/user_events_data '%s'" % (USUAL, one_file))
umount(USUAL)
held = subprocess.run(["cat", "/proc/mounts"], capture_output=True, check=True).stdout
check("tracefs is nowhere but in one file", held.count(b" tracefs ") == 1, held)
talked = run(LOGTAP, "run", "--sink=user_events:" + one_file, TALK, "1", "1")
check("a bind mount of the one file is a sink", talked.returncode == 0 and b"line 0" in talked.stderr, talked)
sh("mount -t tracefs tracefs " + USUAL)
live = tail("--output=cat")
run(LOGTAP, "run", "--sink=user_events:" + one_file, TALK, "1", "1")
equal("and what goes there is heard", len(live.stop()[1].splitlines()), 2)
umount(one_file)
umount(USUAL)

# The doctor's own command mends it.
mend = next(line.split("mend with:")[1].strip() for line in result.stdout.decode().splitlines()
            if "mend with:" in line)
sh(mend)
works("mended", USUAL)

# A recording needs none of it.
umount(USUAL)
os.chdir("/tmp")
result = run(LOGTAP, "record", TALK, "1", "1")
view = run(LOGTAP, "view", "--output=cat")
equal("not mounted: record and view work", (result.returncode, len(view.stdout.splitlines())),
      (0, 2))
sh("mount -t tracefs tracefs " + USUAL)
finish()
