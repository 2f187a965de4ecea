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

use secrecy::zeroize::Zeroizing;

use super::file::{self, MAX_BYTES};
use super::pasted::is_secret;
use super::table::{Group, RATE_SCOPE, of_groups};
use crate::secret::ZLIB_STARTS;

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
    #[error("{} cannot be started: {cause}", command.shown_program())]
    Start {
        command: KeyCommand,
        cause: io::Error,
    },
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
            Self::Start { command, .. } if command.program.contains(char::is_whitespace) => {
                let arguments = command.program.split_whitespace().skip(1).map(in_hint);
                let program = command
                    .first_word()
                    .map_or_else(|| in_hint(""), |word| format!("{word:?}"));
                let words: Vec<String> = [program].into_iter().chain(arguments).collect();
                format!(
                    "write each word as a string of its own: secret_key_command = [{}]",
                    words.join(", ")
                )
            }
            Self::Start { command, .. } if command.program.starts_with(['~', '$']) => {
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

    /// The program for messages: the first word of it, because whoever writes a whole
    /// command line as one string may have the key in it. Nothing of a word that may be
    /// a part of a key.
    pub(crate) fn shown_program(&self) -> &str {
        self.first_word().unwrap_or("the program")
    }

    fn first_word(&self) -> Option<&str> {
        let word = self.program.split_whitespace().next();
        word.filter(|word| !may_be_secret(word))
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
            self.shown_program(),
            self.arguments.len()
        )
    }
}

/// Whether a word may be a key, a signature or the beginning of one. Programs and
/// their folders have other names.
fn may_be_secret(word: &str) -> bool {
    const LEAST: usize = 12;
    let mut runs = word.as_bytes().windows(LEAST);
    let mut parts = word.split(['/', '=', ':']);
    let is_signature =
        |part: &str| part.len() >= LEAST && ZLIB_STARTS.iter().any(|start| part.starts_with(start));
    is_secret(word)
        || runs.any(|run| run.iter().all(u8::is_ascii_hexdigit))
        || parts.any(is_signature)
}

/// An argument as a hint shows it. One that is not a short word may be confidential.
fn in_hint(word: &str) -> String {
    const LONGEST: usize = 11;
    let is_plain = |c: char| c.is_ascii_alphabetic() || "-_./%".contains(c);
    if (1..=LONGEST).contains(&word.len()) && word.chars().all(is_plain) {
        format!("{word:?}")
    } else {
        "\"…\"".to_owned()
    }
}

/// What the command prints on stdout within `limit`.
pub(super) fn run(
    command: &KeyCommand,
    limit: Duration,
) -> Result<Zeroizing<String>, KeyCommandError> {
    let program = command.shown_program().to_owned();
    let mut child = match command.command().spawn() {
        Ok(child) => child,
        Err(cause) => {
            let command = command.clone();
            return Err(KeyCommandError::Start { command, cause });
        }
    };
    let output = read_in_background(&mut child);
    let ended = collect(&mut child, &output, Instant::now() + limit);
    if !matches!(ended, Ok(Ended::Exited(..))) {
        // Both fail only if it has ended meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    match ended {
        Ok(Ended::Exited(status, bytes)) if status.success() => match str::from_utf8(&bytes) {
            Ok(text) => Ok(Zeroizing::new(text.to_owned())),
            Err(_) => Err(KeyCommandError::NotUtf8 { program }),
        },
        Ok(Ended::Exited(status, _)) => Err(KeyCommandError::Failed { program, status }),
        Ok(Ended::TimedOut) => Err(KeyCommandError::TimedOut { program, limit }),
        Ok(Ended::TooLong) => Err(KeyCommandError::TooLong { program }),
        Err(cause) => Err(KeyCommandError::Wait { program, cause }),
    }
}

/// A thread, because a pipe cannot be read with a time limit. It is never
/// joined, because it may wait for a grandchild's open pipe.
fn read_in_background(child: &mut Child) -> Receiver<Zeroizing<Vec<u8>>> {
    let (send, receive) = mpsc::channel();
    if let Some(mut stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut buffer = Zeroizing::new([0; 4096]);
            while let Ok(count @ 1..) = stdout.read(&mut *buffer) {
                if send.send(buffer[..count].to_vec().into()).is_err() {
                    break;
                }
            }
        });
    }
    receive
}

enum Ended {
    Exited(ExitStatus, Zeroizing<Vec<u8>>),
    TimedOut,
    TooLong,
}

/// Waits for the end of the program and the end of its output.
fn collect(
    child: &mut Child,
    output: &Receiver<Zeroizing<Vec<u8>>>,
    deadline: Instant,
) -> io::Result<Ended> {
    let mut bytes = file::wiped_buffer();
    let mut is_open = true;
    let mut exited: Option<(ExitStatus, Instant)> = None;
    loop {
        match output.recv_timeout(POLL) {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
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
        let text = run(&command(&["sh", "-c", script]), limit);
        text.map(|text| text.to_string())
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
    fn only_the_first_word_of_a_command_line_is_shown_and_no_part_of_a_key() {
        let half = "0123456789abcdef01234567";
        for (program, shown, hint) in [
            ("pass show trtc", "pass", r#"["pass", "show", "trtc"]"#),
            (
                "/usr/bin/printf %s KEY",
                "/usr/bin/printf",
                r#"["/usr/bin/printf", "%s", "…"]"#,
            ),
            ("echo\u{a0}KEY", "echo", r#"["echo", "…"]"#),
            ("KEY x", "the program", r#"["…", "x"]"#),
            ("/opt/KEY/x", "the program", ""),
            ("/opt/deadbeef-2024/x", "/opt/deadbeef-2024/x", ""),
            ("a=eJyrVgrxCdYr", "the program", ""),
        ] {
            let command = command(&[&program.replace("KEY", half)]);
            assert_eq!(command.shown_program(), shown);
            let error = run(&command, LIMIT).expect_err("no such program");
            let texts = format!("{command:?} {error} {error:?} {}", error.hint());
            assert!(!texts.contains(&half[..12]), "{texts}");
            assert!(texts.contains(hint), "{texts}");
        }
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
