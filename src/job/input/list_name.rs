//! The list that a problem is about, as hints name it.

use std::path::Path;

use crate::file_name::shell_quoted;

/// A list, and the command line that reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListName<'a> {
    /// `-` is stdin.
    pub(crate) file: &'a str,
    /// `roomctl kick`.
    pub(crate) command: &'a str,
    /// The flag that names the list.
    pub(crate) flag: &'a str,
}

impl ListName<'_> {
    pub(super) fn is_stdin(&self) -> bool {
        self.file == "-"
    }

    pub(super) fn quoted(&self) -> String {
        shell_quoted(self.file)
    }

    /// A name for the corrected list: `a.csv` becomes `a.new.csv`.
    pub(super) fn new_file(&self, suffix: Option<&str>) -> String {
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
    pub(super) fn filtered(&self, filter: &str) -> String {
        self.filtered_to(filter, None)
    }

    /// The same for a result in the format of this suffix.
    pub(super) fn filtered_to(&self, filter: &str, suffix: Option<&str>) -> String {
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
    pub(super) fn converted(&self, encoding: &str) -> String {
        let others = match encoding {
            "GB18030" => "BIG5, SHIFT_JIS or WINDOWS-1252",
            _ => "UTF-16BE or UTF-32LE",
        };
        let Self { command, flag, .. } = self;
        let convert = format!("iconv -f {encoding} -t UTF-8");
        let convert = if self.is_stdin() {
            format!("{convert} | {command} \u{2026} {flag} -")
        } else {
            let new = self.file_with("utf8", None);
            format!("{convert} {} > {new}", self.quoted())
        };
        format!("save the list as UTF-8 text: {convert} (or -f {others})")
    }
}
