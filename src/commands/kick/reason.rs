//! The reason for those who are given none of their own: from a flag, a file or
//! the profile.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Args;
use super::faults::Faults;
use crate::config::{Profile, Setting, Source, StdinClaim};
use crate::error::Error;
use crate::room::Reason;

/// Largest reason file that is read: enough to say by how much it is too long.
const MAX_BYTES: u64 = 64 * 1024;

/// Where there is none: what to do.
pub(super) const HINT: &str = "give --reason TEXT; the service demands a reason";

/// What rows without a reason get.
#[derive(Debug, Clone)]
pub(super) enum DefaultReason {
    /// This one.
    Reason(Setting<Reason>),
    /// One that is at fault, which has been said.
    Invalid,
    /// Such rows are bad.
    Missing,
    /// This nothing, whatever the rows give: the action takes no reason.
    NotNeeded(Reason),
}

impl DefaultReason {
    /// As given by a flag.
    pub(super) fn of_flags(args: &Args, stdin: &mut StdinClaim, faults: &mut Faults) -> Self {
        if !args.verb.action.has_reason() {
            return Self::NotNeeded(Reason::none());
        }
        let (flag, text) = match (&args.verb.reason, &args.verb.reason_file) {
            (None, None) => return Self::Missing,
            (Some(_), Some(_)) => {
                faults.push_with(
                    "--reason and --reason-file both give the reason",
                    "leave one of them out",
                );
                return Self::Invalid;
            }
            (Some(text), None) => ("--reason", Ok(text.clone())),
            (None, Some(file)) => ("--reason-file", of_file(file, stdin)),
        };
        let text = text.map_err(|error| faults.absorb(&error)).ok();
        let reason = text.and_then(|text| faults.check(flag, Reason::parse(&text)));
        reason.map_or(Self::Invalid, |value| {
            let source = Source::Flag(flag);
            Self::Reason(Setting { value, source })
        })
    }

    /// This one, or else the profile's.
    pub(super) fn or(self, profile: Option<&Profile>) -> Result<Self, Error> {
        if !matches!(self, Self::Missing) {
            return Ok(self);
        }
        let kept = profile.map(Profile::reason).transpose()?.flatten();
        Ok(kept.map_or(Self::Missing, Self::Reason))
    }
}

/// The file's text without the line end that editors put there.
fn of_file(file: &Path, stdin: &mut StdinClaim) -> Result<String, Error> {
    let name = file.display();
    let failed = |why: std::io::Error| {
        Error::usage(format!("--reason-file {name}: {why}"), "nothing was sent")
    };
    let mut bytes = Vec::new();
    let mut input: Box<dyn Read> = if file.as_os_str() == "-" {
        stdin.claim("--reason-file")?
    } else {
        Box::new(File::open(file).map_err(failed)?)
    };
    input
        .by_ref()
        .take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::usage(
            format!("--reason-file {name}: is not UTF-8"),
            "save it as UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::args;
    use super::*;

    /// The reason, where there is one, and what is at fault.
    fn given(words: &[&str], stdin: &'static [u8]) -> (String, String) {
        let mut stdin = StdinClaim::new(stdin, false);
        let mut faults = Faults::default();
        let default_reason = DefaultReason::of_flags(&args(words), &mut stdin, &mut faults);
        let said = faults.into_result().err().map(|error| error.to_string());
        let reason = match default_reason {
            DefaultReason::Reason(reason) => reason.value.to_string(),
            other => format!("{other:?}"),
        };
        (reason, said.unwrap_or_default())
    }

    #[test]
    fn a_file_loses_its_last_line_end_and_its_mark() {
        let file = ["--reason-file", "-"];
        let reason = |text| given(&file, text).0;
        assert_eq!(reason(b"\xef\xbb\xbfspam\r\n"), "spam");
        assert_eq!(reason(b"a\nb\n\n"), "a\nb\n");
    }

    #[test]
    fn what_cannot_be_used_is_said_with_its_length() {
        let long = "x".repeat(1043);
        let (reason, said) = given(&["--reason", &long], b"");
        assert_eq!(reason, "Invalid");
        assert!(said.starts_with("--reason: 1043 of 1000 bytes"), "{said}");
        let (_, said) = given(&["--reason-file", "-"], b"\xff");
        assert_eq!(said, "--reason-file -: is not UTF-8");
        let (_, said) = given(&["--reason", "a", "--reason-file", "-"], b"b");
        assert_eq!(said, "--reason and --reason-file both give the reason");
        assert_eq!(given(&[], b"").0, "Missing");
    }
}
