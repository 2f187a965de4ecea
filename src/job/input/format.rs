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
    /// Any sequence of JSON values.
    Json,
}

impl Format {
    /// In the order that the help shows.
    pub(crate) const ALL: [Self; 4] = [Self::Lines, Self::Csv, Self::Tsv, Self::Json];

    /// For `--format`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
        }
    }

    /// Other names of the format, which are accepted and not shown.
    pub(crate) fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["ndjson", "jsonl"],
            _ => &[],
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let is_name = |format: &Self| format.name() == name || format.other_names().contains(&name);
        Self::ALL.into_iter().find(is_name)
    }

    /// The format that the file's suffix implies.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        match suffix.as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "json" | "ndjson" | "jsonl" => Some(Self::Json),
            _ => None,
        }
    }

    /// Whether it is a table.
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
        assert_eq!(format("x.ndjson"), Some(Format::Json));
        assert_eq!(format("x.jsonl"), Some(Format::Json));
        assert_eq!(format("x.JSON"), Some(Format::Json));
        for other in ["x.txt", "x", "-", "csv", ".csv", "x.csv.gz"] {
            assert_eq!(format(other), None, "{other}");
        }
    }

    #[test]
    fn every_name_is_known() {
        for format in Format::ALL {
            assert_eq!(Format::named(&format.to_string()), Some(format));
        }
        assert_eq!(Format::named("ndjson"), Some(Format::Json));
        assert_eq!(Format::named("CSV"), None);
    }
}
