# SPDX-License-Identifier: MIT
"""logtap collect --to=...: what stands in the spool arrives at each destination, whatever becomes of the
collector and of the destination in the meantime; twice at most what was not acknowledged; and what is
not delivered is said."""

import glob
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import harness
from harness import LOGTAP, Case, run, wait_for
from receivers import JournalReceiver, OtlpReceiver, SyslogReceiver, json_objects, log_records, partial_success

PYTHON = os.path.basename(sys.executable)
SEVERITIES = {"emerg": 21, "alert": 19, "crit": 18, "err": 17, "warning": 13, "notice": 10, "info": 9, "debug": 5}


def closed_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def without_repeats(messages):
    return list(dict.fromkeys(messages))


class ForwardCase(Case):
    def setUp(self):
        super().setUp()
        self.spool = self.path("spool")
        self.socket = self.path("socket")
        self.started = []

    def tearDown(self):
        for process in self.started:
            harness.kill_and_wait(process)
            process.stderr.close()
        super().tearDown()

    def serve(self, receiver):
        self.addCleanup(receiver.close)
        return receiver

    def say(self, count, first=0, *options):
        """Lines into the spool by a program that loses none."""
        script = f"import os\nfor i in range({first}, {first + count}): os.write(2, b'error: line %d\\n' % i)"
        done = run([LOGTAP, "record", "-q", "-o", self.spool, "--append", *options, sys.executable, "-c", script])
        self.assertEqual(done.status, 0, done.stderr)
        return [f"error: line {i}" for i in range(first, first + count)]

    def collect(self, *options):
        """A collector with these options, once it listens."""
        process = subprocess.Popen([LOGTAP, "collect", "-o", self.spool, *options, "unix:" + self.socket],
                                   stderr=subprocess.PIPE, env=harness.ENVIRONMENT)
        self.started.append(process)
        self.assertTrue(wait_for(lambda: harness.listens(self.socket)))
        return process

    def start(self, *argv):
        return run([LOGTAP, "run", "-q", "--sink=unix:" + self.socket, *argv])

    def cursor(self, kind):
        """{name: number} of what the destination has acknowledged."""
        for path in glob.glob(f"{self.spool}.to-{kind}.*"):
            if re.search(r"\.[0-9a-f]{8}$", path):
                words = harness.contents(path).decode().split()
                return {name: value for name, value in zip(words[::2], words[1::2])}
        return {}

    def wait_delivered(self, kind, count):
        self.assertTrue(wait_for(lambda: int(self.cursor(kind).get("delivered", 0)) >= count), self.cursor(kind))

    def finish(self, process, status=0):
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=harness.TIMEOUT)[1].decode()
        self.assertEqual(process.returncode, status, said)
        return said

    def forwarders(self, process):
        done = run(["pgrep", "-P", str(process.pid)])
        return [int(word) for word in done.stdout.split()]

    def kill_all(self, process):
        """kill -9 of all that belongs to it, as a machine or a cgroup that ends does."""
        process.send_signal(signal.SIGSTOP)
        for pid in self.forwarders(process):
            os.kill(pid, signal.SIGKILL)
        harness.kill_and_wait(process)


