#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""logtap doctor: its status is 0 exactly when `logtap run` works, its findings name what is wrong,
and what it says about programs is true of them."""
import json
import os
import shutil
import subprocess

from kernel import (HELPERS, LIBRARY, LOGTAP, TRACING, Perf, check, equal, finish, read, registered,
                    run, tail, write)

TALK = HELPERS + "/talk"


def doctor(*arguments, **variables):
    """(status, findings by name) of --json; run_works must agree with the status."""
    result = run(LOGTAP, "doctor", "--json", *arguments, env=dict(os.environ, **variables))
    found = json.loads(result.stdout)
    equal("run_works and the exit status agree", found["run_works"], result.returncode == 0)
    return result.returncode, {entry["check"]: entry for entry in found["checks"]}


status, findings = doctor()
equal("all well here", (status, {name: entry["status"] for name, entry in findings.items()}),
      (0, dict.fromkeys(["kernel", "tracefs", "permission", "room", "registration", "library",
                         "loader", "stdio", "settings", "perf", "tracepoints"], "ok")))
text = run(LOGTAP, "doctor")
equal("the text has a line for each and one more", text.stdout.count(b"\n"), len(findings) + 1)
check("no tracepoint stays behind", not read(TRACING + "/user_events_status").startswith("logtap"))

# Who listens.
with registered():
    check("eleven exist, nobody listens", "11 logtap tracepoints exist, and nobody listens" in
          doctor()[1]["tracepoints"]["text"])
    perf = Perf()
    write(TRACING + "/events/user_events/logtap_L1K1/enable", "1")
    check("who listens", "ftrace to 1, perf to 11" in doctor()[1]["tracepoints"]["text"],
          doctor()[1]["tracepoints"])
    write(TRACING + "/events/user_events/logtap_L1K1/enable", "0")
    perf.stop()
    perf.remove()
    live = tail()
    check("which instance listens", "ftrace to 11 in logtap-%d, perf to 0" % live.pid in
          doctor()[1]["tracepoints"]["text"], doctor()[1]["tracepoints"])
    live.stop()

# The limit of user events, and its mending command.
limit = "/proc/sys/kernel/user_events_max"
before = read(limit)
with open(limit, "w", encoding="ascii") as file:
    file.write("4")
status, findings = doctor()
equal("no room", (status, findings["room"]["status"]), (1, "problem"))
subprocess.run(["sh", "-c", findings["room"]["fix"]], check=True, stdout=subprocess.DEVNULL)
equal("the command mends it", doctor()[0], 0)
with open(limit, "w", encoding="ascii") as file:
    file.write(before)

# Settings; run refuses the same.
status, findings = doctor(LOGTAP_LEVEL="loud")
equal("a bad setting", (status, findings["settings"]["status"], findings["settings"]["fix"]),
      (1, "problem", "unset LOGTAP_LEVEL"))
equal("run refuses it too", run(LOGTAP, "run", "true", env=dict(os.environ, LOGTAP_LEVEL="loud"))
      .returncode, 125)
equal("LOGTAP_DISABLE", doctor(LOGTAP_DISABLE="1")[1]["settings"]["status"], "problem")

# The library: missing, in a folder that the loader can't name, on a noexec mount, not a library.
status, findings = doctor(LOGTAP_LIBRARY="/nonexistent.so")
equal("no library", (status, findings["library"]["status"]), (1, "problem"))
os.makedirs("/tmp/with space")
shutil.copy(LIBRARY, "/tmp/with space/liblogtap.so")
status, findings = doctor(LOGTAP_LIBRARY="/tmp/with space/liblogtap.so")
equal("a space in its path", (status, findings["library"]["status"]), (1, "problem"))
os.makedirs("/tmp/noexec")
subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "none", "/tmp/noexec"], check=True)
shutil.copy(LIBRARY, "/tmp/noexec/liblogtap.so")
status, findings = doctor(LOGTAP_LIBRARY="/tmp/noexec/liblogtap.so")
equal("a noexec mount", (status, findings["library"]["status"], findings["loader"]["status"]),
      (1, "problem", "problem"))
check("the loader's own words", "cannot be preloaded" in findings["loader"]["text"],
      findings["loader"])
subprocess.run(["umount", "/tmp/noexec"], check=True)
with open("/tmp/broken.so", "w", encoding="ascii") as file:
    file.write("not a library")
status, findings = doctor(LOGTAP_LIBRARY="/tmp/broken.so")
equal("not a library", (status, findings["loader"]["status"]), (1, "problem"))

# Programs: what the doctor says, and whether it is so.
with open("/tmp/script", "w", encoding="ascii") as file:
    file.write("#!/bin/sh\necho script >&2\n")
os.chmod("/tmp/script", 0o755)
with open(TALK, "rb") as file:
    image = bytearray(file.read())
image[18] = 183  # e_machine: AArch64
with open("/tmp/foreign", "wb") as file:
    file.write(image)
os.chmod("/tmp/foreign", 0o755)
with open("/tmp/musl", "wb") as file:
    usual = b"/lib64/ld-linux-x86-64.so.2"
    file.write(bytes(image).replace(usual, b"/lib/ld-musl-x86_64.so.1".ljust(len(usual), b"\0")))
with open("/tmp/cut", "wb") as file:
    file.write(image[:100])
for path, text in (("/tmp/nonsense", "\0neither"), ("/tmp/lost", "#!/nonexistent/sh\n"),
                   ("/tmp/text", "echo text >&2\n")):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
run("objcopy", "--add-section", ".note.go.buildid=/etc/hostname", TALK, "/tmp/go")
for path in ("musl", "cut", "nonsense", "lost", "text", "go"):
    os.chmod("/tmp/" + path, 0o755)
shutil.copy(TALK, "/tmp/setuid")
os.chown("/tmp/setuid", 65534, 65534)
os.chmod("/tmp/setuid", 0o4755)
for program, wanted, words in (
        ("ls", "ok", "/usr/bin/ls"), (TALK, "ok", "captured"), ("/tmp/script", "ok", "script"),
        ("no-such-program", "problem", "not found"), ("/etc/passwd", "problem", "executable"),
        ("/bin/busybox", "problem", "static"), ("/tmp/foreign", "problem", "architecture"),
        ("/tmp/nonsense", "problem", "neither"), ("/tmp/lost", "problem", "not there"),
        ("/tmp/text", "ok", "/bin/sh"), ("/tmp/go", "problem", "Go program"),
        ("/sbin/ldconfig", "problem", "static"), ("/tmp/musl", "problem", "musl"),
        ("/tmp/cut", "problem", ""), ("/tmp/setuid", "problem", "setuid"),
        ("su", "problem", "environment")):
    status, findings = doctor(program)
    entry = findings["program"]
    equal("doctor " + program, (entry["status"], status), (wanted, int(wanted != "ok")))
    check("its reason", words in entry["text"], entry["text"])

# What the doctor calls capturable is captured.
for program in ("/tmp/script", "/tmp/text"):
    live = tail("--output=cat")
    run(LOGTAP, "run", program)
    equal("captured: " + program, live.stop()[1], os.path.basename(program).encode() + b"\n")

# An ordinary user and a setuid-root program; root itself may run it.
passwd = shutil.which("passwd")
result = run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", LOGTAP, "doctor",
             passwd)
check("a setuid program for an ordinary user", b"is setuid" in result.stdout, result.stdout)
equal("and for root", doctor(passwd)[1]["program"]["status"], "ok")

for arguments in (["--nonsense"], ["ls", "cat"]):
    equal("doctor " + " ".join(arguments), run(LOGTAP, "doctor", *arguments).returncode, 2)
finish()
