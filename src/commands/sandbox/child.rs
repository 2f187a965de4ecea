//! One command inside a sandbox: variables set, signals passed on, exit code
//! handed back.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::sync::mpsc;
use std::thread;

use anyhow::Context as _;
use rustix::process::{Pid, Signal as RawSignal, kill_process};

use super::announce::Announcement;
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt::{self, Signal};

/// Variables that would contradict the sandbox's or lead away from it.
const CONTRADICTING: [&str; 6] = [
    "ROOMCTL_SECRET_KEY_FILE",
    "ROOMCTL_USERSIG",
    "ROOMCTL_USERSIG_FILE",
    "ROOMCTL_REGION",
    "ROOMCTL_CA_FILE",
    "ROOMCTL_TLS_ROOTS",
];

/// Runs it to its end. Nothing is printed: stdout is the command's.
pub(super) fn run(
    program: &OsStr,
    args: &[OsString],
    announcement: &Announcement,
) -> Result<Exit, Error> {
    let mut command = Command::new(program);
    command.args(args);
    for name in CONTRADICTING {
        command.env_remove(name);
    }
    for (name, value) in announcement.variables() {
        command.env(name, value);
    }
    if announcement.has_certificate() {
        // A profile's `tls_roots = "system"` would exclude the certificate.
        command.env("ROOMCTL_TLS_ROOTS", "bundled");
    }
    // Heard from before the command is there: it must not be left alone by a
    // signal that comes right behind its start.
    let (tell, heard) = mpsc::channel();
    interrupt::on_signal(move |signal| {
        // No receiver: the command could not be started.
        let _ = tell.send(signal);
    })
    .context("cannot watch for signals")
    .map_err(Error::from)?;
    let mut child = command.env("ROOMCTL_SANDBOX", "1").spawn().map_err(|why| {
        let message = format!("cannot run {}: {why}", program.display());
        Error::usage(message, "name a program behind --")
    })?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    thread::spawn(move || heard.iter().for_each(|signal| pass_on(signal, pid)));
    let status = child
        .wait()
        .context("cannot wait for the command")
        .map_err(Error::from)?;
    Ok(Exit::Command(code(status)))
}

/// The sandbox stays while its command winds up. Ctrl-C reaches the command
/// from the terminal; what was sent to this process alone is passed on.
fn pass_on(signal: Signal, to: Option<Pid>) {
    let raw = match signal {
        Signal::Int => return,
        Signal::Hup => RawSignal::HUP,
        Signal::Term => RawSignal::TERM,
    };
    if let Some(pid) = to {
        // Already gone: its exit code is on the way.
        let _ = kill_process(pid, raw);
    }
}

/// As shells have it: 128 and the signal's number where a signal ended it.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}
