//! What people paste in place of a value: white space around it, quotes, a name
//! in front of it, a placeholder, asterisks, another kind of secret. Nothing here
//! returns any part of the text.
//!
//! The service answers 70009 to every wrong key, so that these mistakes can be
//! distinguished here only.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::secret::{SecretKey, UserSig, looks_secret};
use crate::usersig;

/// Without white space and invisible characters at both ends. Editors, web pages
/// and `echo` add them, and no value begins or ends with one.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// White space, and characters without a width: byte order mark, zero-width
/// space, soft hyphen, direction marks.
fn is_blank(c: char) -> bool {
    let is_invisible = matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
    );
    is_invisible || c.is_whitespace()
}

/// Which secret a text should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Key,
    UserSig,
}

/// What a text is in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Pasted {
    #[error("is in quotes")]
    Quoted,
    #[error("has a name in front of the value, like NAME=VALUE")]
    Assignment,
    #[error("is a placeholder that no program has filled in")]
    Variable,
    #[error("is a placeholder from an example")]
    Example,
    #[error("is masked or shortened, as logs and CI systems print secrets (*** or …)")]
    Masked,
    #[error("is base64, and the value itself is encoded in it")]
    Base64,
    #[error("is percent-encoded, as in a URL")]
    Percent,
    #[error("is a URL")]
    Url,
    #[error("is a URL or a query string with a UserSig in it")]
    Query,
    #[error("is the address of a secret in a secret store")]
    Address,
    #[error("is a file name")]
    FileName,
    #[error("is a PEM block, as the old signature version 1 used (or TLS)")]
    Pem,
    #[error("is JSON")]
    Json,
    #[error("is a JSON web token")]
    WebToken,
    #[error("is a UserSig")]
    UserSig,
    #[error("is a secret key")]
    Key,
    #[error("is the value twice, one after the other")]
    Twice,
    #[error("is encrypted (sops), and nothing has decrypted it")]
    Encrypted,
}

/// Whether a text is of a kind.
type Recogniser = fn(&str) -> bool;

impl Pasted {
    /// What a text that is not `expected` is. None for a text that may be right.
    pub(super) fn in_place_of(expected: Expected, text: &str) -> Option<Self> {
        let is_right = match expected {
            Expected::Key => SecretKey::new(text).has_usual_shape(),
            Expected::UserSig => usersig::decode(&UserSig::new(text)).is_ok(),
        };
        if is_right {
            return None;
        }
        let kinds: [(Self, Recogniser); 16] = [
            (Self::Pem, |text| text.contains("-----BEGIN")),
            (Self::Encrypted, |text| text.contains("ENC[")),
            (Self::Masked, is_masked),
            (Self::Variable, is_variable),
            (Self::Json, |text| text.starts_with(['{', '['])),
            (Self::Quoted, is_quoted),
            (Self::Example, is_example),
            (Self::Query, is_query),
            (Self::Address, is_address),
            (Self::Url, |text| text.contains("://")),
            (Self::WebToken, is_web_token),
            (Self::Assignment, is_assignment),
            (Self::FileName, is_file_name),
            (Self::Twice, is_twice),
            (Self::Percent, |text| text.contains('%')),
            (Self::Base64, is_encoded),
        ];
        let first = kinds.into_iter().find(|(_, is_kind)| is_kind(text));
        first.map(|(kind, _)| kind).or(match expected {
            Expected::Key if is_encoded_bytes(text) => Some(Self::Base64),
            Expected::Key if looks_secret(text) && !is_hex(text) => Some(Self::UserSig),
            Expected::UserSig if looks_secret(text) && is_hex(text) => Some(Self::Key),
            _ => None,
        })
    }

    /// What a value that is not secret is instead, because its quotes or its
    /// placeholder would be sent unchanged. `names` are those of the setting.
    pub(super) fn in_place_of_text(text: &str, names: &[&str]) -> Option<Self> {
        const LEAST: usize = 3;
        let is_mask = |c: char| "*•●".contains(c);
        if holds_variable(text) {
            Some(Self::Variable)
        } else if is_named(text, names) {
            Some(Self::Assignment)
        } else if is_quoted(text) {
            Some(Self::Quoted)
        } else if text.starts_with('<') && text.ends_with('>') {
            Some(Self::Example)
        } else if text.chars().count() >= LEAST && text.chars().all(is_mask) {
            Some(Self::Masked)
        } else {
            None
        }
    }

    /// What to do about it.
    pub(super) fn hint(self, expected: Expected) -> String {
        match expected {
            Expected::Key => self.hint_of_key(),
            Expected::UserSig => self.hint_of_usersig(),
        }
    }

    fn hint_of_key(self) -> String {
        const COPY: &str = "copy the SDKSecretKey of the app from the TRTC console";
        match self {
            Self::Pem => "in the TRTC console, switch the app to HMAC-SHA256 (version 2) and copy its SDKSecretKey: one line of 64 hex digits".into(),
            Self::Query => format!("{COPY}; a UserSig belongs into --usersig-file"),
            Self::FileName => "name a file with --secret-key-file, ROOMCTL_SECRET_KEY_FILE or `secret_key_file` in a profile".into(),
            Self::UserSig => "give it with --usersig-file, ROOMCTL_USERSIG or `usersig` in a profile; or give the key: 64 hex digits".into(),
            _ => self.hint_of_form("the key", "64 hex digits").unwrap_or_else(|| COPY.into()),
        }
    }