class Files(ForwardCase):
    """json: and file:."""

    def test_names_of_opentelemetry(self):
        out = self.path("out.json")
        collector = self.collect(f"--to=json:{out}")
        self.start("sh", "-c", "echo 'error: bad \"thing\"' >&2; logger --no-act -s x 2>/dev/null; exit 0")
        self.wait_delivered("json", 1)
        self.assertEqual(self.finish(collector), "")
        line = json_objects(out)[0]
        self.assertEqual((line["body"], line["severityText"], line["severityNumber"]),
                         ('error: bad "thing"', "err", 17))
        self.assertLess(abs(int(line["timeUnixNano"]) / 1e9 - time.time()), 600)
        self.assertEqual((line["eventName"], line["scope"]), ("stderr", "logtap"))
        self.assertEqual(line["attributes"]["log.iostream"], "stderr")
        resource = line["resource"]
        self.assertEqual((resource["service.name"], resource["process.executable.name"]), ("sh", "sh"))
        self.assertEqual(resource["process.executable.path"], os.path.realpath("/bin/sh"))
        self.assertEqual(resource["process.user.id"], os.getuid())
        self.assertEqual(resource["host.name"], os.uname().nodename)
        self.assertRegex(resource["logtap.boot_id"], r"^[0-9a-f]{8}-")
        self.assertEqual(line["attributes"]["thread.id"], resource["process.pid"])

    def test_all_severities(self):
        out = self.path("out.json")
        self.say(0)
        for severity in SEVERITIES:
            run([LOGTAP, "record", "-q", "-o", self.spool, "--append", "sh", "-c", f"echo '<{list(SEVERITIES).index(severity)}>{severity}' >&2"])
        collector = self.collect(f"--to=json:{out}")
        self.wait_delivered("json", 8)
        self.finish(collector)
        self.assertEqual({line["severityText"]: line["severityNumber"] for line in json_objects(out)}, SEVERITIES)

    def test_elastic(self):
        out = self.path("out.json")
        self.say(1)
        collector = self.collect("--ecs", f"--to=json:{out}")
        self.wait_delivered("json", 1)
        self.finish(collector)
        line = json_objects(out)[0]
        self.assertEqual((line["message"], line["log.level"]), ("error: line 0", "err"))
        self.assertRegex(line["@timestamp"], r"^\d{4}-\d\d-\d\dT[0-9:.]+Z$")
        self.assertEqual(line["process.thread.id"], line["process.pid"])
        self.assertEqual(line["service.name"], PYTHON)

    def test_resource_of_the_environment(self):
        out = self.path("out.json")
        script = "echo x >&2"
        done = run([LOGTAP, "record", "-q", "-o", self.spool, "sh", "-c", script], OTEL_SERVICE_NAME="shop",
                   OTEL_RESOURCE_ATTRIBUTES="deployment.environment=a%20b,process.pid=7,k8s.pod.name=p,odd")
        self.assertEqual(done.status, 0)
        collector = self.collect(f"--to=json:{out}")
        self.wait_delivered("json", 1)
        self.finish(collector)
        resource = json_objects(out)[0]["resource"]
        self.assertEqual((resource["service.name"], resource["deployment.environment"], resource["k8s.pod.name"]),
                         ("shop", "a b", "p"))
        self.assertNotEqual(resource["process.pid"], 7)

    def test_lines_for_people(self):
        out = self.path("out.log")
        wanted = self.say(5)
        collector = self.collect(f"--to=file:{out}")
        self.wait_delivered("file", 5)
        self.finish(collector)
        shown = harness.view("-o", "short-iso", self.spool).stdout
        self.assertEqual(harness.contents(out), shown)
        self.assertEqual(len(wanted), shown.count(b"\n"))

    def test_rotation_loses_nothing(self):
        out = self.path("out.json")
        collector = self.collect("--rotate-size=20K", "--rotate-keep=1000", f"--to=json:{out}")
        wanted = []
        for number in range(4):
            wanted += self.say(100, first=100 * number)
            self.wait_delivered("json", len(wanted))
        self.finish(collector)
        files = sorted(glob.glob(out + ".*"), key=lambda name: -int(name.rsplit(".", 1)[1])) + [out]
        self.assertGreater(len(files), 1)
        self.assertEqual([line["body"] for name in files for line in json_objects(name)], wanted)

    def test_moved_away(self):
        out = self.path("out.json")
        wanted = self.say(3)
        collector = self.collect(f"--to=json:{out}")
        self.wait_delivered("json", 3)
        os.rename(out, out + ".moved")
        wanted += self.say(3, first=3)
        self.wait_delivered("json", 6)
        self.finish(collector)
        self.assertEqual([line["body"] for name in (out + ".moved", out) for line in json_objects(name)], wanted)

    def test_half_a_line_is_taken_back(self):
        out = self.path("out.json")
        with open(out, "wb") as file:
            file.write(b'{"body":"whole"}\n{"body":"ha')
        self.say(1)
        collector = self.collect(f"--to=json:{out}")
        self.wait_delivered("json", 1)
        self.finish(collector)
        self.assertEqual([line["body"] for line in json_objects(out)], ["whole", "error: line 0"])

    def test_half_a_line_of_somebody_else_stays(self):
        for kind in ("json", "file"):
            out = self.path(kind)
            with open(out, "wb") as file:
                file.write(b"a note")
            self.say(1)
            collector = self.collect(f"--to={kind}:{out}")
            self.wait_delivered(kind, 1)
            self.finish(collector)
            self.assertTrue(harness.contents(out).startswith(b"a note\n"), kind)

    def test_two_at_a_time(self):
        """Each is where it is, whatever becomes of the other."""
        out = self.path("out.json")
        wanted = self.say(10)
        collector = self.collect(f"--to=json:{self.path('no/such/folder')}", f"--to=json:{out}")
        self.assertTrue(wait_for(lambda: os.path.exists(out) and len(json_objects(out)) == 10))
        failed = collector.stderr.readline().decode()
        os.makedirs(self.path("no/such"))
        self.assertTrue(wait_for(lambda: os.path.exists(self.path("no/such/folder"))
                                 and len(json_objects(self.path("no/such/folder"))) == 10))
        self.assertIn("trying again", failed)
        said = self.finish(collector)
        self.assertNotIn("trying again", said)
        self.assertIn("delivering again", said)
        self.assertEqual([line["body"] for line in json_objects(self.path("no/such/folder"))], wanted)

    def test_full_disk(self):
        """A device that takes nothing: all of it comes once there is room."""
        self.say(10)
        collector = self.collect("--to=json:/dev/full")
        self.assertTrue(wait_for(lambda: self.cursor("json")))
        said = self.finish(collector)
        self.assertEqual(self.cursor("json")["delivered"], "0")
        self.assertIn("json:/dev/full: cannot write to it: No space left on device; trying again", said)
        self.assertIn("not all of", said)

    def test_long_messages_are_whole(self):
        out = self.path("out.json")
        done = run([LOGTAP, "record", "-q", "-o", self.spool, sys.executable, "-c",
                    "import os; os.write(2, b'x' * 100000 + b'\\n'); os.write(2, b'y\\xff\\0z\\n')"])
        self.assertEqual(done.status, 0)
        collector = self.collect(f"--to=json:{out}")
        self.wait_delivered("json", 2)
        self.finish(collector)
        self.assertEqual([line["body"] for line in json_objects(out)], ["x" * 100000, "y\xff\0z"])

    def test_bad_arguments(self):
        for words in (["--to=ftp:x"], ["--to=json:"], ["--to=otlp:x"], ["--to=otlp:ftp://x"], ["--to=syslog:x"],
                      ["--to=syslog::5"], ["--to=journal:http://"], ["--to=json:a", "--to=json:a"], ["--header=x"],
                      ["--timeout=0"], ["--rotate-size=x"], ["--rotate-keep=-1"], ["--tls-ca=/no/such"],
                      ["--tls-cert=/no/such"], ["--tls-key=/no/such"], [f"--to=json:{self.spool}"]):
            done = run([LOGTAP, "collect", "-o", self.spool, *words])
            self.assertEqual((done.status, done.stderr.count(b"\n")), (2, 1), (words, done.stderr))
        self.assertFalse(os.path.exists(self.spool))


