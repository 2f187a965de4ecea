#!/usr/bin/env python3
"""tests/bench/resources.py [--long | --quick]

What a job needs: time, CPU, peak memory, threads, descriptors and sockets, for 1, 20,000 and
1,000,000 members, and for a --stream of 100,000 rows, whose memory must stay flat. Read from
/proc while the job runs (Linux only), every 5 ms; a peak between two looks is not seen, except
that of memory, which the kernel keeps. The sandbox answers after 100 ms. --rate 200.

A million members are 50,000 requests, 260 s at the limit: the dry run is measured, and the
first 10 s of the job; --long runs all of it. --quick is a small form of the others.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
from common import Sandbox, fail, machine, program, rooms_file, run

MEMORY, THREADS, FILES, SOCKETS = range(4)


class Watch:
    """Peaks of a running process, and its memory over time."""

    def __init__(self):
        self.most = [0, 0, 0, 0]
        self.memory = []

    def __call__(self, pid):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            fields = dict(line.split(":", 1) for line in status.splitlines())
            files = [self.target(pid, name) for name in os.listdir(f"/proc/{pid}/fd")]
        except (FileNotFoundError, ProcessLookupError):
            return
        if "VmHWM" not in fields:
            return
        kib = [int(fields[name].split()[0]) for name in ("VmHWM", "VmRSS")]
        sockets = sum(name.startswith("socket:") for name in files)
        now = [kib[0], int(fields["Threads"]), len(files), sockets]
        self.most = [max(pair) for pair in zip(self.most, now)]
        self.memory.append((time.monotonic(), kib[1]))
        time.sleep(0.005)

    @staticmethod
    def target(pid, name):
        try:
            return os.readlink(f"/proc/{pid}/fd/{name}")
        except FileNotFoundError:
            return ""


def row(name, ran, watch, requests):
    """One line of the table."""
    most = watch.most
    memory = f"{most[MEMORY] / 1024:.1f}"
    print(
        f"  {name:34}{requests:>9}{ran.wall:>8.2f}{ran.cpu:>8.2f}{memory:>9}"
        f"{most[THREADS]:>9}{most[FILES]:>8}{most[SOCKETS]:>9}",
        flush=True,
    )


def job(name, roomctl, sandbox, folder, words, codes=(0,)):
    """Runs a job and prints its line."""
    watch = Watch()
    words = ["kick", "-m", "spam", "--yes", "-o", "json", "--rate", "200", *words]
    ran = run([roomctl, *words], sandbox.environment(), folder, watch)
    if ran.code not in codes:
        fail(f"{name}: exit {ran.code}: {ran.stderr[:2000]}")
    requests = 0 if "-n" in words else ran.summary()["Requests"]
    row(name, ran, watch, requests)
    return ran, watch


def stream(roomctl, folder, rows):
    """A feed of rows as fast as they are read, and the memory in each tenth of the time."""
    crowd = rooms_file(folder, rows // 100, 100)
    feed = str(Path(folder) / "feed")
    os.mkfifo(feed)
    writer = threading.Thread(target=lambda: Path(feed).write_bytes(Path(crowd).read_bytes()), daemon=True)
    with sandbox_of(roomctl, folder, crowd) as sandbox:
        writer.start()
        words = ["--stream", "--from", feed, "--format", "csv"]
        ran, watch = job(f"--stream of {rows:,} rows", roomctl, sandbox, folder, words)
    removed = ran.summary()["removed"]
    if removed != rows:
        fail(f"the stream removed {removed} of {rows}")
    begin, end = watch.memory[0][0], watch.memory[-1][0]
    tenths = [[] for _ in range(10)]
    for at, kib in watch.memory:
        tenths[min(9, int((at - begin) / (end - begin + 1e-9) * 10))].append(kib)
    return " ".join(f"{max(tenth) / 1024:.1f}" for tenth in tenths if tenth)


def sandbox_of(roomctl, folder, crowd):
    """Answers after 100 ms, so that requests overlap as they do on a network."""
    return Sandbox(roomctl, folder, "--rooms", crowd, "--latency", "100ms")


def main():
    form = sys.argv[1] if len(sys.argv) > 1 else ""
    if form not in ("", "--long", "--quick"):
        fail(__doc__)
    roomctl = program()
    machine(roomctl)
    headings = ["requests", "time s", "CPU s", "MiB", "threads", "files", "sockets"]
    widths = [9, 8, 8, 9, 9, 8, 9]
    print("\n  " + " " * 34 + "".join(f"{name:>{width}}" for name, width in zip(headings, widths)))
    many, rows = (400, 1000) if form == "--quick" else (20_000, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        crowd = rooms_file(folder, many // 100, 100)
        with sandbox_of(roomctl, folder, crowd) as sandbox:
            one = ["-r", "room-test", "-u", "user1"]
            job("1 member", roomctl, sandbox, folder, one)
            job(f"{many:,} members", roomctl, sandbox, folder, ["--from", crowd])
        with sandbox_of(roomctl, folder, crowd) as sandbox:
            journal = ["--journal", f"{folder}/journal"]
            job(f"{many:,} members, --journal", roomctl, sandbox, folder, ["--from", crowd, *journal])
        if form != "--quick":
            crowd = rooms_file(folder, 10_000, 100)
            with sandbox_of(roomctl, folder, crowd) as sandbox:
                job("1,000,000 members, -n", roomctl, sandbox, folder, ["--from", crowd, "-n"])
                if form == "--long":
                    job("1,000,000 members", roomctl, sandbox, folder, ["--from", crowd])
                else:
                    first = ["--from", crowd, "--deadline", "10s"]
                    job("1,000,000 members, first 10 s", roomctl, sandbox, folder, first, codes=(5,))
        tenths = stream(roomctl, folder, rows)
        print(f"\n  memory of the stream in each tenth of its time, MiB: {tenths}")


if __name__ == "__main__":
    main()
