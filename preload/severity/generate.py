#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the severity reader's tables (tables.c, tables.h) of its data (dialects.tsv).

usage: generate.py [--check | --examples FILE]

Without an option it writes both files beside itself. --check compares them with what it would
write. --examples writes the rows' examples as a header for the unit tests.
"""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
USES = {"column": 0x01, "label": 0x02, "brackets": 0x04, "lead": 0x08, "upper": 0x10,
        "no_lower": 0x20, "date": 0x100, "key": 0x200, "kind": 0x400, "prose": 0x800,
        "noun": 0x1000, "link": 0x2000, "any": 0x07}
PLACE_USES = 0x0f
FORMS = {"lower": 1, "title": 2, "capitals": 4, "all": 7}
LEFTS = ["start", "time", "number", "count", "name", "tag", "bracket", "bar", "open", "inner",
         "after", "later", "kinds", "word"]
RIGHTS = {"colon": 0x001, "gap": 0x002, "wide": 0x004, "link": 0x008, "close": 0x010,
          "bracket": 0x020, "comma": 0x040, "bar": 0x080, "bang": 0x100, "end": 0x200,
          "slash": 0x400, "dash": 0x800, "code": 0x1000, "colour": 0x2000, "ticks": 0x4000,
          "tagged": 0x8000, "glog": 0x10000, "progname": 0x20000, "noun": 0x40000,
          "title": 0x80000, "text": 0x100000, "logger": 0x200000}
VALUES = {"words": 1, "tens": 2, "syslog": 4, "otel": 8, "mongo": 16, "gelf": 32, "python": 64}
ESCAPES = {"t": "\t", "e": "\x1b", "s": " ", "\\": "\\"}
WORD_MAX = 13  # LT_WORD_MAX in vocabulary.h


def unescape(text):
    out, rest = "", iter(text)
    for c in rest:
        out += ESCAPES[next(rest)] if c == "\\" else c
    return out


def quoted(text):
    """A C string literal; octal escapes end by themselves."""
    out = ""
    for byte in text.encode():
        if byte in b'"\\?':
            out += "\\" + chr(byte)
        else:
            out += chr(byte) if 0x20 <= byte < 0x7f else f"\\{byte:03o}"
    return f'"{out}"'


def bits(names, table):
    value = 0
    for name in names.split(","):
        value |= table[name]
    return value


def severity_number(name):
    return -1 if name == "-" else SEVERITIES.index(name)


class Dialects:
    """The rows by kind, and the examples of all of them."""

    COLUMNS = {"word": 3, "left": 2, "place": 5, "letter": 2, "letter-place": 4, "phrase": 4,
               "ending": 3, "facility": 1, "key": 3, "continuation": 2}
    WITH_EXAMPLES = {"place": 4, "letter-place": 3, "phrase": 3, "ending": 2}  # column: the source

    def __init__(self, path):
        self.rows = {kind: [] for kind in self.COLUMNS}
        self.examples = []
        self.lefts = {name: 1 << i for i, name in enumerate(LEFTS)}
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and not line.startswith("# ") and line != "#\n":
                    try:
                        self.add(line.rstrip("\n").split("\t"))
                    except (KeyError, ValueError, StopIteration) as error:
                        sys.exit(f"{path}:{number}: {error!r}: {line.strip()}")
        # By letter and length: by_length points into this order.
        self.rows["word"].sort(key=lambda row: (row[0][0], len(row[0])))
        # By the place that its first byte has in phrases_from.
        self.rows["phrase"].sort(key=lambda row: row[0].encode()[0] >> 3)

    def add(self, fields):
        kind, columns = fields[0], self.COLUMNS[fields[0]]
        row = [unescape(field) for field in fields[1:columns + 1]]
        examples = [unescape(field) for field in fields[columns + 1:]]
        if len(row) != columns or len(examples) % 2 or bool(examples) != (
                kind in self.WITH_EXAMPLES):
            raise ValueError("wrong number of columns")
        if kind == "left":
            self.lefts[row[0]] = bits(row[1], self.lefts)
        for severity, text in zip(examples[::2], examples[1::2]):
            severity_number("-" if severity == "unknown" else severity)
            self.examples.append((row[self.WITH_EXAMPLES[kind]], severity, text))
        self.rows[kind].append(row)


def packed(text):
    """The word's bytes as two numbers, the first byte lowest."""
    data = text.encode()
    return (int.from_bytes(data[:8], "little"), int.from_bytes(data[8:], "little"))


