#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes what follows from the commands' own --help, the headers and the documents: completions for
bash, zsh and fish, and the man pages (man_pages.py). Run by the build.

    scripts/packages/generate.py LOGTAP FOLDER
"""
import gzip
import os
import re
import sys

import help_text
import man_pages

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
NOTE = "Made from the commands' --help."
# Commands whose first argument is a program, and whose arguments are files.
OF_PROGRAMS = {"run", "record", "doctor", "cat"}
OF_FILES = {"view"}


def values(option):
    """The words an option takes, where --help lists them; None: a file's name; []: anything."""
    if option.argument in ("FILE", "PATH", "FOLDER", "DIR"):
        return None
    if option.argument == "LEVEL":
        return SEVERITIES
    if "|" in option.argument:
        return option.argument.split("|")
    if option.argument == "WHEN":
        return ["auto", "always", "never"]
    if option.argument == "FORMAT":
        return re.findall(r"(?:^|\s)([a-z][a-z-]+)(?=:| \(default\)|, (?:json|or) )", option.text)
    return []


# ---- completions ----------------------------------------------------------------------------------

def first_sentence(text):
    return re.split(r"[;:(]", text)[0].strip()


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def bash(table):
    out = [f"# bash completion for logtap. {NOTE}", "_logtap()", "{",
           "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} at",
           "\tlocal options= words= place=",
           "\tCOMPREPLY=()",
           "\tif ((COMP_CWORD == 1)); then",
           f"\t\tmapfile -t COMPREPLY < <(compgen -W '{' '.join(table)} --help --version' -- \"$word\")",
           "\t\treturn", "\tfi",
           "\t# \"--option=value\" arrives as three words, split at the sign.",
           "\tif [[ $word == = ]]; then", "\t\tword=",
           "\telif [[ $before == = ]]; then", "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}", "\tfi",
           "\tcase $command in"]
    for command, rows in table.items():
        out.append(f"\t{command})")
        names = " ".join(option.long + ("=" if option.argument else "") for option in rows if option.long)
        out += [f"\t\toptions='{names}'"]
        cases = []
        for option in rows:
            if not option.argument:
                continue
            flags = "|".join(flag for flag in (option.short, option.long) if flag)
            words = values(option)
            cases.append(f"\t\t{flags}) " + ("place=files" if words is None else f"words='{' '.join(words)}' place=words") + " ;;")
        if cases:
            out += ["\t\tcase $before in", *cases, "\t\tesac"]
        out.append("\t\t;;")
    out += ["\tesac",
            "\tif [[ $place == words ]]; then", "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")", "\t\treturn",
            "\telif [[ $place != files && $word == -* ]]; then",
            "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")",
            "\t\t[[ ${COMPREPLY-} != *= ]] || compopt -o nospace", "\t\treturn", "\tfi",
            "\t# A program of somebody else's, once it is named, completes itself.",
            f"\tif [[ $place != files && $command == @({'|'.join(sorted(OF_PROGRAMS))}) ]]; then",
            "\t\tfor ((at = 2; at < COMP_CWORD; at++)); do",
            "\t\t\t[[ ${COMP_WORDS[at]} != -- ]] || { ((at++)); break; }",
            "\t\t\t[[ ${COMP_WORDS[at]} == [-=]* || ${COMP_WORDS[at - 1]} == = || ${COMP_WORDS[at - 1]} == -o ]] || break",
            "\t\tdone",
            "\t\tif ((at < COMP_CWORD)) && declare -F _command_offset >/dev/null; then",
            "\t\t\t_command_offset \"$at\"", "\t\t\treturn", "\t\tfi",
            "\t\tif ((at == COMP_CWORD)); then", "\t\t\tmapfile -t COMPREPLY < <(compgen -c -- \"$word\")", "\t\t\treturn", "\t\tfi",
            "\tfi",
            "\tcompopt -o filenames", "\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")", "}",
            "complete -F _logtap logtap"]
    return "\n".join(out) + "\n"


def zsh(table, summaries):
    def plain(text):
        return re.sub(r"([\[\]:\\])", r"\\\1", first_sentence(text))
    out = ["#compdef logtap", f"# {NOTE}", "_logtap() {", "\tlocal -a commands", "\tcommands=("]
    out += [f"\t\t{quoted(f'{name}:{plain(summaries[name])}')}" for name in table]
    out += ["\t)", "\tif (( CURRENT == 2 )); then", "\t\t_describe command commands", "\t\treturn", "\tfi",
            "\tlocal command=$words[2]", "\tshift words", "\t(( CURRENT-- ))", "\tcase $command in"]
    for name, rows in table.items():
        out.append(f"\t({name})")
        specs = []
        for option in rows:
            words = values(option)
            action = "_files" if words is None else f"({' '.join(words)})" if words else " "
            for flag in filter(None, (option.short, option.long)):
                joint = "=" if option.argument and flag.startswith("--") else ""
                value = f":{plain(option.argument).lower()}:{action}" if option.argument else ""
                specs.append(quoted(f"{flag}{joint}[{plain(option.text)}]{value}"))
        if name in OF_PROGRAMS:
            specs += [quoted("1:program:_command_names -e"), quoted("*::argument:_normal")]
        else:
            specs.append(quoted("*:file:_files" if name in OF_FILES else "*: : "))
        out.append("\t\t_arguments -S " + " \\\n\t\t\t".join(specs))
        out.append("\t\t;;")
    return "\n".join(out + ["\tesac", "}", "_logtap \"$@\""]) + "\n"


def fish(table, summaries):
    out = [f"# {NOTE}", "complete -c logtap -f", "complete -c logtap -n __fish_use_subcommand -s h -l help -d 'this help'",
           "complete -c logtap -n __fish_use_subcommand -l version -d 'the version'"]
    for name, rows in table.items():
        out.append(f"complete -c logtap -n __fish_use_subcommand -a {name} -d {quoted(first_sentence(summaries[name]))}")
        seen = f"-n '__fish_seen_subcommand_from {name}'"
        for option in rows:
            words = values(option)
            flags = (f" -s {option.short[1:]}" if option.short else "") + (f" -l {option.long[2:]}" if option.long else "")
            value = "" if not option.argument else " -r -F" if words is None else f" -x -a {quoted(' '.join(words))}" if words else " -x"
            out.append(f"complete -c logtap {seen}{flags}{value} -d {quoted(first_sentence(option.text))}")
        if name in OF_PROGRAMS:
            out.append(f"complete -c logtap {seen} -a '(__fish_complete_subcommand --fcs-skip=2)'")
        elif name in OF_FILES:
            out.append(f"complete -c logtap {seen} -F")
    return "\n".join(out) + "\n"


def products(logtap):
    """(path below the folder, content)"""
    summaries = dict(help_text.commands(logtap))
    table = {name: help_text.options(logtap, name) for name in summaries}
    yield "bash/logtap", bash(table)
    yield "zsh/_logtap", zsh(table, summaries)
    yield "fish/logtap.fish", fish(table, summaries)
    for name, page in man_pages.pages(ROOT, logtap):
        yield f"man{name[-1]}/{name}.gz", page


def main(logtap, folder):
    for path, content in products(logtap):
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        data = content.encode()
        with open(path, "wb") as file:
            # No time and no name inside: the same page is the same bytes.
            file.write(gzip.compress(data, mtime=0) if path.endswith(".gz") else data)


if __name__ == "__main__":
    main(*sys.argv[1:])
