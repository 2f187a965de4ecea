//! What spreadsheets make of a name: a number in another notation, an error, a
//! formula's result, a date.

use crate::room::UserId;

/// Errors that may stand without a sign at their end.
const ERRORS: [&str; 19] = [
    "N/A",
    "N/V",
    "NV",
    "N/D",
    "N/B",
    "ND",
    "REF",
    "VALUE",
    "WERT",
    "NAME",
    "DIV/0",
    "NUM",
    "ZAHL",
    "NULL",
    "SPILL",
    "CALC",
    "FIELD",
    "ERROR",
    "GETTING_DATA",
];

/// `1.23457E+11`, `1,23457E+11`, `123.0`, `#N/A`, `#REF!`, `#####`, `Err:502`.
pub(super) fn is_damage(text: &str) -> bool {
    if let Some(word) = text.strip_prefix('#') {
        return is_error(text) || (!word.is_empty() && word.bytes().all(|b| b == b'#'));
    }
    if let Some(number) = text.strip_prefix("Err:") {
        return !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    }
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits(text);
    if whole == 0 {
        return false;
    }
    let rest = &text[whole..];
    let (fraction, rest) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    // A number that went through a column of decimals.
    if rest.is_empty() {
        let is_zero = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
        return is_zero && text[whole..].starts_with('.');
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return false;
    };
    let unsigned = exponent.strip_prefix(['+', '-']);
    let number = unsigned.unwrap_or(exponent);
    // Without a point and a sign it may be a hexadecimal name.
    (unsigned.is_some() || !fraction.is_empty())
        && !number.is_empty()
        && digits(number) == number.len()
}

/// `#N/A`, `#REF!`, `#NAME?`, in whatever language.
pub(super) fn is_error(text: &str) -> bool {
    let Some(word) = text.strip_prefix('#') else {
        return false;
    };
    if ERRORS.iter().any(|error| word.eq_ignore_ascii_case(error)) {
        return true;
    }
    let is_upper = |c: char| !c.is_lowercase() && !c.is_whitespace();
    word.strip_suffix(['!', '?'])
        .is_some_and(|word| word.chars().count() > 1 && word.chars().all(is_upper))
}

/// A number in groups of three digits: `1,234,567`, `1.234.567`, `1 234 567`. An IP
/// address is not one.
pub(super) fn is_grouped_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    // `1.234,56` has both signs, of which the last begins the decimals.
    let has_both = text.contains(',') && text.contains('.');
    if has_both
        && let Some((whole, decimals)) = text.rsplit_once([',', '.'])
        && !decimals.is_empty()
        && is_digits(decimals)
    {
        let groups = whole.split([',', '.']);
        return groups.clone().count() > 1
            && groups
                .clone()
                .all(|group| (1..=3).contains(&group.len()) && is_digits(group));
    }
    [',', '.', ' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}']
        .into_iter()
        .any(|separator| {
            let mut groups = text.split(separator);
            let first = groups.next().unwrap_or_default();
            let is_first = (1..=3).contains(&first.len()) && is_digits(first);
            let count = groups.clone().count();
            is_first
                // A blank that breaks no line is hardly between two words.
                && (count > 1 || (count == 1 && matches!(separator, '\u{a0}' | '\u{202f}')))
                && !(separator == '.' && count == 3)
                && groups.all(|group| group.len() == 3 && is_digits(group))
        })
}

/// Digits that a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// The long numbers of a list, which a spreadsheet may have rounded. One that ends
/// with zeros may be right. If all of them do, they were rounded.
#[derive(Debug, Default)]
pub(super) struct LongNumbers {
    /// The line of the first that ends with zeros, and the name.
    first: Option<(u64, UserId)>,
    /// Zeros where other digits are expected.
    zeros: usize,
    has_exact: bool,
}

impl LongNumbers {
    /// Fewer zeros may be a coincidence.
    const MIN_ZEROS: usize = 4;

