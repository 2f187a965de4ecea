//! The topics by name. Their texts are at most 80 columns wide, whatever the
//! terminal: they are read in pagers and pasted into tickets.

use super::{environment, exit_codes, input, journal};

/// What belongs to no single command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Topic {
    ExitCodes,
    Environment,
    Input,
    Journal,
}

impl Topic {
    pub(in crate::commands) const ALL: [Self; 4] = [
        Self::ExitCodes,
        Self::Environment,
        Self::Input,
        Self::Journal,
    ];

    /// What users type.
    pub(in crate::commands) fn name(self) -> &'static str {
        match self {
            Self::ExitCodes => "exit-codes",
            Self::Environment => "environment",
            Self::Input => "input",
            Self::Journal => "journal",
        }
    }

    /// The topic of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// What there is to say; ends with a line's end.
    pub(super) fn text(self) -> String {
        match self {
            Self::ExitCodes => exit_codes::text(),
            Self::Environment => environment::text(),
            Self::Input => input::TEXT.into(),
            Self::Journal => journal::TEXT.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_name_and_fits_80_columns() {
        for topic in Topic::ALL {
            assert_eq!(Topic::named(topic.name()), Some(topic));
            let text = topic.text();
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{topic:?}");
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{topic:?}: {line}");
                assert_eq!(line, line.trim_end(), "{topic:?}");
            }
        }
    }
}
