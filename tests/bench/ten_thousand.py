#!/usr/bin/env python3
"""tests/bench/ten_thousand.py [ROUNDS [MEMBERS]]

A list of 10,000 members in 100 rooms against a sandbox that answers after 30, 100 and 300 ms:
roomctl at its default rate next to careful.sh, the script that a careful person writes with
GNU parallel, curl and jq. They run in pairs, 2 rounds by default; ratios are of
pairs: median (least–most). CPU is user and system time of the client and what it starts.
The limit of 200 requests a second holds for both.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from common import HERE, Sandbox, fail, interleaved, machine, peer, program, rooms_file, run, spread


def kick(roomctl, latency, crowd, folder, script):
    """One run against a fresh sandbox; every member must be removed."""
    with Sandbox(roomctl, folder, "--rooms", crowd, "--latency", latency, log=True) as sandbox:
        env = sandbox.environment()
        if script:
            env |= {"URL": sandbox.url(), "LOG": f"{folder}/careful.log", "PATH": os.environ["PATH"]}
            ran = run(["/bin/bash", script, crowd, "spam"], env, folder)
        else:
            words = ["kick", "--from", crowd, "-m", "spam", "--yes", "-o", "json"]
            ran = run([roomctl, *words], env, folder)
        requests = sandbox.requests()
    removed = sum(len(request["Removed"]) for request in requests)
    members = sum(1 for _ in open(crowd)) - 1
    if ran.code != 0 or removed != members:
        fail(f"{removed} of {members} were removed, exit {ran.code}: {ran.stderr[:2000]}")
    ran.requests = len(requests)
    return ran


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    members = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    roomctl = program()
    tools = [peer("parallel"), peer("curl"), peer("jq")]
    with tempfile.TemporaryDirectory() as folder:
        machine(roomctl, *tools)
        crowd = rooms_file(folder, max(1, members // 100), min(100, members))
        script = str(Path(HERE) / "careful.sh")
        for latency in ["30ms", "100ms", "300ms"]:
            commands = {"roomctl": lambda: kick(roomctl, latency, crowd, folder, None)}
            if tools[1] and tools[2]:
                commands["script"] = lambda: kick(roomctl, latency, crowd, folder, script)
            ran = interleaved(rounds, commands)
            print(f"\n{members:,} members, answers after {latency}, {rounds} rounds")
            for name, each in ran.items():
                wall, cpu = [one.wall for one in each], [one.cpu for one in each]
                requests = spread([one.requests for one in each], "{:.0f}")
                print(f"  {name:8} {requests} requests, {spread(wall)} s, CPU {spread(cpu)} s")
            if "script" in ran:
                pairs = list(zip(ran["script"], ran["roomctl"]))
                wall = spread([script.wall / own.wall for script, own in pairs], "{:.1f}")
                cpu = spread([script.cpu / own.cpu for script, own in pairs], "{:.0f}")
                print(f"  script / roomctl: time {wall}, CPU {cpu}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
