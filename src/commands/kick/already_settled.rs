//! What is said about the members of a plan that an earlier run settled: how many there
//! are, and which of their bans are not what `--for` asks.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::args::Args;
use super::options::ban_seconds;
use crate::clock::rfc3339_of;
use crate::error::grouped;
use crate::file_name::display_path;
use crate::job::ResumeSummary;
use crate::job::journal::{EarlierBan, History};
use crate::output::Notes;

/// Most lengths that are named.
const MOST_LENGTHS: usize = 3;

/// How many members of the plan an earlier run settled; None if none.
pub(super) fn already_settled(
    settled: u64,
    members: usize,
    path: &Path,
    history: &History,
) -> Option<String> {
    let last = history.last_settled().filter(|_| settled > 0)?;
    Some(format!(
        "{} of {} already settled in {}, last at {}",
        grouped(settled),
        grouped(members),
        display_path(path),
        rfc3339_of(last)
    ))
}

/// Warns of skipped members whose bans are over or have another length. The length is not
/// part of a member's identity, so one who was banned for an hour is skipped by a run that
/// bans for a week, and the exit code is that of a success. So `-q` does not hide it.
pub(super) fn warn_of_bans<E: Write>(
    length: Option<&BanLength>,
    resumed: &ResumeSummary,
    notes: &mut Notes<E>,
) {
    if let Some(warning) = length.and_then(|length| length.warning(&resumed.bans)) {
        notes.warn_always(&warning);
    }
}

/// `--for` of this run.
#[derive(Debug)]
pub(super) struct BanLength {
    pub(super) seconds: u32,
    /// As it was given.
    text: String,
}

/// Skipped members with one fault, and the lengths of their bans.
#[derive(Default)]
struct Bans {
    members: u64,
    lengths: Vec<u32>,
}

impl BanLength {
    /// None where it is missing or wrong, which [`super::options`] reports.
    pub(super) fn of(args: &Args) -> Option<Self> {
        let text = args.ban_length.as_deref()?;
        let seconds = ban_seconds(Some(text)).ok()?;
        let text = text.trim().to_owned();
        Some(Self { seconds, text })
    }

    fn warning(&self, bans: &BTreeMap<EarlierBan, u64>) -> Option<String> {
        let (mut over, mut other) = (Bans::default(), Bans::default());
        for (ban, members) in bans {
            if ban.is_over {
                over.add(ban.seconds, *members);
            } else if ban.seconds != self.seconds {
                other.add(ban.seconds, *members);
            }
        }
        let text = &self.text;
        let over = over.in_words().map(|over| over + ", which is over");
        let other = other.in_words();
        let other = other.map(|other| format!("{other}, not for {text}"));
        // Who is banned is not in the room, nor need be who was banned before.
        let remedy = format!(
            "--again asks for {text}; the service may refuse it for members that are not in the room"
        );
        let parts: Vec<String> = over.into_iter().chain(other).collect();
        (!parts.is_empty()).then(|| format!("{}; {remedy}", parts.join("; ")))
    }
}

impl Bans {
    fn add(&mut self, seconds: u32, members: u64) {
        self.members += members;
        self.lengths.push(seconds);
    }

    /// `3 of the settled members were banned for 1h or 30m`; the longest first.
    fn in_words(&self) -> Option<String> {
        let were = match self.members {
            0 => return None,
            1 => "was",
            _ => "were",
        };
        let longest = self.lengths.iter().rev().take(MOST_LENGTHS);
        let mut lengths: Vec<String> = longest.map(|seconds| in_units(*seconds)).collect();
        if self.lengths.len() > MOST_LENGTHS {
            lengths.push("less".into());
        }
        let (members, lengths) = (grouped(self.members), lengths.join(" or "));
        Some(format!(
            "{members} of the settled members {were} banned for {lengths}"
        ))
    }
}

/// `7d`, `1h 30m`: the longest units, as `--for` takes them.
fn in_units(seconds: u32) -> String {
    let mut rest = seconds;
    let mut words = Vec::new();
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if rest >= size {
            words.push(format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    words.join(" ")
}
