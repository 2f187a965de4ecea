//! Names of files in messages and in commands to type. A name may hold any byte: a
//! line feed in it must neither break a line of a message nor of a command.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::secret::scrub;

/// `name` as a word for a shell, on one line.
pub(crate) fn shell_quoted(name: impl AsRef<OsStr>) -> String {
    let name = name.as_ref();
    match name.to_str() {
        Some(text) if !text.chars().any(char::is_control) => {
            shlex::try_quote(text).map_or_else(|_| text.to_owned(), Cow::into_owned)
        }
        _ => ansi_c_quoted(name.as_bytes()),
    }
}

/// `$'…'`, which bash, zsh, ksh and POSIX since 2024 understand.
fn ansi_c_quoted(name: &[u8]) -> String {
    let mut quoted = String::from("$'");
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => quoted.extend(['\\', c]),
                '\n' | '\r' | '\t' => quoted.extend(c.escape_default()),
                c if c.is_control() => {
                    push_bytes(&mut quoted, c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                c => quoted.push(c),
            }
        }
        push_bytes(&mut quoted, chunk.invalid());
    }
    quoted.push('\'');
    quoted
}

/// In octal: three digits never run into the next character.
fn push_bytes(quoted: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(quoted, "\\{byte:03o}");
    }
}

/// `path` for a message, on one line. A key that was given as a file name is
/// redacted.
pub(crate) fn display_path(path: &Path) -> String {
    let text = scrub(&path.to_string_lossy());
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const NAMES: [&[u8]; 9] = [
        b"plain.csv",
        b"a b",
        b"it's",
        b"two\nlines",
        b"it's\r\n\\n $HOME `x`",
        b"\x1b[31m\x7f1",
        b"\xff\xfe7",
        "\u{85}\u{e9}\n用户".as_bytes(),
        b"-n\t",
    ];

    #[test]
    fn a_shell_reads_the_same_name() {
        for name in NAMES {
            let quoted = shell_quoted(OsStr::from_bytes(name));
            assert!(!quoted.chars().any(char::is_control), "{quoted}");
            let script = format!("printf %s {quoted}");
            let shell = Command::new("bash").args(["-c", &script]).output();
            let Ok(ended) = shell else { return };
            assert_eq!(ended.stdout, name, "{quoted}");
        }
        assert_eq!(shell_quoted("/a/b.key"), "/a/b.key");
        assert_eq!(shell_quoted("/a b/k"), "'/a b/k'");
        assert_eq!(shell_quoted("a\nb"), "$'a\\nb'");
    }

    #[test]
    fn a_message_has_the_name_on_one_line_and_no_secret() {
        assert_eq!(display_path(Path::new("a\nb")), "a\\nb");
        let key = "5bd2850f".repeat(8);
        assert_eq!(display_path(Path::new(&key)), "[redacted]");
    }
}
