#!/usr/bin/env python3
"""clang-tidy (what is asked: .clang-tidy) and cppcheck (what is not wanted, and why: tests/cppcheck.txt) over every source of ours; what is generated is the generator's business.

lint.py BUILD_DIR: a finished build. Ends with "N passed, N failed" and status 1 when something is found.

A source that clang-tidy found sound is not read again while nothing it can see has changed: BUILD_DIR/lint holds an empty file for each, named by a hash of the preprocessed text,
of our files in it with their comments, of the command, of .clang-tidy and of the tool's version.
cppcheck knows neither __VA_OPT__ nor _Generic, and no compound literal behind a question mark: it gets every source preprocessed by the compiler, without the text of system headers
and the statement expressions in which libcurl wraps its calls."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

LINE_MARK = re.compile(r'# (\d+) "([^"]*)"')
FINDING = re.compile(r"(warning|error|portability|performance):")


def own_commands(build):
    root = os.getcwd() + "/"
    for row in json.load(open(f"{build}/compile_commands.json", encoding="utf-8")):
        if not os.path.exists(os.path.join(row["directory"], row["output"])):
            continue  # built on demand only: its generated headers need not be there
        path = os.path.normpath(os.path.join(row["directory"], row["file"]))
        if path.startswith(root) and row["file"].startswith("../") and not path.endswith("_fuzz.c"):
            words = [w for w in shlex.split(row["command"]) if "sanitize" not in w]
            yield path, {"directory": row["directory"], "file": path, "arguments": [*words[:-1], path]}


def close_of(text, at):
    """Position behind the bracket that closes the one at `at`."""
    depth = 0
    for m in re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[(){}]').finditer(text, at):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(m.group(0), 0)
        if depth == 0:
            return m.end()
    return len(text)


def without_generic(text):
    out, at = [], 0
    for m in iter(lambda: re.compile(r"\b_Generic\s*\(").search(text, at), None):
        out += [text[at:m.start()], "chosen"]
        at = close_of(text, m.end() - 1)
    return "".join(out) + text[at:]


def with_literals_bracketed(text):
    """cond ? (str){ 0 } : x, which cppcheck gives up on, becomes cond ? ((str){ 0 }) : x."""
    out, at = [], 0
    for m in re.finditer(r"\?\s*(\([\w ]+\)\s*\{)", text):
        if m.start(1) >= at:
            end = close_of(text, m.end() - 1)
            out += [text[at:m.start(1)], "(", text[m.start(1):end], ")"]
            at = end
    return "".join(out) + text[at:]


def without_system(text):
    out, own = [], True
    for line in text.splitlines():
        m = LINE_MARK.match(line)
        if m:
            own = not m.group(2).startswith(("/usr/", "<"))
            line = f'#line {m.group(1)} "{m.group(2)}"'
        if own:
            out.append(line)
    return "\n".join(out) + "\n"


def preprocessed(row):
    words = row["arguments"]
    drop = {"-c", "-o", "-MD", "-MQ", "-MF"}
    command = [w for i, w in enumerate(words) if w not in drop and (i == 0 or words[i - 1] not in {"-o", "-MQ", "-MF"})]
    return subprocess.run([*command, "-DCURL_DISABLE_TYPECHECK", "-E"], cwd=row["directory"], stdout=subprocess.PIPE, text=True, check=True).stdout


def key_of(row, text, rules):
    key = hashlib.sha256(rules + "\0".join(row["arguments"]).encode() + text.encode())
    names = {m.group(2) for m in map(LINE_MARK.match, text.splitlines()) if m}
    for name in sorted(n for n in names if not n.startswith(("/usr/", "<"))):
        path = pathlib.Path(row["directory"], name)
        if path.is_file():
            key.update(path.read_bytes())
    return key.hexdigest()


class Lint:
    def __init__(self, build, room):
        self.room, self.sound = pathlib.Path(room), pathlib.Path(build, "lint")
        self.rows = dict(sorted(dict(own_commands(build)).items()))
        self.rules = pathlib.Path(".clang-tidy").read_bytes() + subprocess.run(["clang-tidy", "--version"], stdout=subprocess.PIPE, check=True).stdout
        self.sound.mkdir(exist_ok=True)
        (self.room / "pre").mkdir()
        (self.room / "compile_commands.json").write_text(json.dumps(list(self.rows.values())), encoding="utf-8")

    def source(self, path):
        """What clang-tidy finds; leaves the source as cppcheck can read it."""
        row = self.rows[path]
        text = preprocessed(row)
        readable = with_literals_bracketed(without_generic(without_system(text))).replace("__builtin_va_", "va_")
        (self.room / "pre" / os.path.relpath(path).replace("/", "__")).write_text(readable, encoding="utf-8")
        mark = self.sound / key_of(row, text, self.rules)
        if mark.exists():
            return []
        tidy = subprocess.run(["clang-tidy", "-p", str(self.room), "--quiet", "--warnings-as-errors=*", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        found = [line for line in tidy.stdout.splitlines() if FINDING.search(line)]
        if tidy.returncode == 0 and not found:
            mark.touch()
        elif not found:
            found = [f"{path}: error: clang-tidy ended with {tidy.returncode}: {tidy.stderr.strip()[-200:]}"]
        return found

    def cppcheck(self):
        options = ["--language=c", "--std=c11", "--enable=warning,portability,performance", "--library=posix", "--suppressions-list=tests/cppcheck.txt"]
        done = subprocess.run(["cppcheck", f"-j{os.cpu_count()}", "--quiet", *options, "--template={file}:{line}: {severity}: {message} [{id}]", str(self.room / "pre")],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
        return [line for line in done.stderr.splitlines() if FINDING.search(line)]

    def run(self):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [line for lines in pool.map(self.source, self.rows) for line in lines]
        found += self.cppcheck()
        return sorted({re.sub(r"^(\.\./)+", "", line.replace(os.getcwd() + "/", "")) for line in found})


def main(build):
    with tempfile.TemporaryDirectory() as room:
        lint = Lint(build, room)
        found = lint.run()
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(lint.rows)} passed, {len(found)} failed")
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
