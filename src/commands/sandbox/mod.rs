//! `roomctl sandbox`: a Room Engine on loopback. It runs until Ctrl-C, or as long
//! as the command that it was started for.

mod options;

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::mpsc;
use std::thread;

use anyhow::Context as _;
use rustix::process::{Pid, Signal as RawSignal, kill_process};
use tempfile::NamedTempFile;

use super::Context;
use super::file_conflicts::{check_conflicts, files_read};
use crate::atomic_file::AtomicFile;
use crate::config::table::{Group, TLS_ROOTS, of_groups};
use crate::config::{Env, Format, Profiles, SANDBOX_VARIABLE};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::file_name::display_path;
use crate::interrupt::{self, Signal};
use crate::sandbox::Sandbox;
use crate::streams::print_bytes;
pub(crate) use options::Args;
use options::cannot_open;

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let mut problems = Problems::default();
    check(args, context, &mut problems);
    let options = options::options(args, problems, &mut context.stdin)?;
    let sandbox = Sandbox::start(options).map_err(|why| start_error(why, args))?;
    let exit = if args.command.is_empty() {
        serve(&sandbox, args, context)?
    } else {
        run_command(&sandbox, args, context)?
    };
    if sandbox.log_has_failed() {
        return Err(log_error(args));
    }
    Ok(exit)
}

/// Adds the problems of the flags; reads no list.
pub(crate) fn check(args: &Args, context: &Context, problems: &mut Problems) {
    // As of `sandbox -- $COMMAND`, where the variable is empty: it would serve for ever.
    let ends_with_dashes = context.argv.last().is_some_and(|last| last == "--");
    let is_empty = args.command.first().map(|program| program.is_empty());
    if is_empty.unwrap_or(ends_with_dashes) {
        let hint = "name a program after --, or remove -- to serve until Ctrl-C";
        problems.push(Problem::usage("no command after --", hint));
    }
    for (flag, file) in [("--env-file", &args.env_file), ("--log", &args.log)] {
        if file.as_deref() == Some(Path::new("-")) {
            let message = format!("{flag} -: stdout is for the export lines or the command");
            problems.push(Problem::usage(message, format!("{flag} FILE")));
        }
    }
    problems.ok_or_collect(refuse_conflicts(args, context));
    options::check_rooms(args, problems);
}

/// A file that is read must not be emptied, also not the key or the profiles of the
/// caller, which the sandbox does not use.
fn refuse_conflicts(args: &Args, context: &Context) -> Result<(), Error> {
    let files = [("--log", &args.log), ("--env-file", &args.env_file)];
    let written = files
        .iter()
        .filter_map(|(flag, file)| Some((*flag, file.as_deref()?)));
    let written: Vec<_> = written.collect();
    if written.is_empty() {
        return Ok(());
    }
    // The sandbox runs with a broken configuration, too.
    let profiles = Profiles::load_regular(&context.flags.connection, &context.env);
    let profiles = profiles.unwrap_or_default();
    let lists = args.rooms.iter().map(|list| ("--rooms", list));
    let read = files_read(lists, profiles.chosen.as_ref(), context);
    let mut problems = Problems::default();
    check_conflicts(&written, &read, &mut problems);
    problems.into_result()
}

/// The variables of the sandbox, also written to `--env-file`.
fn variables(sandbox: &Sandbox, args: &Args, env: &Env) -> Result<Variables, Error> {
    let variables = Variables::of(sandbox, env)?;
    if let Some(file) = &args.env_file {
        variables.write_to(file)?;
    }
    Ok(variables)
}

