//! Why a text is almost surely not a name, in words, and what helps.

use std::fmt;

/// Why a text is almost surely not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAName {
    /// A blank or an invisible character at the start.
    BlankBefore(char),
    /// The same at the end.
    BlankAfter(char),
    BlankInside,
    Quoted(char),
    /// It begins with a bracket of JSON, XML, SQL or a log.
    Bracket(char),
    /// It ends with a separator.
    TrailingSeparator(char),
    /// It has a separator inside.
    Separator(char),
    /// A person in a chat: `@alice`.
    Mention,
    /// The name of a column with its value: `user=alice`.
    KeyValue,
    /// It begins with the marker of a list in Markdown or YAML.
    ListMarker(char),
    /// A line of a table drawn with characters, or its footer.
    Drawing,
    /// What a spreadsheet shows for a number or an error.
    Damage,
    /// How a database or a program writes a missing value.
    NoValue,
    /// The name of a column.
    ColumnName,
}

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlankBefore(c) => write!(f, "begins with {}", Character(*c)),
            Self::BlankAfter(c) | Self::TrailingSeparator(c) => {
                write!(f, "ends with {}", Character(*c))
            }
            Self::BlankInside => f.write_str("has a blank inside"),
            Self::Quoted(c) => write!(f, "has a quote ({c}) at its end or start"),
            Self::Bracket(c) => write!(f, "begins with {c}"),
            Self::Separator(c) => write!(f, "has {} inside", Character(*c)),
            Self::Mention => f.write_str("begins with @, like a mention in a chat"),
            Self::KeyValue => f.write_str("is the name of a column with its value"),
            Self::ListMarker(c) => write!(f, "begins with the list marker {c}"),
            Self::Drawing => f.write_str("is a line of a drawn table"),
            Self::Damage => f.write_str("is what a spreadsheet shows instead of the value"),
            Self::NoValue => f.write_str("stands for a missing value"),
            Self::ColumnName => f.write_str("is the name of a column"),
        }
    }
}

/// The name of a character that people do not see.
struct Character(char);

impl fmt::Display for Character {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            ' ' => "a blank",
            '\t' => "a tab",
            '\r' => "a carriage return",
            ',' => "a comma",
            ';' => "a semicolon",
            ':' => "a colon",
            '\u{a0}' => "a no-break space",
            '\u{200b}' => "a zero-width space",
            '\u{3000}' => "a full-width space",
            '\u{feff}' => "a byte order mark",
            c if !c.is_ascii_graphic() => {
                return write!(f, "the invisible character U+{:04X}", u32::from(c));
            }
            c => return write!(f, "{c}"),
        };
        f.write_str(name)
    }
}

impl NotAName {
    /// Whether a flag refuses it, too. What was typed as one word is meant as one:
    /// blanks inside, mentions and names of columns are suspicious in a list only.
    /// A missing value comes from a script: `--user "$(jq -r .user)"`.
    pub(crate) fn holds_for_flags(self) -> bool {
        match self {
            Self::BlankBefore(_)
            | Self::BlankAfter(_)
            | Self::Quoted(_)
            | Self::Bracket(_)
            | Self::Damage
            | Self::NoValue => true,
            Self::TrailingSeparator(c) | Self::Separator(c) => matches!(c, ',' | ';' | '\t'),
            Self::BlankInside
            | Self::Mention
            | Self::KeyValue
            | Self::ListMarker(_)
            | Self::Drawing
            | Self::ColumnName => false,
        }
    }

    /// What to do about it in a list. `in_lines` is false for a table.
    pub(super) fn hint(self, in_lines: bool) -> &'static str {
        match self {
            Self::BlankBefore(_) | Self::BlankAfter(_) => {
                "remove the blanks at both ends; a UserID that really has one there goes into json: [\"user1 \"]"
            }
            Self::BlankInside => {
                "write one UserID per line, without other words; a UserID that really has a blank goes into json: [\"user 1\"]"
            }
            Self::Quoted(_) if in_lines => {
                "write the names without quotes (jq: add -r), or use --format json if the list is JSON"
            }
            Self::Quoted(_) => {
                "write the cells without these quotes; a name that really has quotes goes into json: [\"\\\"user1\\\"\"]"
            }
            Self::Bracket('[' | '{') if in_lines => {
                "if the list is JSON, use --format json; else one plain UserID per line"
            }
            Self::Bracket(_) | Self::ListMarker(_) | Self::Drawing => {
                "export plain names, one UserID per line (mysql -N -B, psql -At); other names go into json: [\"<user1>\"]"
            }
            Self::TrailingSeparator(_) => {
                "remove the separator at the end; a name that really has one goes into json: [\"user1,\"]"
            }
            Self::Separator('|') if in_lines => "looks like CSV: --format csv --delimiter '|'",
            Self::Separator('\t') if in_lines => "looks like TSV: --format tsv",
            Self::Separator(_) if in_lines => "looks like CSV: --format csv",
            Self::Separator(_) => {
                "write one UserID per row; a name that really has a separator goes into json: [\"user,1\"]"
            }
            Self::Mention => {
                "write the UserID without the @; a member really named so goes into json: [\"@alice\"]"
            }
            Self::KeyValue => {
                "write the value alone; a member really named so goes into json: [\"user=alice\"]"
            }
            Self::Damage => {
                "export the column again, formatted as text: the spreadsheet has lost the name; a member really named so goes into json"
            }
            Self::NoValue => {
                "remove these rows or fill in the names; a member really named so goes into json: [\"null\"]"
            }
            Self::ColumnName => {
                "remove the header line, or use --format csv; a member really named so goes into json: [\"user\"]"
            }
        }
    }
}
