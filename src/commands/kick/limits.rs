//! How far a job may go and what is told on the way: flags with a notation of
//! their own.

use std::time::Duration;

use super::Args;
use super::faults::Faults;
use crate::secret::excerpt;

/// How many refused members stop the job.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum MaxFailures {
    /// So many.
    Count(u64),
    /// So many of a hundred.
    Percent(f64),
}

impl MaxFailures {
    fn parse(text: &str) -> Option<Self> {
        if let Some(percent) = text.strip_suffix('%') {
            let percent = percent.trim().parse().ok()?;
            return (0.0 < percent && percent <= 100.0).then_some(Self::Percent(percent));
        }
        text.parse()
            .ok()
            .filter(|count| *count > 0)
            .map(Self::Count)
    }

    /// The number, in a job of so many members; at least one.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a share of a count of members"
    )]
    pub(super) fn of(self, members: u64) -> u64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => ((members as f64 * percent / 100.0).ceil() as u64).max(1),
        }
    }
}

/// `--progress`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShowProgress {
    /// Where it helps.
    Auto,
    /// For any job.
    Always,
    /// Not at all.
    Never,
}

impl ShowProgress {
    /// As the flag says; its words were checked by the parser.
    pub(super) fn of(args: &Args) -> Self {
        match args.progress.as_deref() {
            Some("always") => Self::Always,
            Some("never") => Self::Never,
            _ => Self::Auto,
        }
    }
}

/// `--deadline`.
pub(super) fn deadline(args: &Args, faults: &mut Faults) -> Option<Duration> {
    let text = args.deadline.as_deref()?;
    let parsed = humantime::parse_duration(text).ok();
    let fitting = parsed.filter(|deadline| !deadline.is_zero());
    if fitting.is_none() {
        let text = excerpt(text);
        faults.push_with(
            format_args!("--deadline {text:?}: is not a length of time"),
            "write it like 90s, 30m or 2h",
        );
    }
    fitting
}

/// `--max-failures`.
pub(super) fn max_failures(args: &Args, faults: &mut Faults) -> Option<MaxFailures> {
    let text = args.max_failures.as_deref()?;
    let parsed = MaxFailures::parse(text);
    if parsed.is_none() {
        let text = excerpt(text);
        faults.push_with(
            format_args!("--max-failures {text:?}: is neither a number nor a share"),
            "write it like 100 or 5%",
        );
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_or_a_share_of_all() {
        let most = |text| MaxFailures::parse(text).map(|most| most.of(1000));
        assert_eq!(
            (most("10"), most("2.5%"), most("100%")),
            (Some(10), Some(25), Some(1000))
        );
        assert_eq!(MaxFailures::parse("0.01%").map(|most| most.of(10)), Some(1));
        for bad in ["", "0", "-1", "0%", "101%", "many", "%"] {
            assert_eq!(most(bad), None, "{bad}");
        }
    }
}
