//! The formats a list can have, and which one a file's name tells.

use std::fmt;
use std::path::Path;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A `UserID` a line.
    Lines,
    /// Cells between commas.
    Csv,
    /// Cells between tabs.
    Tsv,
    /// A JSON object a line.
    Ndjson,
}

impl Format {
    /// All of them, in the order that help shows.
    pub const ALL: [Self; 4] = [Self::Lines, Self::Csv, Self::Tsv, Self::Ndjson];

    /// What users type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Ndjson => "ndjson",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that the file's suffix tells, if it tells one.
    pub fn from_path(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        match suffix.as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }

    /// Whether it has columns.
    pub fn has_columns(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_tells_the_format() {
        let format = |path: &str| Format::from_path(Path::new(path));
        assert_eq!(format("a/spam.csv"), Some(Format::Csv));
        assert_eq!(format("SPAM.TSV"), Some(Format::Tsv));
        assert_eq!(format("x.ndjson"), Some(Format::Ndjson));
        assert_eq!(format("x.jsonl"), Some(Format::Ndjson));
        for other in ["x.txt", "x", "-", "csv", ".csv", "x.csv.gz", "x.json"] {
            assert_eq!(format(other), None, "{other}");
        }
    }

    #[test]
    fn every_name_is_known() {
        for format in Format::ALL {
            assert_eq!(Format::named(&format.to_string()), Some(format));
        }
        assert_eq!(Format::named("CSV"), None);
    }
}
