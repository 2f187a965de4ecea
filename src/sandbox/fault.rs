//! Faults to rehearse: which kinds there are and how they are written.
//!
//! Which request meets one is the affair of `random`; what it does to an answer,
//! of `reply`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// This `ErrorCode` is answered and nothing is done.
    Code(u32),
    /// 502 with a page of HTML; nothing is done.
    Http502,
    /// 429 with `Retry-After: 1`; nothing is done.
    Http429,
    /// The connection is reset after the request took effect.
    Reset,
    /// The connection is closed before the request took any effect.
    Drop,
    /// It takes effect, and the answer is cut in the middle of its body.
    Truncate,
    /// It takes effect, and the answer comes so much later.
    Slow(Duration),
    /// 200 with a page of HTML, as captive portals send; nothing is done.
    Html,
    /// Answered as usual, but the connection's next request meets its end.
    Close,
    /// So much time goes by between a connection's start and its first read.
    Connect(Duration),
}

/// A kind of fault and how often it strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Of all requests (of all connections, for [`FaultKind::Connect`]): 0 to 1.
    pub share: f64,
}

/// Why a text is not a [`Fault`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No `=`.
    #[error("is not KIND=SHARE, as in 100001=2%")]
    Shape,
    /// None of the kinds.
    #[error(
        "unknown fault {0:?}: an error code, http502, http429, reset, drop, truncate, slow:TIME, html, close or connect:TIME"
    )]
    Kind(String),
    /// 0 is success.
    #[error("error code 0 is success, not a fault")]
    Success,
    /// `slow` and `connect` want a time, the others none.
    #[error("{0:?} is not a time, as in slow:4s or connect:200ms")]
    Time(String),
    /// Not between nothing and everything.
    #[error("{0:?} is not a share: 2%, 0.02, or 1 for always")]
    Share(String),
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (kind, share) = text.split_once('=').ok_or(FaultError::Shape)?;
        Ok(Self {
            kind: kind.parse()?,
            share: parse_share(share)?,
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
            Self::Slow(time) => write!(f, "slow:{}", humantime::format_duration(*time)),
            Self::Html => f.write_str("html"),
            Self::Close => f.write_str("close"),
            Self::Connect(time) => write!(f, "connect:{}", humantime::format_duration(*time)),
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

fn parse_time(text: &str) -> Result<Duration, FaultError> {
    humantime::parse_duration(text).map_err(|_| FaultError::Time(text.to_owned()))
}

fn parse_share(text: &str) -> Result<f64, FaultError> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(|number: f64| number / 100.0),
        None => text.parse(),
    };
    let share = number.ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| FaultError::Share(text.to_owned()))
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
    fn every_kind_reads_back_as_it_is_shown() {
        for kind in [
            "100001",
            "http502",
            "http429",
            "reset",
            "drop",
            "truncate",
            "slow:4s",
            "html",
            "close",
            "connect:200ms",
        ] {
            let parsed: FaultKind = kind.parse().expect(kind);
            assert_eq!(parsed.to_string(), kind);
        }
        assert_eq!(fault("60007=1").kind, FaultKind::Code(60_007));
    }

    #[test]
    fn shares_are_percent_or_parts() {
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
    fn errors_say_what_to_write() {
        assert_eq!(why("reset"), "is not KIND=SHARE, as in 100001=2%");
        assert!(why("resett=1").starts_with("unknown fault \"resett\": an error code, http502"));
        assert!(why("+5=1").starts_with("unknown fault"));
        assert_eq!(why("0=1"), "error code 0 is success, not a fault");
        assert!(why("slow=1").contains("as in slow:4s"));
        assert!(why("slow:x=1").contains("\"x\" is not a time"));
    }
}
