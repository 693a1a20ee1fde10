#!/usr/bin/env python3
"""Every text a person may see has its Chinese, and every Chinese entry is used.

i18n_check.py SOURCE_DIR BUILD_DIR

Reads the C sources and the C made from the page templates with xgettext, and po/*.zh.po."""
import pathlib
import re
import subprocess
import sys
import tempfile

FLOORS = ("base", "db", "view", "http", "slice", "app")
# Function (or table macro) and the number of the argument that is a text. Of trn only the plural is looked up.
KEYWORDS = ("_", "N_", "tr:2", "tr_lang:2", "trf:2", "trn:3", "fail:3", "fail_field:3", "INPUT:4")
HAN = "\u4e00-\u9fff"


def entries(text):
    """(msgid, msgstr, where, flags) of each entry of a .po text without wrapped lines."""
    for block in re.split(r"\n\s*\n", text):
        where, flags, part, got = [], "", None, {"msgid": "", "msgstr": "", "other": ""}
        for line in block.splitlines():
            if line.startswith("#:"):
                where += line[2:].split()
            elif line.startswith("#,"):
                flags += line
            elif line.startswith("#"):
                continue
            else:
                m = re.match(r'(\w+)(?:\[0\])?\s+"(.*)"$', line)
                if m:
                    part = m.group(1) if m.group(1) in got else "other"
                    line = f'"{m.group(2)}"'
                m = re.match(r'"(.*)"$', line.strip())
                if m and part:
                    got[part] += m.group(1)
        if got["msgid"]:
            yield got["msgid"], got["msgstr"], where, flags


def used_texts(source, build):
    files = [p for floor in FLOORS for p in sorted((source / floor).rglob("*.[ch]")) if not re.search(r"_(test|fuzz)\.[ch]$", p.name)]
    files += sorted(p for p in build.rglob("*.html.c") if "sanitize" not in str(p))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
        listing.write("\n".join(str(p) for p in files))
        listing.flush()
        done = subprocess.run(["xgettext", "--from-code=UTF-8", "--language=C", "--no-wrap", "-k", *[f"-k{k}" for k in KEYWORDS], "-o", "-", "-f", listing.name],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return {key: [w.replace(f"{source}/", "") for w in where] for key, _, where, _ in entries(done.stdout)}


def catalogue(source):
    """msgid → list of (msgstr, file, flags)."""
    found = {}
    for po in sorted((source / "po").glob("*.zh.po")):
        text = subprocess.run(["msgcat", "--no-wrap", str(po)], stdout=subprocess.PIPE, text=True, check=True).stdout
        for key, chinese, _, flags in entries(text):
            found.setdefault(key, []).append((chinese, po.name, flags))
    return found


def faults_of(key, rows):
    chinese, po, flags = rows[0]
    if not chinese or "fuzzy" in flags:
        yield f"{po}: not translated: {key}"
    others = sorted({f"{p}: {c}" for c, p, _ in rows})
    if len({c for c, _, _ in rows}) > 1:
        yield f"translated in two ways: {key}\n    " + "\n    ".join(others)
    elif len(rows) > 1:
        yield f"stands in more than one place: {key} ({', '.join(p for _, p, _ in rows)})"
    if chinese and set(re.findall(r"\{\d\}", key)) != set(re.findall(r"\{\d\}", chinese)):
        yield f"{po}: placeholders differ: {key} | {chinese}"
    if re.search(f"[{HAN}][,;?!]|[{HAN}]:(?!//)", re.sub(r"\[.*?\]", "", chinese)):
        yield f"{po}: half-width punctuation behind a Chinese character: {chinese}"


def main():
    source, build = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    used, known = used_texts(source, build), catalogue(source)
    faults = []
    for key, where in sorted(used.items()):
        if key not in known:
            faults.append(f"{where[0] if where else '?'}: no Chinese for: {key}")
    for key, rows in sorted(known.items()):
        if key not in used:
            faults.append(f"{rows[0][1]}: used nowhere: {key}")
        faults += faults_of(key, rows)
    for f in faults:
        print(f)
    print(f"{max(len(used | known) - len(faults), 0)} passed, {len(faults)} failed")
    sys.exit(bool(faults))


main()
