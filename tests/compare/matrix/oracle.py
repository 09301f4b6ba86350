# SPDX-License-Identifier: MIT
"""Whether the captured messages are the lines that arrived at the other end of a pipe."""
import collections


def take_apart(line, spare):
    """Removes from `spare` the messages that `line` consists of; False when it doesn't.

    Whoever leaves a line unfinished at its end (a process, a thread) has said a message of its own;
    in the pipe the next one's text follows without a newline between.
    """
    taken, rest = [], line
    while rest:
        begins = [m for m in spare if m and rest.startswith(m) and spare[m] > taken.count(m)]
        if not begins:
            return False
        taken.append(max(begins, key=len))
        rest = rest[len(taken[-1]):]
    spare.subtract(taken)
    return True


def difference(arrived, captured):
    """What differs, as {"missing": text, "extra": text}; empty when they are the same lines."""
    arrived, captured = collections.Counter(arrived), collections.Counter(captured)
    missing, extra = arrived - captured, captured - arrived
    left = [line for line in missing.elements() if not take_apart(line, extra)]
    extra = +extra
    found = {"missing": left, "extra": list(extra.elements())}
    return {what: f"{len(lines)} [{', '.join(repr(line)[1:90] for line in lines[:3])}]"
            for what, lines in found.items() if lines}
