#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Plain tracepoints on the kernel: it takes the fields as the library writes them, its own filter
looks at them, perf and logtap show the values, and a recording's format text is the kernel's."""
import ctypes
import fcntl
import json
import os
import re
import struct
import tempfile

from kernel import BUILD, TRACING, Perf, check, equal, finish, read, run, status, view, wait_for, write

SIZES = BUILD + "/examples/plain-tracepoint"
FIELDS = "u64 size; s32 error; char[8] kind; __rel_loc char[] path"
FORMAT = TRACING + "/events/user_events/example_sizes/format"

folder = tempfile.mkdtemp()
small, large = folder + "/small", folder + "/large"
write(small, "12")
write(large, "x" * 5000)

# Made here, as the kernel's documentation has it, so that perf can begin first; the program registers the
# same, to the kernel's eyes.
word = ctypes.c_uint32(0)
definition = ctypes.create_string_buffer(("example_sizes " + FIELDS).encode())
request = bytearray(struct.pack("=IBBHQQI", 28, 0, 4, 0, ctypes.addressof(word), ctypes.addressof(definition), 0))
holder = os.open(TRACING + "/user_events_data", os.O_RDWR)
fcntl.ioctl(holder, 0xc0082a00, request)  # DIAG_IOCSREG
perf = Perf("--filter", "size > 1000", events=["user_events:example_sizes"])
result = run(SIZES, small, large, "/nowhere")
equal("the program runs", (result.returncode, result.stderr), (0, b""))
path = perf.stop()
events = [json.loads(line) for line in view(path, "--output=json")[1].decode().splitlines()]
equal("the kernel's filter looks at a field", [e["fields"] for e in events],
      [{"size": 5000, "error": 0, "kind": "file", "path": large}])
perf.remove()


def fields_of(text):
    """Without the arrays' lengths: the kernel's are wrong for some (6.12: `char kind[]`)."""
    return [re.sub(r"\[\d*\]", "", line.strip()) for line in text.splitlines()
            if line.strip().startswith("field:")]


recording = folder + "/recording"
run(SIZES, "--record", recording, small)
with open(recording, "rb") as file:
    head = file.read()
start = head.index(b"name: example_sizes\n")
equal("a recording describes the fields as the kernel does",
      fields_of(head[start:head.index(b"print fmt", start)].decode()), fields_of(read(FORMAT)))
unregister = bytearray(struct.pack("=IBBHQ", 16, 0, 0, 0, ctypes.addressof(word)))
fcntl.ioctl(holder, 0x40082a02, unregister)  # DIAG_IOCSUNREG
os.close(holder)
check("it goes again", wait_for(lambda: "example_sizes" not in status()), status())
os.unlink(recording)
finish()
