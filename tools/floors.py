#!/usr/bin/env python3
"""The rules of docs/architecture.md that a compiler does not know: who may include whom, and what may stand where.

floors.py SOURCE_DIR

Prints FILE:LINE: what is wrong, and closes with "N passed, N failed" (files)."""
import pathlib
import re
import sys

FLOORS = ["base", "db", "view", "http", "slice", "app"]
ANYBODYS = {"slice/account/perm.h"}
# Settings are typed by struct setting, which the doors read as well.
KNOWS_HTTP = re.compile(r"_(web|view)(_\w+)?\.[ch]$|/account/setting\.c$")
# Library headers and the only floors that see them.
LIBRARIES = {
    "sqlite3.h": "db", "libpq-fe.h": "db", "microhttpd.h": "http", "magic.h": "http", "xlsxwriter.h": "view", "qrencode.h": "view", "jpeglib.h": "view", "png.h": "view",
    "cairo": "view", "pango": "view", "unicode/": "base",
}
# (where it is looked for, where it is allowed, what, why). Comments and the insides of strings are blanked first.
WORDS = [
    (None, "base db view http app", r"\b(malloc|calloc|realloc|reallocarray|strdup|free)\s*\(", "memory comes from the arena"),
    (None, "base app", r"\bclock_gettime\s*\(", "use base/time.h"),
    (None, "base", r"(?<![\w.>])(time|gettimeofday|localtime|localtime_r|gmtime|gmtime_r|mktime|timegm|strftime)\s*\(", "use base/time.h"),
    ("slice", "", r"\bclock_now\s*\(", "business code reads c->now"),
    (None, "", r"\b(setlocale|setenv|putenv|tzset)\s*\(", "the process has no locale and no zone"),
    (None, "", r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|alloca|system|popen)\s*\(", "unsafe function"),
    (None, "app", r"(?<!\w)exit\s*\(", "only the app ends the process"),
    ("slice", "", r"\b(double|float)\b", "no floating point in business code"),
]
# Distances on the globe need trigonometry; no amount and no date comes from it.
EXCEPTIONS = {"slice/org/org_near.c": "no floating point in business code"}
# The same for string literals.
LITERALS = [
    ("db", r"^(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER TABLE|DROP|WITH \w+ AS)\s", "SQL belongs in a .sql file"),
    ("view", r"^\s*</?(a|b|body|br|button|div|form|h[1-6]|head|html|img|input|label|li|link|main|meta|ol|option|p|script|section|select|span|style|svg|table|t[dhr]|ul)\b", "markup belongs in a template"),
    ("view http", r'^\{\\"|^\[\{\\"', "JSON is written by view/"),
]
FILE_MAX, TEST_MAX, FUNCTION_MAX = 600, 800, 60    # tables of cases may be longer


def blank(text, keep_strings):
    """Comments (and, unless kept, the insides of strings) become blanks; lines stay where they are."""
    def one(m):
        s = m.group(0)
        if s[0] in "\"'":
            return s if keep_strings else s[0] + " " * (len(s) - 2) + s[0]
        return re.sub(r"[^\n]", " ", s)
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', one, text, flags=re.S)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


class House:
    """What was found wrong; `order` is that of the departments: the sentence "Order: …" of app/slices.def, else its rows."""

    def __init__(self, root):
        self.root = root
        text = (root / "app/slices.def").read_text(encoding="utf-8")
        rows = re.findall(r"^SLICE\((\w+)\)", text, re.M)
        planned = re.search(r"Order: ([\w\s]+)", text)
        self.order = planned.group(1).split() if planned else rows
        self.faults = []
        if rows != [s for s in self.order if s in rows]:
            self.fault("app/slices.def", 1, "the rows do not follow the order given above them")

    def fault(self, path, line, text):
        self.faults.append((path, f"{path}:{line}: {text}"))

    def include_fault(self, path, target):
        """Why `path` may not include "target", or None."""
        here, there = path.split("/"), target.split("/")
        if re.search(r"\.(sql|html)\.h$", target):
            folder = self.root / pathlib.Path(path).parent
            own = (folder / pathlib.Path(target).name[:-2]).exists() and target in (f"{folder.relative_to(self.root)}/{pathlib.Path(target).name}", pathlib.Path(target).name)
            if own or target.endswith(".sql.h") or here[0] != "slice":
                return None if own else "generated headers are for their own folder only"
            owner = [p.parent.name for p in self.root.glob(f"slice/*/{there[-1][:-2]}")]
            return self.slice_fault(here[1], owner[0], target) if owner else "no such page"
        if len(there) == 1 or there[0] not in FLOORS:
            return "include by the path from the root"
        if FLOORS.index(there[0]) > FLOORS.index(here[0]):
            return f"{there[0]} is a floor above {here[0]}"
        if there[0] == "http" and here[0] == "slice" and not KNOWS_HTTP.search(path):
            return "only the _web and _view files of a department know http/"
        if there[0] == here[0] == "slice" and there[1] != here[1] and target not in ANYBODYS:
            return self.slice_fault(here[1], there[1], target)
        return None

    def slice_fault(self, mine, other, target):
        if mine not in self.order or other not in self.order:
            return f"{mine if mine not in self.order else other} has no place in app/slices.def"
        if self.order.index(other) > self.order.index(mine):
            return f"{other} comes after {mine} in app/slices.def: news travels upwards as events"
        if re.search(r"_(int|web)\.h$", target):
            return f"{target} is private to its department"
        return None

    def check_includes(self, path, text):
        for m in re.finditer(r'^\s*(?:#|@)\s*include\s+(["<])([^">]+)[">]', text, re.M):
            line, target = line_of(text, m.start()), m.group(2)
            if m.group(1) == '"':
                why = self.include_fault(path, target)
                if why:
                    self.fault(path, line, f'#include "{target}": {why}')
                continue
            for prefix, floor in LIBRARIES.items():
                if target.startswith(prefix) and not path.startswith(floor + "/"):
                    self.fault(path, line, f"#include <{target}>: only {floor}/ sees this library")

    def check_words(self, path, text):
        floor, code = path.split("/")[0], blank(text, False)
        for where, allowed, pattern, why in WORDS:
            if floor in allowed.split() or (where and floor != where):
                continue
            for m in re.finditer(pattern, code):
                if path in EXCEPTIONS and EXCEPTIONS[path] == why:
                    continue
                self.fault(path, line_of(code, m.start()), f"{m.group(0).strip(' (')}: {why}")
        code = blank(text, True)
        for allowed, pattern, why in LITERALS:
            if floor in allowed.split():
                continue
            for m in re.finditer(r'"((?:\\.|[^"\\\n])*)"', code):
                if re.search(pattern, m.group(1)):
                    self.fault(path, line_of(code, m.start()), f"{m.group(0)[:40]}: {why}")

    def check_size(self, path, text):
        lines = text.splitlines()
        most = TEST_MAX if str(path).endswith("_test.c") else FILE_MAX
        if len(lines) > most:
            self.fault(path, len(lines), f"{len(lines)} lines, more than {most}")
        start = None
        for n, line in enumerate(lines, 1):
            if line == "{":
                start = n
            elif line == "}" and start:
                if n - start - 1 > FUNCTION_MAX:
                    self.fault(path, start, f"function of {n - start - 1} lines, more than {FUNCTION_MAX}")
                start = None

    def check(self, path):
        text = (self.root / path).read_text(encoding="utf-8")
        self.check_size(path, text)
        m = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)
        if m:
            self.fault(path, line_of(text, m.start()), f"{m.group(0)} left behind")
        if path.endswith(".sql"):
            return
        if not re.search(r"_(test|fuzz|test_\w+)\.c$", path):
            self.check_includes(path, text)
            if path.endswith((".c", ".h")):
                self.check_words(path, text)


def main():
    house = House(pathlib.Path(sys.argv[1]).resolve())
    paths = sorted(p.relative_to(house.root).as_posix() for floor in FLOORS for ext in ("c", "h", "sql", "html")
                   for p in (house.root / floor).rglob(f"*.{ext}"))
    for path in paths:
        house.check(path)
    for _, text in house.faults:
        print(text)
    bad = len({path for path, _ in house.faults})
    print(f"{len(paths) - bad} passed, {len(house.faults)} failed")
    sys.exit(bool(house.faults))


main()
