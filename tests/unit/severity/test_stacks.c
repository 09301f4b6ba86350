/* SPDX-License-Identifier: MIT */
/*
 * The stacks of many languages keep the severity of the line they belong to, and end where they
 * end. Each test writes a report the way its run-time system does.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "severity/severity.h"

#include "stream_lines.h"

/* Since Rust 1.73 the message stands in the line behind the head. */
Test(stacks, rust)
{
	CHECK({ "crit", "thread 'main' panicked at src/main.rs:2:5:" },
	      { "crit", "index out of bounds: the len is 0 but the index is 1" },
	      { "crit", "stack backtrace:" }, { "crit", "   0: rust_begin_unwind" },
	      { "crit", "             at /rustc/abc/library/std/src/panicking.rs:689:5" },
	      { "notice", "note: run with `RUST_BACKTRACE=1` environment variable to display" },
	      { "unknown", "listening on port 80" });
	CHECK({ "crit", "thread 'main' panicked at src/main.rs:2:5:" },
	      { "crit", "assertion `left == right` failed" }, { "crit", "  left: 1" },
	      { "crit", " right: 2" }, { "info", "INFO ready" });
	CHECK({ "crit", "thread 'main' panicked at 'boom', src/main.rs:2:5" },
	      { "unknown", "listening on port 80" });
}

/* Addresses make a frame of what shows no severity: not everywhere, and not in an object. */
Test(stacks, addresses)
{
	CHECK({ "err", "error: boom" }, { "err", "0x55d0a1b2 in take (n=1) at x.c:3" },
	      { "err", "take+0x12/0x80" }, { "err", "x.zig:3:5: 0x10d1f in main (x)" },
	      { "err", "0x602000000010 is located 0 bytes inside of 4-byte region" },
	      { "unknown", "0x602000000010 was given to pool 7" });
	CHECK({ "err", "error: boom" }, { "unknown", "+0x12 alone, and 0x80" });
	CHECK({ "err", "error: boom" }, { "unknown", "{\"at\":\"take+0x12/0x80\",\"n\": 0x1}" });
}

Test(stacks, lua)
{
	CHECK({ "err", "lua: x.lua:1: attempt to index a nil value" },
	      { "err", "stack traceback:" }, { "err", "\tx.lua:1: in main chunk" },
	      { "err", "\t[C]: in ?" }, { "unknown", "ready" });
}

Test(stacks, python_groups)
{
	CHECK({ "err", "  + Exception Group Traceback (most recent call last):" },
	      { "err", "  |   File \"x.py\", line 3, in <module>" },
	      { "err", "  |     raise ExceptionGroup('boom', [ValueError(1)])" },
	      { "err", "  | ExceptionGroup: boom (1 sub-exception)" },
	      { "err", "  +-+---------------- 1 ----------------" },
	      { "err", "    | ValueError: 1" },
	      { "err", "    +------------------------------------" }, { "unknown", "ready" });
}

Test(stacks, go)
{
	CHECK({ "crit", "panic: boom" }, { "unknown", "" }, { "crit", "goroutine 1 [running]:" },
	      { "crit", "main.take(...)" }, { "crit", "\t/srv/x.go:3 +0x1d" },
	      { "crit", "main.main()" }, { "crit", "\t/srv/x.go:7 +0x1d" }, { "unknown", "" },
	      { "unknown", "ready" });
	CHECK({ "crit", "SIGSEGV: segmentation violation" }, { "crit", "PC=0x47 m=0 sigcode=1" },
	      { "unknown", "" }, { "crit", "goroutine 7 [select]:" },
	      { "crit", "net/http.(*Server).Serve(0xc000)" }, { "unknown", "" },
	      { "crit", "goroutine 8 [chan receive]:" }, { "info", "level=info msg=ready" });
}

Test(stacks, erlang)
{
	CHECK({ "err", "=CRASH REPORT==== 21-Nov-2026::18:50:01 ===" }, { "err", "  crasher:" },
	      { "err", "    initial call: pool:init/1" }, { "unknown", "" },
	      { "unknown", "ready" });
	CHECK({ "err", "=ERROR REPORT==== 21-Nov-2026::18:50:01 ===" },
	      { "err", "** Generic server pool terminating" },
	      { "err", "** Last message in was take" },
	      { "err", "Error in process <0.80.0> with exit value:" },
	      { "err", "{badarith,[{pool,take,1,[]}]}" }, { "unknown", "" },
	      { "unknown", "ready" });
}

Test(stacks, elixir)
{
	CHECK({ "err", "18:50:01.120 [error] GenServer Pool terminating" },
	      { "err", "** (RuntimeError) boom" },
	      { "err", "    (acme 0.1.0) lib/pool.ex:3: Pool.take/1" },
	      { "err", "Last message: :take" }, { "err", "State: %{}" }, { "unknown", "ready" });
}

