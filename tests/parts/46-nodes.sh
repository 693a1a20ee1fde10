# Two servers on one PostgreSQL database, killed in turn by kill -9 while clocks run: every warning, breach and escalation is told once, none is missed.
set -eu
url=$(tests/pg.sh start "$TMPDIR/pg-nodes") || exit 1
trap 'tests/pg.sh stop "$TMPDIR/pg-nodes"' EXIT
python3 - "$BUILD/baoxiu" "$url" "$TMPDIR/nodes" <<'PY'
import json, os, random, re, signal, subprocess, sys, time, urllib.request
from collections import Counter

program, url, folder = sys.argv[1:4]
ORDERS, KILLS, LEASE_S = 60, 4, 30
place = ["--db", url, "--data", folder]
running, passed, failed = {}, 0, 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", what)


def start(name):
    running[name] = subprocess.Popen([program, "serve", *place, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    running[name].port = int(re.search(r":(\d+)$", running[name].stdout.readline()).group(1))


def kill(name):
    running[name].send_signal(signal.SIGKILL)
    running[name].wait()


def post(name, path, body):
    request = urllib.request.Request(f"http://127.0.0.1:{running[name].port}/api/v1{path}", json.dumps(body).encode(), {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def rows(sql):
    out = subprocess.run(["psql", "-At", "-F", "\t", url, "-c", sql], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [line.split("\t") for line in out.splitlines()]


try:
    os.makedirs(folder, exist_ok=True)
    subprocess.run([program, "user", "add", "boss", "--role", "admin", *place], check=True, stdout=subprocess.DEVNULL)
    token = subprocess.run([program, "token", "add", "boss", *place], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    start("one")
    start("two")
    post("one", "/stations", {"kind": "hq", "code": "HQ", "name": "总部", "active": True})
    subprocess.run([program, "user", "add", "chief", "--role", "regional_manager", "--org", "HQ", *place], check=True, stdout=subprocess.DEVNULL)
    post("one", "/services", {"code": "seconds", "name": "秒级", "name_en": "Seconds", "calendar": "7x24", "active": True,
        "targets": [{"kind": "fix", "target": "40s"}],
        "escalations": [{"kind": "fix", "step": 1, "after": "0m", "tier": "hq", "role": "regional_manager"}, {"kind": "fix", "step": 2, "after": "20s", "tier": "hq", "role": "regional_manager"}],
        "bindings": [{"basis": "brand", "basis_id": 0, "brand": "Nodes"}]})
    numbers = []
    for i in range(ORDERS):
        node = ("one", "two")[i % 2]
        numbers.append(post(node, "/orders", {"customer_name": f"node {i}", "phone": f"1420000{i:04}", "address": "somewhere 1", "mode": "onsite", "serial": f"NODE-{i:04}", "brand": "Nodes",
            "model": "N1", "device_kind": "notebook", "fault": "fault"})["no"])
    for i in range(KILLS):
        time.sleep(random.uniform(4, 12))
        name = ("one", "two")[i % 2]
        kill(name)
        start(name)
    until = time.monotonic() + 3 * LEASE_S + 60
    while time.monotonic() < until and rows("SELECT count(*) FROM sla_escalation WHERE step = 2")[0][0] != str(ORDERS):
        time.sleep(1)
    told = Counter((no, kind, percent) for no, kind, percent in rows(
        "SELECT o.no, e.kind, COALESCE(e.data::json->>'percent', '') FROM audit_event e JOIN work_order o ON o.id = e.subject_id "
        "WHERE e.subject_kind = 'order' AND e.kind IN ('warn', 'breach', 'escalate') AND e.data::json->>'clock' = 'fix'"))
    want = Counter()
    for no in numbers:
        want.update({(no, "warn", "50"): 1, (no, "warn", "75"): 1, (no, "warn", "90"): 1, (no, "breach", ""): 1, (no, "escalate", ""): 2})
    check(f"told twice: {[k for k in told if told[k] > want[k]][:5]}", not told - want)
    check(f"never told: {[k for k in want if told[k] < want[k]][:5]}", not want - told)
    check("each escalation has one receiver", rows("SELECT count(*), count(DISTINCT (clock_id, step)), count(receiver_id) FROM sla_escalation") == [[str(2 * ORDERS)] * 3])
    check("everything agrees", subprocess.run([program, "verify", *place], stdout=subprocess.DEVNULL).returncode == 0)
    print(f"{sum(told.values())} notices of {ORDERS} clocks through {KILLS} kills")
finally:
    for server in running.values():
        if server.poll() is None:
            server.kill()
            server.wait()
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
PY
