"""What a schema cannot know: which things exist in the demo's network, and which of them an operation suits."""
import base64
import datetime
import hashlib
import hmac
import os
import re
import struct
import time
import urllib.parse

from bed import PNG, ROOT

# Operations that are not asked well, and why.
LEFT_OUT = {
    "get /live/{topic}": "a stream that does not end; the scripts and the browser's tests listen to it",
    "post /notices/test": "needs a mail server",
}


def day(n):
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date() + datetime.timedelta(days=n)).isoformat()


def at(hours):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))) + datetime.timedelta(hours=hours)
    return now.isoformat(timespec="seconds")


def code(secret, back=0):
    """Six digits of an authenticator, now or so many steps ago (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 - back), hashlib.sha1).digest()
    at_byte = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at_byte:at_byte + 4])[0] & 0x7fffffff) % 1000000:06}"


def money(minor):
    return {"amount": minor, "currency": "CNY"}


def policy(name):
    with open(os.path.join(ROOT, "data/policies/pack-36m-1.json"), encoding="utf-8") as f:
        return f.read().replace('"pack-36m"', f'"{name}"')


class Case:
    def __init__(self, address, who="admin", body=None, files=None, form=None):
        self.address, self.who, self.body, self.files, self.form = address, who, body, files, form


class Given:
    def __init__(self, bed):
        self.bed = bed
        self.charged = []

    def get(self, path, who="admin"):
        a = self.bed.ask("GET", "/api/v1" + path, who=who)
        if a.status != 200:
            raise LookupError(f"{path}: {a.status} {a.text[:200]}")
        return a.json()

    def first(self, path, key="items", suits=lambda row: True, who="admin"):
        rows = [row for row in self.get(path, who)[key] if suits(row)]
        if not rows:
            raise LookupError(f"{path}: none suits")
        return rows[0]

    def sql(self, text):
        rows = self.bed.sql(text)
        if not rows:
            raise LookupError(text)
        return rows[0][0]

    def order(self, state=None, mode=None, suits="1 = 1"):
        return self.get("/orders/" + self.sql("SELECT no FROM work_order w WHERE " + " AND ".join(
            [suits] + [f"state = '{state}'"] * bool(state) + [f"mode = '{mode}'"] * bool(mode)) + " ORDER BY id DESC LIMIT 1"))

    def made(self, path, body, who="admin"):
        a = self.bed.ask("POST", "/api/v1" + path, who=who, body=body)
        if a.status >= 300:
            raise LookupError(f"POST {path}: {a.status} {a.text[:300]}")
        return a.json() if a.body else None

    def follow(self, state=None):
        """The customer's own address of an order."""
        return "/t/" + self.order(state)["follow_url"].rsplit("/", 1)[1]

    # ---- addresses: where the first of a list does ----

    LISTS = {"/orders": ("/orders", "no"), "/customers": ("/customers", "no"), "/devices": ("/devices", "id"), "/stations": ("/stations/all", "code"), "/calendars": ("/calendars", "code"),
             "/users": ("/users", "login"), "/services": ("/services", "code"), "/contracts": ("/contracts", "no"), "/parts": ("/parts", "no"), "/requisitions": ("/requisitions", "no"),
             "/old-parts": ("/old-parts", "no"), "/loaners": ("/loaners", "code"), "/loans": ("/loans", "no"), "/receipts": ("/receipts", "no"), "/quotes": ("/quotes", "no"),
             "/handins": ("/handins", "no"), "/policies": ("/policies", "code"), "/prices": ("/prices", "code"), "/callbacks": ("/callbacks", "id")}

    def address(self, path):
        if "{" not in path:
            return path
        root = re.match(r"(/[^/{]+)/\{", path)[1]
        if root == "/t":
            return re.sub(r"/t/\{token\}", self.follow("registered"), path)
        listed, key = self.LISTS[root]
        row = self.first(listed)
        filled = re.sub(r"\{[^}]*\}", urllib.parse.quote(str(row[key])), path, count=1)
        return filled.replace("{version}", str(row.get("version")))

    # ---- bodies: from the schema ----

    WORDS = {"phone": "13800138000", "email": "a@example.com", "brand": "Dell", "model": "Latitude 5440", "station": "ST3301", "warehouse": "ST3301", "part_no": "SCREW", "calendar": "office",
             "level": "standard", "customer": None, "reason": "because", "body": "{}", "currency": "CNY", "serial": "SN-CONTRACT", "code": "CONTRACT"}

    def value(self, name, schema):
        if "enum" in schema:
            return schema["enum"][0]
        if "oneOf" in schema:
            return money(100)
        kind, form = schema.get("type"), schema.get("format")
        if form == "date":
            return day(30) if re.search("until|due", name) else day(0)
        if form == "date-time":
            return at(1)
        if kind == "integer":
            return max(1, schema.get("minimum", 1))
        return {"boolean": True, "array": []}.get(kind, self.WORDS.get(name) or "word")

    def body(self, schema, address):
        out = {k: self.value(k, schema["properties"][k]) for k in schema.get("required", [])}
        if "ver" in out:
            out["ver"] = self.version(address)
        return out

    def version(self, address):
        """ver of the nearest thing above that tells one."""
        while address:
            a = self.bed.ask("GET", "/api/v1" + address, who="admin")
            told = a.json() if a.status == 200 and "json" in a.head("Content-Type") else {}
            for part in (told, told.get("user")):
                if part and "ver" in part:
                    return part["ver"]
            address = address.rsplit("/", 1)[0]
        return 1

    def case(self, method, path, o):
        """A request that ought to succeed."""
        own = OWN.get(f"{method} {path}")
        content = o.get("requestBody", {}).get("content", {})
        if own:
            told = own(self)
            case = told if isinstance(told, Case) else Case(*told) if isinstance(told, tuple) else Case(self.address(path), body=told)
        else:
            case = Case(self.address(path))
        if case.body is None and "application/json" in content:
            case.body = self.body(content["application/json"]["schema"], case.address)
        elif isinstance(case.body, dict) and "application/json" in content:
            schema = content["application/json"]["schema"]
            if "ver" in schema.get("required", []) and "ver" not in case.body:
                case.body["ver"] = self.version(case.address)
        if "multipart/form-data" in content and "application/json" not in content:
            case.files = case.files or [(next(k for k, v in content["multipart/form-data"]["schema"]["properties"].items() if v.get("type") == "array"), "a.png", "image/png", PNG)]
            case.form = case.form or []
        if method == "get" and "?" not in case.address:
            needed = {p["name"]: self.value(p["name"], p["schema"]) for p in o["parameters"] if p.get("required") and p.get("in") == "query"}
            if needed:
                case.address += "?" + urllib.parse.urlencode(needed)
        return case



    # ---- things that must be there first ----

    def order_of(self, body=None):
        """A fresh order at a station."""
        return self.made("/orders", {"customer_name": "王芳", "phone": "13800138000", "address": "杭州市西湖区文三路1号", "serial": f"SN-{self.n()}", "brand": "Dell", "model": "Latitude 5440",
                                     "fault": "no picture", "mode": "onsite", "station": "ST3301", **(body or {})})

    count = 0

    def n(self):
        Given.count += 1
        return Given.count

    def at_customer(self):
        """An order whose money can be talked about, another one each time."""
        no = self.sql("SELECT no FROM work_order w WHERE state IN ('diagnosed', 'repaired', 'tested') AND no NOT IN ('', " + ", ".join(f"'{no}'" for no in ["", *self.charged]) +
                      ") AND NOT EXISTS (SELECT 1 FROM quote q WHERE q.order_id = w.id) ORDER BY id DESC LIMIT 1")
        self.charged.append(no)
        return self.get("/orders/" + no)

    def quoted(self):
        no = self.at_customer()["no"]
        self.made(f"/orders/{no}/fees", {"kind": "labour", "name": "work", "unit_price": money(5000), "qty": 1, "basis": "paid", "reason": "because"})
        return no, self.made(f"/orders/{no}/quotes", {})

    def fee(self):
        no = self.at_customer()["no"]
        self.made(f"/orders/{no}/fees", {"kind": "labour", "name": "work", "unit_price": money(5000), "qty": 1, "basis": "paid", "reason": "because"})
        line = self.first(f"/orders/{no}/fees", "lines", lambda row: row["name"] == "work" and not row["struck"])
        return no, line

    def paid(self):
        no, quote = self.quoted()
        one = quote["quote"]
        self.made(f"/orders/{no}/quotes/{one['no']}/events", {"event": "approve", "ver": one["ver"], "signer": "王芳", "how": "phone"})
        return no

    def waiver(self):
        no = self.paid()
        self.made(f"/orders/{no}/waivers", {"kind": "writeoff", "amount": money(4000), "reason": "because", "technical": "word", "agreement": "word"})
        return self.first("/waivers")

    def purchase(self):
        return self.made("/purchases", {"supplier": "word", "warehouse": "ST3301", "wish": [{"part_no": "SCREW", "qty": 5, "price": money(100)}]})

    def no_stocktake(self):
        for row in self.get("/stocktakes")["items"]:
            if row["state"] in ("cancelled", "done"):
                continue
            self.made(f"/stocktakes/{row['no']}/events", {"event": "cancel", "ver": row["ver"], "reason": "again"})

    def stocktake(self):
        self.no_stocktake()
        return self.made("/stocktakes", {"warehouse": "ST3301"})

    def person(self, login):
        if login not in self.bed.tokens:
            self.bed.tokens[login] = self.bed.run("token", "add", login).stdout.strip()
        return login

    def second(self):
        """Another who may do everything."""
        if "second" not in self.bed.tokens:
            self.bed.run("user", "add", "second", "--role", "admin", "--org", "HQ")
        return self.person("second")

    def use(self):
        """(order, engineer, part): a job of somebody who carries that part."""
        no, login, van = self.bed.sql("""SELECT o.no, a.login, w.code FROM work_order o JOIN account a ON a.id = o.engineer_id JOIN warehouse w ON w.user_id = a.id
            WHERE o.state = 'diagnosed' ORDER BY o.id DESC LIMIT 1""")[0]
        self.made("/stock/adjust", {"kind": "opening", "warehouse": van, "part_no": "SCREW", "qty": 5, "reason": "because"})
        return no, self.person(login), "SCREW"

    def asked(self):
        return self.made("/requisitions", {"to": "ST3301", "wish": [{"part_no": "SCREW", "qty": 1}], "reason": "because"}, "storekeeper")

    def used_part(self):
        no, login, part = self.use()
        self.made(f"/orders/{no}/parts", {"part_no": part, "no_old": "kept", "reason": "because"}, login)
        return no, self.sql("SELECT max(id) FROM part_use"), login

    def dead_letter(self):
        return self.sql("INSERT INTO outbox (topic, payload, at, due_at, tries, dead) VALUES ('order', '{}', 0, 0, 9, 1) RETURNING id")

    def loan_order(self):
        o = self.order("received")
        return o["no"], self.sql("SELECT code FROM loaner WHERE state = 'ready' AND org_id = (SELECT station_id FROM work_order WHERE no = '" + o["no"] + "') LIMIT 1")

    def file(self):
        no = self.order_of()["no"]
        a = self.bed.ask("POST", f"/api/v1/orders/{no}/files", who="admin", form=[], files=[("files", "a.png", "image/png", PNG)])
        return a.json()["files"][0]["id"]

    def photo(self):
        token = self.follow("registered")
        a = self.bed.ask("POST", f"/api/v1{token}/files", form=[], files=[("files", "a.png", "image/png", PNG)])
        return f"{token}/files/{a.json()['files'][0]['id']}"

    def exchanged(self, done=True):
        """An order whose diagnosis is an exchange, with the new unit recorded or not yet."""
        no, login = self.bed.sql("""SELECT o.no, a.login FROM work_order o JOIN account a ON a.id = o.engineer_id
            WHERE o.state = 'diagnosed' AND o.verdict <> 'exchange' AND o.device_id IS NOT NULL ORDER BY o.id LIMIT 1""")[0]
        self.made(f"/orders/{no}/events", {"event": "diagnose", "verdict": "exchange", "finding": "word", "ver": self.version("/orders/" + no)}, self.person(login))
        if done:
            self.made(f"/orders/{no}/exchange", self.unit(), login)
        return no, login

    def unit(self):
        return {"ver": 0, "serial": f"SN-UNIT-{self.n()}", "brand": "Dell", "model": "XPS 15", "not_lower": True}

    def notice(self, state):
        order, box = self.order_of()["no"], self.dead_letter()
        self.bed.sql(f"UPDATE outbox SET dead = 0, taken = 0, due_at = 9999999999999 WHERE id = {box} RETURNING id")
        return order, self.sql(f"""INSERT INTO notice (event, channel, org_path, order_id, receiver, lang, subject, body, key, state, outbox_id, at)
            SELECT 'order_registered', 'mail', org_path, id, 'a@example.com', 'zh', 'word', 'word', 'contract {self.n()}', '{state}', {box}, opened_at FROM work_order WHERE no = '{order}' RETURNING id""")

    def hook(self):
        self.made("/hooks", {"url": "https://example.com/hook", "events": "*", "secret": "a secret of some length"})
        return self.get("/hooks")["items"][-1]

    def factor(self, on=False):
        """(login, secret) of somebody new who sets up the second step, or has it."""
        login = f"factor{self.n()}"
        self.bed.run("user", "add", login, "--role", "agent", "--org", "HQ")
        secret = self.made("/account/factor", None, self.person(login))["secret"]
        if on:
            self.made("/account/factor/confirm", {"code": code(secret, 1)}, login)
        return login, secret

    def imported(self):
        a = self.bed.ask("POST", "/api/v1/imports", who="admin", form=[("kind", "customers")], files=[("file", "c.csv", "text/csv", "编号,姓名,电话\n,李雷,13800138001\n,,x\n".encode())])
        return a.json()

    def ruling_order(self, state="open"):
        """An order with a ruling that is still being written, or one that is sealed."""
        if state == "sealed":
            return self.sql("SELECT o.no FROM ruling r JOIN work_order o ON o.id = r.order_id WHERE r.state = 'sealed' AND o.state <> 'closed' ORDER BY r.id DESC LIMIT 1")
        for row in self.bed.sql("""SELECT o.no FROM work_order o JOIN device d ON d.id = o.device_id WHERE o.state IN ('diagnosed', 'repaired', 'tested', 'arrived', 'engineer_accepted')
                AND NOT EXISTS (SELECT 1 FROM ruling r WHERE r.order_id = o.id AND r.state = 'sealed') ORDER BY o.id DESC"""):
            a = self.bed.ask("POST", f"/api/v1/orders/{row[0]}/ruling", who="admin", body={"finding": "liquid", "cause": "liquid", "part": "mainboard"})
            if a.status < 300:
                return row[0]
        raise LookupError("no order may be ruled on")

    def withdrawn(self):
        """An order whose ruling was taken back: there may be another."""
        no = self.ruling_order("sealed")
        self.made(f"/orders/{no}/ruling/withdraw", {"ver": self.version(f"/orders/{no}/ruling"), "reason": "because"})
        return no

    def proven(self):
        """A ruling with all the evidence its clause asks for; a second opinion is another's."""
        no = self.ruling_order()
        for need in self.get(f"/orders/{no}/ruling")["need"]:
            who = self.second() if need["kind"] == "second-opinion" else "admin"
            self.bed.ask("POST", f"/api/v1/orders/{no}/ruling/evidence", who=who, form=[("kind", need["kind"]), ("words", "220")], files=[("file", "a.png", "image/png", PNG)])
        return no


