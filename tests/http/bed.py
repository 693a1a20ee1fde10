"""A running baoxiu with a small service network: what the tests over HTTP start from.

    with Bed() as bed:
        bed.ask("GET", "/api/v1/orders", who="agent").json()

HQ — regions EAST (stations HZ1, HZ2) and WEST (station XA1). People carry the name of their role; those of the second station end in 2, of the west in 3.
The database is SQLite in a directory of its own, or the PostgreSQL at $TEST_PG_URL, which is emptied."""
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("BAOXIU") or os.path.join(os.environ.get("BUILD") or os.path.join(ROOT, "build"), "baoxiu")
DIVISIONS = """code,name,parent,lat,lon
330000,浙江省,,30.27,120.15
330100,杭州市,330000,30.27,120.15
610000,陕西省,,34.27,108.95
610100,西安市,610000,34.27,108.95
"""
STATIONS = """code,parent,kind,name,name_en,address,phone,lat,lon,areas,brands,capacity
HQ,,hq,总部呼叫中心,Headquarters,北京市海淀区中关村大街1号,400-000-0000,39.98,116.31,,,
EAST,HQ,region,华东大区,East,杭州市西湖区文三路2号,0571-88880000,30.27,120.13,,,
WEST,HQ,region,西北大区,Northwest,西安市雁塔区科技路3号,029-88880000,34.22,108.95,,,
HZ1,EAST,station,杭州一站,Hangzhou 1,杭州市西湖区文三路20号,0571-88880001,30.28,120.13,3301,,10
HZ2,EAST,station,杭州二站,Hangzhou 2,杭州市滨江区江南大道9号,0571-88880002,30.20,120.21,3301,,10
XA1,WEST,station,西安站,Xi'an,西安市雁塔区科技路30号,029-88880001,34.23,108.95,6101,,10
"""
PEOPLE = [
    ("admin", "admin", "HQ"), ("agent", "agent", "HQ"), ("dispatcher", "dispatcher", "EAST"), ("engineer", "engineer", "HZ1"), ("mate", "engineer", "HZ1"),
    ("engineer2", "engineer", "HZ2"), ("engineer3", "engineer", "XA1"), ("storekeeper", "storekeeper", "HZ1"), ("station_head", "station_head", "HZ1"),
    ("station_head3", "station_head", "XA1"), ("regional_manager", "regional_manager", "EAST"), ("quality", "quality", "HQ"), ("finance", "finance", "HQ"),
    ("customer", "customer", "HQ"), ("customer2", "customer", "HQ"),
]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")


class Answer:
    def __init__(self, status, heads, body):
        self.status, self.heads, self.body = status, heads, body
        self.text = body.decode("utf-8", "replace")

    def head(self, name):
        return ", ".join(v for k, v in self.heads if k.lower() == name.lower())

    def json(self):
        return json.loads(self.body)


def multipart(fields, files):
    """Fields as pairs; files as (field, name, type, bytes)."""
    edge = "edge-of-a-part"
    out = b""
    for name, value in fields:
        out += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for field, name, kind, data in files:
        out += f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode() + data + b"\r\n"
    return f"multipart/form-data; boundary={edge}", out + f"--{edge}--\r\n".encode()


