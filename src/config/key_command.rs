//! Runs a program that prints the secret key: a vault, a password manager.
//!
//! It is run without a shell and without standard input. Its stderr passes
//! through, for a PIN prompt. It stays in this process group, so that it can use
//! the terminal. No error contains its output.

use std::fmt;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::file::MAX_BYTES;
use super::table::{Group, RATE_SCOPE, of_groups};

/// Time for a person to unlock something.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// How long output is read after the program ended. A child that it left
/// running (an agent) may keep the pipe open for ever.
const AFTER_EXIT: Duration = Duration::from_millis(200);

/// Interval of the checks whether the program has ended.
const POLL: Duration = Duration::from_millis(10);

/// Why a command gave no key.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyCommandError {
    #[error("{program} cannot be started: {cause}")]
    Start { program: String, cause: io::Error },
    #[error("{program} failed ({status})")]
    Failed { program: String, status: ExitStatus },
    #[error("{program} had not ended after {} s", limit.as_secs())]
    TimedOut { program: String, limit: Duration },
    #[error("{program} printed more than {} KiB", MAX_BYTES / 1024)]
    TooLong { program: String },
    #[error("{program} printed something that is not UTF-8")]
    NotUtf8 { program: String },
    #[error("{program} cannot be waited for: {cause}")]
    Wait { program: String, cause: io::Error },
}

impl KeyCommandError {
    pub(super) fn hint(&self) -> String {
        let by_hand = "run the program by hand: it must print the key on stdout and exit with 0";
        match self {
            Self::Start { program, .. } if program.contains(char::is_whitespace) => {
                let words: Vec<String> = program
                    .split_whitespace()
                    .map(|word| format!("{word:?}"))
                    .collect();
                format!(
                    "write each word as a string of its own: secret_key_command = [{}]",
                    words.join(", ")
                )
            }
            Self::Start { program, .. } if program.starts_with(['~', '$']) => {
                "write the whole path of the program: without a shell, ~ and variables are not replaced"
                    .into()
            }
            _ => by_hand.into(),
        }
    }
}

/// A program and its arguments, which may be confidential.
#[derive(Clone)]
pub(crate) struct KeyCommand {
    program: String,
    arguments: Vec<String>,
}

impl KeyCommand {
    /// The program first; None without a program.
    pub(crate) fn new(argv: &[String]) -> Option<Self> {
        let (program, arguments) = argv.split_first()?;
        Some(Self {
            program: program.clone(),
            arguments: arguments.to_vec(),
        })
    }

    pub(crate) fn program(&self) -> &str {
        &self.program
    }

    /// The program needs no other key, so its environment has none.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        // The URL of a Redis may hold a password.
        let secrets = of_groups(&[Group::Key, Group::UserSig]).chain([&RATE_SCOPE]);
        for variable in secrets.filter_map(|spec| spec.variable) {
            command.env_remove(variable);
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
    if !matches!(ended, Ok(Ended::Exited(..))) {
        // Both fail only if it has ended meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    match ended {
        Ok(Ended::Exited(status, bytes)) if status.success() => {
            String::from_utf8(bytes).map_err(|_| KeyCommandError::NotUtf8 { program })
        }
        Ok(Ended::Exited(status, _)) => Err(KeyCommandError::Failed { program, status }),
        Ok(Ended::TimedOut) => Err(KeyCommandError::TimedOut { program, limit }),
        Ok(Ended::TooLong) => Err(KeyCommandError::TooLong { program }),
        Err(cause) => Err(KeyCommandError::Wait { program, cause }),
    }
}

/// A thread, because a pipe cannot be read with a time limit. It is never
/// joined, because it may wait for a grandchild's open pipe.
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
    Exited(ExitStatus, Vec<u8>),
    TimedOut,
    TooLong,
}

/// Waits for the end of the program and the end of its output.
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
                return Ok(Ended::Exited(status, bytes));
            }
            None if Instant::now() >= deadline => return Ok(Ended::TimedOut),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(argv: &[&str]) -> KeyCommand {
        let argv: Vec<String> = argv.iter().copied().map(str::to_owned).collect();
        KeyCommand::new(&argv).expect("has a program")
    }

    fn shell(script: &str, limit: Duration) -> Result<String, KeyCommandError> {
        run(&command(&["sh", "-c", script]), limit)
    }

    #[test]
    fn stdout_is_the_key() {
        assert_eq!(shell("echo key", LIMIT).expect("ends well"), "key\n");
    }

    #[test]
    fn a_failure_has_the_status_and_the_program_only() {
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
        assert_eq!(LIMIT, Duration::from_secs(30));
        assert!(begin.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_child_that_it_leaves_running_is_not_waited_for() {
        let begin = Instant::now();
        let key = shell("sleep 20 & echo key", LIMIT).expect("ends well");
        assert_eq!(key, "key\n");
        assert!(begin.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn output_that_is_too_long_or_not_utf8_is_refused() {
        let flood = shell("head -c 70000 /dev/zero", LIMIT);
        assert!(matches!(flood, Err(KeyCommandError::TooLong { .. })));
        let bytes = shell("printf '\\377'", LIMIT);
        assert!(matches!(bytes, Err(KeyCommandError::NotUtf8 { .. })));
    }

    #[test]
    fn its_environment_has_no_key() {
        let names = shell(
            "env | grep -c -e ^ROOMCTL_SECRET_KEY -e ^ROOMCTL_USERSIG -e ^ROOMCTL_RATE_SCOPE || true",
            LIMIT,
        );
        assert_eq!(names.expect("ends well"), "0\n");
        let command = command(&["vault", "canary"]);
        assert_eq!(format!("{command:?}"), "KeyCommand(\"vault\", 1 arguments)");
        let command = command.command();
        let removed = command.get_envs().filter(|(_, value)| value.is_none());
        assert_eq!(removed.count(), 5);
    }
}
