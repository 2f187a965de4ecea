//! Faults that the sandbox injects: their kinds, their notation, and which request
//! or connection gets one.
//!
//! What a fault changes in an answer stands in `answer`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::clock::GivenDuration;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// This `ErrorCode` is answered; the request has no effect.
    Code(u32),
    /// 502 with an HTML page; the request has no effect.
    Http502,
    /// 429 with `Retry-After: 1`; the request has no effect.
    Http429,
    /// The connection is reset after the request took effect.
    Reset,
    /// The connection is closed; the request has no effect.
    Drop,
    /// The request takes effect; the answer is cut in the middle of its body.
    Truncate,
    /// The request takes effect; the answer comes after this delay.
    Slow(GivenDuration),
    /// 200 with an HTML page, as captive portals send; the request has no effect.
    Html,
    /// Answered as usual, but the next request on this connection is not: it is
    /// closed.
    Close,
    /// A delay between the start of a connection and its first read.
    Connect(GivenDuration),
    /// A page of a member list has half of its members and says that it is the last.
    ListShort,
    /// A page of a member list names the first page as the next one.
    ListLoop,
}

/// A kind of fault and its frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Share of all requests (for [`FaultKind::Connect`]: of all connections; for
    /// the kinds of lists: of all pages of member lists), 0 to 1.
    pub share: f64,
}

/// Why a text is not a [`Fault`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Not a kind of fault.
    #[error(
        "unknown fault {0:?}: an error code, http502, http429, reset, drop, truncate, slow:TIME, html, close, connect:TIME, list-short or list-loop"
    )]
    Kind(String),
    /// 0 is success.
    #[error("error code 0 is success, not a fault")]
    Success,
    /// `slow` and `connect` need a time.
    #[error("{0:?} is not a time, as in slow:4s or connect:200ms")]
    Time(String),
    /// Not between 0 and 1.
    #[error("{0:?} is not a share: 2%, 0.02, or 1 for always")]
    Share(String),
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (kind, share) = match text.split_once('=') {
            Some((kind, share)) => (kind, parse_share(share)?),
            None => (text, 1.0),
        };
        Ok(Self {
            kind: kind.parse()?,
            share,
        })
    }
}

impl FromStr for FaultKind {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        match text.split_once(':') {
            Some(("slow", time)) => Ok(Self::Slow(parse_time(time)?)),
            Some(("connect", time)) => Ok(Self::Connect(parse_time(time)?)),
            _ => Self::without_time(text),
        }
    }
}

impl FaultKind {
    fn without_time(text: &str) -> Result<Self, FaultError> {
        match text {
            "http502" => Ok(Self::Http502),
            "http429" => Ok(Self::Http429),
            "reset" => Ok(Self::Reset),
            "drop" => Ok(Self::Drop),
            "truncate" => Ok(Self::Truncate),
            "html" => Ok(Self::Html),
            "close" => Ok(Self::Close),
            "list-short" => Ok(Self::ListShort),
            "list-loop" => Ok(Self::ListLoop),
            "slow" | "connect" => Err(FaultError::Time(String::new())),
            digits => parse_code(digits).map(Self::Code),
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Http502 => f.write_str("http502"),
            Self::Http429 => f.write_str("http429"),
            Self::Reset => f.write_str("reset"),
            Self::Drop => f.write_str("drop"),
            Self::Truncate => f.write_str("truncate"),
            Self::Slow(time) => write!(f, "slow:{time}"),
            Self::Html => f.write_str("html"),
            Self::Close => f.write_str("close"),
            Self::Connect(time) => write!(f, "connect:{time}"),
            Self::ListShort => f.write_str("list-short"),
            Self::ListLoop => f.write_str("list-loop"),
        }
    }
}

fn parse_code(text: &str) -> Result<u32, FaultError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(0) => Err(FaultError::Success),
        Ok(code) if digits => Ok(code),
        _ => Err(FaultError::Kind(text.to_owned())),
    }
}

fn parse_time(text: &str) -> Result<GivenDuration, FaultError> {
    GivenDuration::parse(text).ok_or_else(|| FaultError::Time(text.to_owned()))
}

fn parse_share(text: &str) -> Result<f64, FaultError> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(|number: f64| number / 100.0),
        None => text.parse(),
    };
    let share = number.ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| FaultError::Share(text.to_owned()))
}

/// Draws faults. The seed makes a test or a rehearsal repeatable. Shares are of all
/// requests: with `reset=50%` and `drop=50%` every request gets a fault.
#[derive(Debug)]
pub(super) struct FaultSource {
    requests: Vec<Fault>,
    connections: Vec<Fault>,
    lists: Vec<Fault>,
    random: StdRng,
}

impl FaultSource {
    /// `None` if the shares are more than 100 %.
    pub(super) fn new(faults: Vec<Fault>, seed: u64) -> Option<Self> {
        let connects = |fault: &Fault| matches!(fault.kind, FaultKind::Connect(_));
        let changes_list =
            |fault: &Fault| matches!(fault.kind, FaultKind::ListShort | FaultKind::ListLoop);
        let (connections, faults): (Vec<_>, Vec<_>) = faults.into_iter().partition(connects);
        let (lists, requests): (Vec<_>, Vec<_>) = faults.into_iter().partition(changes_list);
        let fits = |faults: &[Fault]| {
            let sum: f64 = faults.iter().map(|fault| fault.share).sum();
            // The tolerance is for rounding, as in 0.1 + 0.2 + 0.7.
            faults.iter().all(|fault| fault.share >= 0.0) && sum <= 1.0 + 1e-9
        };
        (fits(&requests) && fits(&connections) && fits(&lists)).then(|| Self {
            requests,
            connections,
            lists,
            random: StdRng::seed_from_u64(seed),
        })
    }

