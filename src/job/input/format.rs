//! The formats of lists, and the format that a file name implies.

use std::fmt;
use std::path::Path;

/// The format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// One `UserID` a line.
    Lines,
    /// Comma-separated.
    Csv,
    /// Tab-separated.
    Tsv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// In the order that the help shows.
    pub(crate) const ALL: [Self; 4] = [Self::Lines, Self::Csv, Self::Tsv, Self::Ndjson];

    /// For `--format`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Ndjson => "ndjson",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that the file's suffix implies.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        match suffix.as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }

    pub(crate) fn has_columns(self) -> bool {
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
    fn the_suffix_implies_the_format() {
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
