//! Files that are not lists at all, known by their first bytes, and what helps.

use std::path::Path;

use super::layout::Format;
use crate::file_name::ListName;

/// A file format that is not a list, with its name and its remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreign {
    /// Its first bytes.
    pub(super) begins: &'static [u8],
    pub(super) what: &'static str,
    remedy: Remedy,
}

/// What to do with such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// `FILE` stands for the list's name.
    Text(&'static str),
    /// The program that writes its content to stdout.
    Unpack(&'static str),
    Workbook,
}

const TEXT: Remedy =
    Remedy::Text("save the names as plain text, one UserID per line, or as CSV UTF-8");
const ARCHIVE: Remedy = Remedy::Text("unpack it first");
const EXPORT: Remedy = Remedy::Text("export the table as CSV or JSON");

pub(super) const FOREIGN: [Foreign; 22] = [
    foreign(
        b"PK\x03\x04",
        "a workbook (or another zip file)",
        Remedy::Workbook,
    ),
    foreign(
        b"\xd0\xcf\x11\xe0",
        "a workbook (or another old Office file)",
        Remedy::Workbook,
    ),
    foreign(
        b"\x1f\x8b",
        "compressed with gzip",
        Remedy::Unpack("gunzip -c"),
    ),
    foreign(
        b"BZh",
        "compressed with bzip2",
        Remedy::Unpack("bunzip2 -c"),
    ),
    foreign(b"\xfd7zXZ", "compressed with xz", Remedy::Unpack("xz -dc")),
    foreign(
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd",
        Remedy::Unpack("zstd -dc"),
    ),
    foreign(b"7z\xbc\xaf", "a 7z archive", ARCHIVE),
    foreign(b"Rar!\x1a", "a RAR archive", ARCHIVE),
    foreign(b"%PDF-", "a PDF document", TEXT),
    foreign(b"{\\rtf", "an RTF document", TEXT),
    foreign(
        b"SQLite format 3\0",
        "an SQLite database",
        Remedy::Text("export the table: sqlite3 -csv -header FILE 'SELECT …'"),
    ),
    foreign(b"\x7fELF", "a program", TEXT),
    foreign(b"\x89PNG", "a picture", TEXT),
    foreign(b"\xff\xd8\xff", "a picture", TEXT),
    foreign(b"PAR1", "a Parquet file", EXPORT),
    foreign(b"Obj\x01", "an Avro file", EXPORT),
    foreign(b"<!DOCTYPE", "an HTML page", TEXT),
    foreign(b"<!doctype", "an HTML page", TEXT),
    foreign(b"<html", "an HTML page", TEXT),
    foreign(b"<HTML", "an HTML page", TEXT),
    foreign(b"<table", "an HTML table", TEXT),
    foreign(b"<?xml", "an XML document", TEXT),
];

const fn foreign(begins: &'static [u8], what: &'static str, remedy: Remedy) -> Foreign {
    Foreign {
        begins,
        what,
        remedy,
    }
}

/// The line end of a list comes within so many bytes after a [`Foreign::begins`].
const LONGEST_NAME: usize = 32;

impl Foreign {
    /// Whether the input begins so; None where its next bytes decide. A name may begin
    /// with the same letters: then only a byte that is not text shows the difference.
    pub(super) fn is_beginning_of(&self, head: &[u8]) -> Option<bool> {
        let Some(rest) = head.strip_prefix(self.begins) else {
            return if self.begins.starts_with(head) {
                None
            } else {
                Some(false)
            };
        };
        if !self.begins.iter().all(u8::is_ascii_alphanumeric) {
            return Some(true);
        }
        let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
        match rest.iter().find(|byte| !is_text(byte)) {
            Some(end) => Some(!matches!(end, b'\r' | b'\n')),
            None if rest.len() < LONGEST_NAME => None,
            None => Some(false),
        }
    }

    pub(super) fn hint(&self, list: &ListName<'_>) -> String {
        let suffix = Path::new(list.file).extension();
        match self.remedy {
            Remedy::Text(text) => text.replace("FILE", &list.quoted()),
            Remedy::Workbook if suffix.is_some_and(|suffix| suffix == "zip") => {
                unpacked("unzip -p", list)
            }
            Remedy::Workbook => "open it and save it as CSV UTF-8".into(),
            Remedy::Unpack(_) if is_tar(list.file) => {
                format!("unpack it first: tar -xf {}", list.quoted())
            }
            Remedy::Unpack(program) => unpacked(program, list),
        }
    }
}

/// Whether the name is that of a packed archive of files.
fn is_tar(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains(".tar.")
        || [".tgz", ".tbz2", ".txz", ".tzst"]
            .iter()
            .any(|suffix| name.ends_with(suffix))
}

/// The command that unpacks the list and reads it. On stdin it has no suffix, so the
/// format is in a flag.
fn unpacked(program: &str, list: &ListName<'_>) -> String {
    let ListName { command, flag, .. } = list;
    if list.is_stdin() {
        return format!("{program} | {command} \u{2026} {flag} -");
    }
    let path = Path::new(list.file);
    if list.has_format {
        return format!("{program} {} | {command} \u{2026} {flag} -", list.quoted());
    }
    let inner = path.file_stem().map(Path::new);
    let format = Format::from_path(path).or_else(|| Format::from_path(inner?));
    let format = match format {
        Some(format) => format!(" --format {format}"),
        None => "; if it is a table, add --format csv".into(),
    };
    format!(
        "{program} {} | {command} \u{2026} {flag} -{format}",
        list.quoted()
    )
}
