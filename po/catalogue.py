#!/usr/bin/env python3
"""Merges po/*.LANG.po and writes the binary catalogue as C.

catalogue.py PO_DIR LANG OUT.c OUT.d

The dependency file names the folder too, so that a new .po file is picked up without an edit anywhere."""
import glob
import os
import subprocess
import sys


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"catalogue.py: {command[0]} failed; see above")
    return done.stdout


def main(folder, lang, out, depfile):
    files = sorted(glob.glob(os.path.join(folder, f"*.{lang}.po")))
    merged = run("msgcat", "--use-first", "--sort-output", *files)
    mo = run("msgfmt", "-o", "-", "-", stdin=merged)
    rows = [", ".join(str(b) for b in mo[i:i + 32]) for i in range(0, len(mo), 32)]
    with open(out, "w", encoding="utf-8") as f:
        f.write(f"#include <stddef.h>\nextern const unsigned char mo_{lang}[];\nextern const size_t mo_{lang}_n;\n"
                f"const unsigned char mo_{lang}[] = {{\n" + ",\n".join(rows) + f"\n}};\nconst size_t mo_{lang}_n = {len(mo)};\n")
    with open(depfile, "w", encoding="utf-8") as f:
        f.write(f"{out}: {folder} " + " ".join(files) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
