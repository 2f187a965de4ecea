//! The results of a long job on a terminal: a row for each member whose outcome is not
//! as asked, aligned, each as soon as it is known. Where the terminal is too narrow for
//! columns, a member has lines of its own.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::text::{outcome_color, padded, sanitise};
use super::wrap::{folded, width};
use crate::api::codes;
use crate::job::{LastAnswer, Settled};

/// Columns of the longest outcome, `unbanned`, and of the longest code.
const OUTCOME: usize = 8;
const CODE: usize = 6;

/// Between two columns.
const GAP: usize = 2;

/// Lines of an `ErrorInfo` in a column of its own. A longer one stands below the row.
const INFO_LINES: usize = 2;

/// Before an `ErrorInfo` below its row.
const INDENT: usize = 4;

/// First width of the columns of a live feed. They grow with longer names.
const SHORT_NAME: usize = 12;

/// Which members are shown, and how wide their names are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemberTable {
    room: usize,
    user: usize,
    shows_success: bool,
    ignore_absent: bool,
    has_header: bool,
}

impl MemberTable {
    /// For the longest room and the longest user of a plan; None for a live feed.
    pub(crate) fn new(longest: Option<(usize, usize)>) -> Self {
        let (room, user) = longest.unwrap_or((SHORT_NAME, SHORT_NAME));
        Self {
            room: room.max("ROOM".len()),
            user: user.max("USER".len()),
            shows_success: false,
            ignore_absent: false,
            has_header: false,
        }
    }

    /// Members whose outcome is as asked are shown, too.
    #[must_use]
    pub(crate) fn with_success(self, shows_success: bool) -> Self {
        Self {
            shows_success,
            ..self
        }
    }

    /// An absent member is as asked.
    #[must_use]
    pub(crate) fn ignoring_absent(self, ignore_absent: bool) -> Self {
        Self {
            ignore_absent,
            ..self
        }
    }

    /// Whole lines, none longer than `columns` except long words; empty if nothing is
    /// to be shown.
    pub(super) fn rows(&mut self, settled: &Settled, columns: Option<usize>) -> String {
        let outcome = settled.outcome;
        if outcome.is_success(settled.action, self.ignore_absent) && !self.shows_success {
            return String::new();
        }
        self.room = self.room.max(settled.room.as_str().len());
        let longest = settled.members.iter().map(|user| user.as_str().len());
        self.user = self.user.max(longest.max().unwrap_or(0));
        let info_at = self.room + self.user + OUTCOME + CODE + 4 * GAP;
        let is_aligned = columns.is_none_or(|columns| columns >= info_at);
        let mut text = String::new();
        if is_aligned && !self.has_header {
            self.has_header = true;
            let header = self.row(["ROOM", "USER", "OUTCOME", "CODE"]) + "ERRORINFO";
            text = folded(&header, columns, INDENT) + "\n";
        }
        let color = outcome_color(outcome);
        let word = format!("{color}{}{color:#}", outcome.name(settled.action));
        let code = settled.last_answer.error_code();
        let code = code.map_or("-".to_owned(), |code| code.to_string());
        let info = info(settled);
        for user in &settled.members {
            let cells = [settled.room.as_str(), user.as_str(), &word, &code];
            let row = if is_aligned {
                self.row(cells)
            } else {
                stacked(cells, columns)
            };
            let beside = folded(&format!("{row}{info}"), columns, info_at);
            if is_aligned && beside.lines().count() <= INFO_LINES {
                text += &beside;
            } else {
                text += row.trim_end();
                text += &below(&info, columns);
            }
            text.push('\n');
        }
        text
    }

    fn row(&self, cells: [&str; 4]) -> String {
        let widths = [self.room, self.user, OUTCOME, CODE];
        let mut row = String::new();
        for (cell, width) in cells.into_iter().zip(widths) {
            // Writing to a String cannot fail.
            let _ = write!(row, "{}{:GAP$}", padded(cell, width), "");
        }
        row
    }
}

/// The service's own words, or what the code means where there are none. Where the last
/// try had no answer, why.
fn info(settled: &Settled) -> Cow<'_, str> {
    if let Some(why) = settled.failure_after_answer() {
        return format!("last try: {}", sanitise(why)).into();
    }
    match &settled.last_answer {
        LastAnswer::NoAnswer(why) if why.is_empty() => "-".into(),
        LastAnswer::NoAnswer(why) => sanitise(why),
        LastAnswer::Answer {
            error_code: 0,
            error_info,
            ..
        } if error_info.trim().is_empty() => "-".into(),
        LastAnswer::Answer {
            error_code,
            error_info,
            ..
        } => match error_info.trim() {
            "" => codes::meaning_and_remedy(*error_code).0.into(),
            info => sanitise(info),
        },
    }
}

/// The cells one after the other, as many in a line as fit.
fn stacked(cells: [&str; 4], columns: Option<usize>) -> String {
    let columns = columns.unwrap_or(usize::MAX);
    let (mut text, mut used) = (String::new(), 0);
    for cell in cells {
        let wide = width(cell);
        if used > 0 && used + GAP + wide > columns {
            text += "\n  ";
            used = GAP + wide;
        } else {
            let gap = if used > 0 { GAP } else { 0 };
            text += &" ".repeat(gap);
            used += gap + wide;
        }
        text += cell;
    }
    text
}

