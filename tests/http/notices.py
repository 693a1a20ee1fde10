"""What leaves the house: notices.py PROGRAM FOLDER [PG_URL]

A mail server and a gateway on the loopback write down exactly what arrives, and accept, refuse, fail, hang or cut off as told."""
import base64, email, email.policy, hashlib, hmac, json, os, re, signal, socketserver, sqlite3, subprocess, sys, threading, time, urllib.error, urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

program, folder, url = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
place = ["--data", folder] + (["--db", url] if url else [])
passed, failed, running = 0, 0, {}
MANY = 40


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", what)


# ---- the world outside ----

class Mail(socketserver.StreamRequestHandler):
    """One session; `how` says what to do: ok, 451 or 550 to RCPT, 554 after DATA, cut (hangs up in DATA), hang."""
    how, got, logins = "ok", [], []

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 fake")
        sender, to = None, []
        while line := self.rfile.readline():
            verb = line.decode().strip()
            if verb.startswith("EHLO"):
                self.say("250-fake\r\n250 AUTH PLAIN")
            elif verb.startswith("AUTH PLAIN"):
                self.say("334 ")
                Mail.logins.append(base64.b64decode(self.rfile.readline()).split(b"\0"))
                self.say("235 ok")
            elif verb.startswith("MAIL FROM"):
                sender = verb
                self.say("250 ok")
            elif verb.startswith("RCPT TO"):
                if Mail.how in ("451", "550"):
                    self.say(Mail.how + " no")
                    continue
                to.append(verb)
                self.say("250 ok")
            elif verb == "DATA":
                if Mail.how == "hang":
                    time.sleep(4)
                    return
                self.say("354 go")
                if Mail.how == "cut":
                    self.rfile.readline()
                    return
                text = b""
                while (part := self.rfile.readline()) != b".\r\n" and part:
                    text += part[1:] if part.startswith(b"..") else part
                if Mail.how == "554":
                    self.say("554 spam")
                    continue
                Mail.got.append((sender, to, text))
                self.say("250 queued")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Gate(BaseHTTPRequestHandler):
    """how: a status, hang, cut, or hold (notes what came, answers only when released)."""
    how, got, released = 200, [], threading.Event()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        how = Gate.how
        if how == "hang":
            time.sleep(4)
        if how in ("hang", "cut"):
            self.close_connection = True
            return
        Gate.got.append((self.path, dict(self.headers), body))
        if how == "hold":
            Gate.released.wait(30)
            how = 200
        try:
            self.send_response(how)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass

    def log_message(self, *_):
        pass


