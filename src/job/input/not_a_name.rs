//! Why a text is almost surely not a name, in words, and what helps.

use std::fmt;

use crate::file_name::ListName;

/// What a text should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    User,
    Room,
}

impl NameOf {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Room => "room",
        }
    }
}

/// White space of any kind, and characters that are not visible at all.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// Why a text is almost surely not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAName {
    /// A blank or an invisible character at the start.
    BlankBefore(char),
    /// The same at the end.
    BlankAfter(char),
    /// The first that is not a plain blank, if there is one.
    BlankInside(char),
    Quoted(char),
    QuoteInside(char),
    /// It begins with a bracket of JSON, XML, SQL or a log.
    Bracket(char),
    /// What a shell did not expand: `{user1,user2}`.
    Braces,
    /// It has tags or entities of HTML.
    Markup,
    /// It ends with a separator.
    TrailingSeparator(char),
    /// It has a separator inside.
    Separator(char),
    /// A dot at the end of a sentence, a colon before an emoji's name.
    SignAtEnd,
    /// It has a character that is not used in `UserID`s.
    Sign(char),
    /// A person in a chat: `@alice`.
    Mention,
    /// The name of a column with its value: `user=alice`.
    KeyValue,
    /// It begins with a marker or a number of a list in Markdown or YAML.
    ListItem,
    /// A line of a table drawn with characters, or its footer.
    Drawing,
    /// A wildcard, a regular expression or bold type.
    Pattern,
    /// `$USER`, `${USER}`.
    ShellVariable,
    /// `user1%20`.
    PercentEncoded,
    /// The same, and not surely from an encoder: `r%41&x=1`.
    PercentCode,
    /// `user1\n`, as two characters.
    LineEnd,
    /// `https://…`, `mailto:…`.
    Address,
    /// What a spreadsheet shows for a number or an error.
    Damage,
    /// `1,234,567`.
    GroupedNumber,
    /// `=A1`, `+A1`.
    Formula,
    Date,
    /// It begins with #.
    Hash,
    /// How a database or a program writes a missing value.
    NoValue,
    /// The same in words that may also be a name.
    LikelyNoValue,
    /// The name of a column.
    ColumnName,
}

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::BlankBefore(c) => return write!(f, "begins with {}", Character(*c)),
            Self::BlankAfter(c) | Self::TrailingSeparator(c) => {
                return write!(f, "ends with {}", Character(*c));
            }
            Self::Separator(c) | Self::Sign(c) | Self::QuoteInside(c) => {
                return write!(f, "has {} inside", Character(*c));
            }
            Self::Quoted(c) => return write!(f, "has a quote ({c}) at its end or start"),
            Self::Bracket(c) => return write!(f, "begins with {c}"),
            Self::BlankInside(' ') => "has a blank inside",
            Self::BlankInside(c) => {
                let code = u32::from(*c);
                return write!(
                    f,
                    "has the blank or invisible character U+{code:04X} inside"
                );
            }
            Self::Braces => "is several names in braces",
            Self::Markup => "has HTML or angle brackets in it",
            Self::SignAtEnd => "has a sign of a sentence at its end or start",
            Self::Mention => "begins with @, like a mention in a chat",
            Self::KeyValue => "is the name of a column with its value",
            Self::ListItem => "begins with a list marker or number",
            Self::Drawing => "is a line of a drawn table",
            Self::Pattern => "is a pattern or formatted text",
            Self::ShellVariable => "is a variable that no shell has replaced",
            Self::PercentEncoded | Self::PercentCode => "is percent-encoded",
            Self::LineEnd => "has the two characters of an escaped line end",
            Self::Address => "is an address or a path",
            Self::Damage => "is what a spreadsheet shows instead of the value",
            Self::GroupedNumber => "is a number in groups of three digits",
            Self::Formula => "is a formula",
            Self::Date => "is a date or a time",
            Self::Hash => "begins with #",
            Self::NoValue | Self::LikelyNoValue => "stands for a missing value",
            Self::ColumnName => "is the name of a column",
        };
        f.write_str(words)
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
            | Self::Braces
            | Self::ShellVariable
            | Self::PercentEncoded
            | Self::LineEnd
            | Self::Damage
            | Self::GroupedNumber
            | Self::NoValue => true,
            Self::TrailingSeparator(c) | Self::Separator(c) => matches!(c, ',' | ';' | '\t'),
            _ => false,
        }
    }

    /// What to do about `text` in a list. `in_lines` is false for a table.
    pub(super) fn hint(
        self,
        text: &str,
        of: NameOf,
        in_lines: bool,
        list: &ListName<'_>,
    ) -> String {
        let remedy = self.remedy(text, in_lines, list);
        match literally(text, of) {
            Some(json) => format!(
                "{remedy}; a name really written so goes into a list of its own, FILE.json: {json}"
            ),
            None => remedy,
        }
    }

    fn remedy(self, text: &str, in_lines: bool, list: &ListName<'_>) -> String {
        match self {
            Self::BlankInside(' ') if in_lines => words_of_a_line(text, list),
            Self::Bracket('<') | Self::Markup => of_markup(text, in_lines, list),
            Self::ListItem => {
                let filter = r"sed -E 's/^[[:space:]]*\(?(-|\*|\+|•|◦|·|–|—|●|○|▪|[0-9]+[.)])[[:space:]]+(\[[ xX]\][[:space:]]+)?//'";
                self.with_command(filter, list)
            }
            Self::LineEnd if text.ends_with("\\n") => line_ends(list),
            Self::PercentEncoded | Self::PercentCode => {
                let filter = "python3 -c 'import sys, urllib.parse as u; [print(u.unquote(line).strip()) for line in sys.stdin]'";
                self.with_command(filter, list)
            }
            _ => self.remedy_in_words(in_lines).to_owned(),
        }
    }

    fn with_command(self, filter: &str, list: &ListName<'_>) -> String {
        let command = list.filtered(filter);
        format!("{}: {command}", self.remedy_in_words(true))
    }

    /// The same without a command for the list.
    fn remedy_in_words(self, in_lines: bool) -> &'static str {
        match self {
            Self::BlankBefore(c) | Self::BlankAfter(c) if c.is_whitespace() => {
                "remove the blanks at both ends"
            }
            Self::BlankInside(' ') => "write one UserID per row, without other words",
            Self::BlankBefore(_) | Self::BlankAfter(_) | Self::BlankInside(_) => {
                "type these names again without that character; it often comes from a web page or a spreadsheet"
            }
            Self::Quoted(_) | Self::QuoteInside(_) if in_lines => {
                "write the names without quotes (jq: add -r), or use --format json if the list is JSON"
            }
            Self::Quoted(_) | Self::QuoteInside(_) => "write the cells without these quotes",
            Self::Bracket('[' | '{') if in_lines => {
                "if the list is JSON, use --format json; else one plain UserID per line"
            }
            Self::Braces => {
                "write each name on a line of its own; bash expands {a,b} and {1..3} outside of quotes only, sh never"
            }
            Self::Markup => UNMARKED,
            Self::ListItem => "remove the markers",
            Self::PercentEncoded | Self::PercentCode => "decode the names",
            Self::Bracket(_) | Self::Drawing => {
                "export plain names, one UserID per line (mysql -N -B, psql -At)"
            }
            Self::TrailingSeparator(':') => {
                "remove the colon, or the whole line if it is a key of YAML"
            }
            Self::TrailingSeparator(_) => "remove the separator at the end",
            Self::SignAtEnd => "remove that sign",
            Self::Separator('|') if in_lines => "looks like CSV: --format csv --delimiter '|'",
            Self::Separator('\t') if in_lines => "looks like TSV: --format tsv",
            Self::Separator(_) if in_lines => "looks like CSV: --format csv",
            Self::Separator(_) => "write one UserID per row",
            Self::Sign('\\') | Self::LineEnd => {
                "write real line ends and tabs; a backslash that belongs to the name is kept in JSON only"
            }
            Self::Sign(_) => "write the UserID alone, without other signs and what belongs to them",
            Self::Mention => "write the UserID without the @",
            Self::KeyValue => "write the value alone",
            Self::Pattern => {
                "a list has no patterns: write each UserID that is meant (roomctl members --room ROOM -o json lists them); remove the signs of Markdown (**user1**)"
            }
            Self::ShellVariable => {
                "write the value itself: envsubst replaces variables of the environment, a shell does so outside of single quotes and <<'EOF'"
            }
            Self::Address => {
                "write the UserID alone, without the address or path (grep: add -h, without -n)"
            }
            Self::Damage | Self::Date => {
                "export the column again, formatted as text before the names are entered or imported: the spreadsheet has lost the name"
            }
            Self::GroupedNumber => {
                "write the number without separators: export the column formatted as text"
            }
            Self::Formula => {
                "paste the column as values and export it again; of a line of a diff remove the first sign"
            }
            Self::Hash => "remove the row if it is a comment: a table has no comments",
            Self::NoValue | Self::LikelyNoValue => "remove these rows or fill in the names",
            Self::ColumnName => "remove this header; give each list its own --from",
        }
    }
}

