#!/usr/bin/env python3
"""Builds files into the program: a C table (struct embedded of base/embed.h) and one binary file that it takes in by .incbin.

embed.py --set NAME --root DIR [--glob PATTERN]... [--file NAME=PATH]... --depfile OUT.d OUT.c OUT.bin

Patterns are below DIR. The dependency file names the folders too: a new file is picked up without an edit anywhere."""
import argparse
import gzip
import hashlib
import os
import pathlib

TYPES = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8", ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp",
    ".ico": "image/x-icon", ".woff": "font/woff", ".woff2": "font/woff2", ".csv": "text/csv; charset=utf-8",
}

HEAD = """#include "base/embed.h"
__asm__(".section .rodata\\n.balign 16\\n.global embedded_{set}_blob\\nembedded_{set}_blob:\\n.incbin \\"{blob}\\"\\n.previous\\n");
extern const unsigned char embedded_{set}_blob[] __attribute__((visibility("hidden")));
const struct embedded embedded_{set}[] = {{
"""


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--set", required=True)
    p.add_argument("--root", required=True, type=pathlib.Path)
    p.add_argument("--glob", action="append", default=[])
    p.add_argument("--file", action="append", default=[])
    p.add_argument("--depfile", required=True)
    p.add_argument("out_c")
    p.add_argument("out_bin")
    return p.parse_args()


def chosen(a):
    """Name → path, sorted by the bytes of the name."""
    found = {p.relative_to(a.root).as_posix(): p for pattern in a.glob for p in a.root.glob(pattern) if p.is_file()}
    for item in a.file:
        name, path = item.split("=", 1)
        found[name] = pathlib.Path(path)
    return dict(sorted(found.items(), key=lambda kv: kv[0].encode()))


def main():
    a = arguments()
    files = chosen(a)
    blob = bytearray()
    rows = []

    def place(data):
        at = len(blob)
        blob.extend(data + b"\0")
        return f"embedded_{a.set}_blob + {at}, {len(data)}"

    for name, path in files.items():
        data = path.read_bytes()
        kind = TYPES.get(path.suffix, "application/octet-stream")
        packed = gzip.compress(data, 9, mtime=0)
        gz = place(packed) if len(packed) < len(data) * 0.95 else "NULL, 0"
        rows.append(f'\t{{ "{name}", "{kind}", "{hashlib.sha256(data).hexdigest()[:16]}", {place(data)}, {gz} }},\n')
    pathlib.Path(a.out_bin).write_bytes(blob + b"\0")
    # The digest makes the C file change, and so be compiled again, whenever the binary file does.
    c = HEAD.format(set=a.set, blob=os.path.abspath(a.out_bin)) + "".join(rows) + "\t{ 0 }\n};\n"
    c += f"/* {hashlib.sha256(blob).hexdigest()} */\n"
    pathlib.Path(a.out_c).write_text(c, encoding="utf-8")
    folders = {a.root} | {d for d in a.root.rglob("*") if d.is_dir() and a.glob}
    deps = sorted(str(p) for p in folders | set(files.values()))
    pathlib.Path(a.depfile).write_text(f"{a.out_c}: " + " ".join(d.replace(" ", "\\ ") for d in deps) + "\n", encoding="utf-8")


main()
