#!/usr/bin/env python3
"""Runs the HTTP scripts of tests/scripts against a running baoxiu.

    == a title                                  names what follows
    POST /api/v1/orders as agent                a request: `as NAME` by token, `in NAME` at a browser, neither: a stranger
    > Idempotency-Key: k1                       its headers
    | {"fault": "no picture"}                   its body, line by line
    + fault = no picture                        or a form, field by field
    @ photos fault.png image/png png            or with files: field, name, type, what (png, text, html, exe, or a number of bytes)
    201                                         the status
    < Location: /api/v1/orders/                 a header holds this; `< Link absent`
    $.state = "registered"                      JSON: equals; `~ regex`, `absent`, `has VALUE`, `size N`, `-> name` keeps it
    has text / lacks text                       the body holds it or not
    match name regex                            keeps the first group
    walk /api/v1/orders?limit=7 as agent = 23   follows Link rel=next to the end: so many rows, none twice
    sql UPDATE …                                shifts the past
    keep NAME SELECT …                          keeps a number from the database
    import KIND HEAD ROW 230                    a table of so many rows by the command line; {{n}} counts
    repeat 23 POST /path as agent {…}           the same many times, each 201

{{name}} is what was kept; {{now+2h}} an instant, {{today-3d}} a day, {{x*300}} a letter many times, {{signature}} a picture in base64.
Every JSON answer is held against the published description, every page against its headers; no answer may be a 5xx.

script.py [FILE…]     exit code 1 when something differs"""
import base64
import datetime
import glob
import json
import os
import re
import sys
import urllib.parse

from bed import PNG, ROOT, Bed, main_guard
from schema import Api

REQUEST = re.compile(r"^(GET|POST|PUT|PATCH|DELETE|HEAD) (\S+)(?: (as|in) (\w+))?$")
FILES = {"png": PNG, "text": b"plain text\n", "html": b"<!doctype html><script>alert(1)</script>", "exe": b"MZ" + bytes(range(256)) * 4}
UNITS = {"m": 60, "h": 3600, "d": 86400}
PAGE_HEADS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "frame-ancestors 'none'", "Referrer-Policy": "same-origin", "Cache-Control": "no-"}


class Differs(Exception):
    pass


def differ(text):
    raise Differs(text)


