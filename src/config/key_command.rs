//! Asking a program for the secret key: a vault, a password manager.
//!
//! No shell; nothing on its standard input; what it says on stderr (a prompt
//! for a PIN) passes through. It stays in our process group, so that it may
//! use the terminal. Its output appears in no fault.

use std::fmt;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::file::MAX_BYTES;
use super::names::{SECRET_KEY, SECRET_KEY_FILE, USERSIG, USERSIG_FILE};

/// Time for a person to unlock something, not to walk away: the contract's.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// How long output may still come after the program ended. What it started
/// and left behind (an agent) may hold the pipe open for ever.
const AFTER_EXIT: Duration = Duration::from_millis(200);

/// How often the program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// Why a command gave no key.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyCommandError {
    /// Not found, not executable.
    #[error("{program} cannot be started: {cause}")]
    Start {
        /// What was to be started.
        program: String,
        /// The system's answer.
        cause: io::Error,
    },
    /// Failed by its own account.
    #[error("{program} failed ({status})")]
    Failed {
        /// What was started.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// Still running, and killed.
    #[error("{program} had not ended after {} s", limit.as_secs())]
    TimedOut {
        /// What was started.
        program: String,
        /// How long it had.
        limit: Duration,
    },
    /// Not a key.
    #[error("{program} printed more than {} KiB", MAX_BYTES / 1024)]
    TooLong {
        /// What was started.
        program: String,
    },
    /// Not a key either.
    #[error("{program} printed something that is not UTF-8")]
    NotUtf8 {
        /// What was started.
        program: String,
    },
    /// The system lost track of it.
    #[error("{program} cannot be waited for: {cause}")]
    Wait {
        /// What was started.
        program: String,
        /// The system's answer.
        cause: io::Error,
    },
}

/// A program and its arguments, which may be confidential themselves.
#[derive(Clone)]
pub struct KeyCommand {
    program: String,
    arguments: Vec<String>,
}

impl KeyCommand {
    /// From an array as a profile has it; None without a program.
    pub(super) fn new(mut argv: Vec<String>) -> Option<Self> {
        if argv.first().is_none_or(String::is_empty) {
            return None;
        }
        let arguments = argv.split_off(1);
        let program = argv.pop()?;
        Some(Self { program, arguments })
    }

    /// What is run, without its arguments.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// No shell. A program that is to tell the key has no business knowing
    /// another one.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        for name in [&SECRET_KEY, &SECRET_KEY_FILE, &USERSIG, &USERSIG_FILE] {
            command.env_remove(name.variable.unwrap_or_default());
        }
        command
    }
}

impl fmt::Debug for KeyCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "KeyCommand({:?}, {} arguments)",
            self.program,
            self.arguments.len()
        )
    }
}

/// What the command prints on stdout within `limit`.
pub(super) fn run(command: &KeyCommand, limit: Duration) -> Result<String, KeyCommandError> {
    let program = command.program.clone();
    let mut child = match command.command().spawn() {
        Ok(child) => child,
        Err(cause) => return Err(KeyCommandError::Start { program, cause }),
    };
    let output = read_in_background(&mut child);
    let ended = collect(&mut child, &output, Instant::now() + limit);
    if !matches!(ended, Ok(Ended::Itself(..))) {
        // Both fail only when it has ended meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    match ended {
        Ok(Ended::Itself(status, bytes)) if status.success() => {
            String::from_utf8(bytes).map_err(|_| KeyCommandError::NotUtf8 { program })
        }
        Ok(Ended::Itself(status, _)) => Err(KeyCommandError::Failed { program, status }),
        Ok(Ended::OutOfTime) => Err(KeyCommandError::TimedOut { program, limit }),
        Ok(Ended::TooLong) => Err(KeyCommandError::TooLong { program }),
        Err(cause) => Err(KeyCommandError::Wait { program, cause }),
    }
}

/// A thread, because a pipe cannot be read with a time limit. It is never
/// joined: it may wait on a grandchild's open pipe.
fn read_in_background(child: &mut Child) -> Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    if let Some(mut stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
    }
    receive
}

enum Ended {
    Itself(ExitStatus, Vec<u8>),
    OutOfTime,
    TooLong,
}

/// Waits for the end of the program and of its output, whichever is later.
fn collect(child: &mut Child, output: &Receiver<Vec<u8>>, deadline: Instant) -> io::Result<Ended> {
    let mut bytes = Vec::new();
    let mut is_open = true;
    let mut exited: Option<(ExitStatus, Instant)> = None;
    loop {
        match output.recv_timeout(POLL) {
            Ok(chunk) => bytes.extend(chunk),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                is_open = false;
                thread::sleep(POLL);
            }
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Ok(Ended::TooLong);
        }
        if exited.is_none() {
            exited = child.try_wait()?.map(|status| (status, Instant::now()));
        }
        match exited {
            Some((status, at)) if !is_open || at.elapsed() > AFTER_EXIT => {
                return Ok(Ended::Itself(status, bytes));
            }
            None if Instant::now() >= deadline => return Ok(Ended::OutOfTime),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(argv: &[&str]) -> KeyCommand {
        let argv = argv.iter().copied().map(str::to_owned).collect();
        KeyCommand::new(argv).expect("has a program")
    }

    fn shell(script: &str, limit: Duration) -> Result<String, KeyCommandError> {
        run(&command(&["sh", "-c", script]), limit)
    }

    #[test]
    fn stdout_is_the_key() {
        assert_eq!(shell("echo key", LIMIT).expect("ends well"), "key\n");
    }

    #[test]
    fn a_failure_tells_the_status_and_the_program_only() {
        let error = shell("echo canary; exit 3", LIMIT).expect_err("fails");
        assert_eq!(error.to_string(), "sh failed (exit status: 3)");
        let missing = run(&command(&["/nowhere/vault", "canary"]), LIMIT);
        let message = missing.expect_err("not there").to_string();
        assert!(message.starts_with("/nowhere/vault cannot be started"));
        assert!(!message.contains("canary"));
    }

    #[test]
    fn it_is_killed_when_its_time_is_up() {
        let begin = Instant::now();
        let error = shell("exec sleep 20", Duration::from_millis(100));
        let error = error.expect_err("too slow");
        assert!(matches!(error, KeyCommandError::TimedOut { .. }), "{error}");
        assert_eq!(LIMIT, Duration::from_secs(30), "the contract's");
        assert!(begin.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_it_leaves_behind_does_not_hold_us() {
        let begin = Instant::now();
        let key = shell("sleep 20 & echo key", LIMIT).expect("ends well");
        assert_eq!(key, "key\n");
        assert!(begin.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_flood_and_bytes_are_no_key() {
        let flood = shell("head -c 70000 /dev/zero", LIMIT);
        assert!(matches!(flood, Err(KeyCommandError::TooLong { .. })));
        let bytes = shell("printf '\\377'", LIMIT);
        assert!(matches!(bytes, Err(KeyCommandError::NotUtf8 { .. })));
    }

    #[test]
    fn it_is_told_no_key() {
        let names = shell(
            "env | grep -c -e ^ROOMCTL_SECRET_KEY -e ^ROOMCTL_USERSIG || true",
            LIMIT,
        );
        assert_eq!(names.expect("ends well"), "0\n");
        let command = command(&["vault", "canary"]);
        assert_eq!(format!("{command:?}"), "KeyCommand(\"vault\", 1 arguments)");
        let command = command.command();
        let removed = command.get_envs().filter(|(_, value)| value.is_none());
        assert_eq!(removed.count(), 4);
    }
}
