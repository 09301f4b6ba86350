#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every function of the decoder's public headers stands in its version script, and the other way
round: what is declared can be linked."""
import glob
import os
import re
import sys

import harness


def main(folder):
    declared = set()
    for header in glob.glob(os.path.join(folder, "include/evh/*.h")):
        text = re.sub(r"/\*.*?\*/", "", open(header, encoding="utf-8").read(), flags=re.S)
        for declaration in re.findall(r"^EVH_API\b(.*?);", text, flags=re.S | re.M):
            declared.add(re.search(r"(\w+)\s*\(", declaration).group(1))
    with open(os.path.join(folder, "libevh-decode.map"), encoding="utf-8") as file:
        listed = set(re.findall(r"\bevh_\w+(?=;)", re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)))
    for name in sorted(declared - listed):
        print(f"{name} is declared, but libevh-decode.map does not list it")
    for name in sorted(listed - declared):
        print(f"{name} is listed, but no header declares it")
    print(f"{len(declared)} functions")
    return 1 if declared != listed or not declared else 0


if __name__ == "__main__":
    sys.exit(main(os.path.join(harness.SOURCE, "decoder")))
