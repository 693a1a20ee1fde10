#!/usr/bin/env python3
"""A full disk is an error, not damage. Runs in a mount namespace of its own, on a file system of a few megabytes.

    unshare --user --map-root-user --mount tests/http/full.py"""
import os
import shutil
import subprocess
import sys
import tempfile

from bed import Bed

SIZE, SPARE = 24 << 20, 3 << 20
passed, failed = 0, 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", what, flush=True)


def register(bed, i, note=""):
    return bed.ask("POST", "/api/v1/orders", who="agent", body={"customer_name": f"满盘{i}", "phone": f"138{i:08}", "mode": "remote", "fault": f"第 {i} 次", "note": note})


def fill(folder):
    """Leaves SPARE bytes."""
    room = os.statvfs(folder)
    with open(os.path.join(folder, "ballast"), "wb") as f:
        f.write(b"x" * (room.f_bavail * room.f_frsize - SPARE))


def run(folder):
    kept, refused = [], []
    with Bed() as bed:
        first = register(bed, 0).json()["no"]
        kept.append(first)
        bed.sign_in("agent")                       # a new session would need room
        fill(folder)
        for i in range(1, 2000):
            a = register(bed, i, "n" * 1500)
            if a.status != 201:
                refused.append(a)
                if len(refused) == 10:
                    break
            else:
                kept.append(a.json()["no"])
        check(f"orders are refused with 507, not {[a.status for a in refused]}", refused and all(a.status == 507 for a in refused))
        check("the refusal says why, in the reader's language", refused and refused[0].json()["code"] == "storage_full" and refused[0].json()["detail"])
        photo = bed.ask("POST", f"/api/v1/orders/{first}/files", who="agent", form=[], files=[("files", "big.txt", "text/plain", b"a line\n" * (1 << 18))])
        check(f"a file is refused with 507, not {photo.status}", photo.status == 507)
        page = bed.browse("agent", "GET", f"/orders/{first}")
        check(f"a page is still shown, not {page.status}", page.status == 200)
        check("lists are still read", bed.ask("GET", "/api/v1/orders?limit=5", who="agent").status == 200)
        check("the service lives", bed.alive())
        os.unlink(os.path.join(folder, "ballast"))
        again = register(bed, 5000)
        check(f"with room again, orders come in: {again.status} {again.text[:200]}", again.status == 201)
        kept.append(again.json().get("no"))
        there = {row[0] for row in bed.sql("SELECT no FROM work_order")}
        check(f"what was acknowledged is there: {[no for no in kept if no not in there][:5]}", all(no in there for no in kept))
        check(f"what was refused is not: {len(there)} orders, {len(kept)} acknowledged", len(there) == len(kept))
        check("no file is left behind", not os.listdir(os.path.join(bed.dir, "tmp")))
        bed.server.kill()
        bed.server.wait()
        verified = bed.run("verify", code=None)
        check(f"everything agrees: {(verified.stdout + verified.stderr)[-300:]}", verified.returncode == 0)
    print(f"{len(kept)} orders acknowledged, {len(refused)} refused")


if __name__ == "__main__":
    place = tempfile.mkdtemp(prefix="baoxiu-full-")
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place], check=True)
        os.environ["TMPDIR"] = tempfile.tempdir = place
        run(place)
        subprocess.run(["umount", "-l", place], check=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)
