# kill -9 in the middle of registering orders, again and again: what was acknowledged is there, and everything agrees.
set -eu
exec python3 - "$BUILD/baoxiu" <<'PY'
import json, random, re, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time, urllib.request

program, rounds, clients = sys.argv[1], 6, 8
folder = tempfile.mkdtemp(prefix="baoxiu-crash-")
place = ["--db", f"sqlite:{folder}/c.db", "--data", folder]
acknowledged, passed, failed = [], 0, 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", what)


def register(port, token, tag):
    for i in range(100000):
        body = json.dumps({"customer_name": f"crash {tag}", "phone": "14200000000", "address": "somewhere 1", "mode": "onsite", "fault": f"fault {tag} {i}"}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/orders", body, {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                acknowledged.append(json.load(answer)["no"])
        except (OSError, ValueError, KeyError):
            return


try:
    subprocess.run([program, "demo", *place], check=True, stdout=subprocess.DEVNULL)
    token = subprocess.run([program, "token", "add", "agent", *place], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    for n in range(rounds):
        before = len(acknowledged)
        server = subprocess.Popen([program, "serve", *place, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        port = int(re.search(r":(\d+)$", server.stdout.readline()).group(1))
        threads = [threading.Thread(target=register, args=(port, token, f"{n}-{i}")) for i in range(clients)]
        for t in threads:
            t.start()
        time.sleep(random.uniform(0.4, 1.2))
        server.send_signal(signal.SIGKILL)
        server.wait()
        for t in threads:
            t.join()
        check(f"round {n}: orders were acknowledged before the end", len(acknowledged) > before)
        with sqlite3.connect(f"{folder}/c.db") as db:
            there = {row[0] for row in db.execute("SELECT no FROM work_order")}
        check(f"round {n}: acknowledged orders are missing: {[no for no in acknowledged if no not in there][:5]}", all(no in there for no in acknowledged))
    check("everything agrees", subprocess.run([program, "verify", *place], stdout=subprocess.DEVNULL).returncode == 0)
    check("no number was given twice", len(set(acknowledged)) == len(acknowledged))
finally:
    shutil.rmtree(folder)
print(f"{len(acknowledged)} orders acknowledged in {rounds} crashes")
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
PY
