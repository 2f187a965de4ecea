#!/usr/bin/env python3
"""tests/bench/absent.py [MEMBERS [OTHERS]]

A list of 1,000 members of one room, of whom 0, 1, 5, 20, 50, 95 and 100 % are not in the room,
with each of --check-room never, auto and always: requests (kicks + reads of the member list)
and seconds, once each. 200 others are in the room. The sandbox answers after 30 ms and, as the
service is believed to, removes nobody of a batch with one absent member. Which members are
absent is drawn at random, the same for all three.

The least number of kicks is a request per 20 members who are there.
"""

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
from common import Sandbox, fail, machine, program, run

SHARES = [0, 1, 5, 20, 50, 95, 100]


def kick(roomctl, rooms, crowd, mode, folder):
    """Runs the list once: the run, and its requests by command."""
    options = ["--rooms", rooms, "--latency", "30ms"]
    with Sandbox(roomctl, folder, *options, log=True) as sandbox:
        words = ["kick", "-r", "crowd", "--from", crowd, "-m", "spam", "--yes", "-o", "json"]
        mode = ["--check-room", mode, "--ignore-absent"]
        ran = run([roomctl, *words, *mode], sandbox.environment(), folder)
        return ran, Counter(request["Command"] for request in sandbox.requests())


def main():
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    others = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    roomctl = program()
    machine(roomctl)
    print(f"\n{members:,} members of a room, {others:,} others in it; kicks + reads, seconds")
    print(f"  {'absent':>7}  {'never':>18}  {'auto':>18}  {'always':>18}")
    with tempfile.TemporaryDirectory() as folder:
        names = [f"user-{n}" for n in range(members)]
        crowd = Path(folder) / "list.txt"
        crowd.write_text("\n".join(names) + "\n")
        for share in SHARES:
            absent = set(random.Random(share).sample(names, members * share // 100))
            inside = [name for name in names if name not in absent] + [f"other-{n}" for n in range(others)]
            rooms = Path(folder) / "rooms.csv"
            rooms.write_text("room,user\n" + "".join(f"crowd,{name}\n" for name in inside))
            row = f"  {share:5} %"
            for mode in ["never", "auto", "always"]:
                ran, requests = kick(roomctl, str(rooms), str(crowd), mode, folder)
                counts = ran.summary()
                if ran.code != 0 or (counts["removed"], counts["absent"]) != (members - len(absent), len(absent)):
                    fail(f"{share} % with {mode}, exit {ran.code}: {ran.stderr[:2000]}")
                kicks = requests.pop("kick_user_out", 0)
                row += f"  {kicks:5} + {requests.total():2}, {ran.wall:5.2f} s"
            print(row, flush=True)


if __name__ == "__main__":
    main()