    fn hint_of_usersig(self) -> String {
        const COPY: &str = "make a UserSig (roomctl usersig sign) and copy all of it";
        match self {
            Self::Url | Self::Query => "give only what follows usersig=, up to the next &".into(),
            Self::FileName => "name a file with --usersig-file, ROOMCTL_USERSIG_FILE or `usersig_file` in a profile".into(),
            Self::Key => "give it with --secret-key-file, ROOMCTL_SECRET_KEY or `secret_key` in a profile".into(),
            _ => self
                .hint_of_form("the UserSig", "one line that begins with eA or eJ")
                .unwrap_or_else(|| COPY.into()),
        }
    }

    /// How to get the secret out of this form of it.
    fn hint_of_form(self, name: &str, form: &str) -> Option<String> {
        Some(match self {
            Self::Quoted => format!("remove the quotes: {name} is {form}"),
            Self::Assignment => format!("remove the name and the sign after it: {name} is {form}"),
            Self::Variable => Self::unfilled(),
            Self::Base64 => format!("decode it (base64 -d), and give the result: {form}"),
            Self::Percent => format!("decode it (%2A is *): {name} is {form}"),
            Self::Address => "roomctl does not read secret stores: let `secret_key_command` in a profile print the key, or write the secret to a file".into(),
            Self::Json => format!("give only {name}, without the JSON around it (jq -r): {form}"),
            Self::Twice => format!("give {name} once: {form}"),
            Self::Encrypted => "decrypt it first: sops exec-env FILE 'roomctl …', or let `secret_key_command` in a profile print it (sops decrypt --extract …)".into(),
            _ => return None,
        })
    }

    /// The same for a value that is not secret; `name` is where it was given.
    pub(super) fn hint_of_text(self, name: &str) -> String {
        match self {
            Self::Variable => Self::unfilled(),
            Self::Assignment => format!("give {name} only what follows the ="),
            Self::Quoted => format!("write the value of {name} without the quotes"),
            _ => format!("give {name} its real value"),
        }
    }

    fn unfilled() -> String {
        "check the program that should fill it in, and the name: roomctl does not replace variables"
            .into()
    }
}

/// Whether the text is a key or a signature, in any of the forms in which one is
/// pasted: also with a name in front, in quotes, cut, or as base64.
pub(super) fn is_secret(text: &str) -> bool {
    // A name of a program has fewer digits: half a key is recognised.
    const DIGITS: usize = 32;
    let is_key = |part: &str| part.len() >= DIGITS && is_hex(part);
    let mut parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_word = !text.contains(char::is_whitespace);
    text.contains("-----BEGIN")
        || looks_secret(text)
        || (is_word && !text.contains('/') && parts.any(is_key))
        || (is_word && (is_encoded(text) || is_encoded_bytes(text)))
}

/// A quotation mark at either end, as `docker --env-file` and copies from source
/// code keep it.
fn is_quoted(text: &str) -> bool {
    let marks = [
        '"', '\'', '`', '“', '”', '‘', '’', '„', '«', '»', '「', '」',
    ];
    text.starts_with(marks) || text.ends_with(marks) || text.starts_with("\\\"")
}

/// `${{ secrets.X }}`, `${X}`, `$X`, `{{ x }}`, `$(x)`.
fn holds_variable(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    let is_name = text.strip_prefix('$').is_some_and(starts_name);
    is_name
        || ["${", "$(", "{{"]
            .into_iter()
            .any(|mark| text.contains(mark))
}

/// The same, and `%X%`, `@@X@@`, `__X__`, `<%= x %>`.
fn is_variable(text: &str) -> bool {
    let is_between = |marks: &str| {
        let inner = text.strip_prefix(marks);
        let inner = inner.and_then(|text| text.strip_suffix(marks));
        inner.is_some_and(|name| !name.is_empty() && name.chars().all(is_name_char))
    };
    holds_variable(text) || text.contains("<%") || ["%", "@@", "__"].into_iter().any(is_between)
}

/// Every program that masks leaves three asterisks or more.
fn is_masked(text: &str) -> bool {
    const WORDS: [&str; 5] = ["redacted", "masked", "hidden", "secure", "protected"];
    let is_mask = |c: char| "*•●·∙xX.…#_-".contains(c);
    let word = text.trim_matches(['[', ']', '<', '>', '*', '(', ')']);
    let is_word = WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
    (text.chars().count() >= 3 && text.chars().all(is_mask))
        || is_word
        // A UserSig begins with eJ or eA, and may have several * in a row.
        || (text.contains("***") && !["eJ", "eA"].into_iter().any(|start| text.contains(start)))
        || ["•••", "...", "…"]
            .into_iter()
            .any(|mark| text.contains(mark))
}