class Killed(ForwardCase):
    """Whoever is killed, nothing of the spool is lost."""

    def test_collector_and_forwarder(self):
        out = self.path("out.json")
        wanted = self.say(10000, 0, "--max-size=512K")
        for moment in range(5):
            collector = self.collect(f"--to=json:{out}")
            size = os.path.getsize(out) if os.path.exists(out) else 0
            wait_for(lambda size=size: os.path.exists(out) and os.path.getsize(out) > size, 10)
            self.kill_all(collector)
            wanted += self.say(100, first=len(wanted))
            del moment
        collector = self.collect(f"--to=json:{out}")
        self.assertTrue(wait_for(lambda: self.all_lines(out)[-1:] == wanted[-1:]))
        self.finish(collector)
        found = self.all_lines(out)
        self.assertEqual(without_repeats(found), wanted)
        # Each time one batch at most, which has at most 4096 events.
        self.assertLessEqual(len(found) - len(wanted), 5 * 4096)

    @staticmethod
    def all_lines(out):
        if not os.path.exists(out):
            return []
        with open(out, "rb") as file:
            whole = file.read()
        return [json.loads(line)["body"] for line in whole[:whole.rfind(b"\n") + 1].splitlines()]

    def test_forwarder_alone_is_started_again(self):
        out = self.path("out.json")
        wanted = self.say(10)
        collector = self.collect(f"--to=json:{out}")
        self.wait_delivered("json", 10)
        os.kill(self.forwarders(collector)[0], signal.SIGKILL)
        wanted += self.say(10, first=10)
        self.wait_delivered("json", 20)
        said = self.finish(collector)
        self.assertIn("ended by signal 9", said)
        self.assertEqual(without_repeats(self.all_lines(out)), wanted)

    def test_none_is_left_behind(self):
        collector = self.collect(f"--to=json:{self.path('out.json')}")
        self.assertTrue(wait_for(lambda: self.forwarders(collector)))
        children = self.forwarders(collector)
        harness.kill_and_wait(collector)
        self.assertTrue(wait_for(lambda: self.is_gone(children[0])))

    @staticmethod
    def is_gone(pid):
        """Also where nobody has waited for it yet."""
        try:
            return b"State:\tZ" in harness.contents(f"/proc/{pid}/status")
        except OSError:
            return True

    def test_live_lines_go_on(self):
        """A destination that is away doesn't stop the reading of the socket."""
        collector = self.collect(f"--to=otlp:http://127.0.0.1:{closed_port()}")
        for number in range(50):
            self.start("sh", "-c", f"echo line {number} >&2")
        self.finish(collector)
        self.assertEqual(harness.Recording(self.spool).cat().decode().splitlines(), [f"line {i}" for i in range(50)])


