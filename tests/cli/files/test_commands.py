# SPDX-License-Identifier: MIT
"""What every command has: -h, --help, -V, --version; and that letters mean one thing, or the help
says where they don't."""
import re
import unittest

from harness import LOGTAP, main, run

COMMANDS = re.findall(r"(?m)^  (\w+) ", run([LOGTAP, "--help"]).stdout.decode().partition("Commands:\n")[2].partition("\n\n")[0])


class Commands(unittest.TestCase):
    def test_there_are_some(self):
        self.assertIn("view", COMMANDS)
        self.assertGreaterEqual(len(COMMANDS), 7)

    def test_help(self):
        for command in COMMANDS:
            texts = {run([LOGTAP, *words]) for words in ((command, "--help"), (command, "-h"), ("help", command))}
            self.assertEqual(len(texts), 1, command)
            done, = texts
            self.assertEqual((done.status, done.stderr), (0, b""))
            text = done.stdout.decode()
            self.assertTrue(text.startswith(f"Usage: logtap {command}"), command)
            self.assertIn("-h, --help", text, command)
            self.assertIn("-V, --version", text, command)

    def test_version(self):
        said = run([LOGTAP, "--version"]).stdout
        self.assertRegex(said, rb"\Alogtap \d+\.\d+\.\d+\n\Z")
        for command in COMMANDS:
            for option in ("--version", "-V"):
                done = run([LOGTAP, command, option])
                self.assertEqual((done.status, done.stdout, done.stderr), (0, said, b""), command)

    def test_letters_that_mean_two_things(self):
        """-o and -n: the help says where they differ."""
        def line(command, letter):
            return re.search(rf"(?m)^  -{letter}, .*\n.*", run([LOGTAP, command, "--help"]).stdout.decode())[0]

        self.assertIn("view's -o", line("record", "o"))
        self.assertIn("tail's -n", line("view", "n"))
        self.assertIn("view's -n", line("tail", "n"))

    def test_help_names_every_option(self):
        for command in ("view", "tail"):
            text = run([LOGTAP, command, "--help"]).stdout.decode()
            for option in ("output", "fields", "level", "event", "pid", "program", "grep", "exclude", "color", "utc"):
                self.assertIn(f"--{option}", text, command)


if __name__ == "__main__":
    main()
