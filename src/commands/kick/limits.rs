//! The limits of a job: `--rate`, `--rate-scope`, `--retries`, `--concurrency`, `--check-room`,
//! `--max-members`, `--deadline` and `--max-failures`.

use std::io::Write;
use std::ops::RangeInclusive;

use super::args::Args;
use crate::clock::GivenDuration;
use crate::config::table::{CHECK_ROOM, MAX_MEMBERS, RATE};
use crate::config::{
    self, CheckRoom, Choice, Env, Profile, RateScope, Setting, Source, scope_warning,
};
use crate::error::{Problem, Problems};
use crate::job::{DEFAULT_RATE, DEFAULT_RETRIES};
use crate::output::Notes;
use crate::room::{Action, MAX_RATE};
use crate::secret::excerpt;

/// Highest value of `--retries`; with the longest delay that is a week.
const MAX_RETRIES: u32 = 1000;

/// Most requests in flight: 190 a second at 1.3 seconds each. Threads and
/// connections are opened only when answers take so long.
const DEFAULT_CONCURRENCY: u32 = 256;

/// Each request in flight is a thread and a connection.
pub(super) const MAX_CONCURRENCY: u32 = 512;

/// The limits of a job.
#[derive(Debug)]
pub(super) struct Limits {
    /// Requests started per second.
    pub(super) rate: Setting<u32>,
    /// Who shares the rate.
    pub(super) rate_scope: Setting<RateScope>,
    /// Most retries of one request.
    pub(super) retries: Setting<u32>,
    /// Most requests in flight.
    pub(super) concurrency: Setting<u32>,
    /// Whether member lists are read; only a kick does.
    pub(super) check_room: Setting<CheckRoom>,
    pub(super) max_members: Option<Setting<u32>>,
    pub(super) deadline: Option<GivenDuration>,
    pub(super) max_failures: Option<MaxFailures>,
}

/// How many refused members stop the job.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum MaxFailures {
    Count(u64),
    /// Of all members of the plan.
    Percent(f64),
}

impl Limits {
    /// The limits of the flags, else of the profile, else the default.
    pub(super) fn parse(
        args: &Args,
        env: &Env,
        profile: Option<&Profile>,
        problems: &mut Problems,
    ) -> Self {
        let scope = config::rate_scope(args.rate_scope.as_ref(), env, profile);
        let rate_scope = problems
            .ok_or_collect(scope)
            .unwrap_or(Setting::built_in(RateScope::Process));
        let of_profile = |spec| profile.and_then(|profile| profile.number(spec));
        let mut number = |flag, text: &Option<String>, range| {
            let text = text.as_deref()?;
            problems.ok_or_collect(parse_number(flag, text, range))
        };
        Self {
            rate: number("--rate", &args.rate, 1..=MAX_RATE)
                .or_else(|| of_profile(&RATE))
                .unwrap_or(Setting::built_in(DEFAULT_RATE)),
            rate_scope,
            retries: number("--retries", &args.retries, 0..=MAX_RETRIES)
                .unwrap_or(Setting::built_in(DEFAULT_RETRIES)),
            concurrency: number("--concurrency", &args.concurrency, 1..=MAX_CONCURRENCY)
                .unwrap_or(Setting::built_in(DEFAULT_CONCURRENCY)),
            check_room: check_room(args, profile),
            max_members: number("--max-members", &args.max_members, 0..=u32::MAX)
                .or_else(|| of_profile(&MAX_MEMBERS)),
            deadline: args
                .deadline
                .as_deref()
                .and_then(|text| problems.ok_or_collect(parse_deadline(text))),
            max_failures: args
                .max_failures
                .as_deref()
                .and_then(|text| problems.ok_or_collect(parse_max_failures(text))),
        }
    }
}

impl Limits {
    /// The scope of the rate without its password, if the rate is shared.
    pub(super) fn shared_scope(&self) -> Option<String> {
        let scope = &self.rate_scope.value;
        (!matches!(scope, RateScope::Process)).then(|| scope.to_string())
    }

