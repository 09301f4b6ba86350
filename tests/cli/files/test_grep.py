# SPDX-License-Identifier: MIT
"""--grep: words are searched for in the file before its records are put in order, everything else by
the matcher afterwards. A pair of brackets makes the matcher of a word, and nothing else may change."""
import glob
import os
import random
import struct
import unittest

from harness import SOURCE
from perfdata import Event, Writer, message_event
from support import Case, main, view

VECTORS = os.path.join(SOURCE, "../shared/vectors")
WALL = 1795287001 * 10**9
WORDS = ("needle", "NEEDLE", "one", "a.b", "nee.le")


def raw_event(fields, payload, name=b"stderr", header=7, extra=b""):
    """An event of any fields: their metadata and their payload as bytes."""
    metadata = name + b"\0" + fields
    return (bytes([header, 0, 0, 0, 0, 0, 0, 4]) + struct.pack("<HH", len(metadata), 0x8001 if extra else 1) +
            metadata + extra + payload)


def counted(value):
    return struct.pack("<H", len(value)) + value


class Grep(Case):
    def check(self, path, *words):
        for word in words:
            for options in (["--output=json"], ["--output=cat", "--level=info..info"], ["--stats"], []):
                found = [view(*options, f"--grep={pattern}", path) for pattern in (word, f"({word})")]
                self.assertEqual(*((done.stdout, done.stderr, done.status) for done in found), (path, word, options))

    def recording(self, payloads, records=b""):
        writer, event = Writer(), Event()
        samples = b"".join(writer.sample(event, payload, time=5 + 3 * (index ^ 1), pid=index % 3 + 1, tid=index % 3 + 1)
                           for index, payload in enumerate(payloads))
        return self.write("recording", writer.pipe([event], writer.comm(event, 1, 1, "needle") + samples + records,
                                                   (WALL, 0)))

    def test_places_and_cases(self):
        texts = ["needle", "a needle", "needle at the beginning", "NEEDLE", "neeedle", "needl", "", "x" * 500 + "needle",
                 "nee", b"\xff\xfeneedle", b"a\0needle", "N\u00e9edle needl\u00e9", "a.b", "axb", "one\ntwo"]
        path = self.recording([message_event("stderr", text) for text in texts])
        self.check(path, *WORDS)
        self.assertEqual(view("--output=cat", "--grep=needle", path).stdout.count(b"needle\n"), 5)

    def test_events_whose_message_is_no_plain_text(self):
        """Their text is made of what they say: the word stands in none of their bytes."""
        def field(name, kind, *formats):
            return name + b"\0" + bytes([kind | (0x80 if formats else 0), *formats])

        wide = counted("needle".encode("utf-16-le"))[2:]
        path = self.recording([
            raw_event(field(b"needle", 4), struct.pack("<I", 1)),  # the name of a field
            raw_event(field(b"message", 4), struct.pack("<I", 1234567)),
            raw_event(field(b"message", 11), struct.pack("<H", 6) + wide),  # UTF-16
            raw_event(field(b"message", 10, 12), counted(b"\xff\xfe" + wide)),  # a byte order mark
            raw_event(field(b"message", 10, 12), counted(b"\xef\xbb\xbfneedle")),
            raw_event(field(b"message", 7), b"needle\0"),
            raw_event(field(b"message", 0x4a), struct.pack("<H", 2) + counted(b"needle") * 2),  # an array
            raw_event(field(b"group", 1, 1) + field(b"message", 10), counted(b"needle")),  # in a struct
            raw_event(field(b"message;a=needle", 10), counted(b"x")),
            raw_event(field(b"message", 10), counted(b"needle")[:-2]),  # cut
            raw_event(field(b"message", 10) + b"broken", counted(b"x")),
            raw_event(b"needle", b""),
            raw_event(field(b"message", 10), counted(b"x"), name=b"needle"),
            raw_event(field(b"message", 10), counted(b"needle"), extra=struct.pack("<HH", 16, 2) + bytes(16)),
            b"\x07needle", b"needle" * 4])
        self.check(path, *WORDS, "1234567", "message")

    def test_parts(self):
        """A word that stands across the end of a part is found, and so is one of an unfinished message."""
        def part(text, number, last, message_id):
            return message_event("stderr.part", text, part=number, last=last, message_id=message_id)

        self.check(self.recording([part("a nee", 0, False, 1), part("dle", 1, True, 1), message_event("stderr", "x"),
                                   part("one needle", 0, False, 2), part("nothing", 1, True, 3)]), *WORDS)

    def test_damage_is_told_all_the_same(self):
        path = self.recording([message_event("stderr", "needle"), message_event("stderr", "one")],
                              b"damage " * 9 + Writer().lost(Event(), 7, 100))
        self.check(path, *WORDS, "nothing")

    def test_a_file_without_a_match_is_not_an_empty_one(self):
        done = view("--grep=nothing", self.recording([message_event("stderr", "x")]))
        self.assertEqual((done.stdout, done.stderr, done.status), (b"", b"", 0))

    @unittest.skipUnless(os.path.isdir(VECTORS), "no reference files")
    def test_reference_files(self):
        for path in sorted(glob.glob(os.path.join(VECTORS, "*.da*"))):
            if not path.endswith(".json"):
                self.check(path, "connection", "hello", "1", "Test", "a")

    def test_damaged_files(self):
        chance = random.Random(1)
        with open(self.recording([message_event("stderr", f"{index} needle"[index % 3:]) for index in range(30)]),
                  "rb") as file:
            whole = file.read()
        for _ in range(25):
            damaged = bytearray(whole)
            for _ in range(3):
                damaged[chance.randrange(len(whole) * 3 // 4, len(whole))] = chance.randrange(256)
            self.check(self.write("damaged", bytes(damaged)), "needle")


class Times(Case):
    """--since and --until leave out what is outside before it is in order; a message has the time of its first part."""

    def test_whole_messages(self):
        writer, event = Writer(), Event()

        def part(time, text, number, last, message_id):
            return writer.sample(event, message_event("stderr.part", text, part=number, last=last,
                                                      message_id=message_id), time=time * 10**9)

        records = (part(1, "begins ", 0, False, 1) + writer.sample(event, message_event("stderr", "late"), time=9 * 10**9) +
                   writer.sample(event, message_event("stderr", "early"), time=2 * 10**9) +
                   part(6, "before", 1, True, 1) + part(4, "ends ", 0, False, 2) + part(8, "behind", 1, True, 2))
        path = self.write("times", writer.pipe([event], records, (WALL, 0)))
        begin = WALL // 10**9
        for since, until, expected in ((5, 20, ["late"]), (0, 5, ["early", "begins before", "ends behind"]),
                                       (2, 3, ["early"]), (4, 4, ["ends behind"]), (10, 20, [])):
            done = view("--output=cat", f"--since=@{begin + since}", f"--until=@{begin + until}", path)
            self.assertEqual((done.stdout.decode().splitlines(), done.status), (expected, 0))
            # What is left out is looked at for its time all the same.
            self.assertEqual(b"from 2026-11-21 18:50:02 to 2026-11-21 18:50:10" in done.stderr, not expected)


if __name__ == "__main__":
    main()
