//! Rows of cells as text: with tabs for programs, aligned for people.

use unicode_width::UnicodeWidthStr;

use super::sanitise::sanitise;

/// A line per row, tabs between; cells are made harmless, `-` stands for an
/// empty one.
pub fn tabs(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| row.iter().map(|text| cell(text)).collect::<Vec<_>>();
    rows.iter().map(|row| line(row).join("\t") + "\n").collect()
}

/// The same with each column as wide as its widest cell, two blanks between;
/// the last column is not padded, so the free text belongs there.
pub fn aligned(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|text| cell(text)).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let padded = cells.map(|(cell, width)| padded(cell, *width));
        let padded: Vec<String> = padded.collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// `text` and as many blanks as make it so many columns wide: wide characters
/// take two.
fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(text.width());
    format!("{text}{:blanks$}", "")
}

fn cell(text: &str) -> String {
    match text {
        "" => "-".to_owned(),
        text => sanitise(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["NAME", "ROLE", "CARD"]),
            row(["a longer one", "", "x\ty\u{1b}"]),
        ]
    }

    #[test]
    fn a_cell_can_break_neither_its_row_nor_the_terminal() {
        assert_eq!(
            tabs(&rows()),
            "NAME\tROLE\tCARD\na longer one\t-\tx\\ty\\u{1b}\n"
        );
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(
            aligned(&rows()),
            "NAME          ROLE  CARD\na longer one  -     x\\ty\\u{1b}\n"
        );
        assert_eq!(aligned(&[]), "");
    }

    #[test]
    fn wide_characters_take_two_columns_and_combining_ones_none() {
        let row = |first: &str| vec![first.to_owned(), "x".to_owned()];
        let rows = ["ab", "违规", "e\u{301}é"].map(row);
        assert_eq!(aligned(&rows), "ab    x\n违规  x\ne\u{301}é    x\n");
    }
}
