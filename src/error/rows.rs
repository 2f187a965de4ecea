//! Problems with the rows of lists: those of one kind are reported together.

use std::fmt::Display;

use super::Problem;

/// Most lines about rows of lists in one report.
pub(super) const MAX_ROW_LINES: usize = 20;

/// Most rows with the same kind of problem that get a line each. With more of
/// them there is one line with a count.
const MAX_ROWS_OF_KIND: usize = 3;

/// Most of the other rows that are named after the count.
const MAX_ROWS_NAMED: usize = 3;

/// The rows of one list that have the same kind of problem.
#[derive(Debug)]
pub(super) struct RowKind {
    pub(super) list: String,
    pub(super) kind: String,
    /// The first of them: the position in the report, the line, the problem.
    pub(super) first: Vec<(usize, u64, Problem)>,
    /// How many problems these are.
    pub(super) count: usize,
    /// In how many rows.
    pub(super) rows: usize,
    pub(super) last_line: u64,
    /// The rows after the first.
    pub(super) named: Vec<u64>,
}

/// A line of the report, and how many problems it is about.
pub(super) struct RowLine {
    pub(super) position: usize,
    pub(super) problem: Problem,
    pub(super) count: usize,
}

impl RowKind {
    pub(super) fn add(&mut self, position: usize, line: u64, problem: impl FnOnce() -> Problem) {
        self.count += 1;
        if self.first.len() < MAX_ROWS_OF_KIND {
            let mut problem = problem();
            // The remedy is the same; a hint may also show the value.
            if let Some((_, _, first)) = self.first.first() {
                problem.hint.clone_from(&first.hint);
            }
            self.first.push((position, line, problem));
        }
        if line != self.last_line {
            self.rows += 1;
            self.last_line = line;
            if self.named.len() <= MAX_ROWS_NAMED {
                self.named.push(line);
            }
        }
    }

    /// A line for each row, or with many rows one line for all.
    pub(super) fn into_lines(self) -> Vec<RowLine> {
        let is_one_line = self.count > MAX_ROWS_OF_KIND;
        let others = if is_one_line {
            self.others()
        } else {
            String::new()
        };
        let shown = if is_one_line { 1 } else { self.first.len() };
        let count = if is_one_line { self.count } else { 1 };
        let list = self.list;
        let line = |(position, line, mut problem): (usize, u64, Problem)| {
            problem.message = format!("{list}:{line}: {}{others}", problem.message);
            RowLine {
                position,
                problem,
                count,
            }
        };
        self.first.into_iter().take(shown).map(line).collect()
    }

    /// ` (and 2,999 more rows: 3, 4, 5, …)`.
    fn others(&self) -> String {
        if self.rows == 1 {
            return format!(" (and {} more in this row)", grouped(self.count - 1));
        }
        let named: Vec<String> = self
            .named
            .iter()
            .take(MAX_ROWS_NAMED)
            .map(u64::to_string)
            .collect();
        let more = if self.rows - 1 > named.len() {
            ", \u{2026}"
        } else {
            ""
        };
        let rows = if self.rows == 2 { "row" } else { "rows" };
        format!(
            " (and {} more {rows}: {}{more})",
            grouped(self.rows - 1),
            named.join(", ")
        )
    }
}

/// The number with a comma after each three digits.
pub(crate) fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
