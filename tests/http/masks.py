#!/usr/bin/env python3
"""Who needs no telephone number does not get one, and the engineer's need ends with the job [N5]: through pages, API, CSV, XLSX and papers alike.

Everything that can be read is read by people of roles without the permission, and by the engineer once the order is closed: the customer's number, address
and e-mail stand nowhere. The same walk by who may see them finds them, else the test would not look where they are."""
import io
import re
import subprocess
import zipfile

from bed import Bed, main_guard

SECRETS = {"phone": "13987654321", "e-mail": "secret.person@example.org", "address": "秘密路8号", "former phone": "13987654399"}
NAME, SERIAL = "杜子美", "SN-MASK-1"
LEFT_OUT = re.compile(r"^/(live|login|logout)\b|/export|openapi")
PAPERS = ("receipt", "receipt-80mm", "dispatch", "report", "label")


class Walk:
    def __init__(self, bed):
        self.bed, self.passed, self.failed = bed, 0, 0
        self.paths = bed.ask("GET", "/api/v1/openapi.json").json()["paths"]

    def check(self, what, good):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print("FAILED", what[:400], flush=True)

    def post(self, path, who, body):
        a = self.bed.ask("POST", "/api/v1" + path, who=who, body=body)
        self.check(f"POST {path} as {who}: {a.status} {a.text[:300]}", a.status < 300)
        return a.json()

    def furnish(self):
        made = self.post("/orders", "agent", {"customer_name": NAME, "phone": SECRETS["former phone"], "email": SECRETS["e-mail"], "address": "杭州市西湖区" + SECRETS["address"], "serial": SERIAL,
                                              "brand": "Dell", "model": "Latitude 5440", "fault": "no picture", "mode": "onsite", "station": "HZ1"})
        self.no, self.customer, self.token = made["no"], made["customer_no"], made["follow_url"].rsplit("/", 1)[1]
        changed = {"customer_name": NAME, "phone": SECRETS["phone"], "email": SECRETS["e-mail"], "address": "杭州市西湖区" + SECRETS["address"], "serial": SERIAL, "brand": "Dell",
                   "model": "Latitude 5440", "fault": "no picture", "mode": "onsite", "ver": made["ver"]}
        a = self.bed.ask("PUT", f"/api/v1/orders/{self.no}", who="agent", body=changed)
        self.check(f"the number is corrected: {a.status} {a.text[:200]}", a.status == 200)
        self.post(f"/orders/{self.no}/events", "station_head", {"event": "assign", "engineer": "engineer", "ver": a.json()["ver"]})
        self.post("/loaners", "admin", {"code": "L1", "serial": "SN-LOAN-1", "rank": 3, "org": "HZ1", "brand": "Dell", "model": "Latitude 5440"})
        self.bed.sql(f"""INSERT INTO loan (no, loaner_id, order_id, state, org_path, due_on, condition_out, signer, out_at, lender_id)
            SELECT '1', l.id, o.id, 'out', o.org_path, 30000, 'good', 'x', o.opened_at, 1 FROM work_order o, loaner l WHERE o.no = '{self.no}' RETURNING id""")
        self.device = self.bed.sql(f"SELECT id FROM device WHERE serial = '{SERIAL}'")[0][0]

    # ---- where to look ----

    def address(self, template):
        fill = {"/orders": self.no, "/customers": self.customer, "/devices": self.device, "/stations": "HZ1", "/users": "engineer", "/t/": self.token}
        first = next((v for k, v in fill.items() if template.startswith(k)), "1")
        return re.sub(r"\{[^}]*\}", "1", re.sub(r"\{[^}]*\}", str(first), template, count=1))

    def addresses(self):
        for template, methods in self.paths.items():
            if "get" in methods and not LEFT_OUT.search(template) and not template.startswith("/t/"):
                yield self.address(template)
        for q in (NAME, SERIAL, self.no):
            yield from (f"/search?q={q}", f"/orders?q={q}", f"/customers?q={q}", f"/devices?q={q}", f"/desk?q={q}")
        yield from ("/orders?state=closed", "/orders?open=1&by_due=1", f"/orders?customer={self.customer}", f"/desk/device?serial={SERIAL}", "/desk", "/counter", f"/counter/unit?serial={SERIAL}", "/day",
                    f"/orders/{self.no}/edit", f"/orders/{self.no}/moves/assign", f"/customers/{self.customer}/edit", f"/devices/{self.device}/edit", "/callbacks", "/admin/audit")
        yield from (f"/orders/{self.no}/papers/{paper}" for paper in PAPERS)

    @staticmethod
    def text(a):
        kind = a.head("Content-Type")
        if "pdf" in kind:
            return subprocess.run(["pdftotext", "-layout", "-", "-"], input=a.body, capture_output=True, check=True).stdout.decode()
        if "spreadsheet" in kind:
            sheet = zipfile.ZipFile(io.BytesIO(a.body))
            return "".join(sheet.read(n).decode() for n in sheet.namelist() if n.endswith(".xml"))
        return a.text

    def found(self, who):
        """{secret: where} for everything this person can read."""
        out = {}
        for path in self.addresses():
            quoted = path.encode()
            at, _, query = path.partition("?")
            rendered = [self.bed.browse(who, "GET", quoted)] + [self.bed.ask("GET", f"/api/v1{at}{end}{'?' + query if query else ''}".encode(), who=who) for end in ("", ".csv", ".xlsx")]
            for a in rendered:
                if a.status >= 500:
                    self.check(f"{path} as {who}: {a.status}", False)
                if a.status == 200:
                    text = self.text(a)
                    for name, secret in SECRETS.items():
                        if secret in re.sub(r"(?<=\d)[ -](?=\d)", "", text):
                            out.setdefault(name, set()).add(f"{path} ({a.head('Content-Type').split(';')[0].rsplit('.')[-1]})")
        return out

    def sees_nothing(self, who, when):
        got = self.found(who)
        for name in SECRETS:
            self.check(f"{who} {when} reads the {name} at {sorted(got.get(name, []))}", name not in got)

    def run(self):
        self.furnish()
        for who in ("storekeeper", "quality", "finance", "mate", "engineer2", "engineer3", "customer2"):
            self.sees_nothing(who, "of an open order")
        got = self.found("engineer")
        self.check(f"the engineer reaches the customer: {got}", "phone" in got and "address" in got)
        self.bed.sql(f"UPDATE work_order SET state = 'closed', open = 0, closed_at = state_at + 1 WHERE no = '{self.no}'")
        self.sees_nothing("engineer", "of a closed order")
        got = self.found("station_head")
        self.check(f"the head of the station still reaches the customer: {got}", "phone" in got)
        page = self.bed.ask("GET", f"/t/{self.token}", accept="text/html")
        self.check(f"the link shows no whole number: {page.status}", page.status == 200 and not any(s in page.text for s in (SECRETS["phone"], SECRETS["e-mail"])))


def run():
    with Bed() as bed:
        walk = Walk(bed)
        walk.run()
        walk.check("the server lives: " + bed.log()[-400:], bed.alive())
        return walk.passed, walk.failed


if __name__ == "__main__":
    main_guard(run)
