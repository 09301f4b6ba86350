# SPDX-License-Identifier: MIT
"""The units that are installed, as systemd reads them: no mistake that it finds, and an exposure below
2.0 of 10 by its own scale, none of them enabled unasked. And the drop-in, which must fit any service and stop none."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import harness

EXPOSURE_MAX = 2.0
# Whose sandbox would falsify what it does: it tries the library as other programs meet it.
UNCONFINED = ("logtap-preload.service",)
failures = []


def analyze(*argv):
    done = subprocess.run(["systemd-analyze", *argv], capture_output=True, text=True, check=False,
                          env=dict(os.environ, LC_ALL="C"))
    return done.returncode, done.stdout + done.stderr


def verify(unit):
    status, said = analyze("verify", "--man=no", "--recursive-errors=no", unit)
    # Of other units of this machine, which it reads along, it may have something to say.
    said = "\n".join(line for line in said.splitlines() if "logtap" in line or os.path.dirname(unit) in line)
    if status != 0 or said:
        failures.append(f"{os.path.basename(unit)}: status {status}: {said}")


def exposure(unit):
    _, said = analyze("security", "--offline=true", "--no-pager", unit)
    found = re.search(r"Overall exposure level for (\S+): ([\d.]+)", said)
    if not found or (float(found[2]) >= EXPOSURE_MAX and found[1] not in UNCONFINED):
        failures.append(f"{unit}: {found[0] if found else said}")
    else:
        print(f"{found[1]}: {found[2]}")


harness.need("systemd-analyze", "cmake")
scratch = tempfile.mkdtemp(prefix="logtap-units-")
try:
    prefix = os.path.join(scratch, "usr")
    subprocess.run(["cmake", "--install", harness.BUILD, "--prefix", prefix, "--component", "logtap"],
                   stdout=subprocess.DEVNULL, check=True)
    units = os.path.join(prefix, "lib", "systemd", "system")
    names = sorted(os.listdir(units))
    if not {"logtap-register.service", "logtap-rights.service"} <= set(names):
        failures.append(f"units are missing: {names}")
    for name in names:
        verify(os.path.join(units, name))
        exposure(os.path.join(units, name))

    # The first boot of an image enables what no preset forbids.
    said = subprocess.run(["systemctl", f"--root={scratch}", "preset-all"], capture_output=True, text=True, check=False)
    enabled = [name for _, _, here in os.walk(os.path.join(scratch, "etc")) for name in here]
    if said.returncode != 0 or enabled:
        failures.append(f"a first boot would enable {enabled}: {said.stderr}")

    # Any service with the drop-in.
    os.makedirs(os.path.join(scratch, "x.service.d"))
    shutil.copy(os.path.join(prefix, "share/doc/logtap/examples/logtap-dropin.conf"), os.path.join(scratch, "x.service.d"))
    with open(os.path.join(scratch, "x.service"), "w", encoding="utf-8") as file:
        file.write("[Unit]\nDescription=any\n[Service]\nExecStart=/bin/true\nProtectKernelTunables=yes\n")
    verify(os.path.join(scratch, "x.service"))
    with open(os.path.join(scratch, "x.service.d", "logtap-dropin.conf"), encoding="utf-8") as file:
        text = file.read()
    if re.search(r"^(SupplementaryGroups|Group|User)=", text, re.M):
        failures.append("the drop-in names a group: where that doesn't exist, the service doesn't start (216/GROUP)")
    library = re.search(r"^Environment=LD_PRELOAD=(\S+)", text, re.M)[1]
    found = [os.path.join(folder, name) for folder, _, here in os.walk(prefix) for name in here if name == "liblogtap.so"]
    if found and library.replace("$LIB", os.path.relpath(os.path.dirname(os.path.dirname(found[0])), prefix)) != found[0]:
        failures.append(f"the drop-in names {library}; the library is {found[0]}")
finally:
    shutil.rmtree(scratch)
print("\n".join(failures))
sys.exit(bool(failures))
