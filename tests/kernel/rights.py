#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writing events without being root: through the tracers group as scripts/systemd gives it rights,
through an inherited descriptor, and by `logtap run --user`. And without any right: nothing breaks."""
import grp
import json
import os
import pwd
import re
import shutil
import signal
import subprocess

from kernel import (HELPERS, LIBRARY, LOGTAP, SOURCE, TRACING, Background, check, equal, finish,
                    read, run, tail)

TALK = HELPERS + "/talk"
DATA = TRACING + "/user_events_data"
EXAMPLES = SOURCE + "/scripts/systemd/"
NOBODY = pwd.getpwnam("nobody")


def directives(name):
    """The lines of an example that say something; those of units as an installation has them."""
    path = EXAMPLES + name
    text = read(path if os.path.exists(path) else path + ".in")
    for word, place in (("@PREFIX@", "/usr/local"), ("@BIN@", "bin"), ("@LIB@", "lib")):
        text = text.replace(word, place)
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def as_nobody(*groups):
    ids = ",".join(str(grp.getgrnam(group).gr_gid) for group in groups)
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--no-new-privs",
            "--groups=" + ids if ids else "--clear-groups"]


def captured(*argv, **options):
    """What a collector sees of a program that writes one line and one syslog message."""
    live = tail("--output=json", "--create", "logtap", "talk")
    done = run(*argv, **options)
    code, out, errors = live.stop()
    return done, [json.loads(line) for line in out.splitlines()]


def kinds(events):
    return sorted(event["event"] for event in events)


def rights(path):
    status = os.stat(path)
    return status.st_uid, status.st_gid, oct(status.st_mode)


BEFORE = {path: rights(path) for path in (TRACING, DATA, TRACING + "/user_events_status")}

# No right at all: logtap run says so and starts nothing, the bare library lets the program be.
done, events = captured(*as_nobody(), LOGTAP, "run", TALK, "1", "1")
equal("no right: run refuses", (done.returncode, done.stdout, events), (125, b"", []))
check("no right: one line that says why", done.stderr.count(b"\n") == 1 and
      b"ermission" in done.stderr, done.stderr)
done, events = captured(*as_nobody(), "env", "LD_PRELOAD=" + LIBRARY, TALK, "1", "1")
equal("no right: the program is untouched", (done.returncode, done.stderr, events),
      (0, b"talk 0 line 0 \n", []))
doctor = run(*as_nobody(), LOGTAP, "doctor", env=dict(os.environ, USER="nobody"))
equal("no right: doctor's status", doctor.returncode, 1)
mend = re.search(rb"problem +permission .*\n +mend with: +(.*)\n", doctor.stdout)
check("no right: doctor says what mends it", mend, doctor.stdout)

# Root opens, hands on, drops.
done, events = captured(LOGTAP, "run", "--user", "nobody", TALK, "1", "1")
equal("run --user: both events", (done.returncode, kinds(events)), (0, ["stderr", "syslog"]))
done, _ = captured(LOGTAP, "run", "--user", "nobody", "sh", "-c",
                   "id -u; id -G; cat %s; echo fd; : >%s; cd %s" % (DATA, DATA, TRACING))
equal("run --user: the rights are dropped", done.stdout.split(),
      [str(NOBODY.pw_uid).encode(), str(NOBODY.pw_gid).encode(), b"fd"])
fd = os.open(DATA, os.O_WRONLY)
done, events = captured(
    *as_nobody(), "env", "LD_PRELOAD=" + LIBRARY, "LOGTAP_SINK=user_events:%d" % fd, TALK, "1", "1",
    pass_fds=(fd,))
os.close(fd)
equal("an inherited descriptor: both events", (done.returncode, kinds(events)),
      (0, ["stderr", "syslog"]))

# Also for a program that is then locked into a folder without tracefs or /proc.
jail = "/tmp/jail"
os.makedirs(jail)
fd = os.open(DATA, os.O_WRONLY)
libraries = run("ldd", TALK).stdout.decode() + run("ldd", LIBRARY).stdout.decode()
for path in set(re.findall(r"(/[^ ]+)", libraries)) | {TALK, LIBRARY}:
    os.makedirs(jail + os.path.dirname(path), exist_ok=True)
    shutil.copy(path, jail + path)
# By numbers: a jail has no list of users, and a bare system's chroot(1) then knows none.
nobody = "%d:%d" % (pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid)
done, events = captured("chroot", "--userspec=" + nobody, jail, TALK, "1", "1",
                        env={"LD_PRELOAD": LIBRARY, "LOGTAP_SINK": "user_events:%d" % fd,
                             "PATH": os.environ["PATH"]}, pass_fds=(fd,))
os.close(fd)
equal("an inherited descriptor in a chroot: both events",
      (done.returncode, [kind for kind in kinds(events) if kind]), (0, ["stderr", "syslog"]))

# The group, as the examples set it up. systemd-tmpfiles does it where it is there.
for kind, group, _ in directives("logtap-sysusers.conf"):
    equal("sysusers: a group", kind, "g")
    run("groupadd", "-r", group)
if shutil.which("systemd-tmpfiles"):
    equal("systemd-tmpfiles", run("systemd-tmpfiles", "--create",
                                  EXAMPLES + "logtap-tmpfiles.conf").returncode, 0)
else:
    for kind, path, mode, user, group in directives("logtap-tmpfiles.conf"):
        equal("tmpfiles: a mode and owner", kind, "z")
        os.chown(path, pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
        os.chmod(path, int(mode, 8))
done, events = captured(*as_nobody("tracers"), LOGTAP, "run", TALK, "1", "1")
equal("the group: both events", (done.returncode, kinds(events)), (0, ["stderr", "syslog"]))
equal("the group: doctor is content", run(*as_nobody("tracers"), LOGTAP, "doctor").returncode, 0)
equal("still nobody else", run(*as_nobody(), LOGTAP, "run", "true").returncode, 125)
done = run(*as_nobody("tracers"), "ls", TRACING)
check("the group may not look around", done.returncode != 0)

# The drop-in's own lines, without systemd, for a user who is a member. It names no group: systemd
# would start no service at all where that doesn't exist.
environment = {}
for words in directives("logtap-dropin.conf"):
    check("the drop-in names no group", not words[0].startswith("SupplementaryGroups="), words)
    if words[0].startswith("Environment="):
        name, value = words[0][len("Environment="):].split("=", 1)
        environment[name] = value
equal("the drop-in preloads the library by its name", os.path.basename(environment["LD_PRELOAD"]),
      os.path.basename(LIBRARY))
os.makedirs(os.path.dirname(environment["LD_PRELOAD"]), exist_ok=True)
os.chmod(os.path.dirname(environment["LD_PRELOAD"]), 0o755)
shutil.copy(LIBRARY, environment["LD_PRELOAD"])
done, events = captured(*as_nobody("tracers"), TALK, "1", "1", env=dict(os.environ, **environment))
equal("the drop-in: both events, from the provider that tail and the unit have",
      (done.returncode, kinds(events), {e["provider"] for e in events}),
      (0, ["stderr", "syslog"], {"logtap"}))

# The unit that holds the tracepoints: its command, and its end as systemd brings it about.
command = [words[0].split("=", 1)[1:] + words[1:] for words in directives("logtap-register.service")
           if words[0].startswith("ExecStart=")][0]
equal("the unit starts logtap", os.path.basename(command[0]), "logtap")
unit = Background([LOGTAP, *command[1:]], b"holding 11 ")
equal("the unit holds them", unit.stop(signal.SIGTERM)[0], 0)

# The unit that gives the rights takes them back when it is stopped: all is as the kernel made it.
for words in directives("logtap-rights.service"):
    if words[0].startswith("ExecStop="):
        equal("the unit's end", run(words[0].split("=", 1)[1], *words[1:]).returncode, 0)
equal("as before", {path: rights(path) for path in BEFORE}, BEFORE)

# What the doctor says mends it, does.
run("groupdel", "tracers")
equal("the rights are gone", run(*as_nobody(), LOGTAP, "run", "true").returncode, 125)
if mend:
    command = mend.group(1).decode().replace("sudo ", "")
    equal("the mending command works", subprocess.run(["sh", "-c", command], check=False).returncode,
          0)
    members = grp.getgrnam("tracers").gr_mem
    equal("the user is a member", members, ["nobody"])
    equal("then logtap run works",
          run(*as_nobody("tracers"), LOGTAP, "run", "true").returncode, 0)
for path, mode in ((TRACING, 0o700), (DATA, 0o640)):
    os.chown(path, 0, 0)
    os.chmod(path, mode)
finish()