def hash_of_four(text):
    return (int.from_bytes(text.encode()[:4], "little") * 2654435761 & 0xffffffff) >> 22


def bit_set(texts):
    words = [0] * 16
    for text in texts:
        words[hash_of_four(text) >> 6] |= 1 << (hash_of_four(text) & 63)
    return words


def stop_bits(words):
    """Words at which the walk does not just go on to the next one: see lt_begins_plainly."""
    rows = [0] * 26
    for text, severity, uses in words:
        use = bits(uses, USES)
        if (severity != "-" and not use & USES["upper"]) or use & (USES["kind"] | USES["date"]):
            second_and_third = ord(text[1]) << 8 | ord((text + " ")[2]) << 16
            value = ((second_and_third | len(text) << 24) * 2654435761 & 0xffffffff) >> 26
            rows[ord(text[0]) - ord("a")] |= 1 << value
    return rows


def numbers(values, width=18):
    """Lines of a C initializer."""
    form = {2: "{}", 10: "0x{:08x}", 18: "0x{:016x}"}[width]
    per_line = {2: 20, 10: 8, 18: 4}[width]
    texts = [form.format(value) for value in values]
    return ",\n\t".join(", ".join(texts[i:i + per_line]) for i in range(0, len(texts), per_line))


def index_type(most):
    return "uint8_t" if most < 256 else "uint16_t"


def word_tables(dialects):
    words = dialects.rows["word"]
    yield "const struct lt_word lt_words[] = {"
    for text, severity, uses in words:
        if not text.isascii() or not text.isalpha() or not 2 <= len(text) <= WORD_MAX:
            sys.exit(f"{text}: a word has 2 to {WORD_MAX} letters of ASCII")
        head, tail = packed(text)
        yield (f"\t{{ 0x{head:016x}, 0x{tail:x}, {severity_number(severity)}, "
               f"0x{bits(uses, USES):x} }}, /* {text} */")
    yield "};\n"
    yield "const lt_word_index lt_words_by_length[LT_WORD_MAX + 2][26] = {"
    for length in range(2, WORD_MAX + 2):
        firsts = [sum((text[0], len(text)) < (chr(letter), length) for text, _, _ in words)
                  for letter in range(ord("a"), ord("z") + 1)]
        yield f"\t[{length}] = {{ {numbers(firsts, 2)} }},"
    yield "};\n"
    yield f"const uint64_t lt_stop_bits[26] = {{\n\t{numbers(stop_bits(words))},\n}};\n"
    letters = {letter: severity_number(severity) for letter, severity in dialects.rows["letter"]}
    values = [letters.get(chr(letter), -1) + 1 for letter in range(ord("A"), ord("Z") + 1)]
    yield f"const int8_t lt_letter_severities[26] = {{\n\t{numbers(values, 2)},\n}};\n"


def place_tables(dialects):
    rows = [(bits(uses, USES), bits(forms, FORMS), bits(lefts, dialects.lefts),
             bits(rights, RIGHTS)) for uses, forms, lefts, rights, _ in dialects.rows["place"]]

    def matching(column, value):
        return sum(1 << i for i, row in enumerate(rows) if row[column] & value)

    def table(name, size, values):
        return f"const lt_place_set {name}[{size}] = {{\n\t{numbers(values, 10)},\n}};\n"

    yield table("lt_places_by_left", "LT_LEFTS",
                [matching(2, 1 << left) for left in range(len(LEFTS))])
    yield table("lt_places_by_form", "LT_F_CAPITALS + 1",
                [matching(1, form) if form in (1, 2, 4) else 0 for form in range(5)])
    yield table("lt_places_by_use", "LT_PLACE_USES + 1",
                [matching(0, use) for use in range(PLACE_USES + 1)])
    yield f"const uint32_t lt_place_rights[] = {{\n\t{numbers([row[3] for row in rows], 10)},\n}};\n"
    yield "const struct lt_letter_place lt_letter_places[] = {"
    for letters, lefts, rights, _ in dialects.rows["letter-place"]:
        yield (f"\t{{ {quoted(letters)}, 0x{bits(lefts, dialects.lefts):x}, "
               f"0x{bits(rights, RIGHTS):x} }},")
    yield "};\n"