class Loud(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True


mail, gate = Loud(("127.0.0.1", 0), Mail), ThreadingHTTPServer(("127.0.0.1", 0), Gate)
gate.daemon_threads = True
for server in (mail, gate):
    threading.Thread(target=server.serve_forever, daemon=True).start()


# ---- the house ----

def start(name="one"):
    running[name] = subprocess.Popen([program, "serve", *place, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    running[name].port = int(re.search(r":(\d+)$", running[name].stdout.readline()).group(1))


def stop(name="one", sig=signal.SIGKILL):
    running[name].send_signal(sig)
    running[name].wait()


def ask(method, path, body=None, name="one"):
    request = urllib.request.Request(f"http://127.0.0.1:{running[name].port}/api/v1{path}", None if body is None else json.dumps(body).encode(),
        {"Authorization": "Bearer " + token, "Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as e:
        return e.code, json.loads(e.read() or b"{}")


def setting(name, value):
    status, body = ask("POST", f"/settings/{name}", {"value": value})
    check(f"setting {name}={value}: {status} {body.get('detail')}", status == 200)


def sql(text):
    if url:
        subprocess.run(["psql", "-q", url, "-c", text], check=True, stdout=subprocess.DEVNULL)
        return
    base = sqlite3.connect(folder + "/baoxiu.db", timeout=30)
    base.execute(text)
    base.commit()
    base.close()


def token_of(o):
    return o["follow_url"].rsplit("/", 1)[1]


def due_now():
    sql("UPDATE outbox SET due_at = 0")


count = 0


def order(mail=None, phone=None, name="one", **more):
    global count
    count += 1
    body = {"customer_name": f"王 {count}", "mode": "carry_in", "serial": f"NOTICE-{count:04}", "brand": "Acer", "model": "Swift", "device_kind": "notebook", "fault": "黑屏", **more}
    if mail:
        body["email"] = mail
    if phone:
        body["phone"] = phone
    status, o = ask("POST", "/orders", body, name)
    check(f"order: {status} {o}", status == 201)
    return o


def state(o, at=0):
    return ask("GET", f"/orders/{o['no']}/notices")[1]["items"][at]


def until(test, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if test():
            return True
        time.sleep(0.1)
    return False


def becomes(o, wanted, tries=None):
    good = until(lambda: state(o)["state"] == wanted and (tries is None or state(o)["tries"] >= tries))
    check(f"{wanted} (tries {tries}): {state(o)}", good)
    return state(o)


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def signed(head, body, secret):
    at, mac = re.fullmatch(r"t=(\d+),sha256=([0-9a-f]{64})", head["X-Baoxiu-Signature"]).groups()
    return abs(int(at) - time.time()) < 60 and hmac.compare_digest(mac, hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest())


# ---- the tale ----

def setup():
    global token
    os.makedirs(folder, exist_ok=True)
    subprocess.run([program, "user", "add", "boss", "--role", "admin", *place], check=True, stdout=subprocess.DEVNULL)
    token = subprocess.run([program, "token", "add", "boss", *place], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    start()
    ask("POST", "/stations", {"kind": "hq", "code": "HQ", "name": "总部", "active": True})
    for name, value in (("base", "https://fix.test"), ("mail_url", f"smtp://127.0.0.1:{mail.server_address[1]}"), ("mail_from", "service@fix.test"), ("mail_tls", "0"),
            ("mail_user", "us"), ("mail_password", "pass word"), ("sms_url", f"http://127.0.0.1:{gate.server_address[1]}/send"), ("sms_secret", "a bearer"), ("sms_sign", "a signing key"),
            ("quiet_from", "00:00"), ("quiet_until", "00:00"), ("delay_seconds", "0"), ("seconds", "2")):
        setting("notice." + name, value)


def off():
    order(mail="off@example.com")
    time.sleep(3)
    check("nothing is sent while it is off", not Mail.got and not Gate.got and ask("GET", "/notices")[1]["items"] == [])
    setting("notice.on", "1")


def by_mail():
    o = order(mail="anna@example.com")
    n = becomes(o, "sent", 1)
    sender, to, raw = Mail.got[-1]
    m = parsed(raw)
    text = m.get_content()
    check(f"envelope {sender} {to}", sender.startswith("MAIL FROM:<service@fix.test>") and to == ["RCPT TO:<anna@example.com>"])
    check("headers", m["To"].strip("<>") == "anna@example.com" and "service@fix.test" in m["From"] and m["Auto-Submitted"] == "auto-generated" and m["Date"])
    check(f"subject {m['Subject']}", m["Subject"] == f"您的报修 {o['no']} 已登记")
    check(f"text {text!r}", text == f"您为 Acer Swift 提交的报修已登记，单号 {o['no']}。\n查看进度：https://fix.test/t/{token_of(o)}")
    check(f"logged in {Mail.logins}", Mail.logins and Mail.logins[-1][1:] == [b"us", b"pass word"])
    check("one message, and no more", len(Mail.got) == 1 and n["channel"] == "mail" and n["sent_at"])


def by_gateway():
    o = order(phone="+8613800138000")
    becomes(o, "sent", 1)
    path, head, body = Gate.got[-1]
    said = json.loads(body)
    check(f"gateway {path} {said}", path == "/send" and set(said) == {"to", "text", "id"} and said["to"].replace(" ", "").endswith("13800138000") and o["no"] in said["text"])
    check("its headers", head["Authorization"] == "Bearer a bearer" and head["Idempotency-Key"] == said["id"] and signed(head, body, b"a signing key"))


def failing_mail():
    setting("notice.mail_tls", "1")
    o = order(mail="tls@example.com")
    n = becomes(o, "waiting", 1)
    check(f"no mail without the encryption asked for: {n}", n["last_error"] and not any("tls@" in t[0] for _, t, _ in Mail.got))
    setting("notice.mail_tls", "0")
    due_now()
    becomes(o, "sent", 2)
    for how, ends in (("451", "waiting"), ("cut", "waiting"), ("hang", "waiting"), ("550", "given_up"), ("554", "given_up")):
        Mail.how = how
        o = order(mail=f"x{how}@example.com")
        n = becomes(o, ends, 1)
        check(f"{how} is told: {n}", n["last_error"] and len(n["last_error"]) < 300 and (how in ("cut", "hang") or how in n["last_error"]))
        Mail.how = "ok"
        before = len(Mail.got)
        if ends == "waiting":
            due_now()
        else:
            check("send again", ask("POST", f"/notices/{n['id']}/again")[0] == 200)
        becomes(o, "sent")
        check(f"after {how} it arrived once", len(Mail.got) == before + 1)


def failing_gateway():
    for how, ends in ((500, "waiting"), (429, "waiting"), ("cut", "waiting"), ("hang", "waiting"), (302, "waiting"), (400, "given_up")):
        Gate.how = how
        o = order(phone="+8613900000001")
        n = becomes(o, ends, 1)
        check(f"gateway {how} is told: {n}", n["last_error"] and (isinstance(how, str) or str(how) in n["last_error"]))
        Gate.how = 200
        if ends == "waiting":
            due_now()
            becomes(o, "sent", 2)
        else:
            check("drop", ask("POST", f"/notices/{n['id']}/drop")[0] == 200 and state(o)["state"] == "dropped")
    keys = Counter(head["Idempotency-Key"] for _, head, _ in Gate.got)
    check("a repetition has the key of the first try", max(keys.values()) == 2)


def undone():
    setting("notice.delay_seconds", "3600")
    o = order(mail="undo@example.com")
    n = state(o)
    check("it waits and can be undone", n["state"] == "waiting" and n["undoable"])
    check("undo", ask("POST", f"/orders/{o['no']}/notices/{n['id']}/undo")[0] == 200 and ask("POST", f"/orders/{o['no']}/notices/{n['id']}/undo")[0] == 409)
    due_now()
    time.sleep(3)
    check("what was undone never leaves", state(o)["state"] == "undone" and not any("undo@" in t[0] for _, t, _ in Mail.got))
    setting("notice.delay_seconds", "0")


def quiet():
    now = time.gmtime(time.time() + 8 * 3600)
    setting("notice.quiet_from", time.strftime("%H:%M", time.gmtime(time.time() + 8 * 3600 - 600)))
    setting("notice.quiet_until", time.strftime("%H:%M", time.gmtime(time.time() + 8 * 3600 + 3600)))
    o = order(mail="night@example.com")
    due_now()
    time.sleep(4)
    n = state(o)
    check(f"held in the quiet hours at {now.tm_hour}:{now.tm_min}: {n}", n["state"] == "waiting" and n["tries"] == 0 and not any("night@" in t[0] for _, t, _ in Mail.got))
    setting("notice.quiet_from", "00:00")
    setting("notice.quiet_until", "00:00")
    due_now()
    becomes(o, "sent")


def language():
    o = order(mail="english@example.com")
    becomes(o, "sent")
    status, _ = ask("POST", f"/customers/{o['customer_no']}/notices", {"lang": "en"})
    check(f"wish {status}", status in (200, 204))
    o2 = order(mail="english@example.com", customer=o["customer_no"])
    becomes(o2, "sent")
    m = parsed(Mail.got[-1][2])
    check(f"English {m['Subject']}", m["Subject"] == f"Your request {o2['no']} is registered" and m.get_content().endswith(f"Follow it here: https://fix.test/t/{token_of(o2)}"))


def webhooks():
    status, said = ask("POST", "/hooks", {"url": f"http://127.0.0.1:{gate.server_address[1]}/hook", "events": "register accept", "secret": "sixteen letters!", "active": True})
    check(f"subscribe {status} {said}", status in (200, 201) and "sixteen" not in json.dumps(said))
    o = order()
    check("hook", until(lambda: any(p == "/hook" for p, _, _ in Gate.got)))
    _, head, body = [g for g in Gate.got if g[0] == "/hook"][-1]
    said = json.loads(body)
    check(f"hook says {said}", said["event"] == "register" and said["order"] == o["no"] and said["state"] == "registered" and "王" not in body.decode())
    check("hook is signed", signed(head, body, b"sixteen letters!") and head["Idempotency-Key"] and "Authorization" not in head)
    hook = ask("GET", "/hooks")[1]["items"][0]
    check("unsubscribe", ask("POST", f"/hooks/{hook['id']}/remove")[0] == 200)


def killed():
    """kill -9 while the gateway has the message and has not answered: it comes a second time, with the same key, and no third."""
    Gate.how, before = "hold", len(Gate.got)
    o = order(phone="+8613900000002")
    check("the gateway has it", until(lambda: len(Gate.got) > before))
    stop()
    Gate.how = 200
    Gate.released.set()
    start()
    due_now()
    becomes(o, "sent")
    time.sleep(3)
    keys = [head["Idempotency-Key"] for _, head, _ in Gate.got[before:]]
    check(f"twice with one key: {keys}", len(keys) == 2 and len(set(keys)) == 1)


def secrets():
    text = json.dumps(ask("GET", "/settings")[1])
    check("no secret is shown", "pass word" not in text and "a bearer" not in text and '"set": true' in text)
    text = json.dumps(ask("GET", "/events?limit=200")[1])
    check("no secret is in the trail", "pass word" not in text and "a bearer" not in text and "signing key" not in text)


def two_servers():
    """Both carry; each message arrives once."""
    start("two")
    Mail.got.clear()
    orders = [order(mail=f"n{i}@example.com", name=("one", "two")[i % 2]) for i in range(MANY)]
    for o in orders:
        becomes(o, "sent")
    time.sleep(3)
    got = Counter(t[0] for _, t, _ in Mail.got)
    check(f"each once: {got.most_common(3)}", len(got) == MANY and set(got.values()) == {1})


try:
    setup()
    for part in (off, by_mail, by_gateway, failing_mail, failing_gateway, undone, quiet, language, webhooks, killed, secrets) + ((two_servers,) if url else ()):
        part()
    check("everything agrees", subprocess.run([program, "verify", *place], stdout=subprocess.DEVNULL).returncode == 0)
finally:
    for server in running.values():
        if server.poll() is None:
            server.kill()
            server.wait()
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
