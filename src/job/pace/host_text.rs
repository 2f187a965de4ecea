//! The file of a timeline as text: its first lines name it, the others are its state.
//!
//! ```text
//! roomctl rate 1
//! app 1400000001
//! action kick
//! endpoint https://adminapisgp.im.qcloud.com
//! boot 0c3b1f9e-…
//! next 86412.031579000
//! rate 190 until 86421.963000000
//! slowed 95 at 86300.120000000
//! end
//! ```
//!
//! Times are seconds since boot. Without a slow-down there is no such line.

use std::fmt::Write as _;
use std::time::Duration;

use super::timeline::{Slowed, Timeline};

/// The whole file; `head` ends with a line break.
pub(super) fn text(head: &str, timeline: &Timeline) -> String {
    let mut text = head.to_owned();
    let (next, until) = (Seconds(timeline.next), Seconds(timeline.rate_until));
    // Writing to a String cannot fail.
    let _ = writeln!(text, "next {next}\nrate {} until {until}", timeline.rate);
    if let Some(Slowed { at, rate }) = timeline.slowed {
        let _ = writeln!(text, "slowed {rate} at {}", Seconds(at));
    }
    text.push_str("end\n");
    text
}

/// The state in the file of this `head`. None if it is another file or is damaged. What
/// follows the end is left of a longer state.
pub(super) fn parse(bytes: &[u8], head: &str) -> Option<Timeline> {
    let text = std::str::from_utf8(bytes).ok()?.strip_prefix(head)?;
    let mut lines = text.lines();
    let next = seconds(lines.next()?.strip_prefix("next ")?)?;
    let (rate, until) = lines.next()?.strip_prefix("rate ")?.split_once(" until ")?;
    let mut line = lines.next()?;
    let mut slowed = None;
    if let Some(slow) = line.strip_prefix("slowed ") {
        let (rate, at) = slow.split_once(" at ")?;
        let (rate, at) = (rate.parse().ok()?, seconds(at)?);
        slowed = Some(Slowed { at, rate });
        line = lines.next()?;
    }
    (line == "end").then_some(Timeline {
        next,
        rate: rate.parse().ok()?,
        rate_until: seconds(until)?,
        slowed,
    })
}

struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:09}", self.0.as_secs(), self.0.subsec_nanos())
    }
}

fn seconds(text: &str) -> Option<Duration> {
    let (whole, part) = text.split_once('.')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_good = part.len() == 9 && is_number(part) && is_number(whole);
    let (whole, part) = (whole.parse().ok()?, part.parse().ok()?);
    // Longer times than a machine runs would overflow when they are added.
    (is_good && whole < u64::from(u32::MAX)).then(|| Duration::new(whole, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "roomctl rate 1\napp 1\n";

    fn some() -> Timeline {
        Timeline {
            next: Duration::new(86_412, 31_579_000),
            rate: 190.0,
            rate_until: Duration::from_millis(86_421_963),
            slowed: Some(Slowed {
                at: Duration::from_secs(86_300),
                rate: 95.25,
            }),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for timeline in [
            some(),
            Timeline {
                slowed: None,
                ..some()
            },
            Timeline::default(),
        ] {
            assert_eq!(
                parse(text(HEAD, &timeline).as_bytes(), HEAD),
                Some(timeline)
            );
        }
        let with_rest = text(HEAD, &some()) + " 123\nend\n";
        assert_eq!(parse(with_rest.as_bytes(), HEAD), Some(some()));
    }

    #[test]
    fn a_time_is_digits_with_nine_of_them_after_the_point() {
        let most = u64::from(u32::MAX);
        assert_eq!(seconds("5.000000007"), Some(Duration::new(5, 7)));
        assert!(seconds(&format!("{}.000000000", most - 1)).is_some());
        for wrong in [
            format!("{most}.000000000"),
            "+5.000000007".into(),
            "5.+00000007".into(),
            "5.00000007".into(),
            "5.0000000007".into(),
        ] {
            assert_eq!(seconds(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_damaged_file_is_not_read() {
        let whole = text(HEAD, &some());
        for length in 0..whole.len() - 1 {
            assert_eq!(parse(&whole.as_bytes()[..length], HEAD), None, "{length}");
        }
        for (from, to) in [
            ("1400", "1"),
            ("next ", "next -"),
            ("86412.0", "x"),
            ("190", ""),
            ("app 1", "app 2"),
        ] {
            let damaged = whole.replace(from, to);
            let is_same = damaged == whole;
            assert!(
                is_same || parse(damaged.as_bytes(), HEAD).is_none(),
                "{damaged}"
            );
        }
        assert_eq!(parse(&[0xff; 200], HEAD), None);
        assert_eq!(parse(&[0; 200], HEAD), None);
    }
}