/// The information on lines of its own.
fn below(info: &str, columns: Option<usize>) -> String {
    match info {
        "-" => String::new(),
        info => folded(&format!("\n{:INDENT$}{info}", ""), columns, INDENT),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use anstream::adapter::strip_str;

    use super::*;
    use crate::job::Outcome;
    use crate::room::{Action, Reason, RoomId, UserId};

    fn settled(room: &str, users: &[&str], outcome: Outcome, last_answer: LastAnswer) -> Settled {
        let user = |name: &&str| UserId::parse(name).expect("user");
        Settled {
            last_failure: None,
            action: Action::Kick,
            room: RoomId::parse(room).expect("room"),
            members: users.iter().map(user).collect(),
            reason: Reason::parse("x").expect("reason"),
            outcome,
            last_answer,
            attempts: 1,
            elapsed: Duration::ZERO,
            time: UNIX_EPOCH,
        }
    }

    fn answer(code: i64, info: &str) -> LastAnswer {
        LastAnswer::Answer {
            action_status: Some("FAIL".into()),
            error_code: code,
            error_info: info.into(),
            request_id: None,
        }
    }

    fn rows(table: &mut MemberTable, settled: &Settled, columns: Option<usize>) -> String {
        strip_str(&table.rows(settled, columns)).to_string()
    }

    #[test]
    fn members_are_aligned_below_one_header() {
        let mut table = MemberTable::new(Some((9, 5)));
        let absent = settled(
            "room-test",
            &["u1", "u2222"],
            Outcome::Absent,
            answer(100_005, "not a member"),
        );
        assert_eq!(
            rows(&mut table, &absent, Some(80)),
            "ROOM       USER   OUTCOME   CODE    ERRORINFO\n\
             room-test  u1     absent    100005  not a member\n\
             room-test  u2222  absent    100005  not a member\n"
        );
        let unsent = settled(
            "r",
            &["u3"],
            Outcome::Unsent,
            LastAnswer::NoAnswer("cannot connect".into()),
        );
        assert_eq!(
            rows(&mut table, &unsent, Some(80)),
            "r          u3     unsent    -       cannot connect\n"
        );
    }

    #[test]
    fn only_members_whose_outcome_is_not_as_asked_are_shown() {
        let removed = settled("r", &["u"], Outcome::Done, answer(0, ""));
        let absent = settled("r", &["u"], Outcome::Absent, answer(100_005, ""));
        let is_shown =
            |mut table: MemberTable, settled: &Settled| !table.rows(settled, None).is_empty();
        let new = || MemberTable::new(None);
        assert!(!is_shown(new(), &removed) && is_shown(new(), &absent));
        assert!(!is_shown(new().ignoring_absent(true), &absent));
        assert!(is_shown(new().with_success(true), &removed));
        let ban = |outcome| Settled {
            action: Action::Ban,
            ..settled("r", &["u"], outcome, answer(0, ""))
        };
        assert!(!is_shown(new(), &ban(Outcome::Done)));
        for outcome in [Outcome::Gone, Outcome::Absent] {
            assert!(is_shown(new().ignoring_absent(true), &ban(outcome)));
        }
    }

    #[test]
    fn an_empty_error_info_is_the_meaning_of_the_code() {
        let mut table = MemberTable::new(Some((4, 4)));
        let refused = settled("r", &["u"], Outcome::Refused, answer(100_005, " "));
        let text = rows(&mut table, &refused, None);
        assert!(text.ends_with("  not a member of the room\n"), "{text}");
    }

    #[test]
    fn a_last_try_without_an_answer_is_shown_and_not_the_answer_before_it() {
        let mut table = MemberTable::new(Some((4, 4)));
        let unknown = settled("r", &["u"], Outcome::Unknown, answer(100_005, "absent"));
        let last_failure = Some("no answer\u{7}".to_owned());
        let unknown = Settled {
            last_failure,
            ..unknown
        };
        let text = rows(&mut table, &unknown, None);
        assert!(
            text.ends_with("  100005  last try: no answer\\u{7}\n"),
            "{text}"
        );
        let last_answer = LastAnswer::NoAnswer("no answer".into());
        let text = rows(
            &mut table,
            &Settled {
                last_answer,
                ..unknown
            },
            None,
        );
        assert!(text.ends_with("  -       no answer\n"), "{text}");
    }

    #[test]
    fn foreign_text_cannot_break_a_row() {
        let mut table = MemberTable::new(Some((4, 4)));
        let refused = settled(
            "r",
            &["u"],
            Outcome::Refused,
            answer(1, "a\n\u{1b}[2Jb\u{202e}"),
        );
        let text = rows(&mut table, &refused, None);
        assert!(text.ends_with("a\\n\\u{1b}[2Jb\\u{202e}\n"), "{text}");
    }

    #[test]
    fn no_row_is_wider_than_the_terminal_and_no_word_is_cut() {
        let info = "the user is not in the room, or has left it before the request came";
        for (room, user) in [(1, 1), (9, 6), (48, 32)] {
            let (room, user) = ("r".repeat(room), "u".repeat(user));
            let refused = settled(&room, &[&user], Outcome::Refused, answer(100_006, info));
            for columns in [40, 60, 80, 120] {
                let mut table = MemberTable::new(Some((room.len(), user.len())));
                let text = rows(&mut table, &refused, Some(columns));
                let longest = text.lines().map(str::len).max().unwrap_or(0);
                assert!(longest <= columns.max(48), "{columns}: {text}");
                for word in info.split(' ').chain([&*room, &*user]) {
                    assert!(text.split_whitespace().any(|found| found == word), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_columns_of_a_feed_grow() {
        let mut table = MemberTable::new(None);
        let row = |table: &mut MemberTable, user: &str| {
            let refused = settled("r", &[user], Outcome::Refused, answer(100_006, "x"));
            let text = rows(table, &refused, None);
            text.lines()
                .last()
                .map(|line| line.find("refused"))
                .expect("a row")
        };
        let short = row(&mut table, "u");
        assert_eq!(row(&mut table, &"u".repeat(20)), short.map(|at| at + 8));
        assert_eq!(row(&mut table, "u"), short.map(|at| at + 8));
    }
}