const UNMARKED: &str =
    "write the UserIDs alone, one a line, without < and > and what does not belong to them";

/// The JSON that means exactly this name, if the service could have one.
pub(crate) fn literally(text: &str, of: NameOf) -> Option<String> {
    let (most, is_user) = match of {
        NameOf::User => (32, true),
        NameOf::Room => (48, false),
    };
    let is_name = text.len() <= most && text.bytes().all(|b| (0x20..0x7f).contains(&b));
    let name = serde_json::Value::from(text);
    is_name.then(|| {
        if is_user {
            format!("[{name}]")
        } else {
            format!("{{\"RoomId\":{name},\"Member_Account\":\"USER\"}}")
        }
    })
}

/// Tags of HTML are removed; of an e-mail address its brackets are.
fn of_markup(text: &str, in_lines: bool, list: &ListName<'_>) -> String {
    let is_address = text
        .split_once('<')
        .is_some_and(|(_, rest)| rest.contains('@'));
    let is_tag = ["</", "<br", "/>"]
        .into_iter()
        .any(|tag| text.contains(tag));
    // In an attribute may be the UserID: `<user id="user1">Bob</user>`.
    let is_tag = is_tag && !text.contains('=') && has_text(text);
    let filter = match (in_lines, is_address, is_tag) {
        (true, true, false) if !text.starts_with("<@") => "sed -E 's/.*<([^>]*)>.*/\\1/'",
        (true, false, true) => r#"awk '{ gsub(/<[^>]*>/, "\n"); print }'"#,
        _ => {
            return UNMARKED.into();
        }
    };
    format!("keep the UserID alone: {}", list.filtered(filter))
}

