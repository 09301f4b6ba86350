# SPDX-License-Identifier: MIT
"""What doctor says where something is missing: the thing that is missing, not the right of a user to it."""
import json
import os

import harness
from harness import LOGTAP, Case, run


class Doctor(Case):
    def findings(self, *before):
        done = run([*before, LOGTAP, "doctor", "--json"])
        return [finding for finding in json.loads(done.stdout)["checks"] if finding["status"] != "ok"]

    def test_root_lacks_no_right(self):
        """Root is told what isn't there; "this user" is somebody who may not do what others may."""
        if os.geteuid() != 0:
            self.skipTest("needs root")
        hidden = ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                  'mount -t tmpfs none /sys/kernel/tracing 2>/dev/null; exec "$@"', "sh"]
        for before in ([], hidden if run([*hidden, "true"]).status == 0 else []):
            for finding in self.findings(*before):
                self.assertNotIn("this user", finding["text"])
                self.assertNotIn("usermod", finding.get("fix", ""))


if __name__ == "__main__":
    harness.main()