/// Serves until a signal comes. Signals are caught before the variables are
/// printed, because their reader may end the sandbox at once.
fn serve(sandbox: &Sandbox, args: &Args, context: &Context) -> Result<Exit, Error> {
    let signals = signals()?;
    let variables = variables(sandbox, args, &context.env)?;
    // Unchanged, because a shell reads them, also from a narrow terminal.
    print_bytes(variables.text(context.style.format).as_bytes())?;
    context.notes().info(&format!(
        "sandbox: listening on {}; Ctrl-C ends it",
        sandbox.endpoint()
    ));
    // The sender is never dropped.
    let _ = signals.recv();
    Ok(Exit::Done)
}

/// Runs the command to its end. Prints nothing, because stdout belongs to the
/// command.
fn run_command(sandbox: &Sandbox, args: &Args, context: &Context) -> Result<Exit, Error> {
    let variables = variables(sandbox, args, &context.env)?;
    let (program, rest) = (&args.command[0], &args.command[1..]);
    let mut command = Command::new(program);
    command.args(rest);
    variables.set_for(&mut command);
    if context.stdin.is_claimed() {
        command.stdin(unusable_stdin()?);
    }
    // Signals are caught before the command starts. Otherwise one that comes right
    // after the start would end the sandbox and leave the command running.
    let signals = signals()?;
    let mut child = command.spawn().map_err(|why| {
        let message = format!("cannot run {}: {why}", program.display());
        Error::usage(message, "name a program after --")
    })?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    thread::spawn(move || signals.iter().for_each(|signal| forward(signal, pid)));
    let status = child
        .wait()
        .context("cannot wait for the command")
        .map_err(Error::from)?;
    Ok(Exit::Command(exit_code(status)))
}

/// Standard input for the command after `--rooms -` has read ours. It is empty, and
/// roomctl recognises it and refuses to read it: nobody has asked for an empty list.
fn unusable_stdin() -> Result<File, Error> {
    let null = File::options().read(true).write(true).open("/dev/null");
    Ok(null.context("cannot open /dev/null")?)
}

/// Receives the signals of this process.
fn signals() -> Result<mpsc::Receiver<Signal>, Error> {
    let (sender, receiver) = mpsc::channel();
    interrupt::on_signal(move |signal| {
        // No receiver: the process is ending.
        let _ = sender.send(signal);
    })
    .context("cannot catch signals")
    .map_err(Error::from)?;
    Ok(receiver)
}

/// Forwards a signal that was sent to this process alone; the sandbox goes on
/// until the command has ended. SIGINT by Ctrl-C reaches the command from the
/// terminal.
fn forward(signal: Signal, to: Option<Pid>) {
    let raw = match signal {
        Signal::Int => return,
        Signal::Hup => RawSignal::HUP,
        Signal::Term => RawSignal::TERM,
    };
    if let Some(pid) = to {
        // An error means that the command has ended.
        let _ = kill_process(pid, raw);
    }
}

/// As in shells: 128 and the signal's number if a signal ended the command.
fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}

/// The port may be in use, or the shares of the faults more than 100 %.
fn start_error(why: io::Error, args: &Args) -> Error {
    let port = args.port;
    match why.kind() {
        ErrorKind::InvalidInput => Error::usage(
            format!("cannot start the sandbox: {why}"),
            "give them shares that fit together, like --fault reset=50% --fault html=50%",
        ),
        ErrorKind::AddrInUse | ErrorKind::PermissionDenied if port != 0 => Error::usage(
            format!("cannot start the sandbox: --port {port}: {why}"),
            "name another port, or remove --port to use a free one",
        ),
        _ => anyhow::Error::new(why)
            .context("cannot start the sandbox")
            .into(),
    }
}

/// An incomplete log must not be taken for a complete one.
fn log_error(args: &Args) -> Error {
    let file = args.log.as_deref().unwrap_or(Path::new("-"));
    let why = format!(
        "--log {}: could not be written to its end",
        display_path(file)
    );
    Error::not_written(&io::Error::other(why))
}

/// Settings of the caller that the sandbox replaces. A key or a signature of the
/// caller's environment would contradict the sandbox's key.
const REPLACED: [Group; 5] = [
    Group::Account,
    Group::Key,
    Group::UserSig,
    Group::Destination,
    Group::Trust,
];

