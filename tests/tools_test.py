#!/usr/bin/env python3
"""The checkers find what they are there to find: each row plants one fault in a small tree and expects its words in the answer."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOUSE = {
    "app/slices.def": "SLICE(lower)\nSLICE(upper)\n",
    "base/base.h": "#pragma once\n",
    "slice/lower/lower.h": '#include "base/base.h"\n',
    "slice/lower/lower.html": "",
    "slice/upper/upper.html": "",
    "slice/upper/upper.c": '#include "slice/lower/lower.h"\n',
    "slice/upper/upper_web.c": '#include "http/http.h"\n',
}
FLOORS = [
    # file, text, words expected; None = sound
    (None, "", None),
    ("base/x.c", '#include "db/db.h"\n', "db is a floor above base"),
    ("view/x.c", '#include "http/http.h"\n', "http is a floor above view"),
    ("slice/lower/x.c", '#include "slice/upper/upper.h"\n', "upper comes after lower"),
    ("slice/upper/x.c", '#include "slice/lower/lower_int.h"\n', "private to its department"),
    ("slice/upper/x.c", '#include "slice/other/other.h"\n', "no place"),
    ("slice/upper/upper.c", '#include "http/http.h"\n', "know http/"),
    ("slice/upper/x.html", '@include "slice/other/other.h"\n', "no place"),
    ("slice/upper/x.c", '#include "lower.sql.h"\n', "own folder"),
    ("slice/upper/x.html", '@include "lower.html.h"\n', None),
    ("slice/lower/lower.html", '@include "upper.html.h"\n', "upper comes after lower"),
    ("slice/upper/x.c", '#include "upper.h"\n', "path from the root"),
    ("view/x.c", "#include <sqlite3.h>\n", "only db/"),
    ("app/x.c", "#include <libpq-fe.h>\n", "only db/"),
    ("slice/upper/x.c", "void *f(void) { return malloc(1); }\n", "memory comes from the arena"),
    ("db/x.c", "void f(void) { free(malloc(1)); }\n", None),
    ("slice/upper/x.c", "long f(void) { return time(NULL); }\n", "base/time.h"),
    ("slice/upper/x.c", "/* time( */ struct { long time; } t; long f(void) { return t.time; }\n", None),
    ("slice/upper/x.c", "long f(void) { return clock_now().ms; }\n", "c->now"),
    ("slice/upper/x.c", "static double rate;\n", "floating point"),
    ("slice/upper/x.c", "/* a double */ static const char *s = \"double\";\n", None),
    ("http/x.c", "void f(void) { exit(1); }\n", "only the app"),
    ("slice/upper/x.c", 'static const char *q = "SELECT id FROM t";\n', ".sql file"),
    ("slice/upper/x.c", 'static const char *q = "Select a row";\n', None),
    ("slice/upper/x.c", 'static const char *q = "<td class=x>";\n', "template"),
    ("slice/upper/x.c", 'static const char *q = "{\\"id\\": 1}";\n', "JSON"),
    ("slice/upper/x_test.c", '#include "http/http.h"\nstatic const char *q = "{\\"id\\": 1}";\n', None),
    ("base/x.c", "int x;\n" * 601, "601 lines"),
    ("base/x.c", "int f(void)\n{\n" + "\tg();\n" * 61 + "}\n", "function of 61 lines"),
    ("app/slices.def", "/* Order: lower upper; */\nSLICE(upper)\nSLICE(lower)\n", "do not follow"),
    ("app/slices.def", "/* Order: lower other upper; */\nSLICE(upper)\n", None),
    ("base/x.sql", "-- TO" "DO\n", "left behind"),
]
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
I18N = [
    # C text, .po entries, words expected
    ('_("One {1}")', 'msgid "One {1}"\nmsgstr "一 {1}"\n', None),
    ('trn(c, "one", "{1} many", 2)', 'msgid "{1} many"\nmsgstr "{1} 个"\n', None),
    ('fail(c, 3, N_("Bad"), 1)', 'msgid "Bad"\nmsgstr "坏"\n', None),
    ('_("One")', "", "no Chinese for: One"),
    ("0", 'msgid "One"\nmsgstr "一"\n', "used nowhere: One"),
    ('_("One")', 'msgid "One"\nmsgstr ""\n', "not translated"),
    ('_("One {1}")', 'msgid "One {1}"\nmsgstr "一"\n', "placeholders differ"),
    ('_("One, two")', 'msgid "One, two"\nmsgstr "一,二"\n', "half-width"),
]


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def answer(tool, *args):
    done = subprocess.run([sys.executable, str(ROOT / "tools" / tool), *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def right(status, text, expected):
    if expected is None:
        return status == 0 and text.rstrip().endswith(" 0 failed")
    return status == 1 and expected in text and " 1 failed" in text


def floors_rows():
    for name, text, expected in FLOORS:
        with tempfile.TemporaryDirectory() as d:
            folder = pathlib.Path(d)
            write(folder, HOUSE)
            if name:
                write(folder, {name: text})
            yield f"floors: {name}: {expected}", answer("floors.py", folder), expected


def i18n_rows():
    for code, po, expected in I18N:
        with tempfile.TemporaryDirectory() as d:
            folder = pathlib.Path(d)
            write(folder, {"base/x.c": f"int x(void) {{ return {code}; }}\n", "po/x.zh.po": PO + po, "build/y.html.c": ""})
            yield f"i18n: {code}: {expected}", answer("i18n_check.py", folder, folder / "build"), expected


def two_rooms():
    for chinese, expected in (("壹", "two ways"), ("一", "more than one place")):
        with tempfile.TemporaryDirectory() as d:
            folder = pathlib.Path(d)
            write(folder, {"base/x.c": 'int x = _("One");\n', "po/x.zh.po": PO + 'msgid "One"\nmsgstr "一"\n',
                           "po/y.zh.po": PO + f'msgid "One"\nmsgstr "{chinese}"\n'})
            yield f"i18n: {expected}", answer("i18n_check.py", folder, folder / "build"), expected


def main():
    good = bad = 0
    for rows in (floors_rows(), i18n_rows(), two_rooms()):
        for what, (status, text), expected in rows:
            if right(status, text, expected):
                good += 1
            else:
                bad += 1
                print(f"{what}\n    status {status}: {text}")
    print(f"{good} passed, {bad} failed")
    sys.exit(bool(bad))


main()