    /// Who shares the rate, if anybody does.
    pub(super) fn sharers_in_words(&self) -> Option<String> {
        match &self.rate_scope.value {
            RateScope::Process => None,
            RateScope::Host => Some("all roomctl processes of this user on this machine".into()),
            RateScope::Redis(url) => Some(format!("all roomctl processes that use {url}")),
        }
    }

    /// Reports the scope for `-v`, and warns of a password that others can see.
    pub(super) fn report_scope<E: Write>(&self, notes: &mut Notes<E>) {
        if let Some(warning) = scope_warning(&self.rate_scope) {
            notes.warn(&warning);
        }
        let Setting { value, source } = &self.rate_scope;
        notes.detail(format_args!("rate_scope: {value} ({source})"));
    }
}

/// A ban needs a request for each member, whether present or not.
fn check_room(args: &Args, profile: Option<&Profile>) -> Setting<CheckRoom> {
    if args.action != Action::Kick {
        return Setting::built_in(CheckRoom::Never);
    }
    let flag = args.check_room.as_deref();
    let source = Source::Flag("--check-room");
    let flag = flag.map(|value| Setting { value, source });
    let given = flag.or_else(|| profile?.text(&CHECK_ROOM));
    // clap and the profile have checked the words.
    let known = given.and_then(|Setting { value, source }| {
        let value = CheckRoom::named(value)?;
        Some(Setting { value, source })
    });
    known.unwrap_or(Setting::built_in(CheckRoom::Auto))
}

fn parse_number(
    flag: &'static str,
    text: &str,
    range: RangeInclusive<u32>,
) -> Result<Setting<u32>, Problem> {
    let source = Source::Flag(flag);
    match text.parse() {
        Ok(value) if range.contains(&value) => Ok(Setting { value, source }),
        _ => {
            let (text, min, max) = (excerpt(text), range.start(), range.end());
            let message = format!("{flag} {text:?}: is not a number from {min} to {max}");
            let hint = format!("give {flag} a whole number from {min} to {max}");
            Err(Problem::usage(message, hint))
        }
    }
}

fn parse_deadline(text: &str) -> Result<GivenDuration, Problem> {
    GivenDuration::parse(text)
        .filter(|deadline| !deadline.time().is_zero())
        .ok_or_else(|| {
            let text = excerpt(text);
            let message = format!("--deadline {text:?}: is not a valid duration");
            Problem::usage(message, "give --deadline a duration like 90s, 30m or 2h")
        })
}

fn parse_max_failures(text: &str) -> Result<MaxFailures, Problem> {
    MaxFailures::parse(text).ok_or_else(|| {
        let text = excerpt(text);
        let message = format!("--max-failures {text:?}: is neither a number nor a share");
        Problem::usage(
            message,
            "give --max-failures a number like 100 or a share like 5%",
        )
    })
}

impl MaxFailures {
    fn parse(text: &str) -> Option<Self> {
        if let Some(percent) = text.strip_suffix('%') {
            let percent = percent.trim().parse().ok()?;
            return (0.0 < percent && percent <= 100.0).then_some(Self::Percent(percent));
        }
        let count = text.parse().ok().filter(|count| *count > 0);
        count.map(Self::Count)
    }

    /// The number for a job of so many members; at least 1.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a share of a count of members"
    )]
    pub(super) fn limit_for(self, members: u64) -> u64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => ((members as f64 * percent / 100.0).ceil() as u64).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_or_a_share_of_all() {
        let count = |text| MaxFailures::parse(text).map(|most| most.limit_for(1000));
        assert_eq!(
            (count("10"), count("2.5%"), count("100%")),
            (Some(10), Some(25), Some(1000))
        );
        assert_eq!(
            MaxFailures::parse("0.01%").map(|most| most.limit_for(10)),
            Some(1)
        );
        for bad in ["", "0", "-1", "0%", "101%", "many", "%"] {
            assert_eq!(count(bad), None, "{bad}");
        }
    }
}
