#!/usr/bin/env python3
"""Gets the sources ready for the lint tools.

lint_source.py BUILD_DIR OUT_DIR

Writes OUT_DIR/compile_commands.json and OUT_DIR/files for clang-tidy: own sources only, what is generated is the generator's business.
cppcheck knows neither __VA_OPT__ nor _Generic, so OUT_DIR/pre holds every source preprocessed by the compiler, without the text of system headers."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


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
    """Position behind the parenthesis that closes the one at `at`."""
    depth = 0
    for m in re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[()]').finditer(text, at):
        depth += {"(": 1, ")": -1}.get(m.group(0), 0)
        if depth == 0:
            return m.end()
    return len(text)


def without_generic(text):
    out, at = [], 0
    for m in iter(lambda: re.compile(r"\b_Generic\s*\(").search(text, at), None):
        out += [text[at:m.start()], "chosen"]
        at = close_of(text, m.end() - 1)
    return "".join(out) + text[at:]


def without_system(text):
    out, own = [], True
    for line in text.splitlines():
        m = re.match(r'# \d+ "([^"]*)"', line)
        if m:
            own = not m.group(1).startswith(("/usr/", "<"))
            line = f'#line {line.split()[1]} "{m.group(1)}"'
        if own:
            out.append(line)
    return "\n".join(out) + "\n"


def preprocess(path, row, out):
    words = row["arguments"]
    drop = {"-c", "-o", "-MD", "-MQ", "-MF"}
    command = [w for i, w in enumerate(words) if w not in drop and (i == 0 or words[i - 1] not in {"-o", "-MQ", "-MF"})]
    text = subprocess.run([*command, "-E"], cwd=row["directory"], stdout=subprocess.PIPE, text=True, check=True).stdout
    (out / (os.path.relpath(path).replace("/", "__"))).write_text(without_generic(without_system(text)).replace("__builtin_va_", "va_"), encoding="utf-8")


def main(build, out):
    out = pathlib.Path(out)
    rows = dict(sorted(dict(own_commands(build)).items()))
    (out / "pre").mkdir()
    (out / "compile_commands.json").write_text(json.dumps(list(rows.values())), encoding="utf-8")
    (out / "files").write_text("".join(f"{p}\n" for p in rows), encoding="utf-8")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda item: preprocess(*item, out / "pre"), rows.items()))


main(*sys.argv[1:])
