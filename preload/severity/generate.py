#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the severity reader's tables (tables.c, tables.h) of its data (dialects.tsv).

usage: generate.py [--check | --examples FILE]

Without an option it writes both files beside itself. --check compares them with what it would
write. --examples writes the rows' examples as a header for the unit tests.
"""
import argparse
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
USES = {"column": 0x01, "label": 0x02, "brackets": 0x04, "lead": 0x08, "upper": 0x10,
        "no_lower": 0x20, "date": 0x100, "key": 0x200, "kind": 0x400, "prose": 0x800,
        "noun": 0x1000, "link": 0x2000, "position": 0x4000, "any": 0x07}
PLACE_USES = 0x0f
FORMS = {"lower": 1, "title": 2, "capitals": 4, "all": 7}
LEFTS = ["start", "time", "number", "count", "name", "tag", "bracket", "bar", "open", "inner",
         "after", "later", "kinds", "word"]
RIGHTS = {"colon": 0x001, "gap": 0x002, "wide": 0x004, "link": 0x008, "close": 0x010,
          "bracket": 0x020, "comma": 0x040, "bar": 0x080, "bang": 0x100, "end": 0x200,
          "slash": 0x400, "dash": 0x800, "code": 0x1000, "colour": 0x2000, "ticks": 0x4000,
          "tagged": 0x8000, "glog": 0x10000, "progname": 0x20000, "noun": 0x40000,
          "title": 0x80000, "text": 0x100000, "logger": 0x200000, "field": 0x400000}
FLAGS = {"-": 0, "weak": 1, "label": 2, "next": 4, "paragraph": 8, "trace": 16, "tagged": 32, "opening": 64,
         "within": 128}
CONTINUATIONS = ["hard", "soft", "paragraph"]
VALUES = {"words": 1, "tens": 2, "syslog": 4, "otel": 8, "mongo": 16, "gelf": 32, "python": 64}
ESCAPES = {"t": "\t", "e": "\x1b", "s": " ", "\\": "\\"}
WORD_SLOTS = 1024
HASHES = 8192  # LT_HASHES, LT_PHRASE_HASHES and LT_BUCKETS in vocabulary.h
PHRASE_HASHES = 32768
BUCKETS = 1024
WORD_MAX = 13  # LT_WORD_MAX in vocabulary.h


def unescape(text):
    out, rest = "", iter(text)
    for c in rest:
        out += ESCAPES[next(rest)] if c == "\\" else c
    return out


def quoted(text):
    """A C string literal; octal escapes end by themselves."""
    out = ""
    for byte in text if isinstance(text, bytes) else text.encode():
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
               "ending": 3, "facility": 1, "key": 3, "continuation": 3, "translation": 3,
               "failure": 2, "sign": 2, "opening": 2, "end": 2, "tail": 2, "errno": 2}
    # Column of the source.
    WITH_EXAMPLES = {"place": 4, "letter-place": 3, "phrase": 3, "ending": 2, "failure": 1, "sign": 1, "opening": 1,
                     "end": 1, "tail": 1}

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
        self.phrases = [(text, severity, bits(flags, FLAGS))
                        for text, severity, flags, _ in self.rows["phrase"]]
        self.phrases += [(variant, "err", FLAGS["tagged"])
                         for text, _ in self.rows["failure"] for variant in first_letters(text)]
        self.phrases += [(variant, "err", FLAGS["tagged"] | FLAGS["within"])
                         for text, _ in self.rows["sign"] for variant in first_letters(text)]
        self.phrases += [(text, "err", FLAGS["opening"]) for text, _ in self.rows["opening"]]
        self.phrases += [(variant + ":" * (len(variant.encode()) < 4), severity,
                          FLAGS["label"] * (len(variant.encode()) >= 4))
                         for _, severity, texts in self.rows["translation"]
                         for text in texts.split(",") for variant in cases(text)]
        opening = {text for text, _, flags in self.phrases if flags == FLAGS["opening"]}
        self.phrases = [(text, severity, flags | FLAGS["opening"] * (text in opening))
                        for text, severity, flags in self.phrases]
        self.phrases = in_buckets([(hash_, *row) for row in unique(self.phrases)
                                   for hash_ in phrase_hashes(row)], PHRASE_HASHES)
        ends = [(text, 1) for text, _ in self.rows["tail"]]
        ends += [(text, 0) for text, _ in self.rows["end"]]
        ends += [(text, 0) for _, text in self.rows["errno"]]
        self.ends = in_buckets([(end_bucket(row[0].encode()), *row) for row in unique(
            [(variant, tail) for text, tail in ends for variant in first_letters(text)])], BUCKETS)

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


def word_slot(text):
    """Where lt_word_slots is looked at first, as first_slot() in words.c says."""
    head, tail = packed(text)
    return ((head + tail * 3) * 0x9e3779b97f4a7c15 & 0xffffffffffffffff) >> 54


def first_letters(text):
    """With a small letter and with a capital at its beginning."""
    return sorted({text[0].lower() + text[1:], text[0].upper() + text[1:]})


def cases(text):
    """As it is printed: in small letters, with a capital, in capitals; capitals stay alone."""
    if text.isupper():
        return [text]
    return sorted({text, text[0].upper() + text[1:], text.upper()})


def phrase_hashes(row):
    """lt_phrase_hash() in vocabulary.h: two where what stands behind its letters is open."""
    text, flags = row[0].encode(), row[2]
    letters = len(re.match(b"[A-Za-z]*", text)[0])
    if letters == len(text) and not flags & FLAGS["label"]:
        sys.exit(f"{row[0]}: a phrase of letters alone has no end")
    if letters == 0:
        keys = [text[:4]]
    elif letters >= 8:
        keys = [text[:8]]
    elif letters < len(text):
        keys = [text[:letters] + (b"\1" if text[letters:letters + 1] == b" " else b"")]
    else:
        keys = [text, text + b"\1"]
    return sorted({(int.from_bytes(key, "little") * 0x9e3779b97f4a7c15 & (1 << 64) - 1) >> 49
                   for key in keys})


def end_bucket(text):
    """LT_END_BUCKET() in vocabulary.h."""
    if len(text) < 6:
        sys.exit(f"{text}: an end has six bytes (LT_END_LEAST)")
    return ((int.from_bytes(text[-4:], "little") ^ text[-5] << 3 ^ text[-6] << 13) * 2654435761
            & 0xffffffff) >> 22


def unique(rows):
    """The first row of each text."""
    return list({row[0]: row for row in reversed(rows)}.values())


def in_buckets(rows, size=HASHES):
    """By hash, which is their first column, longer texts first: the longest that fits is found."""
    return sorted(rows, key=lambda row: (row[0] * BUCKETS // size, -len(row[1].encode()), row[1]))


def packed(text):
    """The word's bytes as two numbers, the first byte lowest."""
    data = text.encode()
    return (int.from_bytes(data[:8], "little"), int.from_bytes(data[8:], "little"))