    pub(super) fn add(&mut self, line: u64, user: &UserId) {
        let text = user.as_str();
        let lost = text.len().saturating_sub(KEPT_DIGITS);
        if lost == 0 || self.has_exact || !text.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        if text[KEPT_DIGITS..].bytes().all(|b| b == b'0') {
            self.zeros += lost;
            self.first.get_or_insert_with(|| (line, user.clone()));
        } else {
            self.has_exact = true;
        }
    }

    /// The first number, if all were rounded.
    pub(super) fn rounded(&mut self) -> Option<(u64, UserId)> {
        let is_rounded = !self.has_exact && self.zeros >= Self::MIN_ZEROS;
        self.first.take().filter(|_| is_rounded)
    }
}

/// The names of months, shortened as spreadsheets do, in several languages.
const MONTHS: [&str; 46] = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "mrz",
    "mai",
    "okt",
    "dez",
    "janv",
    "mars",
    "avr",
    "juin",
    "juil",
    "ene",
    "abr",
    "ago",
    "dic",
    "gen",
    "mag",
    "giu",
    "lug",
    "set",
    "ott",
    "fev",
    "mrt",
    "mei",
];

/// `2026-03-01`, `1/3/2026`, `01.03.2026`, `01-Mar`, `Mar-26`, `12:34:56`, and a day
/// with a time.
pub(super) fn is_date(text: &str) -> bool {
    if text.len() < 4 || text.len() > 40 {
        return false;
    }
    let day_and_time = || {
        let (day, time) = text.split_once([' ', 'T'])?;
        let has_time = time.trim_start().starts_with(|c: char| c.is_ascii_digit());
        Some(is_day(day) && has_time || is_time(day) && matches!(time, "AM" | "PM" | "am" | "pm"))
    };
    is_day(text) || is_time(text) || is_serial(text) || day_and_time().unwrap_or(false)
}

/// A spreadsheet's number of a day and a time: `44927.5`.
fn is_serial(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(day, time)| {
        day.len() == 5
            && matches!(day.as_bytes()[0], b'2'..=b'6')
            && is_digits(day)
            && is_digits(time)
    })
}

/// Whether the text can be a date, so that [`is_date`] is worth its time.
pub(super) fn has_date_sign(text: &str) -> bool {
    (4..=11).contains(&text.len()) && text.contains('-')
}

/// A part of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    /// One or two digits, up to 31.
    Day(u8),
    /// Two digits that are not a day.
    ShortYear,
    Month,
    Other,
}

impl Part {
    fn of(text: &str) -> Self {
        let number = text.parse::<u16>().ok();
        let is_digits = text.bytes().all(|b| b.is_ascii_digit());
        match (number.filter(|_| is_digits), text.len()) {
            (Some(1900..=2199), 4) => Self::Year,
            (Some(day @ 1..=31), 1 | 2) => u8::try_from(day).map_or(Self::Other, Self::Day),
            (Some(_), 2) => Self::ShortYear,
            (None, 3..=10) if is_month(text) => Self::Month,
            _ => Self::Other,
        }
    }
}

fn is_month(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    MONTHS.iter().any(|month| month.eq_ignore_ascii_case(text))
}

fn is_day(text: &str) -> bool {
    let Some(separator) = text.chars().find(|c| matches!(c, '-' | '/' | '.')) else {
        return false;
    };
    let parts = text.split(separator).take(4);
    let parts: Vec<Part> = parts.map(|part| Part::of(part.trim())).collect();
    let is_month = |day: u8| day <= 12;
    match parts[..] {
        [Part::Year, Part::Day(a), Part::Day(b)] | [Part::Day(a), Part::Day(b), Part::Year] => {
            is_month(a) || is_month(b)
        }
        // Names may have such versions: 1.3.26.
        [
            Part::Day(a),
            Part::Day(b),
            Part::ShortYear | Part::Day(10..),
        ] => separator != '.' && (is_month(a) || is_month(b)),
        [Part::Year, Part::Day(a)] | [Part::Day(a), Part::Year] => {
            separator != '.' && is_month(a) && text.len() == 7
        }
        [Part::Month, Part::Day(_) | Part::ShortYear | Part::Year]
        | [Part::Day(_) | Part::ShortYear | Part::Year, Part::Month] => {
            separator != '.' || text.contains(' ')
        }
        [
            Part::Day(_),
            Part::Month,
            Part::Day(_) | Part::ShortYear | Part::Year,
        ]
        | [Part::Month, Part::Day(_), Part::ShortYear | Part::Year]
        | [Part::Year, Part::Month, Part::Day(_)] => true,
        _ => false,
    }
}

