//! One line of `doctor`: a link of the chain, how it is, what helps. As text,
//! aligned without knowing what follows, since each line is shown as soon as it
//! is known; or as a line of JSON. Whoever tests decides; here it gets its look.

use std::fmt::Write as _;
use std::time::Duration;

use anstyle::Style;
use serde::Serialize;

use super::text::{self, sanitise};
use crate::config::Format;
use crate::exit::Exit;
use crate::secret::scrub;

/// How a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// As it should be.
    Ok,
    /// It holds, but somebody should look at it.
    Warn,
    /// It is broken, and the run ends with this.
    Fail(Exit),
    /// It cannot be judged.
    Skip,
}

/// What was found out about one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// The link; scripts know it by this name.
    pub(crate) name: &'static str,
    /// How it is.
    pub(crate) status: Status,
    /// What was found; why it was skipped.
    pub(crate) found: String,
    /// How long it took, where that says something.
    pub(crate) took: Option<Duration>,
    /// What helps, a line each.
    pub(crate) remedy: Option<String>,
}

/// One line of `-o json`; the names are the contract's.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct JsonLine<'a> {
    check: &'a str,
    #[serde(rename = "Mark")]
    status: &'a str,
    found: String,
    elapsed_ms: Option<u128>,
    remedy: Option<String>,
}

impl Status {
    /// The word for it.
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
    /// A link of this kind without time or remedy.
    pub(crate) fn new(name: &'static str, status: Status, found: impl Into<String>) -> Self {
        Self {
            name,
            status,
            found: found.into(),
            took: None,
            remedy: None,
        }
    }

    /// The same, with the time it took.
    #[must_use]
    pub(crate) fn with_duration(self, took: Duration) -> Self {
        let took = Some(took);
        Self { took, ..self }
    }

    /// The same, with what helps, if something does.
    #[must_use]
    pub(crate) fn with_remedy(self, remedy: impl Into<Option<String>>) -> Self {
        let remedy = remedy.into();
        Self { remedy, ..self }
    }

    /// Whole lines, each passed through a last net for secrets.
    pub(crate) fn shown(&self, format: Format) -> String {
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

/// A further line, below the first one.
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
            plain(&check().shown(Format::Text)),
            "fail  sdkappid       <1 ms  1400000007 (x\\u{1b})\n\
             \x20                           and more\n\
             \x20     what helps: do this\n\
             \x20     what helps: or that\n"
        );
    }

    #[test]
    fn json_has_the_same_keys_for_every_link() {
        assert_eq!(
            check().shown(Format::Json),
            "{\"Check\":\"sdkappid\",\"Mark\":\"fail\",\
             \"Found\":\"1400000007 (x\\u001b)\\nand more\",\
             \"ElapsedMs\":0,\"Remedy\":\"do this\\nor that\"}\n"
        );
        let bare = Check::new("tls", Status::Skip, "why").shown(Format::Json);
        assert!(bare.ends_with("\"ElapsedMs\":null,\"Remedy\":null}\n"));
    }

    #[test]
    fn a_secret_is_in_neither() {
        let key = "5bd2850f".repeat(8);
        let check = Check::new("tls", Status::Ok, &*key).with_remedy(key.clone());
        for format in [Format::Text, Format::Json] {
            assert!(!check.shown(format).contains(&key[..32]));
        }
    }
}
