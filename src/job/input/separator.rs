//! The separator of a table: the one in its header, or in its first row where the
//! columns are named by a flag.

use super::cells::Cells;
use super::layout::{Column, Columns, HeaderProblem};
use crate::secret::excerpt;

/// The separators that are looked for in a first line, the usual ones first.
pub(super) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Separators that only `--delimiter` can choose.
const RARE_SEPARATORS: [u8; 5] = [b':', b' ', b'^', b'~', b'/'];

/// The first line of a table that is not blank, and what is known before it is split.
#[derive(Debug)]
pub(super) struct FirstLine<'a> {
    pub(super) text: &'a str,
    /// Those of a flag.
    pub(super) columns: Option<&'a Columns>,
    pub(super) is_tsv: bool,
    /// Given, or that of the format.
    pub(super) delimiter: u8,
}

impl FirstLine<'_> {
    /// A delimiter that was given must be that of the header, or of the first row
    /// where the columns are named by a flag.
    pub(super) fn check_delimiter(&self, is_in_list: bool) -> Result<(), HeaderProblem> {
        let fits = |separator: u8| {
            let mut cells = Cells::new(separator);
            let is_split = cells.split(self.text).is_ok();
            is_split
                && match self.columns {
                    Some(columns) => cells.len() == columns.width(),
                    None => cells.iter().any(is_user_name),
                }
        };
        if fits(self.delimiter) {
            return Ok(());
        }
        match SEPARATORS.into_iter().find(|separator| fits(*separator)) {
            Some(used) => Err(HeaderProblem::WrongDelimiter {
                used,
                given: self.delimiter,
                is_in_list,
            }),
            None => Ok(()),
        }
    }

    /// The delimiter of the header, or of the first row where the columns are
    /// named by a flag.
    pub(super) fn find_delimiter(&self) -> Result<u8, HeaderProblem> {
        let is_tsv = self.is_tsv;
        let cells = |separator: u8| {
            let mut cells = Cells::new(separator);
            let split = cells.split(self.text);
            split.map(|()| cells)
        };
        if let Some(columns) = self.columns {
            let fits = |separator: &u8| {
                cells(*separator).is_ok_and(|cells| cells.len() == columns.width())
            };
            let fits = if is_tsv {
                None
            } else {
                SEPARATORS.into_iter().find(fits)
            };
            return Ok(fits.unwrap_or(self.delimiter));
        }
        let names_user =
            |separator: &u8| cells(*separator).is_ok_and(|cells| cells.iter().any(is_user_name));
        let known = |separator: &u8| {
            let is_known = |name: &&str| Column::spelled_otherwise(name).is_some();
            cells(*separator).map_or(0, |cells| cells.iter().filter(is_known).count())
        };
        let best = SEPARATORS.into_iter().find(names_user).or_else(|| {
            let some = SEPARATORS
                .into_iter()
                .filter(|separator| known(separator) > 0);
            some.rev().max_by_key(known)
        });
        let used = match best {
            None => match RARE_SEPARATORS.into_iter().find(names_user) {
                Some(rare) => return Err(HeaderProblem::OtherSeparator(rare)),
                None => self.delimiter,
            },
            Some(best) if best == self.delimiter || names_user(&self.delimiter) => self.delimiter,
            Some(best) if is_tsv || best == b'|' => {
                return Err(HeaderProblem::OtherSeparator(best));
            }
            Some(best) => best,
        };
        let two = cells(used)
            .ok()
            .and_then(|cells| cells.iter().find_map(|cell| two_separators(cell, used)));
        two.map_or(Ok(used), Err)
    }
}

/// The problem of a header's cell that holds several names, one of them known.
fn two_separators(cell: &str, used: u8) -> Option<HeaderProblem> {
    let splits = |other: &u8| {
        let other = char::from(*other);
        let mut names = cell.split(other).map(str::trim);
        cell.contains(other) && names.any(|name| Column::spelled_otherwise(name).is_some())
    };
    // The used one stands in a cell only if it is quoted.
    SEPARATORS
        .into_iter()
        .find(splits)
        .map(|other| HeaderProblem::TwoSeparators {
            used,
            other,
            cell: excerpt(cell),
        })
}

/// The separator of Excel's first line `sep=;`.
pub(super) fn excel_separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (name, value) = line.split_at_checked(4)?;
    let rest = value.get(1..)?;
    let is_end = rest.is_empty() || rest == b"\"";
    let is_ascii = value[0].is_ascii() && value[0] != b'"';
    (name.eq_ignore_ascii_case(b"sep=") && is_end && is_ascii).then_some(value[0])
}

fn is_user_name(cell: &str) -> bool {
    Column::named(cell) == Some(Column::User)
}
