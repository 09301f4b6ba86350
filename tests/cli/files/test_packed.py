# SPDX-License-Identifier: MIT
"""Files packed with gzip or zstd are read as they are."""
import gzip
import os
import subprocess

from perfdata import Event, Writer, message_event
from test_forms import compress
from support import SANITIZED, Case, main, view

WALL = 1795287001 * 10**9


def recording(count=2000, form="pipe"):
    writer, event = Writer(), Event()
    records = b"".join(writer.sample(event, message_event("stderr", f"line {number} of some length"), time=number)
                       for number in range(count))
    return (writer.pipe if form == "pipe" else writer.file)([event], records, (WALL, 0))


def zstd(content):
    """One frame with a checksum; None without the library's program."""
    done = subprocess.run(["zstd", "-q", "-c"], input=content, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def packers():
    found = {"gz": gzip.compress}
    try:
        if zstd(b"x"):
            found["zst"] = zstd
    except FileNotFoundError:
        # What libzstd makes of it for test_forms, without the program.
        if compress([b"x"]):
            found["zst"] = lambda content: b"".join(compress([content]))
    return found


class Packed(Case):
    def test_all_forms(self):
        body = b"logtap_L4K2\0" + message_event("stderr", "x")
        dat = (4 + len(body)).to_bytes(4, "little") + body
        for content in (recording(), recording(form="file"), dat * 3):
            plain = view("-o", "json", self.write("plain", content)).stdout
            self.assertTrue(plain)
            for name, pack in packers().items():
                path = self.write("packed." + name, pack(content))
                for options, stdin in (((path,), b""), (("-",), pack(content))):
                    done = view("-o", "json", *options, stdin=stdin)
                    self.assertEqual((done.status, done.stdout, done.stderr), (0, plain, b""), name)

    def test_in_several_pieces(self):
        """As `cat a.gz b.gz` and rotating writers leave them."""
        content = recording()
        for name, pack in packers().items():
            pieces = b"".join(pack(content[at:at + 9999]) for at in range(0, len(content), 9999))
            self.assertEqual(view("-o", "cat", self.write(name, pieces)).stdout.count(b"\n"), 2000)

    def test_behind_frames_to_skip(self):
        """As a packed segment of a recording begins, and what some compressors put in front."""
        content = recording()
        for name, pack in packers().items():
            if name == "zst":
                for magic in (0x184d2a50, 0x184d2a5e):
                    skipped = magic.to_bytes(4, "little") + (24).to_bytes(4, "little") + bytes(24)
                    done = view("-o", "cat", self.write(name, skipped + pack(content)))
                    self.assertEqual((done.stdout.count(b"\n"), done.stderr), (2000, b""))

    def test_cut(self):
        """Everything in front of the end is shown, and that it isn't the end is said."""
        for name, pack in packers().items():
            whole = pack(recording(20000))
            for size in (len(whole) // 2, len(whole) - 1, len(whole) - 5):
                done = view("-o", "cat", self.write(name, whole[:size]))
                self.assertEqual(done.status, 1, (name, size))
                self.assert_one_line(done.stderr, name, "cut off")
                lines = done.stdout.splitlines()
                self.assertGreater(len(lines), 5000 if size < len(whole) - 9 else 15000)
                self.assertEqual(lines, [b"line %d of some length" % number for number in range(len(lines))])

    def test_damaged(self):
        for name, pack in packers().items():
            whole = bytearray(pack(recording(20000)))
            for at in range(len(whole) // 2, len(whole) // 2 + 400):
                whole[at] ^= 0x5a
            done = view("-o", "cat", self.write(name, bytes(whole)))
            self.assertEqual(done.status, 1)
            self.assertTrue(done.stderr)

    def test_something_else_packed(self):
        for name, pack in packers().items():
            for content in (b"", b"hello\n" * 100):
                done = view(self.write(name, pack(content)))
                self.assertEqual((done.status, done.stdout), (1, b""))
                self.assert_one_line(done.stderr, name)

    def test_what_packs_too_well(self):
        """A bomb ends in good time, and says why."""
        if SANITIZED or "zst" not in packers():
            self.skipTest("takes long here")
        path = self.path_of("bomb")
        with open(path, "wb") as out, subprocess.Popen(["zstd", "-q", "-c"], stdin=subprocess.PIPE, stdout=out) as packer:
            packer.stdin.write(recording(1))
            for _ in range(30):
                packer.stdin.write(bytes(1 << 22))
            packer.stdin.close()
        done = view(path)
        self.assertEqual(done.status, 1)
        self.assertIn(b"4096 times", done.stderr)

    def path_of(self, name):
        return os.path.join(self.folder, name)

    def test_several_of_them(self):
        one = self.write("one.gz", gzip.compress(recording(3)))
        two = self.write("two", recording(3))
        self.assertEqual(view("-o", "cat", one, two).stdout.count(b"\n"), 6)


if __name__ == "__main__":
    main()
