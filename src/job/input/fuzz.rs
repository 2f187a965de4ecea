//! Fuzz target: a list in any format.
//!
//! The words of the first line are the flags: a format, `columns=NAMES`,
//! `delimiter=CHARACTER`, `live`. The rest is the list.

use std::io::{self, ErrorKind, Read};

use super::{BadRow, Columns, Format, Layout, NameOf, Row, Rows, check_name};
use crate::fuzz::first_line;
use crate::room::RoomId;

pub(crate) fn check(data: &[u8]) {
    let (flags, list) = first_line(data);
    let is_live = flags.split(' ').any(|flag| flag == "live");
    let layout = layout(&flags);
    let read = |input: &[u8]| read(input, &layout, is_live);
    let rows = read(list);
    check_lines(&rows, list, is_live);
    check_values(&rows, layout.format);
    // Which of several problems is found first may depend on how the bytes arrive, but
    // neither the rows of a good list nor whether it is one.
    let slow = shown(open(Slow::new(list), &layout, is_live));
    let is_good = rows.iter().all(Result::is_ok);
    assert_eq!(is_good, slow.iter().all(Result::is_ok), "{rows:?} {slow:?}");
    if is_good {
        assert_eq!(rows, slow, "however the bytes arrive");
        check_written_again(&rows);
        check_other_encodings(&rows, list, read);
    }
}

fn layout(flags: &str) -> Layout {
    let mut layout = Layout::default();
    for flag in flags.split(' ') {
        match flag.split_once('=') {
            Some(("columns", names)) => layout.columns = Columns::parse(names).ok(),
            Some(("delimiter", text)) => {
                let is_usable = |byte: &u8| byte.is_ascii() && !b"\"\r\n\0".contains(byte);
                layout.delimiter = text.bytes().next().filter(is_usable);
            }
            _ => layout.format = Format::named(flag).or(layout.format),
        }
    }
    layout
}

/// A row as its parts, or what is wrong with it and where.
type Shown = Result<Row, (u64, String)>;

fn open<R: Read>(input: R, layout: &Layout, is_live: bool) -> Rows<R> {
    if is_live {
        Rows::live(input, layout.clone())
    } else {
        Rows::new(input, layout.clone())
    }
}

fn read(input: &[u8], layout: &Layout, is_live: bool) -> Vec<Shown> {
    shown(open(input, layout, is_live))
}

fn shown(rows: impl Iterator<Item = Result<Row, BadRow>>) -> Vec<Shown> {
    rows.map(|row| row.map_err(|bad| (bad.line, bad.to_string())))
        .collect()
}

/// Rows come in order, and each is on a line of the list. A problem is one line.
fn check_lines(rows: &[Shown], list: &[u8], is_live: bool) {
    let lines = list
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count() as u64
        + 1;
    let mut previous = 1;
    for row in rows {
        let line = match row {
            Ok(row) => row.line,
            Err((line, why)) => {
                assert!(
                    why.starts_with(&format!("{line}: ")) && why.len() > 3,
                    "{why:?}"
                );
                *line
            }
        };
        assert!((1..=lines).contains(&line), "{line} of {lines}: {rows:?}");
        // Numbers that a spreadsheet has rounded are found at the end.
        assert!(is_live || row.is_err() || line >= previous, "{rows:?}");
        previous = line;
    }
}

/// What a table or lines hold is surely a name.
fn check_values(rows: &[Shown], format: Option<Format>) {
    for row in rows.iter().flatten() {
        if matches!(format, Some(Format::Lines | Format::Csv | Format::Tsv)) {
            assert_eq!(check_name(row.user.as_str(), NameOf::User), None);
            let room = row.room.as_ref().map(RoomId::as_str);
            assert_eq!(room.and_then(|room| check_name(room, NameOf::Room)), None);
        }
    }
}

/// As `--failed-to` writes them.
fn check_written_again(rows: &[Shown]) {
    let mut text = String::new();
    for row in rows.iter().flatten() {
        let line = serde_json::json!({
            "RoomId": row.room, "Member_Account": row.user, "Reason": row.reason,
        });
        text += &line.to_string();
        text.push('\n');
    }
    let json = Layout {
        format: Some(Format::Json),
        ..Layout::default()
    };
    let again = read(text.as_bytes(), &json, false);
    let numbered = (1..).zip(rows.iter().flatten());
    let rows = numbered.map(|(line, row)| {
        Ok(Row {
            line,
            ..row.clone()
        })
    });
    assert_eq!(again, rows.collect::<Vec<_>>(), "{text}");
}

/// The same text in UTF-16, with a byte order mark, with another line end.
fn check_other_encodings(rows: &[Shown], list: &[u8], read: impl Fn(&[u8]) -> Vec<Shown>) {
    let Ok(text) = std::str::from_utf8(list) else {
        return;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    assert_eq!(read(format!("\u{feff}{text}").as_bytes()), rows);
    assert_eq!(read(format!("{text}\n").as_bytes()), rows);
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    let utf16: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16), rows, "as UTF-16");
    if !text.contains(['"', '\r']) {
        assert_eq!(
            read(text.replace('\n', "\r\n").as_bytes()),
            rows,
            "with CRLF"
        );
    }
}

/// One byte at a time, with interruptions.
struct Slow<'a> {
    rest: &'a [u8],
    is_ready: bool,
}

impl<'a> Slow<'a> {
    fn new(rest: &'a [u8]) -> Self {
        let is_ready = false;
        Self { rest, is_ready }
    }
}

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.is_ready = !self.is_ready;
        if !self.is_ready && !self.rest.is_empty() {
            return Err(ErrorKind::Interrupted.into());
        }
        let most = into.len().min(1);
        self.rest.read(&mut into[..most])
    }
}
