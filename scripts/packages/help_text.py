# SPDX-License-Identifier: MIT
"""What `logtap --help` and `logtap COMMAND --help` say, as data: the one place where commands and
options are listed, from which completions and the man pages' lists of options are made."""
import re
import subprocess
from typing import NamedTuple

OPTION = re.compile(r" {1,6}(?:(-\w), )? ?(?: {4})?(--[a-z0-9-]+)(\[?=\S+)?(?:  +(.*))?$|"
                    r" {1,6}(-\w)(?: (\S+))?  +(.*)$")
COMMAND = re.compile(r"  ([a-z]+) {2,}(\S.*)$")


class Option(NamedTuple):
    short: str     # "-o", or ""
    long: str      # "--output", or ""
    argument: str  # "FILE", or ""
    text: str      # what it does, in one line


def said(logtap, *arguments):
    return subprocess.run([logtap, *arguments, "--help"], capture_output=True, encoding="utf-8", check=True).stdout


def commands(logtap):
    """Names and summaries, in the order of --help."""
    found = map(COMMAND.match, said(logtap).splitlines())
    return [match.groups() for match in found if match and match[1] != "logtap"]


def options(logtap, command):
    found = []
    continued = False
    for line in said(logtap, command).splitlines():
        match = OPTION.match(line)
        if match:
            short, name, argument, text, alone, value, about = match.groups()
            found.append(Option(short or alone or "", name or "", (argument or value or "").lstrip("="), text or about or ""))
            continued = True
        elif continued and re.match(r" {8,}\S", line):
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {line.strip()}".strip())
        else:
            continued = False
    return found


def usage(logtap, command):
    return said(logtap, command).splitlines()[0].removeprefix("Usage: ")