/// `12:34`, `12:34:56`, `02:11:09.123`.
fn is_time(text: &str) -> bool {
    let mut parts = text.split(':');
    let number = |text: &str| text.parse::<u8>().ok().filter(|_| text.len() <= 2);
    let hours = parts.next().and_then(number);
    let minutes = parts.next().filter(|text| text.len() == 2).and_then(number);
    let seconds = parts.next().map_or(Some(0), |text| {
        let whole = text.split(['.', ',']).next().unwrap_or_default();
        number(whole).filter(|_| whole.len() == 2)
    });
    hours.is_some_and(|hours| hours < 25)
        && minutes.is_some_and(|minutes| minutes < 60)
        && seconds.is_some_and(|seconds| seconds < 61)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_recognised_in_the_usual_notations() {
        for date in [
            "01-Mar",
            "1-mar",
            "Mar-01",
            "Mar-26",
            "mars-26",
            "01-Mar-2026",
            "2026-03-01",
            "2026/3/1",
            "1/3/2026",
            "3/31/2026",
            "01.03.2026",
            "01/03/26",
            "31-12-99",
            "2026-03",
            "03/2026",
            "2026-03-01 00:00:00",
            "2026-03-01T02:11:09Z",
            "12:34",
            "12:34:56",
            "02:11:09.123",
            "2:11 PM",
            "01-Dez",
            "1. Mrz",
            "janv-26",
        ] {
            assert!(is_date(date), "{date}");
        }
        for name in [
            "user-1",
            "1-2-3",
            "10.0.0.1",
            "1.2.26",
            "mar-123",
            "maria-01",
            "2026-13-40",
            "20260301",
            "00:1A:2B:3C:4D:5E",
            "99:99",
            "1/2",
            "a-b",
            "2026-0301",
            "123e4567-e89b-12d3-a456-426614174000",
            "1:2",
        ] {
            assert!(!is_date(name), "{name}");
        }
    }

    #[test]
    fn numbers_in_groups_are_recognised_and_addresses_are_not() {
        for number in [
            "1,234,567",
            "-1,234,567",
            "1.234.567",
            "1 234 567",
            "1'234'567",
            "12.345.678.901.234",
            "1.234,56",
            "1,234,567.80",
        ] {
            assert!(is_grouped_number(number), "{number}");
        }
        for name in [
            "1,234",
            "192.168.100.200",
            "10.0.0.1",
            "1.234",
            "1,2,3",
            "a,bcd,efg",
            "1234,567,890",
        ] {
            assert!(!is_grouped_number(name), "{name}");
        }
    }

    #[test]
    fn long_numbers_that_all_end_with_zeros_were_rounded() {
        let rounded = |numbers: &[&str]| {
            let mut found = LongNumbers::default();
            for (line, number) in (1..).zip(numbers) {
                found.add(line, &UserId::parse(number).expect("a name"));
            }
            found.rounded().map(|(line, _)| line)
        };
        assert_eq!(rounded(&["alice", "144115198371610000"]), None);
        let two = ["144115198371610000", "144115198371620000"];
        assert_eq!(rounded(&two), Some(1));
        assert_eq!(rounded(&["7", two[0], two[1]]), Some(2));
        assert_eq!(rounded(&[two[0], two[1], "144115198371610486"]), None);
        assert_eq!(rounded(&["1000000000000000", "u000000000000000000"]), None);
        assert_eq!(rounded(&["100000000000000000000"]), Some(1));
    }
}
