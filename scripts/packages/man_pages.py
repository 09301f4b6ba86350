# SPDX-License-Identifier: MIT
"""Man pages in mdoc(7). What stands elsewhere is taken from there, so that nothing is said twice: the
options from --help, settings from README.md, gaps from docs/GAPS.md, functions from their headers.

A page of docs/man/NAME.in is written by hand; a line of these becomes a part of it:
    @OPTIONS command@      the options of `logtap command`
    @SETTINGS@             README.md's table of settings
    @GAPS@                 docs/GAPS.md, a list per section
"""
import os
import re
import textwrap

import help_text

DATE = ".Dd November 29, 2026"
# Headers that are pages of section 3: what they are for stands in their first comment.
HEADERS = ["encoder/include/evh/" + name for name in (
    "builder.h", "fields.h", "format.h", "packet.h", "plain.h", "provider.h", "recording.h", "tracepoint.h", "uuid.h")] + [
    "decoder/include/evh/" + name for name in (
        "decode.h", "join.h", "json.h", "metadata.h", "perfdata.h", "sample.h", "schema.h", "tep.h", "text.h", "trace.h")]


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"(\w)\(\)", r"\1\\&()", text)
    return "\\&" + text if text[:1] in ("'", ".") else text


def filled(text):
    """Lines of text: none too long, none a request by accident, each sentence on lines of its own."""
    lines = []
    for part in re.split(r"""(?<=[.!?])(?<!\.\.)\s+|(?<=[.!?][)'"])\s+""", text):
        lines += textwrap.wrap(part, 76, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(escape, lines))


def unmarked(text):
    """Markdown's links and code as plain words."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    return text.replace("`", "").replace("\\|", "|").strip()


def sentence(text):
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in (".", "") else text + "."


def item(heads, text):
    return f".It {heads}\n{filled(sentence(text))}"


def listed(rows):
    return "\n".join([".Bl -tag -width Ds", *rows, ".El"])


def option(row):
    flags = []
    for flag, joint in ((row.short[1:], " "), (row.long[1:], " Ns = Ns ")):
        if flag:
            flags.append("Fl " + escape(flag) + (f"{joint}Ar {escape(row.argument)}" if row.argument else ""))
    return item(" , ".join(flags), row.text)


def tables(path):
    """(heading, rows of cells) for each table of a file of Markdown."""
    heading, rows = "", []
    with open(path, encoding="utf-8") as file:
        for line in [*file, "\n"]:
            if line.startswith("|"):
                rows.append([unmarked(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
                continue
            if rows:
                yield heading, rows[2:]
                rows = []
            if line.startswith("#"):
                heading = line.strip("# \n")


def settings(root):
    rows = next(rows for heading, rows in tables(os.path.join(root, "README.md")) if heading == "Settings")
    return listed([item(" , ".join("Ev " + name for name in names.split(", ")), f"{meaning} (default: {default})")
                   for names, meaning, default in rows])


def gaps(root):
    parts = []
    for heading, rows in tables(os.path.join(root, "docs", "GAPS.md")):
        parts += [".Ss " + escape(heading), ".Bl -bullet -compact"]
        parts += [".It\n" + filled(sentence(f"{what}: {why}")) for what, why in rows]
        parts.append(".El")
    return "\n".join(parts)


def by_hand(source, root, logtap):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"^@OPTIONS ([a-z]+)@$", lambda match: listed(map(option, help_text.options(logtap, match[1]))), text, flags=re.M)
    text = re.sub(r"^@SETTINGS@$", lambda _: settings(root), text, flags=re.M)
    return DATE + "\n" + re.sub(r"^@GAPS@$", lambda _: gaps(root), text, flags=re.M)


# ---- section 3 ------------------------------------------------------------------------------------

COMMENT = re.compile(r"/\*(?P<comment>.*?)\*/\n(?P<code>(?:(?!/\*)[^\n]+\n)*)", re.S)


PARAMETER = re.compile(r"([a-z_]+(?:, [a-z_]+)*): (.*)")


def parameters(rows):
    """`name: what it is`, each going on in lines that are set in by a tab."""
    items = []
    for row in rows:
        if row.startswith("\t"):
            items[-1][1] += " " + row.strip()
        else:
            items.append(list(PARAMETER.match(row).groups()))
    return listed([item("Fa " + " , ".join(names.split(", ")), text) for names, text in items])


def prose(comment):
    """A comment's paragraphs; what is set in by a tab is shown as it stands."""
    lines = [re.sub(r"^ ?\* ?", "", line.rstrip()) for line in comment.strip().split("\n")]
    out = []
    for block in re.split(r"\n{2,}", "\n".join(lines)):
        rows = block.split("\n")
        if all(row.startswith("\t") or PARAMETER.match(row) for row in rows) and not rows[0].startswith("\t"):
            out.append(parameters(rows))
            rows = []
        while rows:
            literal = rows[0].startswith("\t")
            count = next((at for at, row in enumerate(rows) if row.startswith("\t") != literal), len(rows))
            if literal:
                text = "\n".join(escape(row.removeprefix("\t").expandtabs(4)) for row in rows[:count])
                out.append(f".Bd -literal -offset indent -compact\n{text}\n.Ed")
            else:
                out.append((".Pp\n" if out else "") + filled(" ".join(rows[:count])))
            rows = rows[count:]
    return "\n".join(out)