class Otlp(ForwardCase):
    def test_record(self):
        receiver = self.serve(OtlpReceiver())
        collector = self.collect("--header=X-Token: secret", f"--to=otlp:{receiver.url}")
        self.start("sh", "-c", "echo 'warning: \u00e9' >&2; ls /nonexistent")
        self.wait_delivered("otlp", 2)
        self.assertEqual(self.finish(collector), "")
        path, headers, _ = receiver.requests[0]
        self.assertEqual((path, headers["X-Token"], headers["Content-Type"], headers["Content-Encoding"]),
                         ("/v1/logs", "secret", "application/x-protobuf", "gzip"))
        first, second = receiver.records()
        self.assertEqual((first["body"], first["severity"], first["text"]), ("warning: \u00e9", 13, "warning"))
        self.assertEqual((first["event"], first["scope"], first["attributes"]["log.iostream"]),
                         ("stderr", "logtap", "stderr"))
        self.assertEqual((second["resource"]["service.name"], second["resource"]["process.executable.path"]),
                         ("ls", os.path.realpath("/bin/ls")))
        self.assertEqual(first["resource"]["host.name"], os.uname().nodename)
        self.assertEqual(second["attributes"]["thread.id"], second["resource"]["process.pid"])
        self.assertLess(abs(first["time"] / 1e9 - time.time()), 600)
        self.assertGreaterEqual(first["observed"], first["time"])

    def test_unpacked_and_another_path(self):
        receiver = self.serve(OtlpReceiver())
        self.say(1)
        collector = self.collect("--no-gzip", f"--to=otlp:{receiver.url}/other/logs")
        self.wait_delivered("otlp", 1)
        self.finish(collector)
        path, headers, _ = receiver.requests[0]
        self.assertEqual((path, headers.get("Content-Encoding")), ("/other/logs", None))

    def test_many(self):
        receiver = self.serve(OtlpReceiver())
        wanted = self.say(20000, 0, "--max-size=1M")
        collector = self.collect(f"--to=otlp:{receiver.url}")
        self.wait_delivered("otlp", len(wanted))
        self.finish(collector)
        self.assertEqual(receiver.messages(), wanted)

    def test_partial_success(self):
        receiver = self.serve(OtlpReceiver(script=[(200, {}, partial_success(3, "too old"))]))
        self.say(10)
        collector = self.collect(f"--to=otlp:{receiver.url}")
        self.wait_delivered("otlp", 7)
        said = self.finish(collector)
        self.assertEqual(len(receiver.requests), 1)
        self.assertIn("did not take 3 events: it says 'too old'", said)
        self.assertEqual(self.cursor("otlp")["refused"], "3")

    def test_too_large(self):
        receiver = self.serve(OtlpReceiver())
        receiver.judge = lambda body: (413, {}, b"") if len(log_records(body)) > 30 else None
        wanted = self.say(200)
        collector = self.collect(f"--to=otlp:{receiver.url}")
        self.wait_delivered("otlp", 200)
        self.finish(collector)
        self.assertEqual(receiver.messages(), wanted)

    def test_one_that_is_never_taken(self):
        receiver = self.serve(OtlpReceiver())
        receiver.judge = lambda body: (400, {}, b"") if b"error: line 77" in body else None
        wanted = self.say(200)
        collector = self.collect(f"--to=otlp:{receiver.url}")
        self.wait_delivered("otlp", 199)
        said = self.finish(collector)
        self.assertEqual(receiver.messages(), [line for line in wanted if line != "error: line 77"])
        self.assertIn("left out 1 event that it does not take: it answered with HTTP status 400", said)
        self.assertEqual(self.cursor("otlp")["refused"], "1")

    def test_takes_nothing(self):
        """It is no receiver at all: logs are not thrown away for that."""
        receiver = self.serve(OtlpReceiver())
        receiver.judge = lambda body: (400, {}, b"")
        wanted = self.say(100)
        collector = self.collect(f"--to=otlp:{receiver.url}")
        self.assertTrue(wait_for(lambda: self.cursor("otlp").get("refused") == "16"))
        seen = len(receiver.refused)
        self.assertTrue(wait_for(lambda: len(receiver.refused) > seen + 3))
        receiver.judge = None
        self.wait_delivered("otlp", 84)
        said = self.finish(collector)
        self.assertEqual(receiver.messages(), wanted[16:])
        self.assertIn("HTTP status 400; trying again", said)


