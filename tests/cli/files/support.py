# SPDX-License-Identifier: MIT
"""What the tests of `logtap view` share beside the harness: one time zone, one kind of terminal."""
import harness
from harness import LOGTAP, SANITIZED, TIMEOUT, clean_environment, json_lines as objects, main  # noqa: F401

ENVIRONMENT = clean_environment(TZ="UTC", TERM="xterm")


def view(*options, stdin=b"", **variables):
    """Runs `logtap view` to its end."""
    return harness.view(*options, stdin=stdin, **{"TZ": "UTC", "TERM": "xterm", **variables})


def messages(output):
    return [event["fields"].get("message") for event in objects(output)]


class Case(harness.Case):
    def shown(self, content, *options):
        """The events of a trace that has nothing wrong with it."""
        done = view("--output=json", *options, self.write("trace", content))
        self.assertEqual((done.status, done.stderr), (0, b""))
        return objects(done.stdout)

    def assert_one_line(self, stderr, *words):
        super().assert_one_line(stderr, *words, name="logtap view: ")