/// Names and values of the variables that point roomctl to a sandbox. The file of
/// the certificate authority is deleted when this is dropped.
#[derive(Debug)]
struct Variables {
    all: Vec<(&'static str, String)>,
    _ca_file: Option<NamedTempFile>,
}

impl Variables {
    fn of(sandbox: &Sandbox, env: &Env) -> Result<Self, Error> {
        let mut all = vec![
            ("ROOMCTL_ENDPOINT", sandbox.endpoint()),
            ("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string()),
            ("ROOMCTL_IDENTIFIER", sandbox.identifier().to_owned()),
            (
                "ROOMCTL_SECRET_KEY",
                sandbox.secret_key().expose().to_owned(),
            ),
            (SANDBOX_VARIABLE, "1".to_owned()),
        ];
        let ca_file = sandbox.ca_pem().map(write_ca).transpose()?;
        if let Some(file) = &ca_file {
            all.push(("ROOMCTL_CA_FILE", file.path().display().to_string()));
            // With `tls_roots = "system"` of a profile, the certificate would be
            // untrusted.
            let roots = TLS_ROOTS.variable.unwrap_or_default();
            all.push((roots, "bundled".to_owned()));
        }
        // Empty is unset.
        let is_set = |name: &&str| env.get_os(name).is_some();
        let is_replaced = |name: &&str| all.iter().all(|(given, _)| given != name);
        let others = of_groups(&REPLACED).filter_map(|spec| spec.variable);
        let others = others.filter(is_set).filter(is_replaced);
        let others: Vec<_> = others.map(|name| (name, String::new())).collect();
        all.extend(others);
        Ok(Self {
            all,
            _ca_file: ca_file,
        })
    }

    /// Sets the environment of a command that uses the sandbox.
    fn set_for(&self, command: &mut Command) {
        for variable in of_groups(&REPLACED).filter_map(|spec| spec.variable) {
            command.env_remove(variable);
        }
        let set = self.all.iter().filter(|(_, value)| !value.is_empty());
        for (name, value) in set {
            command.env(name, value);
        }
    }

    /// `export` lines for a shell, or one JSON object.
    fn text(&self, format: Format) -> String {
        match format {
            Format::Text => self.exports(),
            Format::Json => {
                let object: serde_json::Map<_, _> = self
                    .all
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                    .collect();
                serde_json::Value::Object(object).to_string() + "\n"
            }
        }
    }

    /// Writes the `export` lines to a file, atomically. Only its owner can read it,
    /// because it contains the key.
    fn write_to(&self, file: &Path) -> Result<(), Error> {
        let message = |why: &io::Error| format!("--env-file {}: {why}", display_path(file));
        let not_written =
            |why: io::Error| Error::not_written(&io::Error::new(why.kind(), message(&why)));
        let new = AtomicFile::open(file);
        let mut new = new.map_err(|why| cannot_open("--env-file", file, &why))?;
        new.write_all(self.exports().as_bytes())
            .and_then(|()| new.finish())
            .map_err(not_written)
    }

    fn exports(&self) -> String {
        let line = |(name, value): &(&str, String)| {
            let quoted = shlex::try_quote(value).map_or_else(|_| value.clone(), Into::into);
            format!("export {name}={quoted}\n")
        };
        self.all.iter().map(line).collect()
    }
}

fn write_ca(pem: &str) -> Result<NamedTempFile, Error> {
    let write = || -> std::io::Result<NamedTempFile> {
        let mut file = tempfile::Builder::new()
            .prefix("roomctl-ca-")
            .suffix(".pem")
            .tempfile()?;
        file.write_all(pem.as_bytes())?;
        Ok(file)
    };
    write()
        .context("cannot write the sandbox's certificate")
        .map_err(Error::from)
}