class OtlpAway(ForwardCase):
    """A receiver that isn't there, or has no time."""

    def test_busy_for_a_while(self):
        answers = [(503, {}, b""), (429, {"Retry-After": "1"}, b""), (502, {}, b""), (401, {}, b"")]
        receiver = self.serve(OtlpReceiver(script=answers))
        wanted = self.say(10)
        begun = time.monotonic()
        collector = self.collect(f"--to=otlp:{receiver.url}")
        self.wait_delivered("otlp", 10)
        self.assertGreater(time.monotonic() - begun, 1)
        said = self.finish(collector)
        self.assertEqual((receiver.messages(), len(receiver.refused)), (wanted, len(answers)))
        self.assertEqual(len({body for _, _, body in receiver.refused}), 1)
        self.assertIn("HTTP status 503; trying again", said)
        self.assertIn("delivering again", said)
        self.assertEqual(said.count("\n"), 2, said)

    def test_refused_connections(self):
        port = closed_port()
        wanted = self.say(10)
        collector = self.collect(f"--to=otlp:http://user:word@127.0.0.1:{port}")
        self.assertTrue(wait_for(lambda: self.forwarders(collector)))
        wanted += self.say(10, first=10)
        receiver = self.serve(OtlpReceiver(port=port))
        self.wait_delivered("otlp", 20)
        said = self.finish(collector)
        self.assertEqual(receiver.messages(), wanted)
        self.assertNotIn("word", said)

    def test_comes_back_later(self):
        """It is away while the collector ends and begins again."""
        port = closed_port()
        wanted = self.say(10)
        collector = self.collect(f"--to=otlp:http://127.0.0.1:{port}")
        self.assertTrue(wait_for(lambda: self.forwarders(collector)))
        self.assertIn("not all of", self.finish(collector))
        receiver = self.serve(OtlpReceiver(port=port))
        wanted += self.say(10, first=10)
        collector = self.collect(f"--to=otlp:http://127.0.0.1:{port}")
        self.wait_delivered("otlp", 20)
        self.finish(collector)
        self.assertEqual(receiver.messages(), wanted)

    def test_receiver_is_killed_in_the_middle(self):
        """An answer that didn't come is no acknowledgement."""
        wanted = self.say(3000)
        receiver = OtlpReceiver()
        port, taken = receiver.port, []
        receiver.judge = lambda body: taken.append(body) or (_ for _ in ()).throw(SystemExit)
        collector = self.collect("--timeout=1", f"--to=otlp:http://127.0.0.1:{port}")
        self.assertTrue(wait_for(lambda: taken))
        receiver.close()
        second = self.serve(OtlpReceiver(port=port))
        self.wait_delivered("otlp", 3000)
        self.finish(collector)
        self.assertEqual(second.messages(), wanted)



class Journal(ForwardCase):
    def test_entries(self):
        receiver = self.serve(JournalReceiver(script=[(503, {}, b"")]))
        collector = self.collect(f"--to=journal:{receiver.url}")
        self.start("sh", "-c", "echo 'error: x' >&2; printf 'a\\001b\\n' >&2")
        self.wait_delivered("journal", 2)
        self.finish(collector)
        path, headers, _ = receiver.requests[0]
        self.assertEqual((path, headers["Content-Type"]), ("/upload", "application/vnd.fdo.journal"))
        first, second = receiver.entries()
        self.assertEqual((first["MESSAGE"], first["PRIORITY"], first["_COMM"]), (b"error: x", b"3", b"sh"))
        self.assertEqual(second["MESSAGE"], b"a\x01b")
        for entry in (first, second):
            self.assertEqual(entry["_HOSTNAME"].decode(), os.uname().nodename)
            self.assertRegex(entry["_BOOT_ID"], rb"^[0-9a-f]{32}$")
            self.assertEqual(entry["_UID"], str(os.getuid()).encode())


