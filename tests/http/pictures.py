"""Pictures at the door: pictures.py PROGRAM FOLDER

What a picture tells of place and person is gone before it is kept; broken ones and bombs are refused by the field's name; a small one is handed out."""
import json, os, re, struct, subprocess, sys, urllib.error, urllib.request, zlib

program, folder = sys.argv[1:3]
place = ["--data", folder]
passed = failed = 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", what)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(w, h, rows=None, extra=b""):
    data = zlib.compress(b"".join(b"\0" + b"\xc0\x10\x20" * w for _ in range(h if rows is None else rows)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def ask(method, path, fields=(), files=(), accept="application/json"):
    line = "----pictures"
    body = b"".join(f'--{line}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields)
    body += b"".join(f'--{line}\r\nContent-Disposition: form-data; name="{k}"; filename="{n}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + d + b"\r\n" for k, n, d in files)
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body + f"--{line}--\r\n".encode() if method == "POST" else None,
        {"Accept": accept, "Content-Type": f"multipart/form-data; boundary={line}", "X-Forwarded-For": "10.0.0.1"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as a:
            return a.status, a.headers, a.read()
    except urllib.error.HTTPError as e:
        return e.code, e.headers, e.read()


def report(name, data):
    fields = [("name", "王"), ("phone", "13800138000"), ("brand", "Acer"), ("model", "Swift"), ("fault", "黑屏"), ("mode", "carry_in")]
    status, head, body = ask("POST", "/api/v1/report", fields, [("photos", name, data)])
    return status, json.loads(body or b"{}"), head


os.makedirs(folder, exist_ok=True)
subprocess.run([program, "user", "add", "boss", "--role", "admin", *place], check=True, stdout=subprocess.DEVNULL)
server = subprocess.Popen([program, "serve", *place, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
port = int(re.search(r":(\d+)$", server.stdout.readline()).group(1))
try:
    subprocess.run([program, "token", "add", "boss", *place], check=True, stdout=subprocess.DEVNULL)
    token = subprocess.run([program, "token", "add", "boss", *place], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    hq = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/stations", json.dumps({"kind": "hq", "code": "HQ", "name": "总部", "active": True}).encode(),
        {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    urllib.request.urlopen(hq).read()
    tells = chunk(b"tEXt", b"Author\0SECRET NAME") + chunk(b"eXIf", b"MM\0*SECRET PLACE")
    status, said, head = report("a.png", png(1600, 900, extra=tells) + b"SECRET TAIL")
    check(f"a picture is taken: {status} {said}", status == 201)
    at = head["Location"] if head["Location"].startswith("/api") else "/api/v1" + head["Location"]
    page = ask("GET", at.replace("/api/v1", ""), accept="text/html")[2].decode()
    big = re.search(r'href="(/t/[^"]+/files/\d+)"', page).group(1)
    small = re.search(r'src="(/t/[^"]+/files/\d+\?thumb=1)"', page)
    check("the page shows the small one and leads to the big one", small)
    status, head, body = ask("GET", big, accept="*/*")
    check("the big one tells nothing", status == 200 and head["Content-Type"] == "image/png" and b"SECRET" not in body and body == png(1600, 900))
    status, head, body = ask("GET", small.group(1), accept="*/*")
    check("the small one is small", status == 200 and head["Content-Type"] == "image/jpeg" and body[:2] == b"\xff\xd8" and len(body) < 20000)
    kept = [os.path.join(d, f) for d, _, fs in os.walk(folder + "/files") for f in fs]
    check("nothing of it is on the disk", kept and not any(b"SECRET" in open(f, "rb").read() for f in kept))
    bad = {"cut.png": png(1600, 900)[:2000], "short.png": png(100, 100, rows=50), "bomb.png": png(30000, 30000, rows=3), "noise.png": png(50, 50)[:45] + b"\0\1\2\3" * 40,
        "cut.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"}
    for name, data in bad.items():
        status, said, _ = report(name, data)
        check(f"{name} is refused by its field: {status} {said}", status == 422 and "photos" in json.dumps(said) and name in json.dumps(said, ensure_ascii=False))
    kept_now = [f for d, _, fs in os.walk(folder + "/files") for f in fs]
    check("what was refused is not kept", len(kept_now) == len(kept))
finally:
    server.kill()
    server.wait()
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