def hash_of_four(four):
    return (int.from_bytes(four, "little") * 2654435761 & 0xffffffff) >> 19


def bit_set(hashes, size=HASHES):
    words = [0] * (size // 64)
    for value in hashes:
        words[value >> 6] |= 1 << (value & 63)
    return words


def bucket_starts(hashes, size=HASHES):
    return [sum(value < n * size // BUCKETS for value in hashes) for n in range(BUCKETS + 1)]


class Pool:
    """Texts behind one another in one array."""

    def __init__(self):
        self.bytes = b""

    def add(self, text):
        data = text.encode()
        at = self.bytes.find(data)
        if at < 0:
            at = len(self.bytes)
            self.bytes += data
        return f"{at}, {len(data)}"

    def table(self, name):
        lines = [self.bytes[i:i + 60] for i in range(0, len(self.bytes), 60)]
        return f"const char {name}[] =\n" + "\n".join(f"\t{quoted(line)}" for line in lines) + ";\n"


def opens_plainly(phrase, opening=False):
    """Whether a phrase may begin with a plain word, which has a blank behind it and no tag before.
    opening: where the line begins."""
    _, text, _, flags = phrase
    if opening and flags & FLAGS["opening"]:
        return True
    return (not flags & (FLAGS["tagged"] | FLAGS["opening"]) and
            (" " in text or not flags & FLAGS["label"]))


def stop_bits(dialects, opening):
    """Words at which the walk does not just go on to the next one: see lt_begins_plainly."""
    stops = [text for text, severity, uses in dialects.rows["word"]
             if (severity != "-" and "upper" not in uses.split(",")) or
             bits(uses, USES) & (USES["kind"] | USES["date"])]
    stops += [text for text, _, uses in dialects.rows["word"] if bits(uses, USES) & USES["lead"]]
    stops += [re.match("[A-Za-z]*", phrase[1])[0].lower() for phrase in dialects.phrases
              if opens_plainly(phrase, opening)]
    return bit_set([stop_hash(word) for word in stops if len(word) > 1])


def stop_hash(word):
    """LT_STOP_HASH in vocabulary.h; the blank behind a word of two letters is part of it."""
    three = int.from_bytes((word + " ")[:3].encode(), "little")
    return ((three | len(word) << 24) * 2654435761 & 0xffffffff) >> 19


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
    slots = [0] * WORD_SLOTS
    for number, (text, _, _) in enumerate(words, 1):
        slot = word_slot(text)
        while slots[slot]:
            slot = (slot + 1) % WORD_SLOTS
        slots[slot] = number
    yield f"const lt_word_index lt_word_slots[LT_WORD_SLOTS] = {{\n\t{numbers(slots, 2)},\n}};\n"
    for name, opening in (("lt_stop_bits", False), ("lt_opening_bits", True)):
        yield f"const uint64_t {name}[LT_HASHES / 64] = {{\n\t{numbers(stop_bits(dialects, opening))},\n}};\n"
    letters = {letter: severity_number(severity) for letter, severity in dialects.rows["letter"]}
    values = [letters.get(chr(letter), -1) + 1 for letter in range(ord("A"), ord("Z") + 1)]
    yield f"const int8_t lt_letter_severities[26] = {{\n\t{numbers(values, 2)},\n}};\n"


def place_tables(dialects):
    rows = [(bits(uses, USES), bits(forms, FORMS), bits(lefts, dialects.lefts),
             bits(rights, RIGHTS)) for uses, forms, lefts, rights, _ in dialects.rows["place"]]

    yield "const uint32_t lt_places[LT_PLACE_USES + 1][3][LT_LEFTS] = {"
    for use in range(PLACE_USES + 1):
        for form in (0, 1, 2):
            values = [0] * len(LEFTS)
            for row_use, row_form, row_left, row_right in rows:
                for left in range(len(LEFTS)):
                    if row_use & use and row_form >> form & 1 and row_left >> left & 1:
                        values[left] |= row_right
            if any(values):
                yield f"\t[0x{use:x}][{form}] = {{\n\t{numbers(values, 10)} }},"
    yield "};\n"
    yield "const struct lt_letter_place lt_letter_places[] = {"
    for letters, lefts, rights, _ in dialects.rows["letter-place"]:
        yield (f"\t{{ {quoted(letters)}, 0x{bits(lefts, dialects.lefts):x}, "
               f"0x{bits(rights, RIGHTS):x} }},")
    yield "};\n"


def phrase_tables(dialects):
    pool = Pool()
    leads = [text for text, _, uses in dialects.rows["word"] if bits(uses, USES) & USES["lead"]]
    hashes = [row[0] for row in dialects.phrases]
    yield "const struct lt_phrase lt_phrases[] = {"
    for _, text, severity, flags in dialects.phrases:
        yield f"\t{{ {pool.add(text)}, {severity_number(severity)}, {flags} }},"
    yield "};\n"
    yield f"const uint16_t lt_phrases_from[LT_BUCKETS + 1] = {{\n\t{numbers(bucket_starts(hashes, PHRASE_HASHES), 2)},\n}};\n"
    yield f"const uint64_t lt_phrase_bits[LT_PHRASE_HASHES / 64] = {{\n\t{numbers(bit_set(hashes, PHRASE_HASHES))},\n}};\n"
    anywhere = [row[0] for row in dialects.phrases if not row[3] & (FLAGS["tagged"] | FLAGS["opening"])]
    yield f"const uint64_t lt_anywhere_bits[LT_PHRASE_HASHES / 64] = {{\n\t{numbers(bit_set(anywhere, PHRASE_HASHES))},\n}};\n"
    plain = bit_set([hash_of_four(text.encode()[:4]) for text in
                     [row[1] for row in dialects.phrases if opens_plainly(row)] + leads])
    yield f"const uint64_t lt_plain_bits[LT_HASHES / 64] = {{\n\t{numbers(plain)},\n}};\n"
    signs = bit_set([hash_of_four(text.lower().encode()[:4]) for text, _ in dialects.rows["sign"]])
    yield f"const uint64_t lt_sign_bits[LT_HASHES / 64] = {{\n\t{numbers(signs)},\n}};\n"
    yield "const struct lt_end lt_ends[] = {"
    yield "".join(f"\t{{ {pool.add(text)}, {tail} }},\n" for _, text, tail in dialects.ends) + "};\n"
    starts = bucket_starts([row[0] for row in dialects.ends], BUCKETS)
    yield f"const uint16_t lt_ends_from[LT_BUCKETS + 1] = {{\n\t{numbers(starts, 2)},\n}};\n"
    stops = [hash_of_four((text + stop).encode()[-4:]) for _, text, _ in dialects.ends
             for stop in ("", ".")]
    yield f"const uint64_t lt_end_bits[LT_HASHES / 64] = {{\n\t{numbers(bit_set(stops))},\n}};\n"
    yield pool.table("lt_texts")
    yield "const struct lt_ending lt_endings[] = {"
    for text, severity, _ in dialects.rows["ending"]:
        yield f"\t{{ {quoted(text)}, {len(text)}, {severity_number(severity)} }},"
    yield "};\n"
    yield "const char lt_facilities[][9] = {"
    yield "".join(f"\t{quoted(name)},\n" for name, in dialects.rows["facility"]) + "};\n"
    yield "const struct lt_continuation lt_continuations[] = {"
    rows = sorted(dialects.rows["continuation"], key=lambda row: (row[0][0], -len(row[0])))
    for text, kind, _ in rows:
        yield f"\t{{ {quoted(text)}, {len(text)}, {CONTINUATIONS.index(kind)} }},"
    yield "};\n"
    firsts = [sum(ord(text[0]) < first for text, _, _ in rows) for first in range(129)]
    yield f"const {index_type(len(rows))} lt_continuations_from[129] = {{\n\t{numbers(firsts, 2)},\n}};\n"


def key_hash(text):
    """LT_KEY_HASH in json.h."""
    return ((text[0] | text[-1] << 8 | len(text) << 16) * 2654435761 & 0xffffffff) >> 23


def key_tables(dialects):
    keys = sorted(((text.encode(), bits(values, VALUES)) for text, values, _ in dialects.rows["key"]),
                  key=lambda key: key_hash(key[0]))
    yield "const struct lt_json_key lt_json_keys[] = {"
    for text, values in keys:
        if len(text) > 15:
            sys.exit(f"{text}: short_string() in json.c looks for up to 15 bytes")
        yield f"\t{{ {quoted(text)}, {len(text)}, {values} }},"
    yield '\t{ "", 0, 0 },\n};\n'
    slots = [0] * 512
    for number, (text, _) in reversed(list(enumerate(keys, 1))):
        slots[key_hash(text)] = number
    yield f"const uint8_t lt_json_key_slots[LT_KEY_SLOTS] = {{\n\t{numbers(slots, 2)},\n}};"


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
	LT_LETTER_PLACES = {count["letter-place"]},
	LT_ENDINGS = {count["ending"]},
	LT_FACILITIES = {count["facility"]},
}};

typedef {index_type(count["word"])} lt_word_index; /* wide enough for the number of words */

#endif
"""


def examples_h(dialects):
    out = ["/* Made by generate.py of dialects.tsv. */",
           "static const struct example { const char *source, *severity, *line; } examples[] = {"]
    out += [f"\t{{ {quoted(source)}, {quoted(severity)}, {quoted(line)} }},"
            for source, severity, line in dialects.examples]
    for name, rows in (("words", dialects.rows["word"]), ("phrases", [row[1:] for row in dialects.phrases])):
        out += ["};", f"static const char *const {name}[] = {{"]
        out += [f"\t{quoted(row[0])}," for row in unique(rows)]
    out += ["};", "static const struct { const char *key; unsigned values; } json_keys[] = {"]
    out += [f"\t{{ {quoted(text)}, {bits(values, VALUES)} }}," for text, values, _ in
            dialects.rows["key"] if values != "gelf"]
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