/// `<your key>`, `YOUR_SECRET_KEY`, `changeme`, `null`.
fn is_example(text: &str) -> bool {
    const PARTS: [&str; 11] = [
        "your",
        "changeme",
        "changeit",
        "changethis",
        "replaceme",
        "replacewith",
        "placeholder",
        "secretkey",
        "insertkey",
        "keyhere",
        "usersighere",
    ];
    const WORDS: [&str; 16] = [
        "null",
        "none",
        "nil",
        "undefined",
        "nan",
        "na",
        "true",
        "false",
        "todo",
        "tbd",
        "fixme",
        "secret",
        "password",
        "usersig",
        "example",
        "dummy",
    ];
    // A real secret is longer than any sentence with these words.
    const LONGEST: usize = 60;
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    let plain = letters.collect::<String>().to_ascii_lowercase();
    let is_in_angles = text.starts_with('<') && text.ends_with('>');
    let is_short = text.len() <= LONGEST && !is_assignment(text);
    is_in_angles
        || WORDS.contains(&plain.as_str())
        || (is_short && PARTS.iter().any(|part| plain.contains(part)))
}

fn is_query(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("usersig=") && (lower.contains("://") || text.contains(['&', '?']))
}

/// `op://vault/item`, `arn:aws:secretsmanager:…`, `projects/x/secrets/y`.
pub(super) fn is_address(text: &str) -> bool {
    let is_web = ["http://", "https://"]
        .into_iter()
        .any(|scheme| text.to_ascii_lowercase().starts_with(scheme));
    (text.contains("://") && !is_web && !text.starts_with("file:"))
        || ["arn:", "vault:", "secret:", "ssm:", "keychain:"]
            .into_iter()
            .any(|start| text.starts_with(start))
        || (text.starts_with("projects/") && text.contains("/secrets/"))
}

/// Three parts of base64, the first of which is JSON.
fn is_web_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

/// `NAME=value`, `export NAME="value"`, `name: value`, `--flag=value`,
/// `Bearer value`, but not the padding of base64.
fn is_assignment(text: &str) -> bool {
    let name_end = |text: &str| {
        let mut ends = text.char_indices();
        ends.find_map(|(at, c)| (!is_name_char(c)).then_some(at))
    };
    let text = text.trim_start_matches('-');
    let words = ["export ", "set ", "declare ", "env ", "$env:", "bearer "];
    let is_start = |start: &str| {
        let head = text.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    if words.into_iter().any(is_start) {
        return true;
    }
    let Some(end) = name_end(text).filter(|end| *end > 0 && starts_name(text)) else {
        return false;
    };
    let rest = text[end..].trim_start();
    let value = rest.strip_prefix(['=', ':', '：']).map(str::trim_start);
    value.is_some_and(|value| value.chars().any(|c| c != '='))
}

/// Whether one of these names and `=` stand in front of the value.
fn is_named(text: &str, names: &[&str]) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text).trim_start();
    let name = text.split_once('=').map_or("", |(name, _)| name.trim());
    let is_same = |known: &&str| !known.is_empty() && name.eq_ignore_ascii_case(known);
    names.iter().any(is_same)
}

fn is_file_name(text: &str) -> bool {
    const ENDS: [&str; 7] = [".key", ".pem", ".txt", ".sig", ".secret", ".json", ".toml"];
    let starts = ["/", "./", "../", "~/", "@", "file:"];
    text == "-"
        || starts.into_iter().any(|start| text.starts_with(start))
        || ENDS.into_iter().any(|end| text.ends_with(end))
}

fn is_twice(text: &str) -> bool {
    let mut parts = text.split(|c: char| ",;|".contains(c) || c.is_whitespace());
    let first = parts.next().unwrap_or_default();
    let mut others = parts.filter(|part| !part.is_empty()).peekable();
    if others.peek().is_some() {
        return looks_secret(first) && others.all(|other| other == first);
    }
    let halves = text.split_at_checked(text.len() / 2);
    halves.is_some_and(|(first, second)| first == second && looks_secret(first))
}

/// Base64 of a key's digits, or of a `UserSig`, also with a name in front.
fn is_encoded(text: &str) -> bool {
    let is_in = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap_or_default();
        let value = text.rsplit(['=', ':', ' ']).next().unwrap_or_default();
        let value = value.trim_matches(|c: char| !is_name_char(c) && c != '*');
        looks_secret(value)
    };
    !is_hex(text) && decoded(text).into_iter().any(is_in)
}

/// Base64 of the bytes that the digits of a key stand for.
fn is_encoded_bytes(text: &str) -> bool {
    const KEY_BYTES: usize = 32;
    text.ends_with('=') && decoded(text).iter().any(|bytes| bytes.len() == KEY_BYTES)
}

/// The content of `text`, if it is base64 of either alphabet.
fn decoded(text: &str) -> Vec<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let packed: String = text.split_whitespace().collect();
    let alphabets = [&STANDARD, &URL_SAFE].into_iter();
    let decode = |alphabet| GeneralPurpose::new(alphabet, config).decode(&packed).ok();
    alphabets.filter_map(decode).collect()
}

pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn starts_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}

#[cfg(test)]
#[path = "pasted_tests.rs"]
mod tests;
