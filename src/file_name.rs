//! Names of files in messages and in commands to type. A name may hold any byte: a
//! line feed in it must neither break a line of a message nor of a command. Also the
//! commands that correct a list: [`ListName`].

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::secret::scrub;

/// `name` as a word for a shell, on one line. A secret that was given as a file name
/// is redacted.
pub(crate) fn shell_quoted(name: impl AsRef<OsStr>) -> String {
    let name = name.as_ref();
    let clean = name.to_str().map(scrub);
    let name = clean.as_deref().map_or(name, OsStr::new);
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

/// A list, and the command line that reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListName<'a> {
    /// `-` is stdin.
    pub(crate) file: &'a str,
    /// `roomctl kick`.
    pub(crate) command: &'a str,
    /// The flag that names the list.
    pub(crate) flag: &'a str,
    /// The command line gives a format.
    pub(crate) has_format: bool,
}

impl ListName<'_> {
    pub(crate) fn is_stdin(&self) -> bool {
        self.file == "-"
    }

    pub(crate) fn quoted(&self) -> String {
        shell_quoted(self.file)
    }

    /// A name for the corrected list: `a.csv` becomes `a.new.csv`.
    pub(crate) fn new_file(&self, suffix: Option<&str>) -> String {
        self.file_with("new", suffix)
    }

    fn file_with(&self, word: &str, suffix: Option<&str>) -> String {
        let path = Path::new(self.file);
        let own = path.extension().and_then(|suffix| suffix.to_str());
        let suffix = suffix.or(own).unwrap_or("txt");
        let new = path.with_extension(format!("{word}.{suffix}"));
        shell_quoted(new)
    }

    /// The command that corrects the list with this filter, and what reads the
    /// result.
    pub(crate) fn filtered(&self, filter: &str) -> String {
        self.filtered_to(filter, None)
    }

    /// The same for a result in the format of this suffix.
    pub(crate) fn filtered_to(&self, filter: &str, suffix: Option<&str>) -> String {
        let Self { command, flag, .. } = self;
        if self.is_stdin() {
            let format = match suffix {
                Some("txt") => " --format lines".into(),
                Some(name) => format!(" --format {name}"),
                None => String::new(),
            };
            return format!("{filter} | {command} \u{2026} {flag} -{format}");
        }
        let new = self.new_file(suffix);
        format!("{filter} < {} > {new}, then {flag} {new}", self.quoted())
    }

    /// The command that makes UTF-8 of the list.
    pub(crate) fn converted(&self, encoding: &str) -> String {
        let others = match encoding {
            "GB18030" => "BIG5, SHIFT_JIS or WINDOWS-1252",
            "WINDOWS-1252" => "GB18030, BIG5 or SHIFT_JIS",
            _ => "UTF-16BE or UTF-32LE",
        };
        let Self { command, flag, .. } = self;
        let convert = format!("iconv -f {encoding} -t UTF-8");
        // Where iconv fails, what it has written so far is not to be read.
        let convert = if self.is_stdin() {
            let new = "list.utf8.txt";
            format!("{convert} > {new} && {command} \u{2026} {flag} {new}")
        } else {
            let new = self.file_with("utf8", None);
            format!(
                "{convert} {} > {new} && {command} \u{2026} {flag} {new}",
                self.quoted()
            )
        };
        format!("save the list as UTF-8 text: {convert} (or -f {others})")
    }
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
        let url = "https://x/?usersig=eJxx";
        assert_eq!(shell_quoted(url), "'https://x/?[redacted]'");
    }
}