Test(stacks, haskell_ocaml_julia)
{
	CHECK({ "err", "main: error: boom" }, { "err", "CallStack (from HasCallStack):" },
	      { "err", "  error, called at x.hs:3:8 in main:Main" }, { "unknown", "ready" });
	CHECK({ "crit", "Fatal error: exception Failure(\"boom\")" },
	      { "crit",
		"Raised at Stdlib.failwith in file \"stdlib.ml\", line 29, characters 17-33" },
	      { "crit", "Called from Dune__exe__Main in file \"bin/main.ml\", line 1" },
	      { "unknown", "ready" });
	CHECK({ "err", "ERROR: LoadError: boom" }, { "err", "Stacktrace:" },
	      { "err", " [1] error(s::String)" }, { "err", "   @ Base ./error.jl:35" },
	      { "err", "in expression starting at /srv/x.jl:3" }, { "unknown", "" },
	      { "unknown", "ready" });
}

Test(stacks, swift_zig_dart_crystal)
{
	CHECK({ "crit", "Fatal error: Index out of range: file Swift/Array.swift, line 3" },
	      { "crit", "Current stack trace:" },
	      { "crit", "0    libswiftCore.dylib                 0x00007ff81 _swift_stdlib" },
	      { "unknown", "" }, { "unknown", "ready" });
	CHECK({ "crit", "thread 31 panic: integer overflow" },
	      { "crit", "/srv/x.zig:3:5: 0x10d1f in main (x)" }, { "crit", "    n += 1;" },
	      { "crit", "    ^" }, { "unknown", "ready" });
	CHECK({ "err", "Unhandled exception:" }, { "err", "FormatException: boom" },
	      { "err", "#0      main (file:///srv/x.dart:3:3)" }, { "unknown", "ready" });
	CHECK({ "err", "Unhandled exception: Index out of bounds (IndexError)" },
	      { "err", "  from src/x.cr:3:1 in '__crystal_main'" }, { "unknown", "ready" });
}

/* Kotlin and Scala are Java's. */
Test(stacks, jvm)
{
	CHECK({ "err", "Exception in thread \"main\" scala.MatchError: 3 (of class Integer)" },
	      { "err", "\tat Pool$.take(Pool.scala:3)" }, { "err", "\tSuppressed: x.Y: z" },
	      { "err", "Caused by: kotlin.KotlinNullPointerException" }, { "err", "\t... 3 more" },
	      { "unknown", "ready" });
}

Test(stacks, kernel_oops)
{
	CHECK({ "crit",
		"[  312.001200] BUG: unable to handle page fault for address: 0000000000001000" },
	      { "crit", "[  312.001201] #PF: supervisor read access in kernel mode" },
	      { "crit", "[  312.001202] Oops: 0000 [#1] PREEMPT SMP NOPTI" },
	      { "crit", "[  312.001203] CPU: 1 PID: 31 Comm: x Tainted: G        W" },
	      { "crit", "[  312.001204] RIP: 0010:take+0x12/0x80 [pool]" },
	      { "crit", "[  312.001205] Call Trace:" }, { "crit", "[  312.001206]  <TASK>" },
	      { "crit", "[  312.001207]  ? __die+0x1f/0x70" },
	      { "crit", "[  312.001208]  vfs_read+0xa1/0x320" },
	      { "crit", "[  312.001209]  </TASK>" },
	      { "crit", "[  312.001210] ---[ end trace 0000000000000000 ]---" },
	      { "unknown", "[  313.001200] eth0: link is up" });
}

Test(stacks, sanitizers)
{
	CHECK({ "err", "==31==ERROR: AddressSanitizer: heap-use-after-free on address 0x602" },
	      { "err", "READ of size 4 at 0x602 thread T0" },
	      { "err", "    #0 0x55d0 in main x.c:3" }, { "unknown", "" },
	      { "err", "0x602000000010 is located 0 bytes inside of 4-byte region" },
	      { "err", "freed by thread T0 here:" }, { "err", "    #0 0x7f in free" },
	      { "unknown", "" }, { "err", "previously allocated by thread T0 here:" },
	      { "err", "Shadow bytes around the buggy address:" },
	      { "err", "  0x0c047fff7fb0: fa fa fa fa" },
	      { "err", "=>0x0c047fff8000: fa fa[fd]fa" }, { "err", "==31==ABORTING" },
	      { "unknown", "ready" });
	CHECK({ "err", "==31== Invalid read of size 4" },
	      { "err", "==31==    at 0x1091: take (x.c:3)" },
	      { "err", "==31==  Address 0x4a is 0 bytes after a block of size 4 alloc'd" },
	      { "crit", "==31== Process terminating with default action of signal 11 (SIGSEGV)" });
}

/* A stack that nothing stands above is nobody's. */
Test(stacks, alone)
{
	CHECK({ "unknown", "stack traceback:" }, { "unknown", "\t[C]: in ?" },
	      { "unknown", "goroutine 1 [running]:" }, { "unknown", "Current stack trace:" });
}

/* Of a progress line, what stands behind its last return counts, in a stream, too. */
Test(stacks, progress)
{
	CHECK({ "err", "error: the mirror is gone" }, { "unknown", " 10%\r 20%\rdone" },
	      { "err", " 10%\r 20%\r[error] x" }, { "err", "\t50%\r  still there" },
	      { "unknown", "ready\r" });
}