class Bed:
    """people: logins, roles and places; DEMO: the service network of `baoxiu demo`, one person of each role."""
    DEMO = [(role, role, None) for role in ("admin", "agent", "dispatcher", "engineer", "storekeeper", "station_head", "regional_manager", "quality", "finance", "customer")]

    def __init__(self, people=PEOPLE):
        self.dir = tempfile.mkdtemp(prefix="bed-", dir=os.environ.get("TMPDIR") or None)
        self.url = os.environ.get("TEST_PG_URL") or "sqlite:" + os.path.join(self.dir, "baoxiu.db")
        self.tokens, self.passwords, self.sessions, self.remote = {}, {}, {}, 0
        try:
            self.build(people)
            self.start()
        except BaseException:
            shutil.rmtree(self.dir)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.dir)

    # ---- commands and database ----

    def run(self, *args, input=None, code=0, bare=False):
        """bare: a command that needs no database."""
        done = subprocess.run([PROGRAM, *args, *([] if bare else ["--db", self.url, "--data", self.dir])], input=input, capture_output=True, text=True, timeout=300)
        if code is not None and done.returncode != code:
            raise AssertionError(f"baoxiu {' '.join(args)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def file(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return path

    def sql(self, text):
        """For what takes days in the world: shifts the past."""
        if self.url.startswith("sqlite:"):
            with sqlite3.connect(self.url[7:], timeout=20) as db:
                rows = db.execute(text).fetchall()
            db.close()
            return rows
        out = subprocess.run(["psql", "-qAtX", "-F", "\x1f", self.url, "-c", text], capture_output=True, text=True, check=True).stdout
        return [tuple(line.split("\x1f")) for line in out.splitlines()]

    def build(self, people):
        if not self.url.startswith("sqlite:"):
            self.sql("SET client_min_messages = error; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public")
        if people is self.DEMO:
            self.run("demo")
            self.passwords = {login: "demo-baoxiu" for login, _, _ in people}
            self.tokens = {login: self.run("token", "add", login).stdout.strip() for login, _, _ in people}
            return
        self.run("import", "divisions", self.file("divisions.csv", DIVISIONS))
        self.run("import", "stations", self.file("stations.csv", STATIONS))
        for login, role, org in people:
            told = self.run("user", "add", login, "--role", role, "--org", org).stdout
            self.passwords[login] = re.search(r"password: (\S+)", told)[1]
            self.tokens[login] = self.run("token", "add", login).stdout.strip()

    # ---- server ----

    def start(self):
        self.server = subprocess.Popen([PROGRAM, "serve", "--db", self.url, "--data", self.dir, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=open(os.path.join(self.dir, "log"), "ab"))
        line = self.server.stdout.readline().decode()
        found = re.search(r":(\d+)$", line.strip())
        if not found:
            raise AssertionError("the server does not start: " + open(os.path.join(self.dir, "log")).read())
        self.port = int(found[1])
        self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def stop(self):
        self.link.close()
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        self.server.stdout.close()

    def alive(self):
        return self.server.poll() is None

    def log(self):
        with open(os.path.join(self.dir, "log"), errors="replace") as f:
            return f.read()

    # ---- requests ----

    def raw(self, method, path, body=b"", heads=()):
        """One request; path may hold any bytes."""
        for attempt in (1, 2):
            try:
                self.link.putrequest("X", "/", skip_host=True, skip_accept_encoding=True)
                self.link._buffer[0] = method.encode() + b" " + (path if isinstance(path, bytes) else path.encode()) + b" HTTP/1.1"
                for name, value in [("Host", f"127.0.0.1:{self.port}"), *heads]:
                    self.link.putheader(name, value if isinstance(value, bytes) else value.encode())
                if body or method not in ("GET", "HEAD"):
                    self.link.putheader("Content-Length", str(len(body)))
                self.link._method = method
                self.link.endheaders(body)
                got = self.link.getresponse()
                return Answer(got.status, got.getheaders(), got.read())
            except (http.client.HTTPException, ConnectionError, OSError):
                self.link.close()
                if attempt == 2 or not self.alive():
                    raise

    def stranger(self):
        """An address nobody came from yet: strict rate limits count by address."""
        self.remote += 1
        return f"10.{self.remote >> 16 & 255}.{self.remote >> 8 & 255}.{self.remote & 255}"

    def ask(self, method, path, who=None, body=None, form=None, files=None, heads=(), accept=None):
        """who: by their token, as a program. body: JSON value or bytes; form: pairs."""
        heads = list(heads)
        names = {k.lower() for k, _ in heads}
        if who:
            heads.append(("Authorization", "Bearer " + self.tokens[who]))
        if accept:
            heads.append(("Accept", accept))
        if "x-forwarded-for" not in names:
            heads.append(("X-Forwarded-For", self.stranger()))
        data = b""
        if files is not None:
            kind, data = multipart(form or [], files)
        elif form is not None:
            kind, data = "application/x-www-form-urlencoded", urllib.parse.urlencode(form).encode()
        elif body is not None:
            kind, data = "application/json", body if isinstance(body, bytes) else json.dumps(body).encode()
        if data and "content-type" not in names:
            heads.append(("Content-Type", kind))
        return self.raw(method, path, data, heads)

    # ---- a person at a browser ----

    def sign_in(self, login):
        if login in self.sessions:
            return self.sessions[login]
        got = self.ask("POST", "/login", form=[("login", login), ("password", self.passwords[login])])
        cookie = re.search(r"bx_session=([^;]+)", got.head("Set-Cookie"))
        if got.status != 303 or not cookie:
            raise AssertionError(f"{login} cannot sign in: {got.status} {got.text[:300]}")
        self.sessions[login] = {"cookie": f"bx_session={cookie[1]}", "csrf": ""}
        page = self.browse(login, "GET", "/account")
        self.sessions[login]["csrf"] = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
        return self.sessions[login]

    def browse(self, login, method, path, form=None, files=None, heads=(), lang="en"):
        """A page as the person's browser asks for it; forms carry the token of their page unless they name one."""
        session = self.sign_in(login) if login else {"cookie": "", "csrf": ""}
        if method == "POST":
            form = list(form or [])
            if session["csrf"] and not any(k == "_csrf" for k, _ in form):
                form.append(("_csrf", session["csrf"]))
        cookie = "; ".join(c for c in (session["cookie"], f"bx_lang={lang}") if c)
        return self.ask(method, path, form=form, files=files, heads=[("Cookie", cookie), *heads], accept="text/html")


def main_guard(run):
    """Runs the tests on a bed and closes with the line that ./check counts."""
    passed, failed = run()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
