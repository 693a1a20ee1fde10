#!/usr/bin/env python3
"""The whole published contract: every operation of the description is asked well and asked badly.

Well: an address that is there and a body made from the declared schema, with the values of `contract_given.py` where a schema cannot know what exists;
the answer is a success, its status is declared and its body is valid (contract.mjs asks others' validators).
Badly: each field with a wrong type, too long, out of range or missing, fields nobody knows, strangers, addresses that are not there: always a problem
of 4xx that names the field, never a 5xx.

contract.py [OPERATION…]     exit code 1 when something differs; "post /orders" alone tries that"""
import json
import os
import re
import subprocess
import sys
import urllib.parse

from bed import PNG, ROOT, Bed, main_guard
from contract_given import LEFT_OUT, Given

WRONG = {"string": {"x": 1}, "integer": "many", "boolean": {"x": 1}, "array": "none", "object": 7}
MALFORMED = {"date": "2026-02-30", "date-time": "tomorrow", "email": "nobody"}


class Contract:
    def __init__(self, bed, wanted):
        self.bed, self.passed, self.failed = bed, 0, []
        self.described = bed.ask("GET", "/api/v1/openapi.json").text
        self.d = json.loads(self.described)
        self.operations = [(method, path, o) for path, methods in self.d["paths"].items() for method, o in methods.items()
                           if not wanted or f"{method} {path}" in wanted]
        self.given = Given(bed)
        self.answers = open(os.path.join(bed.dir, "answers"), "w")

    def check(self, what, good):
        if good:
            self.passed += 1
        else:
            self.failed.append(what)
            print("FAILED", what[:500], flush=True)

    def keep(self, operation, a):
        kind = a.head("Content-Type").split(";")[0]
        told = {"operation": operation, "status": a.status, "type": kind}
        if kind.endswith("json"):
            told["body"] = a.json()
        elif a.body:
            told["body"] = "bytes"
        self.answers.write(json.dumps(told) + "\n")

    def ask(self, operation, address, who, body=None, files=None, form=None, accept=None):
        method = operation.split()[0].upper()
        a = self.bed.ask(method, "/api/v1" + address, who=who, body=body, files=files, form=form, accept=accept)
        self.keep(operation, a)
        return a

    # ---- asked well ----

    def well(self, method, path, o):
        operation = f"{method} {path}"
        if operation in LEFT_OUT:
            return
        try:
            case = self.given.case(method, path, o)
        except (LookupError, TypeError, AttributeError) as e:
            self.check(f"{operation}: nothing to ask with: {e!r}", False)
            return
        a = self.ask(operation, case.address, case.who, body=case.body, files=case.files, form=case.form)
        self.check(f"{operation}: {case.address} {json.dumps(case.body, ensure_ascii=False)} as {case.who}: {a.status} {a.text[:400]}", a.status < 300)
        if method == "get" and a.status == 200 and "text/csv" in o["responses"]["200"].get("content", {}):
            for kind in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"):
                a = self.ask(operation, case.address, case.who, accept=kind)
                self.check(f"{operation} as {kind}: {a.status} {a.head('Content-Type')}", a.status == 200 and a.head("Content-Type").startswith(kind))

    # ---- asked badly ----

    def refused(self, operation, what, a, name=None, status=(400, 413, 422)):
        good = a.status in status and a.head("Content-Type").startswith("application/problem+json")
        if good and name:
            good = any(f["name"] == name or f["name"].startswith(name + ".") for f in a.json()["fields"])
        self.check(f"{operation}: {what}: {a.status} {a.text[:300]}", good)

    @staticmethod
    def bad_values(schema):
        """(what, value) that this schema refuses; texts, so that they suit a query too, where they can."""
        if not schema.get("type"):
            if "oneOf" in schema:
                yield "no amount", {"amount": "x"}
            return
        if schema["type"] == "array":
            yield "no list", "none"
            yield "too many", [{}] * (schema["maxItems"] + 1)
            return
        yield "wrong type", WRONG[schema["type"]]
        if "enum" in schema:
            yield "none of these", "no-such-thing"
        elif schema.get("format") in MALFORMED:
            yield "malformed", MALFORMED[schema["format"]]
        elif schema["type"] == "string":
            yield "too long", "x" * (schema["maxLength"] + 1)
            yield "control characters", "a\x07b"
        if "minimum" in schema:
            yield "too little", schema["minimum"] - 1
        if "maximum" in schema:
            yield "too much", schema["maximum"] + 1

    def bodies(self, operation, schema, case):
        full = {k: v for k, v in case.body.items() if k in schema["properties"]} if case.body else {}
        for name, field in schema["properties"].items():
            for what, value in self.bad_values(field):
                if what == "too much" and value > 2**63 - 1:
                    continue
                self.refused(operation, f"{name} {what}", self.ask(operation, case.address, case.who, body={**full, name: value}), name)
        for name in schema.get("required", []):
            self.refused(operation, f"{name} missing", self.ask(operation, case.address, case.who, body={k: v for k, v in full.items() if k != name}), name)
        self.refused(operation, "unknown field", self.ask(operation, case.address, case.who, body={**full, "no_such_field": 1}), "no_such_field")
        for body in (b"[]", b"7", b'{"a":', b"[" * 100000, b'{"a":' * 3000 + b"1" + b"}" * 3000):
            self.refused(operation, f"body {body[:20]}", self.ask(operation, case.address, case.who, body=body))

    def files(self, operation, schema, case):
        sent = case.form if case.form is not None else [(k, v) for k, v in (case.body or {}).items() if not isinstance(v, (dict, list))]
        for name in schema.get("required", []):
            form = [(k, v) for k, v in sent if k != name]
            files = [f for f in case.files or [] if f[0] != name]
            if form or files:
                self.refused(operation, f"{name} missing in a form", self.ask(operation, case.address, case.who, form=form, files=files), name)
        self.refused(operation, "unknown field in a form", self.ask(operation, case.address, case.who, form=[*sent, ("no_such_field", "1")], files=case.files or []), "no_such_field")
        if schema.get("required"):
            self.refused(operation, "no part", self.ask(operation, case.address, case.who, form=[], files=[]))

    def query(self, operation, o, case):
        at = case.address.split("?")[0]
        for p in o["parameters"]:
            if p.get("in") != "query":
                continue
            for what, value in self.bad_values(p["schema"]):
                if isinstance(value, (dict, list)):
                    continue
                a = self.ask(operation, f"{at}?{p['name']}={urllib.parse.quote(str(value))}", case.who)
                self.refused(operation, f"{p['name']} {what}", a, None if what == "control characters" else p["name"])
        self.refused(operation, "unknown parameter", self.ask(operation, at + "?no_such_field=1", case.who), "no_such_field")

    def badly(self, method, path, o):
        operation = f"{method} {path}"
        if "/live/" in path:
            return
        try:
            case = self.given.case(method, path, o)
        except (LookupError, TypeError, AttributeError):
            return
        if o.get("security") != []:
            self.refused(operation, "a stranger", self.ask(operation, case.address, None, body=case.body, files=case.files, form=case.form), status=(401,))
        if "{" in path:
            nowhere = re.sub(r"\{[^}]*\}", "9000007", path)
            self.refused(operation, "not there", self.ask(operation, nowhere, case.who, body=case.body, files=case.files, form=case.form), status=(404, 422))
        content = o.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            self.bodies(operation, content["application/json"]["schema"], case)
        if "multipart/form-data" in content:
            self.files(operation, content["multipart/form-data"]["schema"], case)
        elif method == "get" and any(p.get("in") == "query" for p in o["parameters"]):
            self.query(operation, o, case)

    def close(self):
        self.answers.close()
        described = self.bed.file("openapi.json", self.described)
        self.check("`baoxiu doc api` prints what the server publishes", json.loads(self.bed.run("doc", "api", bare=True).stdout) == self.d)
        done = subprocess.run(["node", os.path.join(ROOT, "tests/http/contract.mjs"), described, self.answers.name], capture_output=True, text=True)
        if done.returncode:
            print(done.stdout.rsplit("\n", 2)[0], done.stderr, sep="\n")
        told = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
        self.check("the validators ran", told)
        if told:
            self.passed += int(told[1])
            self.failed += [""] * int(told[2])


def run():
    with Bed(Bed.DEMO) as bed:
        contract = Contract(bed, sys.argv[1:])
        for step in (contract.badly, contract.well):
            for method, path, o in contract.operations:
                step(method, path, o)
        contract.check(f"the server lives: {bed.log()[-800:]}", bed.alive())
        contract.close()
        return contract.passed, len(contract.failed)


if __name__ == "__main__":
    main_guard(run)
