//! The cost of a long list: requests, time, memory, and how close the arrivals
//! come to the service's limit.
//!
//! Runs the binary against a sandbox in this process, with 100 ms of latency;
//! a million members only as a dry run. Prints figures. Checks only that
//! every member was removed by the fewest possible requests, not the speed.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use roomctl::sandbox::{Options, Sandbox};
use serde_json::Value;

const LATENCY: Duration = Duration::from_millis(100);

/// Why there are no figures.
type Fault = Box<dyn std::error::Error>;

/// One run of the binary.
struct Ran {
    output: Output,
    took: Duration,
    /// Peak memory in KiB; None if the system does not report it.
    memory: Option<u64>,
}

/// Members spread over rooms, as many in each.
#[derive(Clone, Copy)]
struct Crowd {
    rooms: usize,
    each: usize,
}

fn main() -> ExitCode {
    let figures = kicks(200).and_then(|text| Ok(text + &kicks(190)? + &dry_run()?));
    let (text, exit) = match figures {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(wrong) => (format!("bulk: {wrong}\n"), ExitCode::FAILURE),
    };
    let _ = io::stdout().write_all(text.as_bytes());
    exit
}

/// 20,000 members at this rate.
fn kicks(rate: u32) -> Result<String, Fault> {
    let crowd = Crowd {
        rooms: 200,
        each: 100,
    };
    let folder = tempfile::tempdir()?;
    let list = crowd.list(folder.path())?;
    let sandbox = Sandbox::start(crowd.options())?;
    let rate = rate.to_string();
    let words = ["--from", &list, "--rate", &rate];
    let plan = object(&run(&sandbox, &words, true)?.output.stdout)?;
    let ran = run(&sandbox, &words, false)?;
    let stderr = String::from_utf8_lossy(&ran.output.stderr).into_owned();
    let summary = stderr.lines().find(|line| line.contains("\"summary\""));
    let summary = object(summary.ok_or("no summary")?.as_bytes())?;
    let (removed, members) = (&summary["summary"]["removed"], crowd.members());
    if *removed != members {
        return Err(format!("{removed} of {members} were removed").into());
    }
    let least = plan["LeastSeconds"].as_f64().unwrap_or_default() + LATENCY.as_secs_f64();
    let mut figures = format!("bulk: {members} members at --rate {rate}, {LATENCY:?} each\n");
    let mut figure = |name: &str, value: String| {
        let _ = writeln!(figures, "  {name:22}{value}");
    };
    let requests = sandbox.requests();
    figure(
        "requests",
        format!("{requests}, the least is {}", plan["Requests"]),
    );
    let took = ran.took.as_secs_f64();
    figure("time", format!("{took:.2} s, the least is {least:.2} s"));
    figure("most in any second", peak(&sandbox.arrivals()).to_string());
    figure("most memory", ran.memory());
    Ok(figures)
}

/// The plan of a million members.
fn dry_run() -> Result<String, Fault> {
    let crowd = Crowd {
        rooms: 10_000,
        each: 100,
    };
    let folder = tempfile::tempdir()?;
    let list = crowd.list(folder.path())?;
    let sandbox = Sandbox::start(Options::default())?;
    let ran = run(&sandbox, &["--from", &list], true)?;
    let plan = object(&ran.output.stdout)?;
    if plan["Members"] != crowd.members() || sandbox.requests() != 0 {
        return Err(format!("a plan of {plan}, {} sent", sandbox.requests()).into());
    }
    let (took, memory) = (ran.took.as_secs_f64(), ran.memory());
    let members = crowd.members();
    Ok(format!(
        "bulk: the plan of {members} members\n  time                  {took:.2} s\n  most memory           {memory}\n"
    ))
}

impl Crowd {
    fn members(self) -> usize {
        self.rooms * self.each
    }

    fn options(self) -> Options {
        let options = Options {
            keep_arrivals: true,
            limit: u32::MAX,
            latency: LATENCY,
            ..Options::default()
        };
        (0..self.rooms).fold(options, |options, room| {
            let members = (0..self.each).map(|n| format!("user-{room}-{n}"));
            options.room(format!("room-{room}"), members)
        })
    }

    /// All members as csv, in a mixed order.
    fn list(self, folder: &Path) -> io::Result<String> {
        let path = folder.join("list.csv");
        let mut out = BufWriter::new(File::create(&path)?);
        writeln!(out, "room,user")?;
        for n in 0..self.members() {
            // A step that is coprime to the count reaches every number.
            let n = n * 7919 % self.members();
            let (room, member) = (n / self.each, n % self.each);
            writeln!(out, "room-{room},user-{room}-{member}")?;
        }
        out.flush()?;
        Ok(path.display().to_string())
    }
}

impl Ran {
    fn memory(&self) -> String {
        let unknown = || "unknown".to_owned();
        let mib = |kib: u64| format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024);
        self.memory.map_or_else(unknown, mib)
    }
}

/// `roomctl kick` with these words against the sandbox.
fn run(sandbox: &Sandbox, words: &[&str], dry: bool) -> Result<Ran, Fault> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomctl"));
    command
        .args(["kick", "--reason", "bench", "--output", "json"])
        .args(words)
        .args(dry.then_some("--dry-run"))
        .env_clear()
        .env("ROOMCTL_ENDPOINT", sandbox.endpoint())
        .env("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string())
        .env("ROOMCTL_IDENTIFIER", sandbox.identifier())
        .env("ROOMCTL_SECRET_KEY", sandbox.secret_key().expose())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let begin = Instant::now();
    let child = command.spawn()?;
    let (over, end) = channel();
    let pid = child.id();
    let watcher = thread::spawn(move || {
        let mut most = None;
        while end.recv_timeout(Duration::from_millis(5)) == Err(RecvTimeoutError::Timeout) {
            most = peak_memory(pid).or(most);
        }
        most
    });
    let output = wait(child, over)?;
    let took = begin.elapsed();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let memory = watcher.join().map_err(|_| "the watcher panicked")?;
    Ok(Ran {
        output,
        took,
        memory,
    })
}

/// Dropping `_over` signals its end to the watching thread.
fn wait(child: Child, _over: Sender<()>) -> io::Result<Output> {
    child.wait_with_output()
}

/// Peak memory of a running process, in KiB.
fn peak_memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Most arrivals, in nanoseconds, in any second.
fn peak(arrivals: &[u64]) -> usize {
    let until = |from: &u64| arrivals.partition_point(|at| *at < from + 1_000_000_000);
    let within = arrivals.iter().enumerate().map(|(n, from)| until(from) - n);
    within.max().unwrap_or(0)
}

fn object(bytes: &[u8]) -> Result<Value, Fault> {
    Ok(serde_json::from_slice(bytes)?)
}