    /// The fault of the next request.
    pub(super) fn draw_for_request(&mut self) -> Option<FaultKind> {
        draw(&self.requests, &mut self.random)
    }

    /// The fault of the next page of a member list.
    pub(super) fn draw_for_list(&mut self) -> Option<FaultKind> {
        draw(&self.lists, &mut self.random)
    }

    /// How long the next connection waits before its first read.
    pub(super) fn draw_for_connection(&mut self) -> Option<Duration> {
        match draw(&self.connections, &mut self.random) {
            Some(FaultKind::Connect(time)) => Some(time.time()),
            _ => None,
        }
    }
}

fn draw(faults: &[Fault], random: &mut StdRng) -> Option<FaultKind> {
    if faults.is_empty() {
        return None;
    }
    let mut left: f64 = random.random();
    for fault in faults {
        if left < fault.share {
            return Some(fault.kind.clone());
        }
        left -= fault.share;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse().expect(text)
    }

    fn why(text: &str) -> String {
        text.parse::<Fault>().expect_err(text).to_string()
    }

    #[test]
    fn every_kind_parses_what_it_prints() {
        for kind in [
            "100001",
            "http502",
            "http429",
            "reset",
            "drop",
            "truncate",
            "slow:4s",
            "slow:90s",
            "connect:1500ms",
            "html",
            "close",
            "connect:200ms",
            "list-short",
            "list-loop",
        ] {
            let parsed: FaultKind = kind.parse().expect(kind);
            assert_eq!(parsed.to_string(), kind);
        }
        assert_eq!(fault("60007=1").kind, FaultKind::Code(60_007));
    }

    #[test]
    fn a_fault_without_a_share_always_happens() {
        for kind in ["100001", "close", "slow:4s", "connect:200ms", "reset"] {
            assert_eq!(fault(kind), fault(&format!("{kind}=1")), "{kind}");
        }
        assert!(why("slow").contains("as in slow:4s"));
        assert!(why("2%").starts_with("unknown fault"));
    }

    #[test]
    fn shares_are_percentages_or_fractions() {
        for (text, share) in [
            ("2%", 0.02),
            ("0.02", 0.02),
            ("1", 1.0),
            ("100%", 1.0),
            ("0", 0.0),
        ] {
            let difference = fault(&format!("reset={text}")).share - share;
            assert!(difference.abs() < 1e-12, "{text}");
        }
        for bad in ["", "%", "101%", "2", "-1", "NaN", "inf", "x"] {
            assert!(
                why(&format!("reset={bad}")).contains("is not a share"),
                "{bad}"
            );
        }
    }

    #[test]
    fn errors_name_the_correct_form() {
        assert!(why("resett=1").starts_with("unknown fault \"resett\": an error code, http502"));
        assert!(why("+5=1").starts_with("unknown fault"));
        assert_eq!(why("0=1"), "error code 0 is success, not a fault");
        assert!(why("slow=1").contains("as in slow:4s"));
        assert!(why("slow:x=1").contains("\"x\" is not a time"));
    }

    #[test]
    fn shares_add_up_to_at_most_1() {
        let faults = |texts: &[&str]| texts.iter().map(|text| fault(text)).collect::<Vec<_>>();
        assert!(FaultSource::new(faults(&["reset=60%", "drop=41%"]), 0).is_none());
        assert!(FaultSource::new(faults(&["reset=0.1", "drop=0.2", "html=0.7"]), 0).is_some());
        assert!(FaultSource::new(faults(&["reset=1", "connect:1s=1"]), 0).is_some());
        assert!(FaultSource::new(faults(&["reset=1", "list-short=1"]), 0).is_some());
        assert!(FaultSource::new(faults(&["list-loop=1", "list-short=1"]), 0).is_none());
    }

    #[test]
    fn shares_are_respected_and_seeds_repeat() {
        let list = vec![fault("reset=25%"), fault("html=50%")];
        let drawn = |seed| {
            let mut faults = FaultSource::new(list.clone(), seed).expect("75%");
            (0..4_000)
                .map(|_| faults.draw_for_request())
                .collect::<Vec<_>>()
        };
        let first = drawn(1);
        assert_eq!(first, drawn(1));
        assert_ne!(first, drawn(2));
        let count = |kind: Option<FaultKind>| first.iter().filter(|drawn| **drawn == kind).count();
        assert!((900..1_100).contains(&count(Some(FaultKind::Reset))));
        assert!((1_900..2_100).contains(&count(Some(FaultKind::Html))));
        assert!((900..1_100).contains(&count(None)));
    }

    #[test]
    fn a_share_of_1_means_always() {
        let mut faults =
            FaultSource::new(vec![fault("connect:1s=1"), fault("drop=0")], 3).expect("fits");
        assert!((0..100).all(|_| faults.draw_for_connection() == Some(Duration::from_secs(1))));
        assert!((0..100).all(|_| faults.draw_for_request().is_none()));
    }
}
