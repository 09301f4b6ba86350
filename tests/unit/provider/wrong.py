#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What must not compile, and what the compiler has to say about it.

Each mistake is compiled as C and as C++ by every compiler there is (gcc and clang; a missing one is
skipped, aloud). It has to fail with the expected sentence. The same file without the mistake has to
compile without a warning, so that nothing fails for another reason.
"""
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

import harness

HEAD = """
#include <evh/provider.h>
EVH_PROVIDER_DECLARE(declared);
struct point { int x, y; };
static const struct { unsigned long long wide : 40; } bits = { 1 };
static const unsigned char bytes[16] = { 1 };
static const char *text = "text";
static const unsigned numbers[4] = { 1, 2, 3, 4 };
int values(const unsigned short *wide, double d, struct point point, long long ll);
"""
PROVIDER = "EVH_PROVIDER_DEFINE(provider, %s);\n"
BODY = """
int values(const unsigned short *wide, double d, struct point point, long long ll)
{
	(void)wide; (void)d; (void)point; (void)ll; (void)bits; (void)text; (void)bytes; (void)numbers;
	return %s;
}
"""

# (what stands in EVH_PROVIDER_DEFINE behind the symbol, what the compiler says)
PROVIDERS = [
    ('""', "a provider name must not be empty"),
    ('"My Co"', "a provider name must not contain a space"),
    ('"My:Co"', "a provider name must not contain a colon"),
    ('"My/Co"', "a provider name must not contain a slash"),
    ('"My;Co"', "a name must not contain a semicolon"),
    ('"My\\0Co"', "a provider name must not contain NUL"),
    ('"%s"' % ("x" * 234), "a provider name is longer than 233 bytes"),
    ('"MyCo", "Group"', "a provider group must consist of lower-case letters and digits"),
    ('"MyCo", "my_group"', "a provider group must consist of lower-case letters and digits"),
    ('"MyCo", "a\\0b"', "a provider group must not contain NUL"),
    ('"%s", "%s"' % ("x" * 200, "g" * 40), "provider name and group together are too long"),
    ("text", 'expected'),  # no literal
]


def fields(n):
    return ", ".join('EVH_U8("f%d", 1)' % i for i in range(n))


# (options and fields of an event, what the compiler says)
EVENTS = [
    ('""', "an event name must not be empty"),
    ('"a;b"', "a name must not contain a semicolon"),
    ('"a\\0b"', "an event name must not contain NUL"),
    ('"%s"' % ("x" * 256), "an event name is longer than 255 bytes"),
    ("text", "expected"),
    ('"E", EVH_LEVEL(0)', "a level is 1 to 255; 0 is none"),
    ('"E", EVH_LEVEL(256)', "a level is 1 to 255; 0 is none"),
    ('"E", EVH_LEVEL(1), EVH_LEVEL(2)', "EVH_LEVEL_is_there_twice"),
    ('"E", EVH_KEYWORD(ll)', "constant"),
    ('"E", EVH_OPCODE(256)', "an opcode is 0 to 255"),
    ('"E", EVH_OPCODE(1), EVH_OPCODE(1)', "EVH_OPCODE_is_there_twice"),
    ('"E", EVH_TAG(65536)', "a tag is 0 to 65535"),
    ('"E", EVH_TAG(1), EVH_TAG(1)', "EVH_TAG_is_there_twice"),
    ('"E", EVH_ID(0, 0)', "an id is 1 to 65535"),
    ('"E", EVH_ID(1, 256)', "a version is 0 to 255"),
    ('"E", EVH_ACTIVITY(bytes), EVH_ACTIVITY(bytes)', "EVH_ACTIVITY_is_there_twice"),
    ('"E", EVH_ACTIVITY(1)', "the value must be a pointer to 16 bytes"),
    ('"E", EVH_ACTIVITY(numbers)', "the value must be a pointer to 16 bytes"),
    ('"E", EVH_FORMAT(3)', "EVH_FORMAT belongs to a field"),
    # names of fields
    ('"E", EVH_U8("", 1)', "a field name must not be empty"),
    ('"E", EVH_U8("a;b", 1)', "a name must not contain a semicolon"),
    ('"E", EVH_U8("a\\0b", 1)', "a field name must not contain NUL"),
    ('"E", EVH_U8("%s", 1)' % ("x" * 256), "a field name is longer than 255 bytes"),
    ('"E", EVH_STRUCT("", EVH_U8("a", 1))', "a field name must not be empty"),
    # options of fields
    ('"E", EVH_U8("a", 1, EVH_TAG(0))', "the tag of a field is 1 to 65535"),
    ('"E", EVH_U8("a", 1, EVH_TAG(65536))', "the tag of a field is 1 to 65535"),
    ('"E", EVH_U8("a", 1, EVH_FORMAT(0))', "a format is one of enum evh_format"),
    ('"E", EVH_U8("a", 1, EVH_FORMAT(128))', "a format is one of enum evh_format"),
    ('"E", EVH_U32("a", 1, EVH_FORMAT(EVH_FORMAT_IP_ADDRESS_OLD))', "not the old IP_ADDRESS"),
    # values of the wrong type
    ('"E", EVH_U8("a", text)', "the value must be an integer, not wider than its field"),
    ('"E", EVH_U8("a", "text")', "the value must be an integer, not wider than its field"),
    ('"E", EVH_U32("a", d)', "the value must be an integer, not wider than its field"),
    ('"E", EVH_U32("a", ll)', "the value must be an integer, not wider than its field"),
    ('"E", EVH_U32("a", bits.wide)', "the value must be an integer, not wider than its field"),
    ('"E", EVH_I16("a", ll)', "the value must be an integer, not wider than its field"),
    ('"E", EVH_F64("a", text)', "the value must be a number"),
    ('"E", EVH_BOOL8("a", d)', "the value must be a boolean or an integer"),
    ('"E", EVH_POINTER("a", d)', "the value must be a pointer"),
    ('"E", EVH_GUID("a", 5)', "the value must be a pointer to 16 bytes"),
    ('"E", EVH_IPV6("a", wide)', "the value must be a pointer to 16 bytes"),
    ('"E", EVH_U32_VARRAY("a", bytes, 4)', "the value must be an array of the type of the field"),
    ('"E", EVH_U32_VARRAY("a", 5, 4)', "the value must be an array of the type of the field"),
    ('"E", EVH_F32_VARRAY("a", numbers, 4)', "the value must be an array of the type of the field"),
    ('"E", EVH_U32_ARRAY("a", wide, 4)', "the value must be an array of the type of the field"),
    ('"E", EVH_U32_ARRAY("a", numbers, 0)', "a constant array has 1 to 65535 elements"),
    ('"E", EVH_U32_ARRAY("a", numbers, 65536)', "a constant array has 1 to 65535 elements"),
    ('"E", EVH_STR8("a", wide, 1)', "the value must be a pointer to 8-bit characters"),
    ('"E", EVH_STR8("a", 5, 1)', "the value must be a pointer to 8-bit characters"),
    ('"E", EVH_ZSTR8("a", numbers)', "the value must be a pointer to 8-bit characters"),
    ('"E", EVH_STR16("a", text, 1)', "the value must be a pointer to 16-bit characters"),
    ('"E", EVH_ZSTR32("a", wide)', "the value must be a pointer to 32-bit characters"),
    ('"E", EVH_BINARY("a", 5, 1)', "the value must be a pointer"),
    ('"E", EVH_SYSTEMTIME("a", 5)', "the value must be a struct timespec"),
    ('"E", EVH_SYSTEMTIME("a", point)', "the value must be a struct timespec"),
    # deduced types
    ('"E", EVH_VALUE("a", point)', "EVH_VALUE knows integers, numbers, booleans"),
    ('"E", EVH_VALUE("a", (long double)d)', "EVH_VALUE knows integers, numbers, booleans"),
    ('"E", EVH_VAR(point)', "EVH_VALUE knows integers, numbers, booleans"),
    ('"E", EVH_VALUE("", d)', "a field name must not be empty"),
    # structs
    ('"E", EVH_STRUCT("s")', "a struct has 1 to 127 fields"),
    ('"E", EVH_STRUCT("s", EVH_TAG(1))', "a struct has 1 to 127 fields"),
    ('"E", EVH_STRUCT("s", %s)' % fields(128), "a struct has 1 to 127 fields"),
    ('"E", EVH_STRUCT("s", EVH_U8("a", 1), EVH_LEVEL(1))', "a struct takes one EVH_TAG and nothing else"),
    ('"E", EVH_STRUCT("s", EVH_U8("a", 1), EVH_KEYWORD(1))', "a struct takes one EVH_TAG and nothing else"),
    ('"E", EVH_STRUCT("s", EVH_U8("a", 1), EVH_TAG(1), EVH_TAG(1))', "a struct takes one EVH_TAG and nothing else"),
    ('"E", EVH_STRUCT("s", EVH_U8("a", 1), EVH_ACTIVITY(bytes))', "a struct takes one EVH_TAG and nothing else"),
    # raw forms
    ('"E", EVH_RAW_STRUCT("s", 0)', "a struct has 1 to 127 fields"),
    ('"E", EVH_RAW_STRUCT("s", 128)', "a struct has 1 to 127 fields"),
    ('"E", EVH_RAW_STRUCT("s", 1, EVH_FORMAT(3)), EVH_U8("a", 1)', "a struct has no format"),
    ('"E", EVH_RAW_META("a", 0)', "the encoding must be one of enum evh_encoding"),
    ('"E", EVH_RAW_META("a", EVH_ENCODING_STRUCT)', "the encoding must be one of enum evh_encoding"),
    ('"E", EVH_RAW_META("a", EVH_ENCODING_VALUE8 | EVH_ENCODING_CARRAY)', "the encoding must be one of enum evh_encoding"),
    ('"E", EVH_RAW_FIELD("a", EVH_ENCODING_VALUE8 | EVH_ENCODING_HAS_FORMAT, bytes, 1)', "the encoding must be one of enum evh_encoding"),
    ('"E", EVH_RAW_META_ARRAY("a", EVH_ENCODING_VALUE8, 0)', "a constant array has 1 to 65535 elements"),
    ('"E", EVH_RAW_META_ARRAY("a", EVH_ENCODING_VALUE8 | EVH_ENCODING_VARRAY, 2)', "an array is of constant or of variable length, not both"),
    ('"E", EVH_RAW_DATA(5, 1)', "the value must be a pointer"),
    # the whole event
    ('"E", EVH_U64_ARRAY("a", &big[0], 1100)', "the event cannot be delivered: it is larger than 8184 bytes"),
]

def long_list(items):
    return '"E", ' + ", ".join(['EVH_U8("a", 1)'] * items)


# Mistakes in the form of an event: the first line of what the compiler says names the event or
# field and the mistake, and all of it is short. ~ is a quote, which compilers escape or not.
MISTAKES = [
    ('"E", EVH_U33("a", 1)', "event ~E~: EVH_U33(~a~, 1) is no field and no option"),
    ('"E", EVH_U8("a")', "field ~a~ takes a name and one value"),
    ('"E", EVH_U8()', "takes a name and one value"),
    ('"E", EVH_U8("a", 1, 2)', "field ~a~ takes a name and one value"),
    ('"E", EVH_U8("a", 1, 2, 3)', "field ~a~ takes a name and one value"),
    ('"E", EVH_U8("a", 1),', "(or is a comma too many)"),
    ('"E", , EVH_U8("a", 1)', "(or is a comma too many)"),
    ('"E", 5', "5 is no field and no option"),
    ('"E", "a"', "is no field and no option"),
    ('"E", text', "text is no field and no option"),
    ('EVH_U8("a", 1)', "the name is missing; it comes first"),
    (long_list(176), "more than 175 fields and options in one list"),
    (long_list(240), "more than 175 fields and options in one list"),
    ('"E", EVH_STR8("a", text)', "field ~a~ takes a name, where the text or bytes are and how many"),
    ('"E", EVH_STR8("a")', "field ~a~ takes a name, where the text or bytes are and how many"),
    ('"E", EVH_ZSTR8("a", text, 4)', "field ~a~ takes a name and one string"),
    ('"E", EVH_BINARY("a", bytes)', "field ~a~ takes a name, where the text or bytes are and how many"),
    ('"E", EVH_U32_ARRAY("a", numbers)', "field ~a~ takes a name, the values and their number"),
    ('"E", EVH_U32_ARRAY("a", (unsigned[]){1, 2}, 2)', "in parentheses where there is a comma in it"),
    ('"E", EVH_U32_VARRAY("a")', "field ~a~ takes a name, the values and their number"),
    ('"E", EVH_U8("a", 1, EVH_LEVEL(2))', "field ~a~ takes one EVH_TAG, one EVH_FORMAT and no other option"),
    ('"E", EVH_U8("a", 1, EVH_TAG(2), EVH_TAG(3))', "field ~a~ takes one EVH_TAG, one EVH_FORMAT"),
    ('"E", EVH_STRUCT("s", EVH_U33("a", 1))', "struct ~s~: EVH_U33(~a~, 1) is no field and no option"),
    ('"E", EVH_STRUCT("s", EVH_STRUCT("t", EVH_U8("a")))', "struct ~t~: field ~a~ takes a name and one value"),
    ('"E", EVH_STRUCT("s", EVH_U8("a", 1),)', "struct ~s~:"),
    ('"E", EVH_STRUCT(EVH_U8("a", 1))', "the name is missing; it comes first"),
    ('"E", EVH_GUID("a")', "field ~a~ takes a name and one value"),
    ('"E", EVH_VALUE("a")', "field ~a~ takes a name and one value"),
    ('"E", EVH_VALUE("a", 1, 2)', "field ~a~ takes a name and one value"),
    # commas
    ('"E", EVH_U8("a", 1) EVH_U8("b", 2)', "event ~E~: a comma is missing in front of field ~b~"),
    ('"E", EVH_LEVEL(2) EVH_ZSTR8("b", text)', "a comma is missing in front of field ~b~"),
    ('"E", EVH_U8("a", 1) EVH_LEVEL(2)', "a comma is missing in front of a field or option"),
    ('"E", EVH_STRUCT("s", EVH_U8("a", 1) EVH_GUID("b", bytes))', "struct ~s~: a comma is missing in front of field ~b~"),
    # nothing where something belongs
    ('', "the name is missing; it comes first"),
    ('"E", EVH_STRUCT()', "struct : the name is missing; it comes first"),
    ('"E", EVH_U8(, 1)', "a field without a name; it comes first"),
    ('"E", EVH_U8("a", )', "field ~a~ takes a name and one value"),
    ('"E", EVH_GUID("a", )', "field ~a~ takes a name and one value"),
    ('"E", EVH_ZSTR8("a", )', "field ~a~ takes a name and one string"),
    ('"E", EVH_STR8("a", , 1)', "field ~a~ takes a name, where the text or bytes are and how many"),
    ('"E", EVH_U32_VARRAY("a", , 1)', "field ~a~ takes a name, the values and their number"),
    ('"E", EVH_VAR()', "EVH_VAR is given no value"),
    ('"E", EVH_LEVEL()', "EVH_LEVEL is given no value"),
    ('"E", EVH_KEYWORD()', "EVH_KEYWORD is given no value"),
    ('"E", EVH_OPCODE()', "EVH_OPCODE is given no value"),
    ('"E", EVH_TAG()', "EVH_TAG is given no value"),
    ('"E", EVH_ACTIVITY()', "EVH_ACTIVITY is given no value"),
    ('"E", EVH_U8("a", 1, EVH_TAG())', "field ~a~: EVH_TAG or EVH_FORMAT is given no value"),
    ('"E", EVH_U8("a", 1, EVH_TAG(2), EVH_FORMAT())', "field ~a~: EVH_TAG or EVH_FORMAT is given no value"),
    # raw forms
    ('"E", EVH_RAW_META("a")', "field ~a~ takes a name and an encoding"),
    ('"E", EVH_RAW_META_ARRAY("a", EVH_ENCODING_VALUE8)', "field ~a~ takes a name, an encoding and a number"),
    ('"E", EVH_RAW_STRUCT("s")', "field ~s~ takes a name and the number of its fields"),
    ('"E", EVH_RAW_STRUCT_VARRAY()', "takes a name and the number of its fields"),
    ('"E", EVH_RAW_STRUCT_ARRAY("s")', "field ~s~ takes a name, a number of fields and one of elements"),
    ('"E", EVH_RAW_FIELD("a", EVH_ENCODING_VALUE8, bytes)', "field ~a~ takes a name, an encoding, the bytes and their number"),
]
MISTAKE_LINES_MAX = 20

# Right, however much they look like a mistake to a preprocessor.
UNUSUAL = """
int two(int, int);
#define two(a, b) two(a + 1, b)
int one(int);
#define one(a) (one)(a)
#define LEVEL (4)
#define FIELD EVH_U8("a", 1)
int unusual(const unsigned char *id, int x)
{
	int n[2] = { 1, 2 };

	EVH_WRITE((declared), "E", EVH_CODE_POINTER("f", two), EVH_POINTER("g", (void *)one),
		  EVH_LEVEL LEVEL, EVH_TAG((3)), EVH_KEYWORD((1)), EVH_KEYWORD((2) | 4));
	EVH_WRITE(declared, "E", EVH_ACTIVITY((id)), EVH_I32("a", (x) + 1), EVH_ZSTR8("b", (text)),
		  EVH_I32_VARRAY("c", (n), (2)), FIELD, EVH_STR8("d", (text), (x) > 0));
	return EVH_WRITE(declared, "E" "F", EVH_U8("a" "b", (unsigned char)sizeof(int)), EVH_VAR((x)), EVH_VALUE("q", one(x)),
			 EVH_STRUCT("s" "t", FIELD, EVH_STRUCT("u", FIELD)));
}
"""

ENABLED = [
    ("EVH_ENABLED(declared, 0, 1)", "a level is 1 to 255; 0 is none"),
    ("EVH_ENABLED(declared, 4, ll)", "constant"),
]

LANGUAGES = [
    ("c", "gcc", ["-std=gnu11"]),
    ("c", "clang", ["-std=gnu11"]),
    ("cc", "g++", ["-std=gnu++17"]),
    ("cc", "clang++", ["-std=gnu++17"]),
]


def cases():
    """(name, source, expected sentence or None where it has to compile)"""
    plain = BODY % 'EVH_WRITE(declared, "E")'
    big = "extern const unsigned long long big[2000];\n"
    good = 'EVH_WRITE(declared, "E", EVH_LEVEL(4), EVH_U8("a", 1), EVH_STRUCT("s", %s))' % fields(127)
    signed = 'EVH_WRITE(declared, "E", EVH_LEVEL(EVH_LEVEL_ERROR), EVH_OPCODE(EVH_OPCODE_REPLY), ' \
             'EVH_I8("a", -1), EVH_I16("b", -1), EVH_I32("c", -1), EVH_I64("d", -1), ' \
             'EVH_SSIZE("e", -1), EVH_ERRNO("f", -1), EVH_PID("g", 1), EVH_TIME32("h", -1), ' \
             'EVH_TIME64("i", -1), EVH_BOOL32("j", 1))'
    yield "unusual", HEAD + UNUSUAL + plain, None
    yield "signed values", HEAD + BODY % signed, None
    yield "no mistake", HEAD + big + PROVIDER % '"MyCo", "group1"' + BODY % good, None
    for definition, sentence in PROVIDERS:
        yield definition, HEAD + PROVIDER % definition + plain, sentence
    for arguments, sentence in EVENTS:
        yield arguments, HEAD + big + BODY % ("EVH_WRITE(declared, %s)" % arguments), sentence
    for arguments, sentence in MISTAKES:
        sentence = sentence.replace("~", '\\"')  # as compilers quote it
        yield "form: " + arguments, HEAD + BODY % ("EVH_WRITE(declared, %s)" % arguments), sentence
    for pointer in ("*pointer", "(*pointer)", "pointer[0]"):
        yield pointer, HEAD + "extern struct evh_provider *pointer;\n" + \
            BODY % ('EVH_WRITE(%s, "E")' % pointer), "constant"
    for expression, sentence in ENABLED:
        yield expression, HEAD + BODY % expression, sentence


def attempt(folder, number, case, language):
    name, source, sentence = case
    suffix, compiler, options = language
    path = os.path.join(folder, "%d-%s.%s" % (number, compiler, suffix))
    with open(path, "w") as file:
        file.write(source)
    command = [compiler, *options, "-fsyntax-only", "-Wall", "-Wextra", "-I",
               os.path.join(harness.SOURCE, "encoder/include"), path]
    if sentence is None:
        command += ["-Wconversion", "-Wsign-conversion", "-Wshadow"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    where = "%s: %s" % (compiler, name[:100])
    if sentence is None:
        if done.returncode or done.stdout:
            return "%s: should compile without a word, but:\n%s" % (where, done.stdout)
    elif not done.returncode:
        return "%s: compiles" % where
    elif sentence.replace("\\", "") not in done.stdout.replace("\\", ""):
        return "%s: expected «%s» in:\n%s" % (where, sentence, done.stdout)
    elif name.startswith("form: "):
        lines = done.stdout.splitlines()
        first = next(line for line in lines if "error" in line)
        if sentence.replace("\\", "") not in first.replace("\\", ""):
            return "%s: «%s» is not what is said first:\n%s" % (where, sentence, done.stdout)
        if len(lines) > MISTAKE_LINES_MAX:
            return "%s: %d lines:\n%s" % (where, len(lines), done.stdout)
    elif not any(sentence in line and "error" in line for line in done.stdout.splitlines()):
        return "%s: «%s» is not said by an error:\n%s" % (where, sentence, done.stdout)
    return None


def main():
    languages = [language for language in LANGUAGES if shutil.which(language[1])]
    for language in LANGUAGES:
        if language not in languages:
            print("SKIPPED: there is no %s" % language[1])
    if not languages:
        return harness.SKIPPED
    count = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = []
        for number, case in enumerate(cases()):
            for language in languages:
                jobs.append(pool.submit(attempt, folder, number, case, language))
        faults = [job.result() for job in jobs if job.result()]
        count = len(jobs)
    for fault in faults:
        print(fault)
    print("%d of %d compilations as expected" % (count - len(faults), count))
    return 1 if faults else 0


sys.exit(main())