class Syslog(ForwardCase):
    def test_message(self):
        receiver = self.serve(SyslogReceiver())
        collector = self.collect(f"--to=syslog:127.0.0.1:{receiver.port}")
        self.start(sys.executable, "-c", "import syslog, os; syslog.openlog('me \"]', 0, syslog.LOG_MAIL);"
                   "syslog.syslog(syslog.LOG_CRIT, 'one\\ntwo'); os.write(2, b'plain\\n')")
        self.assertTrue(wait_for(lambda: len(receiver.messages()) == 2))
        self.finish(collector)
        found = [re.match(rb'<(\d+)>1 (\S+) (\S+) (\S+) (\d+) (\S+) \[logtap@32473 (.*?)\] (.*)$', line, re.S)
                 for line in receiver.lines]
        self.assertTrue(all(found), receiver.lines)
        first, second = found
        self.assertEqual((first[1], first[4], first[6], first[8]), (b"18", b'me_"]', b"syslog", b"one\ntwo"))
        self.assertEqual((second[1], second[4], second[6]), (b"14", PYTHON.encode(), b"stderr"))
        self.assertRegex(first[2], rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.assertEqual(first[3].decode(), os.uname().nodename)
        for word in (b'pid="' + first[5] + b'"', b'provider="logtap"', b'event="syslog"', b'program="' + PYTHON.encode() + b'"'):
            self.assertIn(word, first[7])

    def test_what_is_unsure_comes_again(self):
        """A receiver that takes bytes and is killed before it reads them: all of it goes to the next."""
        receiver = SyslogReceiver(reads=False)
        port = receiver.port
        wanted = self.say(3000)
        collector = self.collect(f"--to=syslog:127.0.0.1:{port}")
        self.assertTrue(wait_for(receiver.has_bytes))
        self.assertEqual(self.cursor("syslog")["delivered"], "0")
        receiver.close()
        wanted += self.say(10, first=3000)
        second = self.serve(SyslogReceiver(port=port))
        self.assertTrue(wait_for(lambda: len(second.messages()) >= 3010))
        self.finish(collector)
        self.assertEqual(second.messages(), wanted)

    def test_closed_in_order_is_sure(self):
        receiver = self.serve(SyslogReceiver())
        wanted = self.say(100)
        for _ in range(2):
            collector = self.collect(f"--to=syslog:127.0.0.1:{receiver.port}")
            self.assertTrue(wait_for(lambda: len(receiver.messages()) >= 100))
            self.finish(collector)
        self.assertEqual(receiver.messages(), wanted)


class Full(ForwardCase):
    """The spool has a size; what goes before it was delivered is said."""

    def test_oldest_go_and_are_counted(self):
        out = self.path("no/such")
        collector = self.collect("--max-size=128K", "--keep=2", f"--to=json:{out}")
        lines = 0
        while not os.path.exists(self.spool + ".7"):
            self.start("sh", "-c", f"for i in 0 1 2 3 4 5 6 7 8 9; do printf '%03d%03000d\\n' $(({lines} + i)) 0; done >&2")
            lines += 10
        self.finish(collector)
        os.mkdir(self.path("no"))
        collector = self.collect(f"--to=json:{out}")
        self.assertTrue(wait_for(lambda: self.last(out) == f"{lines - 1:03}" + 3000 * "0"))
        self.finish(collector)
        found = json_objects(out)
        loss = [line for line in found if line["eventName"] == "lost"]
        numbers = [int(line["body"][:3]) for line in found if line["eventName"] == "stderr"]
        self.assertEqual(numbers, list(range(numbers[0], lines)))
        self.assertEqual(len(loss), 1, [line["body"] for line in loss])
        # Each program said ten lines, and before and behind them that it was there.
        self.assertIn(int(loss[0]["attributes"]["count"]) - numbers[0] - 2 * (numbers[0] // 10), (-1, 0, 1))
        self.assertRegex(loss[0]["body"], r"^\d+ events were removed from the full spool before they were delivered, "
                                          r"from \d{4}-\S+Z to \d{4}-\S+Z$")
        self.assertEqual((loss[0]["severityText"], found[0]), ("warning", loss[0]))
        self.assertEqual(self.cursor("json")["removed"], loss[0]["attributes"]["count"])

    @staticmethod
    def last(path):
        return json_objects(path)[-1]["body"] if os.path.exists(path) else None


if __name__ == "__main__":
    harness.main()