class Runner:
    def __init__(self, bed):
        self.bed = bed
        self.api = Api(bed.ask("GET", "/api/v1/openapi.json").json())
        self.passed, self.failed = 0, []
        self.kept, self.lang = {}, "en"

    # ---- words in braces ----

    def fill(self, text):
        return re.sub(r"\{\{(.+?)\}\}", lambda m: self.word(m[1]), text)

    def word(self, name):
        if m := re.match(r"^(now|today)(?:([+-]\d+)([mhd]))?$", name):
            at = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
            at += datetime.timedelta(seconds=int(m[2] or 0) * UNITS.get(m[3], 0))
            return at.isoformat(timespec="seconds") if m[1] == "now" else at.date().isoformat()
        if m := re.match(r"^(.+)\*(\d+)$", name):
            return m[1] * int(m[2])
        if name == "signature":
            return base64.b64encode(PNG).decode()
        if name not in self.kept:
            differ(f"nothing is kept as {name}")
        return str(self.kept[name])

    # ---- one request and its checks ----

    def send(self, method, path, how, who, lines):
        heads, body, form, files = [], [], [], []
        for line in lines:
            mark, rest = line[0], self.fill(line[2:])
            if mark == ">":
                heads.append(tuple(part.strip() for part in rest.split(":", 1)))
            elif mark == "|":
                body.append(rest)
            elif mark == "+":
                name, _, value = rest.partition("=")
                form.append((name.strip(), value.strip()))
            elif mark == "@":
                field, name, kind, what = rest.split()
                files.append((field, name, kind, FILES[what] if what in FILES else PNG + bytes(int(what))))
        path = self.fill(path)
        if how == "in" or (not how and not path.startswith("/api/") and not any(k == "Accept" for k, _ in heads)):
            return self.bed.browse(who, method, path, form=form or None, files=files or None, heads=heads, lang=self.lang)
        data = "\n".join(body).encode() if body else None
        return self.bed.ask(method, path, who=who, body=data, form=form or None, files=files or None, heads=heads)

    def sound(self, method, path, a):
        if a.status >= 500:
            differ(f"status {a.status}: {a.text[:200]}")
        if method != "HEAD" and "openapi.json" not in path and (faults := self.api.faults(method, self.fill(path), a)):
            differ("; ".join(faults[:5]))
        for name, value in PAGE_HEADS.items():
            if value not in a.head(name) and not path.startswith("/assets/"):
                differ(f"header {name}: {a.head(name)!r}")

    def json_check(self, a, line):
        m = re.match(r"^\$([.\w\[\]-]*) (=|~|absent|has|size|->)(?: (.*))?$", line)
        if not m:
            differ("cannot be read")
        value = a.json()
        try:
            for part in re.findall(r"\w[\w-]*|\[-?\d+\]", m[1]):
                value = value[int(part[1:-1])] if part[0] == "[" else value[part]
        except (KeyError, IndexError, TypeError):
            return None if m[2] == "absent" else differ(f"not there: {a.text[:600]}")
        want = m[3] or ""
        good = {"absent": lambda: value in (None, [], ""), "=": lambda: value == json.loads(want), "~": lambda: re.search(want, str(value)),
                "has": lambda: json.loads(want) in value, "size": lambda: len(value) == int(want), "->": lambda: value is not None}[m[2]]()
        if not good:
            differ(f"is {json.dumps(value, ensure_ascii=False)[:400]}" if m[2] != "size" else f"has {len(value)}")
        if m[2] == "->":
            self.kept[want] = value
        return None

    def check(self, a, line):
        word, _, rest = line.partition(" ")
        if re.match(r"^\d(\d\d|XX)$", line):
            if not str(a.status).startswith(line.replace("X", "")):
                differ(f"is {a.status}: {a.text[:600]}")
        elif word == "<":
            name, _, value = (rest[:-7], "", None) if rest.endswith(" absent") else rest.partition(":")
            if bool(a.head(name)) if value is None else value.strip() not in a.head(name):
                differ(f"is {a.head(name)!r}")
        elif word.startswith("$"):
            self.json_check(a, line)
        elif word in ("has", "lacks"):
            if (rest in a.text) != (word == "has"):
                differ(f"in {a.status} {a.text[:300] if len(a.text) < 300 else str(len(a.text)) + ' bytes'}")
        elif word == "match":
            name, _, pattern = rest.partition(" ")
            m = re.search(pattern, a.text, re.S)
            if not m:
                differ("not found")
            self.kept[name] = m[1]
        else:
            differ("cannot be read")

    def walk(self, text):
        text = urllib.parse.quote(text, safe=" /?&=")
        path, who, count = re.match(r"^(\S+) as (\w+) = (\d+)$", text).groups()
        rows, pages = [], 0
        while path:
            a = self.bed.ask("GET", path, who=who)
            self.sound("GET", path, a)
            if a.status != 200 or pages > 1000:
                differ(f"page {pages}: status {a.status}")
            rows += a.json()["items"]
            pages += 1
            m = re.match(r'^<([^>]+)>; rel="next"$', a.head("Link"))
            path = m and m[1]
        keys = {json.dumps(r, sort_keys=True) for r in rows}
        if len(rows) != int(count) or len(keys) != len(rows):
            differ(f"{len(rows)} rows, {len(keys)} different ones, on {pages} pages")

    def table(self, text):
        kind, head, row, count = re.match(r"^(\w+) (\S+) (.+) (\d+)$", text).groups()
        rows = [row.replace("{{n}}", f"{i:04}") for i in range(1, int(count) + 1)]
        self.bed.run("import", kind, self.bed.file(kind + ".csv", "\n".join([head, *rows]) + "\n"))

    def repeat(self, text):
        count, path, who, body = re.match(r"^(\d+) POST (\S+) as (\w+) (.+)$", text).groups()
        for i in range(1, int(count) + 1):
            a = self.bed.ask("POST", path, who=who, body=body.replace("{{n}}", str(i)).encode())
            if a.status != 201:
                differ(f"number {i}: {a.status} {a.text[:300]}")

    # ---- files ----

    def steps(self, text):
        """(line number, line) grouped: each group begins with a request, walk, sql, lang or title."""
        group = []
        for n, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if group and (REQUEST.match(line) or re.match(r"^(==|walk|sql|keep|lang|import|repeat) ", line)):
                yield group
                group = []
            group.append((n, line))
        if group:
            yield group

    def step(self, group):
        n, line = group[0]
        try:
            if line.startswith("walk "):
                return self.walk(self.fill(line[5:]))
            if line.startswith("sql "):
                return self.bed.sql(self.fill(line[4:])) and None
            if line.startswith("keep "):
                _, name, query = line.split(" ", 2)
                self.kept[name] = self.bed.sql(self.fill(query))[0][0]
                return None
            if line.startswith("lang "):
                self.lang = line[5:]
                return None
            if line.startswith("import "):
                return self.table(line[7:])
            if line.startswith("repeat "):
                return self.repeat(line[7:])
            m = REQUEST.match(line)
            if not m:
                differ("cannot be read")
            asked = [text for _, text in group[1:] if text[0] in ">|+@"]
            a = self.send(*m.groups(), asked)
            self.sound(m[1], m[2], a)
            if not any(re.match(r"^\d(\d\d|XX)$", text) for _, text in group):
                differ("no status is stated")
            for n, line in group[1:]:
                if line[0] not in ">|+@":
                    self.check(a, self.fill(line))
        except Differs as e:
            raise Differs(f"{n}: {line[:160]}: {e}") from None

    def file(self, path):
        title, broken = "", False
        self.kept, self.lang = {}, "en"
        with open(path, encoding="utf-8") as f:
            text = f.read()
        for group in self.steps(text):
            if group[0][1].startswith("== "):
                title, broken = group[0][1][3:], False
                continue
            if broken:
                continue
            try:
                self.step(group)
                self.passed += 1
            except (Differs, AssertionError, ValueError, KeyError, OSError) as e:
                broken = True            # what follows under this title builds on it
                self.failed.append(f"{os.path.basename(path)}:{e} ({title})")
                print("FAILED", self.failed[-1], flush=True)


def run():
    files = sys.argv[1:] or sorted(glob.glob(os.path.join(ROOT, "tests/scripts/*.http")))
    with Bed() as bed:
        runner = Runner(bed)
        for path in files:
            runner.file(path)
        if not bed.alive():
            runner.failed.append("the server died")
            print(bed.log()[-2000:])
        if not sys.argv[1:]:
            print(f"{len(runner.api.seen)} operations answered JSON as described; contract.py asks all")
    return runner.passed, len(runner.failed)


if __name__ == "__main__":
    main_guard(run)
