//! One line of `doctor`, as text or JSON: what was checked, its status, what was
//! found, what helps. Columns have fixed widths, because each line is printed as
//! soon as it is known.

use std::fmt::Write as _;
use std::time::Duration;

use anstyle::Style;
use serde::Serialize;
use serde_json::Value;

use super::text::{self, sanitise};
use crate::config::Format;
use crate::exit::Exit;
use crate::secret::scrub;

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// All is well.
    Ok,
    /// It works, but has a flaw.
    Warn,
    /// It does not work; the exit code that follows.
    Fail(Exit),
    /// It could not be checked.
    Skip,
}

/// One check of `doctor` and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// The name that scripts use.
    pub(crate) name: &'static str,
    pub(crate) status: Status,
    /// What was found, or why it was skipped.
    pub(crate) found: String,
    /// How long it took, if that is worth printing.
    pub(crate) took: Option<Duration>,
    /// What helps, a line each.
    pub(crate) remedy: Option<String>,
    /// What was found, for programs: an object, or null.
    pub(crate) data: Value,
}

/// One line of `-o json`. The keys are part of the contract.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct JsonLine<'a> {
    check: &'a str,
    #[serde(rename = "Mark")]
    status: &'a str,
    found: String,
    elapsed_ms: Option<u128>,
    remedy: Option<String>,
    /// Of a failed check.
    exit_code: Option<u8>,
    data: Value,
}

impl Status {
    /// The word that is printed.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail(_) => "fail",
            Self::Skip => "skip",
        }
    }
}

impl Status {
    fn color(self) -> Style {
        match self {
            Self::Ok => text::GREEN,
            Self::Warn => text::YELLOW.bold(),
            Self::Fail(_) => text::RED.bold(),
            Self::Skip => text::GREY,
        }
    }
}

impl Check {
    /// A check without time and remedy.
    pub(crate) fn new(name: &'static str, status: Status, found: impl Into<String>) -> Self {
        Self {
            name,
            status,
            found: found.into(),
            took: None,
            remedy: None,
            data: Value::Null,
        }
    }

    /// With what was found as an object.
    #[must_use]
    pub(crate) fn with_data(self, data: Value) -> Self {
        Self { data, ..self }
    }

    /// With the time that it took.
    #[must_use]
    pub(crate) fn with_duration(self, took: Duration) -> Self {
        let took = Some(took);
        Self { took, ..self }
    }

    /// With what helps, if something does.
    #[must_use]
    pub(crate) fn with_remedy(self, remedy: impl Into<Option<String>>) -> Self {
        let remedy = remedy.into();
        Self { remedy, ..self }
    }

    /// Whole lines, without secrets.
    pub(crate) fn to_text(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => self.json(),
        }
    }

    fn json(&self) -> String {
        let line = JsonLine {
            check: self.name,
            status: self.status.word(),
            found: scrub(&self.found),
            elapsed_ms: self.took.map(|took| took.as_millis()),
            remedy: self.remedy.as_deref().map(scrub),
            exit_code: match self.status {
                Status::Fail(exit) => Some(exit.code()),
                _ => None,
            },
            data: scrubbed(&self.data),
        };
        serde_json::to_string(&line).expect("strings and numbers serialise") + "\n"
    }

    fn text(&self) -> String {
        let color = self.status.color();
        let took = self.took.map(time).unwrap_or_default();
        let mut text = format!(
            "{color}{:<4}{color:#}  {:<10}  {took:>8}",
            self.status.word(),
            self.name
        );
        let found = scrub(&self.found);
        let found: Vec<_> = found.lines().map(sanitise).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}", found.join(CONTINUED));
        let remedy = self.remedy.as_deref().map(scrub);
        for line in remedy.iter().flat_map(|remedy| remedy.lines()) {
            let (color, line) = (text::HINT, sanitise(line));
            let _ = writeln!(text, "      {color}what helps:{color:#} {line}");
        }
        text
    }
}

/// The texts of an object without secrets.
fn scrubbed(data: &Value) -> Value {
    match data {
        Value::String(text) => scrub(text).into(),
        Value::Array(values) => values.iter().map(scrubbed).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| (name.clone(), scrubbed(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// Before each further line of what was found.
const CONTINUED: &str = "\n                            ";

fn time(took: Duration) -> String {
    match took.as_millis() {
        0 => "<1 ms".to_owned(),
        millis => format!("{millis} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> Check {
        let found = "1400000007 (x\u{1b})\nand more";
        let check = Check::new("sdkappid", Status::Fail(Exit::Config), found);
        check
            .with_duration(Duration::from_micros(1))
            .with_remedy("do this\nor that".to_owned())
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_line_is_aligned_and_its_remedies_stand_below() {
        assert_eq!(
            plain(&check().to_text(Format::Text)),
            "fail  sdkappid       <1 ms  1400000007 (x\\u{1b})\n\
             \x20                           and more\n\
             \x20     what helps: do this\n\
             \x20     what helps: or that\n"
        );
    }

    #[test]
    fn json_has_the_same_keys_for_every_check() {
        assert_eq!(
            check().to_text(Format::Json),
            "{\"Check\":\"sdkappid\",\"Mark\":\"fail\",\
             \"Found\":\"1400000007 (x\\u001b)\\nand more\",\
             \"ElapsedMs\":0,\"Remedy\":\"do this\\nor that\",\"ExitCode\":3,\"Data\":null}\n"
        );
        let bare = Check::new("tls", Status::Skip, "why").to_text(Format::Json);
        assert!(
            bare.ends_with("\"ElapsedMs\":null,\"Remedy\":null,\"ExitCode\":null,\"Data\":null}\n")
        );
    }

    #[test]
    fn neither_text_nor_json_shows_a_secret() {
        let key = "5bd2850f".repeat(8);
        let check = Check::new("tls", Status::Ok, &*key).with_remedy(key.clone());
        let check = check.with_data(serde_json::json!({ "Value": [&key] }));
        for format in [Format::Text, Format::Json] {
            assert!(!check.to_text(format).contains(&key[..32]));
        }
    }
}
