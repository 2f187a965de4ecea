//! `roomctl sandbox`: a Room Engine on loopback, until Ctrl-C or for as long as
//! one command runs.

mod announce;
mod child;
mod options;

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use anyhow::Context as _;

use super::{CommandArgs, Context};
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt;
use crate::sandbox::{Fault, Sandbox};
use announce::Announcement;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Room with its members, as NAME=USER,USER; repeatable
    #[arg(long, value_name = "NAME=USERS")]
    room: Vec<String>,
    /// File with rooms and members, as kick --from reads it
    ///
    /// - is stdin. Members without a room are put into room-test.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    rooms: Option<PathBuf>,
    /// Time between effect and answer
    #[arg(long, value_name = "DURATION", default_value = "0ms", value_parser = humantime::parse_duration)]
    latency: std::time::Duration,
    /// Requests of one command in any second; above it the answer is 60007
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// What one absent member does to a batch
    #[arg(
        long,
        hide_short_help = true,
        value_name = "MODE",
        default_value = "atomic"
    )]
    absent: options::AbsentMode,
    /// What goes wrong, and how often: 100001=2%; repeatable
    ///
    /// Any error code, http502, http429, reset (cut after it took effect), drop
    /// (cut before), truncate, slow:4s, html, close (the kept connection ends),
    /// connect:200ms (a delay after accept); without a share, always.
    #[arg(long, value_name = "KIND=SHARE")]
    fault: Vec<Fault>,
    /// Speak TLS, with a certificate authority of its own
    #[arg(long)]
    tls: bool,
    /// Write one JSON line per request to this file
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    log: Option<PathBuf>,
    /// Write the export lines to this file, too
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    env_file: Option<PathBuf>,
    /// Command to run against it; the exit code is its own
    ///
    /// It is run with the variables that lead roomctl to the sandbox.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl CommandArgs for Args {
    fn remedy(flag: &str) -> String {
        format!("remove {flag}; after -- it belongs to the command that is run")
    }
}

const EXAMPLES: &str = "\
Examples:
  roomctl sandbox --room r1=alice,bob -- sh script.sh
  roomctl sandbox --env-file box.env &    (then, in any shell: . ./box.env)";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let options = options::from(args, &mut context.stdin)?;
    let sandbox = Sandbox::start(options).map_err(|why| unstarted(why, args))?;
    let exit = match args.command.split_first() {
        Some((program, rest)) => {
            let announcement = announce(&sandbox, args)?;
            child::run(program, rest, &announcement)?
        }
        None => serve(&sandbox, args, context)?,
    };
    if sandbox.log_has_failed() {
        return Err(log_lost(args));
    }
    Ok(exit)
}

fn announce(sandbox: &Sandbox, args: &Args) -> Result<Announcement, Error> {
    let announcement = Announcement::of(sandbox)?;
    for (flag, file) in [("--env-file", &args.env_file), ("--log", &args.log)] {
        if file.as_deref() == Some(std::path::Path::new("-")) {
            let message = format!("{flag} -: stdout is for the export lines or the command");
            return Err(Error::usage(message, format!("{flag} FILE")));
        }
    }
    if let Some(file) = &args.env_file {
        announcement.write_to(file)?;
    }
    Ok(announcement)
}

/// Serves until a signal comes. Signals are heard before anybody can know
/// where the sandbox is, so that who finds it can also end it.
fn serve(sandbox: &Sandbox, args: &Args, context: &Context) -> Result<Exit, Error> {
    let interrupted = watch()?;
    let announcement = announce(sandbox, args)?;
    let text = announcement.text(context.style.format);
    context.print(&text)?;
    context.notes().info(&format!(
        "sandbox: listening on {}; Ctrl-C ends it",
        sandbox.endpoint()
    ));
    // The other end is never dropped before a signal.
    let _ = interrupted.recv();
    Ok(Exit::Done)
}

/// What the flags ask for cannot be had: a taken port, shares that are too many.
fn unstarted(why: io::Error, args: &Args) -> Error {
    let port = args.port;
    match why.kind() {
        ErrorKind::InvalidInput => Error::usage(
            format!("cannot start the sandbox: {why}"),
            "roomctl sandbox --help",
        ),
        ErrorKind::AddrInUse | ErrorKind::PermissionDenied if port != 0 => Error::usage(
            format!("cannot start the sandbox: --port {port}: {why}"),
            "name another port, or leave --port out: any free one is taken",
        ),
        _ => anyhow::Error::new(why)
            .context("cannot start the sandbox")
            .into(),
    }
}

/// A log with holes would be taken for a whole one.
fn log_lost(args: &Args) -> Error {
    let file = args.log.as_deref().unwrap_or(Path::new("-"));
    let why = format!("--log {}: could not be written to its end", file.display());
    Error::results(&io::Error::other(why))
}

/// Hears the first signal; the second ends the process at once.
fn watch() -> Result<mpsc::Receiver<()>, Error> {
    let (tell, heard) = mpsc::channel();
    interrupt::on_signal(move |_| {
        // No receiver: already ending.
        let _ = tell.send(());
    })
    .context("cannot watch for signals")
    .map_err(Error::from)?;
    Ok(heard)
}