WEEK = {"zone": "Asia/Shanghai", "mon": "09:00-18:00", "tue": "09:00-18:00"}
# Operations that need more than the first of a list and the required members: address, who, body; or the body alone.
OWN = {
    "post /account": lambda g: ("/account", "quality", {"name": "word", "lang": "zh", "ver": g.get("/account", "quality")["user"]["ver"]}),
    "post /account/password": lambda g: ("/account/password", "finance", {"old": "demo-baoxiu", "password": "a long enough sentence"}),
    "post /account/sessions/{id}/end": lambda g: (g.bed.sign_in("agent") and f"/account/sessions/{g.first('/account', 'sessions', who='agent')['id']}/end", "agent"),
    "post /account/tokens/{id}/end": lambda g: (g.made("/account/tokens", {"name": "to end"}) and f"/account/tokens/{g.first('/account', 'tokens', lambda t: t['name'] == 'to end')['id']}/end",),
    "post /admin/outbox/{id}/retry": lambda g: (f"/admin/outbox/{g.dead_letter()}/retry",),
    "get /account/factor": lambda g: Case("/account/factor", g.factor()[0]),
    "post /account/factor/confirm": lambda g: Case("/account/factor/confirm", (f := g.factor())[0], {"code": code(f[1])}),
    "post /account/factor/codes": lambda g: Case("/account/factor/codes", (f := g.factor(True))[0], {"code": code(f[1])}),
    "post /account/factor/end": lambda g: Case("/account/factor/end", (f := g.factor(True))[0], {"code": code(f[1])}),
    "post /users/{login}/factor/reset": lambda g: (f"/users/{g.factor(True)[0]}/factor/reset",),
    "post /settings/{name}": lambda g: ("/settings/name", "admin", {"value": "word"}),
    "post /calendars": lambda g: {"code": f"c{g.n()}", "name": "word", "name_en": "word", **WEEK},
    "post /calendars/holidays": lambda g: {"text": {"country": "CN", "year": 2031, "off": ["2031-01-01"], "work": []}},
    "post /calendars/{code}/preview": lambda g: {"since": day(30), **WEEK},
    "post /calendars/{code}/withdraw": lambda g: (g.made("/calendars/365x8/versions", {"since": day(60), "ver": g.version("/calendars/365x8"), **WEEK}) and "/calendars/365x8/withdraw", "admin", {"since": day(60)}),
    "post /calendars/{code}/versions": lambda g: {"since": day(30), **WEEK},
    "post /stations": lambda g: {"code": f"N{g.n()}", "name": "word", "kind": "station", "parent": "HQ"},
    "post /stations/{code}": lambda g: ("/stations/ST3301", "admin", {"code": "ST3301", "name": "word", "kind": "station", "ver": g.version("/stations/ST3301")}),
    "post /users": lambda g: {"login": f"user{g.n()}", "name": "word", "role": "agent", "org": "HQ"},
    "post /users/{login}": lambda g: ("/users/quality", "admin", {"name": "word", "active": True, "ver": g.version("/users/quality")}),
    "post /users/{login}/roles": lambda g: ("/users/quality/roles", "admin", {"role": "agent", "org": "HQ"}),
    "post /users/{login}/password": lambda g: ("/users/customer/password",),
    "post /users/{login}/certificates/{id}/remove": lambda g: ("/users/{0}/certificates/{1}/remove".format(*g.bed.sql("SELECT a.login, s.id FROM staff_cert s JOIN account a ON a.id = s.user_id LIMIT 1")[0]),),
    "post /roster": lambda g: ("/roster", "station_head", {"login": "engineer", "on": day(3), "shift": "day"}),
    "put /customers/{no}": lambda g: {"name": "word", "ver": g.version(g.address("/customers/{no}"))},
    "post /customers/{no}/logins": lambda g: {"login": f"guest{g.n()}"},
    "post /customers/{no}/logins/{login}/end": lambda g: ("/customers/{0}/logins/{1}/end".format(*g.bed.sql("SELECT c.no, a.login FROM account a JOIN customer c ON c.id = a.customer_id LIMIT 1")[0]),),
    "post /customers/{no}/merge": lambda g: {"into": g.get("/customers?limit=10")["items"][5]["no"]},
    "post /devices": lambda g: {"serial": f"SN-NEW-{g.n()}", "brand": "Dell", "model": "Latitude 5440"},
    "put /devices/{id}": lambda g: {"serial": f"SN-NEW-{g.n()}", "model": "Latitude 5440", "ver": g.first("/devices")["ver"]},
    "post /verdicts/{id}/goodwill": lambda g: (f"/verdicts/{g.sql('SELECT max(id) FROM verdict WHERE order_id IS NOT NULL')}/goodwill", "admin", {"amount": money(100), "reason": "because", "parts": "free"}),
    "post /devices/{id}/promises": lambda g: {"policy": "pack-36m"},
    "post /devices/{id}/promises/{policy}/remove": lambda g: ("/devices/{0}/promises/{1}/remove".format(*g.bed.sql("SELECT device_id, policy FROM device_promise LIMIT 1")[0]),),
    "post /covered": lambda g: {"serial": "SN-UNKNOWN", "bought_on": day(-100), "kind": "notebook"},
    "post /policies": lambda g: {"body": policy(f"pack-{g.n()}")},
    "post /policies/try": lambda g: {"body": policy("pack-try")},
    "get /policies/{code}/compare": lambda g: ("/policies/cn-sanbao-pc/compare?a=1&b=2",),
    "post /policies/{code}/{version}/end": lambda g: ("/policies/pack-36m/1/end", "admin", {"to": day(300)}),
    "post /services": lambda g: {"code": f"s{g.n()}", "name": "word", "name_en": "word", "calendar": "office"},
    "post /services/{code}": lambda g: {"name": "word", "name_en": "word", "calendar": "office", "ver": g.first("/services")["ver"]},
    "post /services/{code}/bindings": lambda g: {"basis": "brand", "basis_id": 0, "brand": f"Brand {g.n()}"},
    "post /services/{code}/bindings/drop": lambda g: ("/services/{0}/bindings/drop".format(*(b := g.bed.sql(
        "SELECT l.code, b.basis, b.basis_id, l.ver, b.brand FROM service_binding b JOIN service_level l ON l.id = b.level_id WHERE b.basis = 'brand' LIMIT 1")[0])),
        "admin", {"basis": b[1], "basis_id": int(b[2]), "ver": int(b[3]), "brand": b[4]}),
    "post /contracts": lambda g: {"title": "word", "level": "standard", "from_on": day(0), "until_on": day(300), "customer": g.first("/customers")["no"], "whole": True},
    "post /contracts/{no}": lambda g: {"title": "word", "level": "standard", "from_on": day(0), "until_on": day(300), "ver": g.first("/contracts")["ver"]},
    "post /contracts/{no}/cover": lambda g: {"kind": "brand", "what": "Dell"},
    "post /contracts/{no}/cover/drop": lambda g: ("/contracts/{0}/cover/drop".format(*(b := g.bed.sql("SELECT k.no, v.id, k.ver FROM contract_cover v JOIN contract k ON k.id = v.contract_id LIMIT 1")[0])),
                                                  "admin", {"id": int(b[1]), "ver": int(b[2])}),
    "get /account/factor": lambda g: ("/account/factor", factor(g, "storekeeper", False) and "storekeeper"),
    "post /account/factor/confirm": lambda g: ("/account/factor/confirm", "quality", {"code": one_time(factor(g, "quality", False))}),
    "post /account/factor/codes": lambda g: ("/account/factor/codes", "finance", {"code": factor(g, "finance", True)[0]}),
    "post /account/factor/end": lambda g: ("/account/factor/end", "dispatcher", {"code": factor(g, "dispatcher", True)[0]}),
    "post /users/{login}/factor/reset": lambda g: ("/users/agent/factor/reset", factor(g, "agent", True) and "admin", None),
    "post /customers/{no}/erase": lambda g: (f"/customers/{(k := g.bed.ask('POST', '/api/v1/customers', who='admin', body={'name': 'Forget Me'}).json())['no']}/erase", "admin", {"ver": k["ver"], "why": "asked"}),
    "get /files/{id}/{name}": lambda g: (f"/files/{g.file()}/a.png",),
    "post /files/{id}/remove": lambda g: (f"/files/{g.file()}/remove", "admin", {"why": "because"}),
    "post /imports": lambda g: Case("/imports", form=[("kind", "customers")], files=[("file", "c.csv", "text/csv", "编号,姓名\n,李雷\n".encode())]),
    "get /imports/templates/{kind}": lambda g: ("/imports/templates/customers",),
    "get /imports/{id}": lambda g: (f"/imports/{g.imported()['id']}",),
    "post /imports/{id}/events": lambda g: (f"/imports/{(i := g.imported())['id']}/events", "admin", {"event": "try", "ver": i["ver"]}),
    "get /imports/{id}/refused": lambda g: (g.made(f"/imports/{(i := g.imported())['id']}/events", {"event": "try", "ver": i["ver"]}) and f"/imports/{i['id']}/refused",),
    "post /orders": lambda g: {"customer_name": "王芳", "phone": "13800138000", "fault": "no picture", "mode": "remote"},
    "post /orders/check": lambda g: {"customer_name": "王芳", "phone": "13800138000", "fault": "no picture", "mode": "remote"},
    "put /orders/{no}": lambda g: (f"/orders/{(o := g.order_of())['no']}", "admin", {"customer_name": "王芳", "phone": "13800138000", "fault": "no sound", "mode": "onsite", "address": "杭州市西湖区文三路1号", "ver": o["ver"]}),
    "post /orders/{no}/events": lambda g: (f"/orders/{(o := g.order_of({'station': None}))['no']}/events", "admin", {"event": "triage", "advice": "word", "ver": o["ver"]}),
    "post /escalations/{id}/seen": lambda g: Case("/escalations/{0}/seen".format(*(r := g.bed.sql(
        "SELECT e.id, a.login FROM sla_escalation e JOIN account a ON a.id = e.receiver_id WHERE e.seen_at IS NULL AND a.login IN ('station_head', 'regional_manager', 'admin', 'dispatcher') LIMIT 1")[0])), r[1]),
    "get /orders/{no}/papers/{paper}": lambda g: (f"/orders/{g.order()['no']}/papers/receipt",),
    "post /orders/{no}/unlock": lambda g: (f"/orders/{g.order_of({'unlock': '1234', 'data_choice': 'keep'})['no']}/unlock",),
    "get /orders/{no}/ruling": lambda g: (f"/orders/{g.ruling_order()}/ruling",),
    "post /orders/{no}/ruling": lambda g: (f"/orders/{g.withdrawn()}/ruling", "admin", {"finding": "liquid", "cause": "liquid", "part": "mainboard"}),
    "post /orders/{no}/ruling/seal": lambda g: (f"/orders/{(no := g.proven())}/ruling/seal", "admin", {"ver": g.version(f"/orders/{no}/ruling")}),
    "post /orders/{no}/ruling/withdraw": lambda g: (f"/orders/{(no := g.ruling_order('sealed'))}/ruling/withdraw", "admin", {"ver": g.version(f"/orders/{no}/ruling"), "reason": "because"}),
    "post /orders/{no}/ruling/evidence": lambda g: (f"/orders/{g.ruling_order()}/ruling/evidence", "admin", {"kind": "statement", "words": "word"}),
    "get /v/{token}": lambda g: (f"/v/{g.sql('SELECT token FROM ruling WHERE sealed_at IS NOT NULL LIMIT 1')}",),
    "get /stock/serials/{serial}": lambda g: (f"/stock/serials/{g.sql('SELECT serial FROM part_serial LIMIT 1')}",),
    "post /requisitions": lambda g: {"to": "ST3301", "wish": [{"part_no": "SCREW", "qty": 1}], "reason": "because"},
    "post /requisitions/{no}/events": lambda g: (f"/requisitions/{(r := g.asked())['no']}/events", "admin", {"event": "issue", "ver": r["ver"], "piece": [{"part_no": "SCREW", "qty": 1}]}),
    "get /requisitions/{no}/events": lambda g: (f"/requisitions/{g.first('/requisitions')['no']}/events",),
    "get /requisitions/{no}/papers/{paper}": lambda g: (f"/requisitions/{g.first('/requisitions')['no']}/papers/slip",),
    "get /old-parts/papers/{paper}": lambda g: (f"/old-parts/papers/{g.sql('SELECT slip FROM old_part WHERE slip IS NOT NULL LIMIT 1')}",),
    "post /old-parts/events": lambda g: {"event": "take_in", "no": [g.sql("SELECT no FROM old_part WHERE state = 'due' ORDER BY id DESC LIMIT 1")]},
    "post /orders/{no}/parts": lambda g: Case(f"/orders/{(u := g.use())[0]}/parts", u[1], {"part_no": u[2], "no_old": "kept", "reason": "because"}),
    "post /orders/{no}/parts/{id}/undo": lambda g: Case("/orders/{0}/parts/{1}/undo".format(*(u := g.used_part())), u[2], {"reason": "because"}),
    "post /loaners": lambda g: {"code": f"L{g.n()}", "serial": f"SN-LOAN-{g.n()}", "rank": 3, "org": "ST3301", "brand": "Dell", "model": "Latitude 5440"},
    "post /loaners/{code}/retire": lambda g: (f"/loaners/{(r := g.first('/loaners?state=ready'))['code']}/retire", "admin", {"ver": r["ver"], "reason": "because"}),
    "post /loans/{no}/events": lambda g: (f"/loans/{(r := g.first('/loans'))['no']}/events", "admin", {"event": "extend", "due_on": day(20), "reason": "because", "ver": r["ver"]}),
    "get /loans/{no}/papers/{paper}": lambda g: (f"/loans/{g.first('/loans')['no']}/papers/slip",),
    "post /orders/{no}/loaner": lambda g: (f"/orders/{(r := g.loan_order())[0]}/loaner", "admin", {"code": r[1], "due_on": day(10), "condition": "word", "signer": "word", "reason": "because", "signature": SIGNATURE}),
    "post /orders/{no}/loaner/keep": lambda g: (f"/orders/{(r := g.loan_order())[0]}/loaner/keep", "admin", {"code": r[1], "until": day(2)}),
    "post /purchases": lambda g: {"supplier": "word", "warehouse": "ST3301", "wish": [{"part_no": "SCREW", "qty": 5, "price": money(100)}]},
    "get /purchases/{no}": lambda g: (f"/purchases/{g.purchase()['no']}",),
    "post /purchases/{no}/events": lambda g: (f"/purchases/{(r := g.purchase())['no']}/events", "admin", {"event": "receive", "ver": r["ver"], "piece": [{"part_no": "SCREW", "qty": 5}]}),
    "get /stocktakes/{no}": lambda g: (f"/stocktakes/{g.stocktake()['no']}",),
    "post /stocktakes/{no}/events": lambda g: (f"/stocktakes/{(r := g.stocktake())['no']}/events", "admin", {"event": "count", "ver": r["ver"], "line": [{"part_no": "SCREW", "qty": 5}]}),
    "post /stocktakes": lambda g: g.no_stocktake() or {"warehouse": "ST3301"},
    "post /orders/{no}/fees": lambda g: (f"/orders/{g.at_customer()['no']}/fees", "admin", {"kind": "labour", "name": "work", "unit_price": money(5000), "qty": 1, "basis": "paid", "reason": "because"}),
    "post /orders/{no}/fees/{line}/strike": lambda g: (f"/orders/{(f := g.fee())[0]}/fees/{f[1]['id']}/strike", "admin", {"ver": f[1]["ver"], "reason": "because"}),
    "post /orders/{no}/fees/{line}/basis": lambda g: (f"/orders/{(f := g.fee())[0]}/fees/{f[1]['id']}/basis", "admin", {"ver": f[1]["ver"], "basis": "goodwill", "reason": "because"}),
    "get /orders/{no}/fees/{paper}": lambda g: (f"/orders/{g.sql(QUOTED)}/fees/quote",),
    "post /orders/{no}/quotes": lambda g: (f"/orders/{g.fee()[0]}/quotes", "admin", {}),
    "post /orders/{no}/quotes/{quote}/events": lambda g: (f"/orders/{(q := g.quoted())[0]}/quotes/{(one := q[1]['quote'])['no']}/events", "admin",
                                                          {"event": "refuse", "ver": one["ver"], "reason": "because"}),
    "post /orders/{no}/receipts": lambda g: (f"/orders/{g.paid()}/receipts", "admin", {"amount": money(100), "method": "cash"}),
    "post /orders/{no}/waivers": lambda g: (f"/orders/{g.paid()}/waivers", "admin", {"kind": "discount", "amount": money(100), "reason": "because"}),
    "post /orders/{no}/account": lambda g: (f"/orders/{g.paid()}/account", "admin", {"due_on": day(30), "reason": "because"}),
    "get /t/{token}/quote": lambda g: (f"/t/{g.sql(QUOTED_TOKEN)}/quote",),
    "post /t/{token}/quote": lambda g: Case(f"/t/{g.get('/orders/' + (q := g.quoted())[0])['follow_url'].rsplit('/', 1)[1]}/quote", None,
                                            {"event": "refuse", "reason": "because", "ver": q[1]["quote"]["ver"]}),
    "get /t/{token}/quote-paper": lambda g: (f"/t/{g.sql(QUOTED_TOKEN)}/quote-paper",),
    "post /finance/confirm": lambda g: ("/finance/confirm", "admin", {"on": day(-300)}),
    "post /periods": lambda g: {"until": day(g.n() - 1200)},
    "post /periods/{id}/reopen": lambda g: (g.made("/periods", {"until": day(g.n() - 1200)}) and f"/periods/{g.first('/periods')['id']}/reopen", "admin", {"reason": "because"}),
    "post /receipts/{no}/events": lambda g: (f"/receipts/{(r := g.first('/receipts', suits=lambda x: x['state'] == 'taken'))['no']}/events", g.second(), {"event": "countersign", "ver": r["ver"], "receipt_no": f"NO{g.n()}"}),
    "post /receipts/{no}/invoice": lambda g: (f"/receipts/{g.sql(UNBILLED)}/invoice", "admin", {"title": "word", "tax_no": "91330000MA27XXXX0X"}),
    "post /invoices/{id}/number": lambda g: (g.made(f"/receipts/{g.sql(UNBILLED)}/invoice", {"title": "word"}) and
                                             f"/invoices/{(i := g.first('/invoices'))['id']}/number", "admin", {"number": "123", "ver": i["ver"]}),
    "post /handins": lambda g: {"level": "station", "station": g.sql(CASHED)},
    "post /handins/{no}/events": lambda g: (f"/handins/{(r := g.first('/handins?limit=200', suits=lambda x: x['state'] == 'counted' and x['level'] == 'station'))['no']}/events", "finance",
                                            {"event": "confirm", "ver": r["ver"]}),
    "post /waivers/{no}/events": lambda g: (f"/waivers/{(w := g.waiver())['no']}/events", "finance", {"event": "note", "ver": w["ver"]}),
    "get /waivers/{no}/paper": lambda g: (f"/waivers/{g.waiver()['no']}/paper",),
    "post /prices": lambda g: {"code": f"P{g.n()}", "name": "word", "valid_from": day(30)},
    "post /prices/{code}/{version}/items": lambda g: {"kind": "labour", "code": f"I{g.n()}", "name_zh": "字", "unit_price": money(100)},
    "post /prices/{code}/{version}/items/{item}/drop": lambda g: ("/prices/{0}/{1}/items/{2}/drop".format(*g.bed.sql(
        "SELECT l.code, l.version, i.id FROM price_item i JOIN price_list l ON l.id = i.list_id WHERE l.state = 'draft' LIMIT 1")[0]),),
    "post /prices/{code}/{version}/events": lambda g: (f"/prices/{(p := g.made('/prices', {'code': f'P{g.n()}', 'name': 'word', 'valid_from': day(30), 'copy_of': 'STD'}))['code']}/1/events", "admin",
                                                       {"event": "publish", "ver": p["ver"]}),
    "post /callbacks/{id}": lambda g: {"reached": True, "satisfaction": 5},
    "get /orders/{no}/exchange": lambda g: (f"/orders/{g.exchanged()[0]}/exchange",),
    "post /orders/{no}/exchange": lambda g: Case(f"/orders/{(x := g.exchanged(False))[0]}/exchange", x[1], g.unit()),
    "post /orders/{no}/exchange/old-unit": lambda g: Case(f"/orders/{(x := g.exchanged())[0]}/exchange/old-unit", x[1], {"ver": g.get(f"/orders/{x[0]}/exchange")["ver"], "fate": "maker"}),
    "post /notices/{id}/again": lambda g: (f"/notices/{g.notice('given_up')[1]}/again",),
    "post /notices/{id}/drop": lambda g: (f"/notices/{g.notice('waiting')[1]}/drop",),
    "post /notices/texts/{name}": lambda g: (f"/notices/texts/{g.first('/notices/texts')['name']}", "admin", {"on": True}),
    "post /orders/{no}/notices/{id}/undo": lambda g: ("/orders/{0}/notices/{1}/undo".format(*g.notice("waiting")),),
    "post /hooks": lambda g: {"url": "https://example.com/hook", "events": "*", "secret": "a secret of some length"},
    "post /hooks/{id}": lambda g: (f"/hooks/{(h := g.hook())['id']}", "admin", {"url": "https://example.com/hook", "events": "*", "ver": h["ver"]}),
    "post /hooks/{id}/remove": lambda g: (f"/hooks/{g.hook()['id']}/remove",),
    "post /report": lambda g: Case("/report", None, {"fault": "no picture", "name": "王芳", "phone": "13800138000"}),
    "post /follow": lambda g: Case("/follow", None, {"no": (o := g.order_of())["no"], "phone": o["phone"]}),
    "get /t/{token}/files/{id}": lambda g: Case(g.photo(), None),
    "get /v/{token}/paper": lambda g: (f"/v/{g.sql('SELECT token FROM ruling WHERE sealed_at IS NOT NULL LIMIT 1')}/paper",),
    "get /t/{token}": lambda g: (g.follow("registered"), None),
    "post /t/{token}/events": lambda g: Case(g.follow("handed_over") + "/events", None, {"event": "confirm", "ver": g.version(g.follow("handed_over"))}),
    "get /my": lambda g: ("/my", "customer"),
    "get /day": lambda g: ("/day", "engineer"),
}
def one_time(key):
    mac = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def factor(g, who, on):
    """Begins to set up somebody's second step: its key; on: switches it on, the recovery codes."""
    g.bed.ask("POST", f"/api/v1/users/{who}/factor/reset", who="admin")
    key = g.bed.ask("POST", "/api/v1/account/factor", who=who).json()["secret"]
    return [c["code"] for c in g.bed.ask("POST", "/api/v1/account/factor/confirm", who=who, body={"code": one_time(key)}).json()["items"]] if on else key


SIGNATURE = base64.b64encode(PNG).decode()
QUOTED = "SELECT o.no FROM quote q JOIN work_order o ON o.id = q.order_id ORDER BY q.id LIMIT 1"
QUOTED_TOKEN = "SELECT o.follow_token FROM quote q JOIN work_order o ON o.id = q.order_id ORDER BY q.id LIMIT 1"
CASHED = """SELECT o.code FROM handin h JOIN org o ON o.id = h.org_id WHERE h.level = 'engineer' AND h.state = 'counted'
    AND NOT EXISTS (SELECT 1 FROM handin s WHERE s.org_id = h.org_id AND s.level = 'station' AND s.state = 'submitted') ORDER BY h.id DESC LIMIT 1"""
UNBILLED = "SELECT no FROM receipt r WHERE NOT EXISTS (SELECT 1 FROM invoice i WHERE i.receipt_id = r.id) AND state = 'countersigned' ORDER BY id DESC LIMIT 1"
