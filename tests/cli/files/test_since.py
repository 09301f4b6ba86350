# SPDX-License-Identifier: MIT
"""--since in a long recording: its place is searched for, and what stands before isn't read. A filter by
program needs everything to be read, so that one that lets all pass must show the same."""
import random
import struct

from perfdata import Event, described, message_event, process_event
from support import main, messages, objects, view
from test_shared import Recording

BEGIN = 1795287001
COUNT = 60000  # 12 MB: three times what the search leaves to be read
STEP = 10**6  # ns between two events
TIME_AT = 24  # of a sample: behind the record's head, the id, pid and tid
FILL = "x" * 80


class Since(Recording):
    def setUp(self):
        super().setUp()
        self.events.append(Event("logtap_L4K4", 1010, ids=(1010,)))  # of processes

    def many(self, times, pids=(7,), text=FILL, make=None):
        """Samples of these times, of each pid in turn."""
        make = make or (lambda pid: message_event("stderr", text))
        samples = [self.writer.sample(self.events[8], make(pid), pid=pid, tid=pid) for pid in pids]
        return [sample[:TIME_AT] + struct.pack("<Q", time) + sample[TIME_AT + 8:]
                for time, sample in zip(times, samples * (len(times) // len(samples) + 1))]

    def recording(self, records):
        records = b"".join(records) if isinstance(records, list) else records
        return self.writer.pipe(self.events, records, (BEGIN * 10**9, 0))

    def check(self, content, *seconds, formats=("short-iso",)):
        """The same as when all is read; what was shown last."""
        path = self.write("long", content)
        for second in seconds:
            for form in formats:
                option = f"--since=@{BEGIN + second:.6f}"
                found, whole = (view("-o", form, option, *more, path) for more in ((), ("--program=*",)))
                self.assertEqual((found.status, found.stderr), (whole.status, whole.stderr))
                self.assertTrue(found.stdout == whole.stdout, (form, second))
        return found.stdout

    def test_any_time(self):
        times = [index * STEP for index in range(COUNT)]
        content = self.recording(self.many(times))
        self.assertEqual(self.check(content, -5, 1.5, 58.5, 59.9999, 100), b"")
        self.check(content, 41.234567, formats=("short-iso", "json", "cat"))
        self.assertEqual(self.check(content, 59).count(b"\n"), 1000)

    def test_what_stands_before_is_not_read(self):
        records = self.many([index * STEP for index in range(COUNT)])
        damaged = b"".join(records[:5000]) + b"no record" * 5000 + b"".join(records[5000:])
        path = self.write("damaged", self.recording(damaged))
        done = view("-o", "cat", f"--since=@{BEGIN + 58}", path)
        self.assertEqual((len(done.stdout.splitlines()), done.stderr, done.status), (2000, b"", 0))
        done = view("-o", "cat", f"--since=@{BEGIN + 2}", path)
        self.assertEqual((len(done.stdout.splitlines()), done.status), (COUNT - 2000, 1))

    def test_writers_that_are_late(self):
        """Up to half a second each of them, and some by minutes: stopped between the clock and the write."""
        dice = random.Random(3)
        times = [max(0, index * STEP - dice.randrange(STEP * 500)) for index in range(COUNT)]
        for index in range(50, COUNT, 97):
            times[index] = max(0, times[index] - dice.randrange(60 * 10**9))
        self.check(self.recording(self.many(times, pids=range(5, 60))), 10, 30.1, 59.5)

    def test_all_of_one_time(self):
        self.check(self.recording(self.many([30 * 10**9] * COUNT)), 29, 30, 31)

    def test_damage_where_it_is_looked_for(self):
        records = self.many([index * STEP for index in range(COUNT)])
        content = b"".join(records)
        half = len(content) // 2
        for broken in (content[:half] + b"?" * 99 + content[half:], content[:half - 100] + bytes(4000) + content[half:],
                       content[:half - 2000000] + b"?" * 4000000 + content[half + 2000000:]):
            path = self.write("broken", self.recording(broken))
            found = view("-o", "cat", f"--since=@{BEGIN + 58}", path)
            self.assertEqual(len(found.stdout.splitlines()), 2000)

    def test_records_inside_of_messages(self):
        """What looks like a newer record, and is only a text that somebody logged, is never shown as one."""
        times = [index * STEP * 60 for index in range(COUNT // 60)]
        inside = b"".join(self.many([50 * 10**9], text="forged", pids=(666,)) * 60)
        # At odd places: at the beginning of a page it would be another writer's, behind a cut one.
        for pad in (b"", b"x"):
            if self.many([0], text=pad + inside)[0].index(inside) % 2:
                shown = self.check(self.recording(self.many(times, text=pad + inside)), 20, 55, formats=("json",))
                self.assertEqual({event["pid"] for event in objects(shown)}, {7})

    def test_processes_and_names_from_before(self):
        """They are told once: where an event of such a process is to be shown, everything is read."""
        times = [index * STEP for index in range(COUNT)]
        head = [self.writer.sample(self.events[10], process_event(exe=f"/usr/bin/p{pid}"), pid=pid, tid=pid, time=1)
                for pid in (7, 8)]
        names = [self.writer.comm(self.events[8], pid, pid, f"name{pid}") for pid in (7, 8)]
        shown = self.check(self.recording(names + head + self.many(times, pids=(7, 8))), 59.5, 30.0005, formats=("short", "json"))
        self.assertEqual({event["process"]["exe"] for event in objects(shown)}, {"/usr/bin/p7", "/usr/bin/p8"})
        self.assertEqual(shown.count(b"\n"), 29999)
        bare = lambda pid: described("other", [("value", "u32", pid)])  # noqa: E731
        mixed = self.many(times[:COUNT - 500]) + self.many(times[COUNT - 500:], make=bare, pids=(7, 8))
        shown = self.check(self.recording(names + mixed), 59, formats=("short-iso",))
        self.assertEqual((shown.count(b"\n"), shown.count(b"name8[8]")), (1000, 250))

    def test_what_was_told_first_may_have_changed(self):
        """The first records of the file are read in any case: a number has become another program's since."""
        times = [index * STEP for index in range(COUNT)]
        bare = lambda pid: described("other", [("value", "u32", pid)])  # noqa: E731
        records = self.many(times[:COUNT - 500]) + self.many(times[COUNT - 500:], make=bare)
        for at, name in ((30000, "second"), (0, "first")):
            records[at:at] = [self.writer.comm(self.events[8], 7, 7, name),
                              self.writer.sample(self.events[10], process_event(exe=name), pid=7, tid=7, time=times[at])]
        shown = self.check(self.recording(records), 59.6, formats=("json", "short-iso"))
        self.assertEqual((shown.count(b"second[7]"), shown.count(b"\n")), (400, 400))

    def test_filters_that_ask_for_processes(self):
        times = [index * STEP for index in range(COUNT)]
        names = [self.writer.comm(self.events[8], 7, 7, "name7")]
        bare = lambda pid: described("other", [("value", "u32", pid)])  # noqa: E731
        path = self.write("filtered", self.recording(names + self.many(times, make=bare)))
        for option in ("--program=name7", "program=name7", "--event=other", "--pid=7", "--fields=program,value"):
            found = view("-o", "short", f"--since=@{BEGIN + 59}", option, path)
            self.assertEqual((found.stdout.count(b"\n"), found.stdout.count(b"name7"), found.stderr), (1000, 1000, b""), option)

    def test_a_message_that_began_before(self):
        """Its time is that of its first part."""
        records = self.many([index * STEP for index in range(COUNT)])
        parts = [self.writer.sample(self.events[8], message_event("stderr.part", f"part {part}", part=part, last=part == 2,
                                                                  message_id=9), pid=9, tid=9, time=time)
                 for part, time in enumerate((10**9, 57 * 10**9, 59 * 10**9))]
        for part, at in zip(parts, (1000, 57000, 59000)):
            records.insert(at, part)
        content = self.recording(records)
        self.check(content, 0.5, 50, 58)
        shown = view("-o", "json", f"--since=@{BEGIN + 58}", self.write("long", content)).stdout
        self.assertFalse([message for message in messages(shown) if "part" in message])


if __name__ == "__main__":
    main()
