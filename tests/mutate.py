#!/usr/bin/env python3
"""What mutate.sh runs: mutants of the files of a copied tree, one after the other, by lot, until the time is over.

mutate.py TREE BUILD [FILE…] [--minutes N] [--seed S]"""
import argparse
import os
import random
import re
import subprocess
import sys
import time

# Files of the heart → the unit groups that must notice, the quick ones first.
HEART = [
    (r"slice/entitlement/(judge|verdict|period|clause|record)\.c", ["entitlement", "entitlement_keep", "coverage", "fees"]),
    (r"slice/calendar/(clock|target|calendar|calendar_book|national)\.c", ["clock", "calendar", "book", "sla"]),
    (r"slice/sla/(clock_row|recompute|sla_tick|promise)\.c", ["sla_nodes", "sla", "order_clocks"]),
    (r"slice/parts/(stock|part_use|requisition_act|old_part)\.c", ["parts", "refused_parts", "requisition"]),
    (r"slice/cash/(cash|period)\.c", ["ways", "till", "fees"]),
    (r"slice/order/(order_moves|order_act|order_effects|order_intake)\.c", ["order_moves", "order", "order_clocks", "coverage"]),
]
SWAPS = [("<=", "<"), (">=", ">"), (" < ", " <= "), (" > ", " >= "), ("==", "!="), ("!=", "=="), ("&&", "||"), ("||", "&&"), (" + 1", ""), (" - 1", ""), (" + ", " - "), (" - ", " + "),
         ("true", "false"), ("false", "true"), ("++", "--"), (" += ", " -= "), (" -= ", " += "), ("NIL", "0")]
STATEMENT = re.compile(r"^(\t+)((?:TRY\(.*\)|[\w.>\[\]*-]+ (?:[-+|&]?=) .*|\w+\(.*\));)$")
CONDITION = re.compile(r"^(\t+)((?:if|while) \()(.*)\)( \{)?$")
GUARD = re.compile(r"^(\t+)return (fail\w*\(.*\));$")
NUMBER = re.compile(r"(?<![\w.\"%{])(\d+)(?![\w.\"%}])")
TEXT = re.compile(r'"(?:\\.|[^"\\])*"|/\*.*?\*/|\'.\'')


def plain(line):
    """The line with texts and remarks blanked, of the same length."""
    return TEXT.sub(lambda m: "\x01" * len(m[0]), line)


def mutants(lines):
    """(line number, new line) for every change worth a try."""
    inside, remark = False, False
    for i, line in enumerate(lines):
        code = plain(line)
        if remark or code.lstrip().startswith(("/*", "*")):
            remark = "*/" not in line
            continue
        if line.startswith("{"):
            inside = True
        if line.startswith("}"):
            inside = False
        table = bool(re.match(r"^\t\{ ", line)) and not inside
        if not (inside or table) or code.lstrip().startswith(("#", "assert", "BUG", "static const")):
            continue
        for old, new in SWAPS:
            for m in re.finditer(re.escape(old), code):
                if old == "<" or (old in ("==", "!=") and code[m.start() - 1] in "<>!=") or (old in ("true", "false", "NIL") and re.match(r"\w", code[m.end():m.end() + 1])):
                    continue
                yield i, line[:m.start()] + new + line[m.end():]
        for m in NUMBER.finditer(code):
            if not re.search(r"\{ 0|\[$", code[:m.end()][-3:]):
                yield i, line[:m.start()] + str(int(m[1]) + 1) + line[m.end():]
        if inside:
            if m := STATEMENT.match(line):
                yield i, m[1] + ";"
            if m := CONDITION.match(line):
                yield i, f"{m[1]}{m[2]}!({m[3]})){m[4] or ''}"
            if m := GUARD.match(line):
                yield i, f"{m[1]}return ERR_OK;"


def groups_of(path):
    for pattern, groups in HEART:
        if re.fullmatch(pattern, path):
            return groups
    folder = os.path.basename(os.path.dirname(path))
    return [folder]


def heart(tree):
    for folder, _, names in os.walk(os.path.join(tree, "slice")):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), tree)
            if any(re.fullmatch(p, path) for p, _ in HEART):
                yield path


class Trial:
    def __init__(self, tree, build):
        self.tree, self.build = tree, build
        self.count = {"killed": 0, "survived": 0, "unbuilt": 0}

    def run(self, path, lines, at, new):
        """killed, survived or unbuilt."""
        whole = os.path.join(self.tree, path)
        with open(whole, "w", encoding="utf-8") as f:
            f.write("\n".join(lines[:at] + [new] + lines[at + 1:]))
        try:
            if subprocess.run(["ninja", "-C", self.build, "unit"], capture_output=True).returncode:
                return "unbuilt"
            for group in groups_of(path):
                try:
                    done = subprocess.run([os.path.join(self.build, "unit"), group], capture_output=True, timeout=90, env={**os.environ, "UNIT_SEED": "1"})
                except subprocess.TimeoutExpired:
                    return "killed"
                if done.returncode:
                    return "killed"
            return "survived"
        finally:
            with open(whole, "w", encoding="utf-8") as f:
                f.write("\n".join(lines))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("tree")
    args.add_argument("build")
    args.add_argument("files", nargs="*")
    args.add_argument("--minutes", type=float, default=10)
    args.add_argument("--seed", type=int, default=int(time.time()) % 10000)
    given = args.parse_intermixed_args()
    rng, trial, end = random.Random(given.seed), Trial(given.tree, given.build), time.time() + 60 * given.minutes
    deck = []
    for path in sorted(given.files or heart(given.tree)):
        with open(os.path.join(given.tree, path), encoding="utf-8") as f:
            lines = f.read().split("\n")
        own = list(mutants(lines))
        rng.shuffle(own)
        deck.append((path, lines, own))
    total = sum(len(own) for _, _, own in deck)
    print(f"seed {given.seed}: {total} mutants of {len(deck)} files, {given.minutes:g} minutes", flush=True)
    while time.time() < end and any(own for _, _, own in deck):
        for path, lines, own in deck:
            if not own or time.time() > end:
                continue
            at, new = own.pop()
            what = trial.run(path, lines, at, new)
            trial.count[what] += 1
            if what == "survived":
                print(f"{path}:{at + 1}\n  - {lines[at].strip()}\n  + {new.strip()}", flush=True)
    subprocess.run(["ninja", "-C", given.build, "unit"], capture_output=True)
    c = trial.count
    print(f"{c['killed']} killed, {c['survived']} survived, {c['unbuilt']} did not build, of {total}")


if __name__ == "__main__":
    sys.exit(main())
