# SPDX-License-Identifier: MIT
"""Man pages and completions, as the build makes them from the commands' own --help: each command has a
page, pages have no mistake that mandoc finds, and the real shells complete commands, options and
values."""
import gzip
import os
import re
import shutil
import subprocess
import sys

import harness

sys.path.insert(0, os.path.join(harness.SOURCE, "scripts", "packages"))
import help_text  # noqa: E402

MADE = os.path.join(harness.BUILD, "scripts", "packages", "generated")
LOGTAP = os.path.join(harness.BUILD, "bin", "logtap")
failures = []


def check(what, good, detail=""):
    if not good:
        failures.append(f"{what}: {detail}")


def run(*argv, **keywords):
    return subprocess.run(argv, capture_output=True, text=True, check=False, **keywords)


def pages():
    for folder in ("man1", "man3", "man5", "man7"):
        for name in sorted(os.listdir(os.path.join(MADE, folder))):
            with gzip.open(os.path.join(MADE, folder, name), "rt", encoding="utf-8") as file:
                yield name.removesuffix(".gz"), file.read()


commands = re.findall(r"^  ([a-z]+) {2,}\S", run(LOGTAP, "--help").stdout.split("explains each")[0], re.M)
check("commands were found", len(commands) >= 7, commands)

texts = dict(pages())
for command in commands:
    page = texts.get(f"logtap-{command}.1", "")
    check(f"logtap {command} has a page", page)
    check("logtap(1) names it", f"Xr logtap-{command} 1\n" in texts["logtap.1"], command)
    # By another way than the generator's: each word of --help that looks like an option.
    for option in set(re.findall(r"^ {1,6}(?:-\w, )? *(--[a-z-]+)", run(LOGTAP, command, "--help").stdout, re.M)):
        check(f"logtap-{command}(1) has {option}", "Fl \\-" + option[2:].replace("-", "\\-") in page)
with open(os.path.join(harness.SOURCE, "docs", "GAPS.md"), encoding="utf-8") as file:
    gaps = sum(line.startswith("| ") and not line.startswith("| what |") for line in file)
check("liblogtap(7) has every gap", texts["liblogtap.7"].count("\n.It\n") == gaps, gaps)
settings = set(re.findall(r"Ev (LOGTAP_[A-Z_]+)", texts["liblogtap.7"]))
check("settings were found", len(settings) >= 10, settings)
for name in sorted(settings):
    check("logtap.conf(5) has the settings of the environment", f" Ev {name}" in texts["logtap.conf.5"], name)
for folder in ("encoder", "decoder"):
    for name in os.listdir(os.path.join(harness.SOURCE, folder, "include", "evh")):
        if name.endswith(".h"):
            check(f"evh/{name} has a page", f"evh_{name[:-2]}.3" in texts)
            check(f"evh(3) names evh_{name[:-2]}", f"Xr evh_{name[:-2]} 3\n" in texts["evh.3"])

# Every option of a page is used by a test: it stands in a file of tests/ that speaks of the command.
# --help and --version of all commands are tested by e2e-launcher.
tests = {}
for folder, _, names in os.walk(os.path.join(harness.SOURCE, "tests")):
    for name in names:
        if name.endswith((".py", ".sh", ".c", ".tsv")) and name != os.path.basename(__file__):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                tests[os.path.join(folder, name)] = file.read()
for command in commands:
    spoken = [text for text in tests.values() if re.search(rf"\b{command}\b", text)]
    for option in help_text.options(LOGTAP, command):
        used = any(re.search(rf"(?<![\w-]){re.escape(flag)}(?![a-z-])", text)
                   for text in spoken for flag in (option.long, option.short) if flag)
        used |= option.long in ("--help", "--version")
        check(f"logtap {command}: a test uses {option.long or option.short}", used)
for name in sorted(settings):
    check("a test sets it", any(name in text for text in tests.values()), name)
check("evh_builder(3) has its functions", "evh_builder_write(" in texts["evh_builder.3"])

if shutil.which("mandoc"):
    for name, text in texts.items():
        said = run("mandoc", "-Tlint", input=text).stdout
        # Of pages that are not installed here, mandoc can't know that they exist.
        said = "\n".join(line for line in said.splitlines() if "referenced manual not found" not in line)
        check(f"mandoc {name}", not said, said)
else:
    print("SKIPPED: mandoc is not installed: the pages' form was not checked")

BASH = """
source "$1"
complete() {
	COMP_WORDS=("${@:2}") COMP_CWORD=$((${#@} - 2)) COMPREPLY=()
	compopt() { :; }
	_logtap
	printf '%s ' "${COMPREPLY[@]}"
}
"""


def bash(*words):
    quoted = " ".join("'" + word + "'" for word in words)
    done = run("bash", "-c", f"{BASH}\ncomplete x {quoted}", "bash", os.path.join(MADE, "bash", "logtap"))
    check("bash says nothing", not done.stderr, done.stderr)
    return done.stdout.split()


check("bash: commands", set(commands) <= set(bash("logtap", "")), bash("logtap", ""))
check("bash: one command", bash("logtap", "rec") == ["record"], bash("logtap", "rec"))
check("bash: options", "--output=" in bash("logtap", "view", "--out"))
check("bash: values", bash("logtap", "view", "--output", "=", "js")[:1] == ["json"])
check("bash: severities", bash("logtap", "run", "--level", "=", "w") == ["warning"])
check("bash: programs", "bash" in bash("logtap", "run", "bas"))

if shutil.which("fish"):
    def fish(line):
        # It keeps a history below HOME.
        done = run("fish", "--no-config", "-c", f'source "{MADE}/fish/logtap.fish"; complete -C "{line}"',
                   env=dict(os.environ, HOME=os.path.join(harness.BUILD, "tests")))
        return [row.split("\t")[0] for row in done.stdout.splitlines()]
    check("fish: commands", set(commands) <= set(fish("logtap ")), fish("logtap "))
    check("fish: options", "--output" in [word.rstrip("=") for word in fish("logtap view --out")], fish("logtap view --out"))
    check("fish: severities", "warning" in "".join(fish("logtap run --level=w")), fish("logtap run --level=w"))
else:
    print("SKIPPED: fish is not installed: its completion was not tried")

# In zsh's own completion, which needs a terminal: keys are typed and what it shows is read.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; unsetopt list_ambiguous; LISTMAX=1000"
zpty -w shell "echo rea''dy"
while zpty -r shell line; do [[ $line = ready* ]] && break; done
zpty -n -w shell $'logtap '"$2"$'\t\t'
repeat 40; do
	while zpty -rt shell line; do print -r -- "$line"; done
	sleep 0.02
done
zpty -d shell
"""
if shutil.which("zsh"):
    def zsh(text):
        return run("timeout", "20", "zsh", "-f", "-c", ZSH, "zsh", os.path.join(MADE, "zsh"), text,
                   env=dict(os.environ, TERM="dumb", COLUMNS="120", LINES="200")).stdout
    shown = zsh("")
    check("zsh: commands", all(re.search(rf"\b{command}\b", shown) for command in commands[:3]), shown)
    shown = zsh("run --level=w")
    check("zsh: severities", "arning" in shown, shown)
else:
    print("SKIPPED: zsh is not installed: its completion was not tried")

print("\n".join(failures))
sys.exit(bool(failures))
