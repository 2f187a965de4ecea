#!/usr/bin/env python3
"""tests/bench/arrivals.py [MEMBERS]

What the receiver sees of a job of 20,000 members in 200 rooms, by the log of the sandbox: the
most requests in any sliding second, which the service limits to 200, and how much of the limit
is used after the slow start of 2 s. At --rate 190 (the default) and 200, undisturbed, and with
5 % of the requests failing, whose retries spend from the same rate. Answers after 100 ms.

"used" is the mean from 2 s after the first arrival to 1 s before the last one, after which only
a few retries are left, as a share of 200 a second; a stall of the machine lowers it.
"""

import sys
import tempfile

sys.dont_write_bytecode = True
from common import Sandbox, fail, machine, peak, program, rooms_file, run

LIMIT = 200
SLOW_START = 2_000_000_000
LAST_RETRIES = 1_000_000_000


def used(arrivals):
    """The share of the limit that is used in the middle of a job; None for a short one."""
    first, last = arrivals[0] + SLOW_START, arrivals[-1] - LAST_RETRIES
    steady = [at for at in arrivals if first <= at <= last]
    if len(steady) < LIMIT:
        return None
    return (len(steady) - 1) / ((steady[-1] - steady[0]) / 1e9) / LIMIT


def main():
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    roomctl = program()
    machine(roomctl)
    print(f"\n{members:,} members, answers after 100 ms")
    with tempfile.TemporaryDirectory() as folder:
        crowd = rooms_file(folder, max(1, members // 100), min(100, members))
        for rate in ["190", "200"]:
            for fault in [None, "100001=5%"]:
                options = ["--rooms", crowd, "--latency", "100ms", *(["--fault", fault] if fault else [])]
                with Sandbox(roomctl, folder, *options, log=True) as sandbox:
                    words = ["kick", "--from", crowd, "-m", "spam", "--yes", "-o", "json", "--rate", rate]
                    ran = run([roomctl, *words], sandbox.environment(), folder)
                    requests = sandbox.requests()
                if ran.code != 0:
                    fail(f"--rate {rate}, exit {ran.code}: {ran.stderr[:2000]}")
                arrivals = sorted(request["ArrivalNs"] for request in requests)
                over = sum(request["Answer"] == 60007 for request in requests)
                share = used(arrivals)
                share = "too short to know" if share is None else f"{share * 100:.1f} %"
                print(
                    f"  --rate {rate}, {fault or 'no faults':9}: {len(arrivals)} requests in {ran.wall:.2f} s, "
                    f"peak {peak(arrivals)} in a second, {over} above the limit, used {share}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