def declared(code):
    """What a piece of a header declares for its users: prototypes, and macros with their arguments."""
    names, lines = [], []
    code = re.sub(r"\\\n", " ", code)
    for statement in re.findall(r"#\s*define\s+(?:EVH_[A-Z0-9_]+)(?:\([^)]*\))?|(?:EVH_API|static inline)[^;{]*", code):
        found = re.match(r"#\s*define\s+(\w+)", statement) or re.search(r"(\w+)\s*\(", statement)
        if not found or found[1].endswith("_H") or found[1] == "EVH_API":
            continue
        names.append(found[1])
        lines.append(re.sub(r"\s+", " ", statement).replace("EVH_API ", "").replace("static inline ", "").strip())
    return names, lines


def of_header(path, root):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        text = file.read()
    pieces = [(match["comment"], match["code"]) for match in COMMENT.finditer(text)]
    about = pieces[1][0]  # behind the licence
    title = "evh_" + os.path.basename(path)[:-2]
    first = re.split(r"(?<=[a-z)])[.:;]\s", " ".join(re.sub(r"^ ?\* ?", "", line.strip()) for line in about.strip().split("\n")))[0]
    parts = [DATE, f".Dt {title.upper()} 3", ".Os", ".Sh NAME", f".Nm {title}", ".Nd " + escape(first[:1].lower() + first[1:].rstrip(".")),
             ".Sh SYNOPSIS", f".In evh/{os.path.basename(path)}", ".Sh DESCRIPTION", prose(about)]
    functions = []
    for comment, code in pieces[2:]:
        names, lines = declared(code)
        if names:
            shown = "\n".join("\n".join(textwrap.wrap(escape(line), 76, subsequent_indent="    ", break_long_words=False,
                                                       break_on_hyphens=False)) for line in lines)
            functions += [".Ss " + ", ".join(names[:3]) + (" and more" if len(names) > 3 else ""),
                          ".Bd -literal -compact", shown, ".Ed", ".Pp", prose(comment)]
    if functions:
        parts += [".Sh FUNCTIONS AND MACROS", *functions]
    others = ["evh"] + sorted("evh_" + os.path.basename(other)[:-2] for other in HEADERS if other != path)
    parts += [".Sh SEE ALSO", " ,\n".join(f".Xr {name} 3" for name in others)]
    return title + ".3", "\n".join(parts) + "\n"


def pages(root, logtap):
    """(name, content) of each page."""
    folder = os.path.join(root, "docs", "man")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".in"):
            yield name[:-3], by_hand(os.path.join(folder, name), root, logtap)
    for header in HEADERS:
        yield of_header(header, root)
