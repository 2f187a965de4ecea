"""What the benchmarks in this folder share: the program, a sandbox, measured runs, figures.

ROOMCTL=FILE chooses the program; otherwise target/release/roomctl is built if it is missing.
"""

import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def fail(why):
    """Ends the benchmark: what it measured would not be what it says."""
    sys.exit(f"bench: {why}")


def program():
    """The roomctl that is measured."""
    named = os.environ.get("ROOMCTL")
    if named:
        return os.path.abspath(named)
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    path = ROOT / target / "release" / "roomctl"
    if not path.exists():
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    return str(path)


def peer(name):
    """The path of another program; None, and a line that says so, where it is not installed."""
    path = shutil.which(name)
    if not path:
        print(f"left out: {name} is not installed")
    return path


def machine(roomctl, *peers):
    """Prints where and when this was measured, and with what."""
    cpu = "unknown processor"
    if os.path.exists("/proc/cpuinfo"):
        names = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
        cpu = names[0].split(":", 1)[1].strip() if names else cpu
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"machine: {os.cpu_count()} cores, {cpu}, {platform.system()} {platform.release()}")
    print(f"date: {now}; load average {load}; niceness {os.nice(0)}")
    size = os.path.getsize(roomctl) / 1e6
    print(f"with: {'; '.join(version(roomctl))}; {size:.1f} MB")
    for path in filter(None, peers):
        print(f"with: {version(path)[0][:60]}")
    sys.stdout.flush()


def version(path):
    """The lines of `--version`."""
    ran = subprocess.run([path, "--version"], capture_output=True, text=True)
    return [line.strip() for line in ran.stdout.splitlines() if line.strip()] or [path]


class Sandbox:
    """`roomctl sandbox` as a process: `with Sandbox(roomctl, folder, "--latency", "30ms") as sandbox`."""

    def __init__(self, roomctl, folder, *options, log=False):
        self.roomctl = roomctl
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.variables = {}
        self.options = [*options, *(["--log", str(self.folder / "log")] if log else [])]

    def __enter__(self):
        file = self.folder / "env"
        command = [self.roomctl, "sandbox", "-q", "--env-file", str(file), *self.options]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, env=environment(self.folder), **quiet)
        until = time.monotonic() + 120
        while not (file.exists() and file.stat().st_size):
            if self.process.poll() is not None or time.monotonic() > until:
                fail("the sandbox does not start")
            time.sleep(0.02)
        for line in file.read_text().splitlines():
            name, value = line.removeprefix("export ").split("=", 1)
            self.variables[name] = value.strip("'\"")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def environment(self):
        """The variables that point roomctl to this sandbox."""
        return environment(self.folder) | self.variables

    def url(self):
        """The URL of a kick with a signature, for other clients: a secret, if a sandbox had any."""
        sign = [self.roomctl, "usersig", "sign", "--expire", "24h"]
        usersig = subprocess.run(sign, env=self.environment(), capture_output=True, text=True, check=True)
        value = self.variables
        return (
            f"{value['ROOMCTL_ENDPOINT']}/v4/room_engine_http_srv/kick_user_out"
            f"?sdkappid={value['ROOMCTL_SDKAPPID']}&identifier={value['ROOMCTL_IDENTIFIER']}"
            f"&usersig={usersig.stdout.strip()}&random=1&contenttype=json"
        )

    def requests(self):
        """What was received, where `log` is true: a JSON object per request."""
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]


def environment(folder):
    """No setting of the caller reaches the program."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}


class Ran:
    """A finished process: wall and CPU seconds, exit code, and its output."""

    def __init__(self, wall, usage, status, stdout, stderr):
        self.wall = wall
        self.cpu = usage.ru_utime + usage.ru_stime
        self.code = os.waitstatus_to_exitcode(status)
        self.stdout, self.stderr = stdout, stderr

    def summary(self):
        """The counts of `-o json`, with Requests and ElapsedMs."""
        lines = [line for line in self.stderr.splitlines() if line.startswith('{"summary"')]
        if not lines:
            fail(f"no summary: {self.stderr[:2000]}")
        return json.loads(lines[0])["summary"]


def run(words, env, folder, watch=None):
    """Runs a command with its output in files; `watch(pid)` is called until it ends."""
    out, err = str(Path(folder) / "stdout"), str(Path(folder) / "stderr")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600),
    ]
    begin = time.perf_counter()
    pid = os.posix_spawn(words[0], words, env, file_actions=files)
    if watch:
        while True:
            done, status, usage = os.wait4(pid, os.WNOHANG)
            if done:
                break
            watch(pid)
    else:
        _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    return Ran(wall, usage, status, Path(out).read_text(), Path(err).read_text())


def interleaved(rounds, commands):
    """Runs each command once a round, in a new order each time: name -> what it returned."""
    ran = {name: [] for name in commands}
    order = list(commands)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            ran[name].append(commands[name]())
    return ran


def quantile(values, share):
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values, form="{:.2f}"):
    """Median, and in brackets the least and the most."""
    least, middle, most = (form.format(f(values)) for f in (min, statistics.median, max))
    return f"{middle} ({least}–{most})"


def blocks(values, count=5):
    """The values in up to `count` parts of the same size, in their order."""
    size = max(1, len(values) // count)
    return [values[at : at + size] for at in range(0, size * min(count, len(values)), size)]


def ratios(of, to, share):
    """The ratio of two quantiles in each block; a block of both is of the same time."""
    pairs = zip(blocks(of), blocks(to))
    return [quantile(one, share) / quantile(other, share) for one, other in pairs]


def peak(arrivals, window=1_000_000_000):
    """Most arrivals, in nanoseconds, in any window."""
    most, first = 0, 0
    for last, at in enumerate(arrivals):
        while at - arrivals[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


def rooms_file(folder, rooms, each):
    """A list of rooms with as many members in each."""
    path = Path(folder) / f"rooms-{rooms}-{each}.csv"
    with open(path, "w") as out:
        out.write("room,user\n")
        for room in range(rooms):
            out.writelines(f"room-{room},user-{room}-{member}\n" for member in range(each))
    return str(path)
