#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real programs under each group of systemd's SystemCallFilter=, denied and, for the groups that
are made for it, as the only ones that are allowed; killed, as systemd does it, and with EPERM."""
import os
import sys

import confined
import harness

NUMBERS = confined.system_calls()
LOGGER = harness.program("seccomp/logger")

PROGRAMS = [
    [LOGGER, "plain"],
    [LOGGER, "copies"],
    [LOGGER, "forks"],
    ["sh", "-c", "echo one >&2; printf 'two\\n' >&2; ls /nonexistent; exec 3>&2; echo x >&3; exit 5"],
    ["bash", "-c", "echo one >&2; (echo sub >&2); exec 3>&2; echo three >&3; exec ls /nonexistent"],
    [sys.executable, "-S", "-c",
     "import subprocess, sys; print('a', file=sys.stderr); print('out')\n"
     "subprocess.run(['ls', '/nonexistent'], stdout=sys.stderr)\nsys.exit('end')"],
    ["perl", "-e", "print STDERR qq{one\\n}; warn qq{two\\n}; system('ls /nonexistent'); die qq{end\\n}"],
]


def groups():
    """The calls of each group, as far as this machine has them."""
    found, name = {}, None
    with open(f"{os.path.dirname(os.path.abspath(__file__))}/systemd-groups.txt",
              encoding="ascii") as f:
        for line in f:
            if line[0] == "@":
                name = line.strip()
                found[name] = []
            elif line[0] == "\t":
                found[name] += [NUMBERS[call] for call in line.split() if call in NUMBERS]
    return found


GROUPS = groups()


class Systemd(confined.Case):
    def compare(self, mode, group, numbers):
        """How many programs live by themselves under this filter; each lives with us, too."""
        lived = 0
        for action in ("kill", "errno"):
            before = self.filtered(mode, action, numbers)
            for argv in PROGRAMS:
                with self.subTest(group=group, mode=mode, action=action, program=argv[:2]):
                    plain = self.run_plain([*before, "env", *argv])
                    shim = self.run_shim(argv, before=before)
                    self.assertEqual(shim.seen(), plain.seen())
                    if plain.status < 0 or plain.status in (98, 99, 126, 127, 128 + 31):
                        continue
                    lived += 1
                    if argv[0] == LOGGER and plain.status == 0:
                        self.assertEqual(shim.texts, plain.lines())
        return lived

    def test_each_group_denied(self):
        self.assertIn("@ipc", GROUPS)
        lived = {group: self.compare("deny", group, numbers)
                 for group, numbers in GROUPS.items() if numbers}
        # These nobody needs who logs; without the others hardly a program starts at all.
        for group in ("@aio", "@clock", "@cpu-emulation", "@debug", "@keyring", "@memlock",
                      "@module", "@mount", "@obsolete", "@pkey", "@raw-io", "@reboot", "@resources",
                      "@swap", "@sync"):
            self.assertEqual(lived[group], 2 * len(PROGRAMS), group)
        # Pipes are in it.
        self.assertGreaterEqual(lived["@ipc"], 10)

    def test_what_a_service_is_allowed(self):
        """systemd allows @default and execve beside what it is told."""
        for group in ("@system-service", "@known"):
            if group not in GROUPS:
                continue
            numbers = sorted({*GROUPS[group], *GROUPS["@default"], NUMBERS["execve"]})
            self.assertEqual(self.compare("only", group, numbers), 2 * len(PROGRAMS))
        hardened = set(GROUPS["@system-service"]) - set(GROUPS["@privileged"]) - \
            set(GROUPS["@resources"])
        self.assertEqual(self.compare("only", "~@privileged ~@resources", sorted(hardened)),
                         2 * len(PROGRAMS))


if __name__ == "__main__":
    harness.main()
