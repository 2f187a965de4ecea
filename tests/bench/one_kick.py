#!/usr/bin/env python3
"""tests/bench/one_kick.py [ROUNDS]

One kick, the whole process, next to curl with the same request, a small program in Go
(kick.go) and an empty Rust program: over plain HTTP and over TLS, against a sandbox on
loopback. Every command runs once a round (200 rounds by default), in a new order
each time, so that a busy machine is busy for all of them. Ratios are of quantiles in five blocks: median (least–most).

curl and the Go program trust one CA, as roomctl trusts the bundled roots and that CA. CPU is
user and system time. Not measured: the service, a network, a DNS resolver.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from common import HERE, Sandbox, fail, interleaved, machine, peer, program, quantile, ratios, run, spread

REASON = "you are kicked because of irregularities"

COMPARED = [
    ("roomctl kick", "curl"),
    ("roomctl kick", "Go program"),
    ("roomctl kick", "empty program"),
    ("roomctl --version", "empty program"),
]


def empty_program(folder):
    """A Rust program that does nothing; None without a compiler."""
    rustc = peer("rustc")
    if not rustc:
        return None
    source = Path(folder) / "empty.rs"
    source.write_text("fn main() {}\n")
    command = [rustc, "-O", "-C", "strip=symbols", "-o", f"{folder}/empty", str(source)]
    subprocess.run(command, check=True)
    return f"{folder}/empty"


def go_program(folder):
    """kick.go, built; None without a compiler."""
    go = peer("go")
    if not go:
        return None
    command = [go, "build", "-ldflags", "-s -w", "-o", f"{folder}/kick-go", str(HERE / "kick.go")]
    caches = {"GOCACHE": f"{folder}/go-build", "GOPATH": f"{folder}/go", "GO111MODULE": "off"}
    subprocess.run(command, check=True, env=os.environ | caches)
    return f"{folder}/kick-go"


def commands(sandbox, roomctl, curl, go, empty, folder):
    """What runs in each round; a kick that removes nobody ends the benchmark."""
    names = iter(range(10**9))
    kick_env = sandbox.environment()
    trusted = ["--cacert", kick_env["ROOMCTL_CA_FILE"]] if "ROOMCTL_CA_FILE" in kick_env else []
    url = sandbox.url() if curl else ""

    def kick():
        words = ["kick", "-r", "crowd", "-u", f"user-{next(names)}", "-m", REASON]
        ran = run([roomctl, *words], kick_env, folder)
        return ran if ran.code == 0 else fail(ran.stderr)

    def post():
        body = f'{{"RoomId":"crowd","MemberList_Account":["user-{next(names)}"],"Reason":"{REASON}"}}'
        words = ["-sS", *trusted, "-H", "Content-Type: application/json", "--data-binary", body, url]
        ran = run([curl, *words], {"PATH": kick_env["PATH"]}, folder)
        return ran if '"ErrorCode":0,' in ran.stdout else fail(ran.stdout + ran.stderr)

    def kick_in_go():
        ran = run([go, "crowd", f"user-{next(names)}", REASON], kick_env, folder)
        return ran if ran.code == 0 else fail(ran.stdout + ran.stderr)

    chosen = {"roomctl kick": kick}
    if curl:
        chosen["curl"] = post
    if go:
        chosen["Go program"] = kick_in_go
    if empty:
        chosen["empty program"] = lambda: run([empty], {}, folder)
    chosen["roomctl --version"] = lambda: run([roomctl, "--version"], kick_env, folder)
    return chosen


def measure(title, rounds, roomctl, curl, go, empty, folder, *options):
    """The table of one connection kind."""
    crowd = Path(folder) / "crowd.csv"
    crowd.write_text("room,user\n" + "".join(f"crowd,user-{n}\n" for n in range(3 * rounds)))
    with Sandbox(roomctl, folder, "--rooms", str(crowd), "--limit", "1000000", *options) as sandbox:
        ran = interleaved(rounds, commands(sandbox, roomctl, curl, go, empty, folder))
    wall = {name: [one.wall * 1000 for one in each] for name, each in ran.items()}
    cpu = {name: [one.cpu * 1000 for one in each] for name, each in ran.items()}
    print(f"\n{title}, {rounds} rounds")
    print(f"  {'':20}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}   least ms")
    for name, times in wall.items():
        row = f"{quantile(times, 0.5):8.2f}{quantile(times, 0.95):8.2f}{quantile(cpu[name], 0.5):8.2f}"
        print(f"  {name:20}{row}   {min(times):.2f}")
    for of, to in COMPARED:
        if to in wall:
            p50, p95 = ratios(wall[of], wall[to], 0.5), ratios(wall[of], wall[to], 0.95)
            used = ratios(cpu[of], cpu[to], 0.5)
            print(f"  {of} / {to}: p50 {spread(p50)}, p95 {spread(p95)}, CPU {spread(used)}")
    sys.stdout.flush()


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    roomctl, curl = program(), peer("curl")
    with tempfile.TemporaryDirectory() as folder:
        machine(roomctl, curl)
        peers = curl, go_program(folder), empty_program(folder)
        measure("plain HTTP", rounds, roomctl, *peers, folder)
        measure("TLS", rounds, roomctl, *peers, folder, "--tls")


if __name__ == "__main__":
    main()
