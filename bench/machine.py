"""What bench/run works with: the tools, a running server, databases of either engine, and the table."""
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
BAOXIU, BENCH = os.path.join(BUILD, "baoxiu"), os.path.join(BUILD, "bench", "bench")


class Failed(Exception):
    pass


def say(text):
    print(text, file=sys.stderr, flush=True)


def out(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, **more)
    if done.returncode:
        raise Failed(f"{' '.join(command[:3])}: exit code {done.returncode}")
    return done.stdout


def tool(*words, **more):
    return json.loads(out(BENCH, *(str(w) for w in words), **more))


class Sqlite:
    name = "SQLite"
    pg = False

    def __init__(self, folder):
        self.folder = folder

    def file(self, name):
        return os.path.join(self.folder, name + ".db")

    def url(self, name):
        return "sqlite:" + self.file(name)

    def copy(self, name, to):
        shutil.copyfile(self.file(name), self.file(to))
        return self.url(to)

    def drop(self, name):
        os.remove(self.file(name))

    def rows(self, name, query):
        h = sqlite3.connect(self.file(name))
        try:
            return h.execute(query).fetchall()
        finally:
            h.close()

    def transaction(self, _):
        return 0

    def stop(self):
        pass


class Postgres:
    """A server of its own, durable as an installed one."""
    name = "PostgreSQL"
    pg = True

    def __init__(self, _):
        self.base = tempfile.mkdtemp(prefix="baoxiu-bench-pg-")
        os.chmod(self.base, 0o755)
        self.dir = os.path.join(self.base, "c")
        out(os.path.join(ROOT, "tests", "pg.sh"), "start", self.dir, env={**os.environ, "PG_DURABLE": "1"})
        self.made = {"baoxiu"}

    def psql(self, name, query):
        return out("psql", "-h", self.dir, "-U", "baoxiu", "-d", name, "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", query)

    def make(self, name, template):
        self.psql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        self.made.add(name)

    def url(self, name):
        if name not in self.made:
            self.make(name, "template0")
        return f"postgresql://baoxiu@/{name}?host={self.dir}"

    def copy(self, name, to):
        self.make(to, name)
        return self.url(to)

    def drop(self, name):
        self.psql("postgres", f"DROP DATABASE {name}")
        self.made.discard(name)

    def rows(self, name, query):
        return [line.split("\t") for line in self.psql(name, query).splitlines()]

    def transaction(self, name):
        return int(self.psql(name, "SELECT txid_current()"))

    def stop(self):
        out(os.path.join(ROOT, "tests", "pg.sh"), "stop", self.dir)
        shutil.rmtree(self.base, ignore_errors=True)


class Server:
    running = []

    def __init__(self, url, data):
        began = time.monotonic()
        self.process = subprocess.Popen([BAOXIU, "serve", "--db", url, "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        Server.running.append(self.process)
        self.port = int(re.search(r":(\d+)$", self.process.stdout.readline()).group(1))
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if b" 200 " not in s.recv(64):
                raise Failed("/healthz does not answer 200")
        self.ready = time.monotonic() - began
        self.pid = self.process.pid

    def settle(self):
        """Waits until its own jobs have caught up: half a second with less than a twentieth of a core, at most a minute."""
        for _ in range(120):
            before = self.cpu()
            time.sleep(0.5)
            if self.cpu() - before < 0.025:
                return
        say("    the service's own jobs still run")

    def cpu(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as f:
            cells = f.read().rsplit(")", 1)[1].split()
        return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident and, of it, anonymous megabytes."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            text = f.read()
        return [int(re.search(rf"{key}:\s+(\d+) kB", text).group(1)) / 1024 for key in ("VmRSS", "RssAnon")]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        Server.running.remove(self.process)
        if self.process.wait(60):
            raise Failed("the server did not end well")


class Bare:
    """A server that sends one page of a size and nothing else."""

    def __init__(self, folder, size):
        file = os.path.join(folder, "page")
        with open(file, "wb") as f:
            f.write(b"x" * max(size - 150, 1))
        self.process = subprocess.Popen([BENCH, "page", file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        Server.running.append(self.process)
        self.port, self.pid = int(self.process.stdout.readline()), self.process.pid

    def stop(self):
        Server.running.remove(self.process)
        self.process.stdin.close()
        self.process.wait(30)


class Table:
    HEAD = ("figure", "measured", "floor", "ratio", "target", "met")

    def __init__(self):
        self.rows, self.missed = [], 0

    def add(self, figure, measured, floor="", ratio="", target="", met=None):
        self.rows.append((figure, measured, floor, ratio, target, "" if met is None else "yes" if met else "NO"))
        self.missed += met is False
        say("  " + "  ".join(cell for cell in self.rows[-1] if cell))

    def ratio(self, figure, measured, floor, value, target):
        """value and target: parts of one; a target of None: nothing is promised."""
        self.add(figure, measured, floor, f"{value:.0%}", *((f">= {target:.0%}", value >= target) if target else ("", None)))

    def below(self, figure, measured, value, target, unit):
        self.add(figure, measured, "", "", f"< {target:g} {unit}", value < target)

    def print(self, title):
        width = [max(len(r[i]) for r in [self.HEAD, *self.rows]) for i in range(len(self.HEAD))]
        print(f"\n{title}\n")
        for row in [self.HEAD, tuple("-" * w for w in width), *self.rows]:
            print("  ".join(f"{cell:{w}}" for cell, w in zip(row, width)).rstrip())
