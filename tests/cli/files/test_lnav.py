# SPDX-License-Identifier: MIT
"""lnav, with the format file, reads what view writes for people and as JSON."""
import json
import os
import shutil
import subprocess

from harness import SOURCE
from perfdata import Event, Writer, message_event, process_event
from support import Case, main, view

WALL = 1795287001 * 10**9
SEVERITIES = {"emerg": "fatal", "alert": "fatal", "crit": "critical", "err": "error", "warning": "warning", "notice": "info",
              "info": "info", "debug": "debug"}
NUMBERS = (1, 1, 1, 2, 3, 4, 4, 5)
OF_NUMBER = ("critical", "critical", "critical", "error", "warning", "info", "info", "debug")


class Lnav(Case):
    def setUp(self):
        super().setUp()
        if not shutil.which("lnav"):
            self.skipTest("lnav is not installed")
        self.formats = os.path.join(self.folder, "config", "formats", "logtap")
        os.makedirs(self.formats)
        shutil.copy(os.path.join(SOURCE, "cli", "lnav", "logtap.json"), self.formats)
        writer = Writer()
        events = {number: Event(f"logtap_L{number}K2", 1000 + number, ids=(number,)) for number in set(NUMBERS)}
        news = Event("logtap_L4K4", 1010, ids=(10,))
        records = writer.sample(news, process_event(), pid=7, tid=7)
        for index, (severity, number) in enumerate(zip(SEVERITIES, NUMBERS)):
            payload = message_event("stderr", f"it's: <line> {index} [x]", level=severity, ident="my prog", severity=number)
            records += writer.sample(events[number], payload, pid=7, tid=7, time=(index + 1) * 10**9)
        self.data = self.write("logtap.data", writer.pipe([*events.values(), news], records, (WALL, 0)))

    def rows(self, form, columns, table):
        path = self.write("shown." + form, view("-o", form, self.data).stdout)
        done = subprocess.run(["lnav", "-n", "-I", os.path.join(self.folder, "config"), "-c", f";SELECT {columns} FROM {table}",
                               "-c", ":write-json-to -", path], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              env=dict(os.environ, HOME=self.folder, TZ="UTC"))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_text(self):
        for form in ("short", "short-iso", "short-full"):
            rows = self.rows(form, "log_level, ident, pid, log_body", "logtap_log")
            self.assertEqual(rows, [{"log_level": level, "ident": "my prog", "pid": 7, "log_body": f"it's: <line> {index} [x]"}
                                    for index, level in enumerate(SEVERITIES.values())], form)

    def test_json(self):
        rows = self.rows("json", 'log_level, log_time, "fields/level", "process/unit", log_body', "logtap_json")
        self.assertEqual(rows[3], {"log_level": "error", "log_time": "2026-11-21 18:50:05.000", "fields/level": "err",
                                   "process/unit": "prog.service", "log_body": "it's: <line> 3 [x]"})
        self.assertEqual([row["log_level"] for row in rows], list(OF_NUMBER))


if __name__ == "__main__":
    main()
