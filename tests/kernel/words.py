#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The enable word: ftrace and perf switch it on and off in running programs; fork, exec, threads
and unloading do to it what encoder/README.md says."""
import signal
import subprocess

from kernel import (HELPERS, TRACING, Background, Perf, check, equal, finish, registered, run,
                    status, wait_for, write)

NAME = "words_L4K1"
ENABLE = TRACING + "/events/user_events/%s/enable"


def start(mode, argument=NAME, ready=b"ready"):
    return Background([HELPERS + "/words", mode, argument], ready, stdin=subprocess.PIPE)


def end(process):
    process.process.stdin.close()
    process.process.stdin = None
    code, out, err = process.stop(0)
    if err:
        print("it said:", err)
    return code, [line for line in out.decode().splitlines() if not line.endswith("ready")]


def pause():
    """Time for what must not come: longer than the watcher's look and the kernel's delayed writes."""
    run("sleep", "0.3")


def turn(watcher, value, *who, times=1):
    """Switches ftrace on or off, and waits until each of these has seen it, for the so-manieth time."""
    write(ENABLE % NAME, value)
    for name in who or ("main",):
        watcher.until("stdout", b"%s %s\n" % (name.encode(), value.encode()), times)


# ftrace and perf, one after the other and both at once.
watcher = start("watch")
turn(watcher, "1")
perf = Perf(events=("user_events:" + NAME,))
pause()
write(ENABLE % NAME, "0")
equal("perf alone listens", status()[NAME], "perf")
pause()
perf.stop()
perf.remove()
check("nobody listens", wait_for(lambda: status()[NAME] == ""), status())
watcher.until("stdout", b"main 0\n")
turn(watcher, "1", times=2)
turn(watcher, "0", times=2)
equal("on while anybody listens, off when the last one stops", end(watcher),
      (0, ["main 1", "main 0", "main 1", "main 0"]))

# Enabled before the program exists: on from the start.
with registered(NAME):
    write(ENABLE % NAME, "1")
    watcher = start("watch")
    equal("on from the start", end(watcher)[1], ["main 1"])
    write(ENABLE % NAME, "0")

# fork: the child has the same registration, in memory of its own.
watcher = start("fork", ready=b"child ready")
watcher.until("stdout", b"parent ready")
turn(watcher, "1", "parent", "child")
turn(watcher, "0", "parent", "child")
code, lines = end(watcher)
equal("fork: parent and child see it", (code, sorted(lines)),
      (0, ["child 0", "child 1", "parent 0", "parent 1"]))

# exec drops it.
program = subprocess.Popen([HELPERS + "/words", "exec", NAME])
check("exec: registered before", wait_for(lambda: NAME in status() or program.poll() is not None))
check("exec: gone after", wait_for(lambda: NAME not in status()), status())
equal("exec: the new program lives", program.poll(), None)
program.send_signal(signal.SIGKILL)
program.wait()

# Threads from before and after the registration come and go: it stays, for it was made by the
# first thread.
watcher = start("threads")
turn(watcher, "1")
turn(watcher, "0")
equal("threads", end(watcher), (0, ["main 1", "main 0"]))

# The one case to stay away from: a thread that was there before any registration makes it and ends.
watcher = start("late")
write(ENABLE % NAME, "1")
pause()
write(ENABLE % NAME, "0")
code, lines = end(watcher)
equal("a late thread's registration ends with it: the word stays as it was", (code, lines), (0, []))

# A library is unloaded while its provider is enabled.
with registered("unload_L4K1"):
    write(ENABLE % "unload_L4K1", "1")
    watcher = start("unload", HELPERS + "/unload.so")
    watcher.process.stdin.write(b"go\n")
    watcher.process.stdin.flush()
    watcher.until("stdout", b"gone")
    for value in "0101":
        write(ENABLE % "unload_L4K1", value)
        pause()
    write(ENABLE % "unload_L4K1", "0")
    pause()
    equal("unload: nobody writes to the place it had", end(watcher), (0, ["library gone"]))
check("all are gone", wait_for(lambda: not status()), status())
finish()