def phrase_tables(dialects):
    phrases = dialects.rows["phrase"]
    texts = [row[0] for row in phrases]
    leads = [text for text, _, uses in dialects.rows["word"] if bits(uses, USES) & USES["lead"]]
    yield "const struct lt_phrase lt_phrases[] = {"
    for text, severity, flags, _ in phrases:
        yield (f"\t{{ {quoted(text)}, {len(text)}, {severity_number(severity)}, "
               f"{int(flags == 'weak')} }},")
    yield "};\n"
    froms = [sum(text.encode()[0] >> 3 < n for text in texts) for n in range(17)]
    yield f"const uint8_t lt_phrases_from[17] = {{\n\t{numbers(froms, 2)},\n}};\n"
    yield f"const uint64_t lt_phrase_bits[16] = {{\n\t{numbers(bit_set(texts))},\n}};\n"
    yield f"const uint64_t lt_plain_bits[16] = {{\n\t{numbers(bit_set(texts + leads))},\n}};\n"
    yield "const struct lt_ending lt_endings[] = {"
    for text, severity, _ in dialects.rows["ending"]:
        yield f"\t{{ {quoted(text)}, {len(text)}, {severity_number(severity)} }},"
    yield "};\n"
    yield "const char lt_facilities[][9] = {"
    yield "".join(f"\t{quoted(name)},\n" for name, in dialects.rows["facility"]) + "};\n"
    yield "const struct lt_continuation lt_continuations[] = {"
    for text, _ in dialects.rows["continuation"]:
        yield f"\t{{ {quoted(text)}, {len(text)} }},"
    yield "};\n"


def key_tables(dialects):
    keys = dialects.rows["key"]
    yield "const struct lt_json_key lt_json_keys[] = {"
    for text, values, _ in keys:
        yield f"\t{{ {quoted(text)}, {len(text)}, {bits(values, VALUES)} }},"
    yield "};\n"
    begins = sum({1 << (ord(text[0]) & 63) for text, _, _ in keys})
    yield f"const uint64_t lt_json_begins = 0x{begins:016x};"


def tables_c(dialects):
    out = ["/* SPDX-License-Identifier: MIT */",
           "/* Made by generate.py of dialects.tsv; change that. */",
           '#include "forms.h"', '#include "json.h"', '#include "places.h"', '#include "vocabulary.h"\n',
           "/* clang-format off */"]
    for part in (word_tables, place_tables, phrase_tables, key_tables):
        out += part(dialects)
    return "\n".join(out) + "\n"


def tables_h(dialects):
    count = {kind: len(rows) for kind, rows in dialects.rows.items()}
    return f"""/* SPDX-License-Identifier: MIT */
/* Made by generate.py of dialects.tsv; change that. The sizes of the tables in tables.c. */
#ifndef LOGTAP_SEVERITY_TABLES_H
#define LOGTAP_SEVERITY_TABLES_H

#include <stdint.h>

enum {{
	LT_PLACES = {count["place"]},
	LT_LETTER_PLACES = {count["letter-place"]},
	LT_ENDINGS = {count["ending"]},
	LT_FACILITIES = {count["facility"]},
	LT_JSON_KEYS = {count["key"]},
	LT_CONTINUATIONS = {count["continuation"]},
}};

/* Wide enough for the number of words, and for a bit per place. */
typedef {index_type(count["word"])} lt_word_index;
typedef {"uint32_t" if count["place"] <= 32 else "uint64_t"} lt_place_set;

#endif
"""


def examples_h(dialects):
    out = ["/* Made by generate.py of dialects.tsv. */",
           "static const struct example { const char *source, *severity, *line; } examples[] = {"]
    out += [f"\t{{ {quoted(source)}, {quoted(severity)}, {quoted(line)} }},"
            for source, severity, line in dialects.examples]
    for name, kind in (("words", "word"), ("phrases", "phrase")):
        out += ["};", f"static const char *const {name}[] = {{"]
        out += [f"\t{quoted(row[0])}," for row in dialects.rows[kind]]
    out += ["};", "static const struct { const char *key; unsigned values; } json_keys[] = {"]
    out += [f"\t{{ {quoted(text)}, {bits(values, VALUES)} }}," for text, values, _ in
            dialects.rows["key"]]
    return "\n".join(out) + "\n};\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--examples", metavar="FILE")
    options = parser.parse_args()
    dialects = Dialects(os.path.join(HERE, "dialects.tsv"))
    if options.examples:
        with open(options.examples, "w", encoding="utf-8") as file:
            file.write(examples_h(dialects))
        return 0
    stale = []
    for name, text in (("tables.c", tables_c(dialects)), ("tables.h", tables_h(dialects))):
        path = os.path.join(HERE, name)
        if options.check:
            with open(path, encoding="utf-8") as file:
                stale += [name] if file.read() != text else []
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    if stale:
        print(f"{' and '.join(stale)}: not what dialects.tsv says; run {__file__}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