/// Whether something is left without the tags.
fn has_text(text: &str) -> bool {
    text.split('<').any(|part| {
        let after_tag = part.split_once('>').map_or(part, |(_, rest)| rest);
        !after_tag.trim().is_empty()
    })
}

/// Two words may be a room and a user.
fn words_of_a_line(text: &str, list: &ListName<'_>) -> String {
    let one = "write one UserID per line, without other words";
    if let Some((name, _)) = text.split_once(" #") {
        if name.trim_end().contains(' ') {
            return format!("{one} and comments");
        }
        // A # without a blank before it belongs to the name: bob#1234.
        let command = list.filtered("sed 's/[[:space:]][[:space:]]*#.*//'");
        return format!("remove the comments after the names: {command}");
    }
    if text.split_whitespace().count() != 2 {
        let split = list.filtered_to("tr -s ' ' '\\n'", Some("txt"));
        return format!(
            "{one} (awk '{{print $2}}' takes the second); if all words are UserIDs: {split}"
        );
    }
    let filtered = list.filtered_to("tr -s ' ' ','", Some("csv"));
    format!("{one}; if it is a room and a user: {filtered} --columns room,user")
}

fn line_ends(list: &ListName<'_>) -> String {
    if list.is_stdin() {
        return "write real line ends and tabs: printf '%b\\n' instead of echo".into();
    }
    let file = list.quoted();
    let new = list.new_file(None);
    format!(
        "write real line ends and tabs: printf '%b\\n' \"$(cat {file})\" > {new}, then {} {new}",
        list.flag
    )
}
