#!/usr/bin/env python3
"""Hostile and slow clients against a running baoxiu: every case states the answer's status, or that the connection is closed without one.

torture.py BAOXIU [quick]     starts its own server on a free port; exit code 1 when a case differs."""
import os
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

CLOSED = 0
HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


class Server:
    def __init__(self, program):
        self.dir = tempfile.mkdtemp(prefix="http-torture-")
        self.process = subprocess.Popen([program, "serve", "--data", self.dir, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        self.port = int(re.search(r":(\d+)$", line.strip()).group(1))

    def open(self):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=15)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def stop(self):
        begun = time.time()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        left = os.listdir(os.path.join(self.dir, "tmp"))
        shutil.rmtree(self.dir)
        return code, time.time() - begun, left


def read_all(s, seconds=15):
    data = b""
    end = time.time() + seconds
    while time.time() < end:
        try:
            s.settimeout(max(0.1, end - time.time()))
            piece = s.recv(65536)
        except (ConnectionResetError, socket.timeout):
            break
        if not piece:
            break
        data += piece
    return data


def statuses(data):
    return [int(m) for m in re.findall(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\nDate", data)]


def ask(server, raw, ends=False, seconds=15):
    """Statuses of all answers until the server closes; `Connection: close` in the last request keeps this short.
    ends: the client says that nothing more comes (the library may take that for a departure, so only where it belongs to the case)."""
    s = server.open()
    try:
        s.sendall(raw)
        if ends:
            s.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError, OSError):
        pass
    data = read_all(s, seconds)
    s.close()
    return statuses(data)


def multipart(body, boundary=b"b"):
    return (b"POST /nothing HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Type: multipart/form-data; boundary=" + boundary
            + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def get(path=b"/healthz", more=b"", version=b"HTTP/1.1"):
    return b"GET " + path + b" " + version + b"\r\n" + HOST + b"Connection: close\r\n" + more + b"\r\n"


def post(more, body=b""):
    return b"POST /nothing HTTP/1.1\r\n" + HOST + b"Connection: close\r\n" + more + b"\r\n" + body


JSON = b"Content-Type: application/json\r\n"
FIELDS = b"&".join(b"f%d=1" % i for i in range(10000))
LONG = b"login=" + b"x" * 900000 + b"&password=x"
KEYS = b"{" + b",".join(b'"k%d":1' % i for i in range(50000)) + b"}"

CASES = [
    ("plain", get(), [200]),
    ("head", get().replace(b"GET", b"HEAD"), [200]),
    ("not found", get(b"/nothing"), [404]),
    ("no host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", [400]),
    ("two hosts", get(more=b"Host: other\r\n"), [400]),
    ("bad host", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", [400]),
    ("host with markup", b"GET / HTTP/1.1\r\nHost: <x>\r\n\r\n", [400]),
    ("lengths differ", post(FORM + b"Content-Length: 3\r\nContent-Length: 4\r\n", b"a=b"), [400]),
    ("lengths twice the same", post(FORM + b"Content-Length: 3\r\nContent-Length: 3\r\n", b"a=b"), [400]),
    ("length list", post(FORM + b"Content-Length: 3, 3\r\n", b"a=b"), [400]),
    ("length with sign", post(FORM + b"Content-Length: +3\r\n", b"a=b"), [400]),
    ("length negative", post(FORM + b"Content-Length: -1\r\n", b"a=b"), [400]),
    ("length hexadecimal", post(FORM + b"Content-Length: 0x3\r\n", b"a=b"), [400]),
    ("length of 30 digits", post(FORM + b"Content-Length: " + b"9" * 30 + b"\r\n"), [413, 400]),
    ("length and chunked", post(FORM + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), [400]),
    ("chunked and length", post(FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"0\r\n\r\n"), [400]),
    ("chunked twice", post(FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), [400]),
    ("coding unknown", post(FORM + b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"), [400]),
    ("coding with tab name", post(FORM + b"Transfer-Encoding\t: chunked\r\n", b"0\r\n\r\n"), [400]),
    ("chunk size garbage", post(FORM + b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"), [CLOSED, 400]),
    ("chunk size huge", post(FORM + b"Transfer-Encoding: chunked\r\n", b"FFFFFFFFFFFFFFFFFF\r\n"), [CLOSED, 400, 413]),
    ("chunked well", post(FORM + b"Transfer-Encoding: chunked\r\n", b"3\r\na=b\r\n0\r\n\r\n"), [404]),
    ("blank before colon", post(FORM + b"Content-Length : 3\r\n", b"a=b"), [400]),
    ("header name blank", get(more=b"a b: c\r\n"), [400]),
    ("header name markup", get(more=b"a(b): c\r\n"), [400]),
    ("header value control", get(more=b"X: a\x01b\r\n"), [400]),
    ("header value bad utf-8", get(more=b"X: \xff\xfe\r\n"), [400]),
    ("folded header", get(more=b"X: a\r\n b\r\n"), [400]),
    ("folded with tab", get(more=b"X: a\r\n\tb\r\n"), [400]),
    ("folded length", post(FORM + b"Content-Length: 1\r\n 3\r\n", b"a=b"), [400]),
    ("folded coding", post(FORM + b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n"), [400]),
    ("folded after many", get(more=b"".join(b"X%d: y\r\n" % i for i in range(50)) + b"Y:\r\n z\r\n"), [400]),
    ("blanks around values", get(more=b"X:a\r\nY:   b  \r\nZ:\r\nW: \t c\r\n"), [200]),
    ("folded into the request line", b"GET / HTTP/1.1\r\n Host: x\r\nHost: y\r\n\r\n", [400]),
    ("header without colon", get(more=b"novalue\r\n"), [400, CLOSED]),
    ("method garbage", b"G(T / HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    ("method unknown", b"BREW /healthz HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", [404, 405]),
    ("uri absolute", get(b"http://localhost/healthz"), [400]),
    ("uri control", get(b"/\x01"), [400]),
    ("uri bad escape", get(b"/nothing/%zz"), [404, 400]),
    ("uri with nul escape", get(b"/nothing/%00"), [404, 400]),
    ("uri climbing", get(b"/assets/../../etc/passwd"), [404]),
    ("uri climbing escaped", get(b"/assets/%2e%2e%2f%2e%2e%2fetc/passwd"), [404]),
    ("uri in Chinese", get("/stations?q=杭州".encode()), [200]),
    ("uri broken utf-8", get(b"/stations?q=\xe6\x9d"), [400]),
    ("uri turning letters round", get("/stations?q=\u202e".encode()), [400]),
    ("uri long", get(b"/" + b"a" * 30000), [414, 431, 400]),
    ("version unknown", get(version=b"HTTP/3.7"), [505, 400, 200]),
    ("no version", b"GET /healthz\r\n\r\n", [400, CLOSED, 505]),
    ("header of 20 KB", get(more=b"X: " + b"a" * 20000 + b"\r\n"), [431]),
    ("100 headers", get(more=b"".join(b"X%d: y\r\n" % i for i in range(100))), [431]),
    ("body of 10 GB announced", post(FORM + b"Content-Length: 10000000000\r\n"), [413]),
    ("10,000 fields", post(FORM + b"Content-Length: %d\r\n" % len(FIELDS), FIELDS).replace(b"/nothing", b"/login"), [413]),
    ("10,000 parts", multipart(b"".join(b'--b\r\nContent-Disposition: form-data; name="x%d"\r\n\r\nv\r\n' % i for i in range(10000)) + b"--b--\r\n").replace(b"/nothing", b"/login"), [413]),
    ("field of 900 KB", post(FORM + b"Content-Length: %d\r\n" % len(LONG), LONG).replace(b"/nothing", b"/login"), [422]),
    ("JSON 100,000 deep", post(JSON + b"Content-Length: 200000\r\n", b"[" * 100000 + b"]" * 100000).replace(b"/nothing", b"/api/v1/report"), [400]),
    ("JSON of 50,000 keys", post(JSON + b"Content-Length: %d\r\n" % len(KEYS), KEYS).replace(b"/nothing", b"/api/v1/report"), [422]),
    ("HTTP/1.0", get(version=b"HTTP/1.0"), [200]),
    ("HTTP/1.0 page", get(b"/login", version=b"HTTP/1.0"), [200]),
    ("method not for the health", get().replace(b"GET", b"DELETE"), [405]),
    ("method not for the description", get(b"/api/v1/openapi.json").replace(b"GET", b"OPTIONS"), [405]),
    ("TRACE", get(b"/login").replace(b"GET", b"TRACE"), [405]),
    ("range of a page", get(b"/login", b"Range: bytes=0-3\r\n"), [200]),
    ("gzip refused", get(b"/login", b"Accept-Encoding: gzip;q=0, identity\r\n"), [200]),
    ("body over the limit", post(FORM + b"Content-Length: 2000000\r\n", b"a" * 2000000), [413]),
    ("chunked over the limit", post(FORM + b"Transfer-Encoding: chunked\r\n", b"".join(b"10000\r\n" + b"a" * 65536 + b"\r\n" for _ in range(40)) + b"0\r\n\r\n"), [CLOSED]),
    ("body shorter than announced", post(FORM + b"Content-Length: 100\r\n", b"a=b"), [CLOSED]),
    ("garbage", bytes(random.Random(7).randrange(256) for _ in range(4000)), [400, CLOSED, 505, 431]),
    ("nothing", b"", [CLOSED]),
    ("only line ends", b"\r\n" * 50, [CLOSED, 400]),
    ("tls hello", bytes.fromhex("16030100a5010000a10303") + b"\0" * 160, [400, CLOSED]),
    ("http/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505, CLOSED]),
    ("expect continue", post(FORM + b"Expect: 100-continue\r\nContent-Length: 3\r\n", b"a=b"), [404]),
    ("multipart good", multipart(b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nv\r\n--b--\r\n'), [404]),
    ("multipart endless head", multipart(b"--b\r\n" + b"A: b\r\n" * 3000), [404, CLOSED]),
]


def check(failures, name, got, want):
    ok = (not got and CLOSED in want) or (got and all(s in want for s in got))
    if not ok:
        failures.append(f"{name}: got {got or 'closed'}, expected {want}")


def smuggled(server, failures):
    """After a refused request nothing of its body may be taken for a request."""
    inner = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for name, head in (("te.cl", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), ("cl.cl", b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(inner))):
        got = ask(server, b"POST /nothing HTTP/1.1\r\n" + HOST + head + b"\r\n0\r\n\r\n" + inner)
        check(failures, f"smuggling {name}", got, [400])
        if len(got) != 1:
            failures.append(f"smuggling {name}: {len(got)} answers")


def pipelined(server, failures):
    n = 50
    got = ask(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * (n - 1) + get())
    if got != [200] * n:
        failures.append(f"pipelining: {len(got)} answers of {n}")


def split(server, failures):
    """A request in single bytes is a request."""
    s = server.open()
    for i in range(len(get())):
        s.sendall(get()[i:i + 1])
        if i % 16 == 0:
            time.sleep(0.001)
    check(failures, "single bytes", statuses(read_all(s)), [200])
    s.close()


def idle(server, failures):
    """Hundreds of clients that say nothing, or are half through a request, are in nobody's way."""
    lines = [server.open() for _ in range(600)]
    for i, s in enumerate(lines):
        if i % 2:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
    begun = time.time()
    for _ in range(20):
        check(failures, "served beside idle ones", ask(server, get(b"/login")), [200])
    if time.time() - begun > 5:
        failures.append(f"served beside idle ones: {time.time() - begun:.1f} s for 20 pages")
    for s in lines:
        s.close()


def heads(server, failures):
    """What answers say of themselves."""
    def head(raw, name):
        s = server.open()
        s.sendall(raw)
        data = read_all(s)
        s.close()
        found = re.search(rb"\r\n" + name + rb": ([^\r]*)", data.split(b"\r\n\r\n")[0])
        return found[1].decode() if found else None

    for what, raw, name, want in (
            ("what the health allows", get().replace(b"GET", b"POST"), b"Allow", "GET, HEAD"),
            ("what a page allows", get(b"/login").replace(b"GET", b"DELETE"), b"Allow", "GET, HEAD, POST"),
            ("packed from afar", get(b"/login", b"Accept-Encoding: gzip\r\nX-Forwarded-For: 203.0.113.9\r\n"), b"Content-Encoding", "gzip"),
            ("not packed when refused", get(b"/login", b"Accept-Encoding: gzip;q=0\r\nX-Forwarded-For: 203.0.113.9\r\n"), b"Content-Encoding", None),
            ("not packed on the own machine", get(b"/login", b"Accept-Encoding: gzip\r\n"), b"Content-Encoding", None),
    ):
        got = head(raw, name)
        if got != want:
            failures.append(f"{what}: {name.decode()} is {got!r}, expected {want!r}")
    if "Accept-Encoding" not in (head(get(b"/login"), b"Vary") or ""):
        failures.append("a page does not say that it varies by Accept-Encoding")
    length = head(get(b"/login").replace(b"GET", b"HEAD"), b"Content-Length")
    if not length or int(length) < 1000:
        failures.append(f"HEAD of a page tells {length} bytes")


def aborted(server, failures):
    """Clients that leave in the middle of everything."""
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n' + b"x" * 300000
    head = b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n"
    for i in range(200):
        s = server.open()
        data = (head + body)[: (i * 1511) % (len(head) + len(body))] if i % 2 else get(b"/nothing")
        s.sendall(data)
        if i % 3 == 0:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close()
    check(failures, "alive after aborts", ask(server, get()), [200])


def slow(server, failures, seconds):
    """Dribbling clients are gone after the deadline; others are served meanwhile."""
    lines = []
    for i in range(50):
        s = server.open()
        s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" if i % 2 else b"POST /nothing HTTP/1.1\r\n")
        lines.append(s)
    end, alive = time.time() + seconds, lines
    while time.time() < end and alive:
        begun = time.time()
        check(failures, "served beside slow ones", ask(server, get()), [200])
        if time.time() - begun > 2:
            failures.append("served beside slow ones: slowly")
        time.sleep(1)
        for s in alive:
            try:
                s.sendall(b"X: y\r\n")
            except OSError:
                pass
        closed, _, _ = select.select(alive, [], [], 0)
        alive = [s for s in alive if s not in closed]
    if alive:
        failures.append(f"slow clients: {len(alive)} of 50 outlive the deadline")
    for s in lines:
        s.close()


def many(server, failures):
    quick = [case for case in CASES if case[0] not in ("body shorter than announced", "garbage")]

    def work(k):
        rng = random.Random(k)
        for _ in range(40):
            name, raw, want = rng.choice(quick)
            check(failures, name + " (at once)", ask(server, raw, CLOSED in want), want)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def main():
    program, quick = sys.argv[1], "quick" in sys.argv[2:]
    server, failures = Server(program), []
    for name, raw, want in CASES:
        check(failures, name, ask(server, raw, CLOSED in want), want)
    smuggled(server, failures)
    pipelined(server, failures)
    split(server, failures)
    heads(server, failures)
    idle(server, failures)
    aborted(server, failures)
    many(server, failures)
    if not quick:
        slow(server, failures, 16)
    if server.process.poll() is not None:
        failures.append(f"the server died: {server.process.stderr.read().decode()[-2000:]}")
    code, seconds, left = server.stop()
    if code or seconds > 3:
        failures.append(f"stop: code {code} after {seconds:.1f} s")
    if left:
        failures.append(f"temporary files left: {left}")
    for f in failures:
        print("torture_http:", f)
    print(f"torture_http: {len(CASES)} cases, {len(failures)} differences")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
