//! The secrets of roomctl: the signing key, a signature, and the password of a Redis
//! server.
//!
//! The types print as `[redacted]`, cannot be serialised, and are wiped when
//! dropped. [`SecretKey::expose`] and [`UserSig::expose`] are called only where a
//! signature is made, checked or sent, and for a key's fingerprint; `Password::expose`
//! where the server asks for it. `scrub` redacts secrets in texts of other
//! programs and libraries (argument parser, proxies), by their shape.

use std::fmt;
use std::net::Ipv6Addr;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The app's signing key. A text: official implementations do not decode it.
#[derive(Clone)]
pub struct SecretKey(SecretString);

impl SecretKey {
    /// From an unchanged text. `config` trims and checks what users type.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The key, for signing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Differs from key to key, and shows nothing of the key. Written to journals of
    /// rehearsals, to distinguish sandboxes.
    pub(crate) fn fingerprint(&self) -> [u8; 8] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.expose().as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(b"roomctl sandbox");
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        std::array::from_fn(|at| whole[at])
    }

    /// Whether it has 64 lower-case hex digits, as every documented key does.
    pub(crate) fn has_usual_shape(&self) -> bool {
        let key = self.expose();
        key.len() == 64 && key.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// A signature that lets its bearer act as one identifier until it expires.
#[derive(Clone)]
pub struct UserSig(SecretString);

impl UserSig {
    /// From an unchanged text, without checks.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The signature, for the query string and for decoding.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The password of a Redis server.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "redis"),
    allow(dead_code, reason = "only a Redis asks for it")
)]
pub(crate) struct Password(SecretString);

impl Password {
    pub(crate) fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The password, for the server.
    #[cfg_attr(
        not(feature = "redis"),
        allow(dead_code, reason = "only a Redis asks for it")
    )]
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

impl fmt::Debug for UserSig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserSig([redacted])")
    }
}

/// Makes the process leave no core dump from here on: its memory holds a secret. Called
/// before a secret is read. The limit alone is not enough, because the system ignores
/// it where a program takes the dumps. A failure changes nothing for the user.
pub(crate) fn forbid_core_dumps() {
    use std::sync::Once;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let limit = Rlimit {
            current: Some(0),
            ..getrlimit(Resource::Core)
        };
        let _ = setrlimit(Resource::Core, limit);
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{DumpableBehavior, set_dumpable_behavior};
            let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        }
    });
}

/// How zlib data at each compression level starts in base64.
pub(crate) const ZLIB_STARTS: [&str; 4] = ["eJ", "eN", "eA", "eF"];

/// Consecutive hex digits that are more than a `RequestId` has (32). A key has 64.
const KEY_DIGITS: usize = 48;

/// Hex digits of a whole word that counts as a key: more than a room or a user
/// can have, whose names may be hashes as well.
const SUSPICIOUS_DIGITS: usize = 49;

/// Whether `word` has the shape of a key or of a `UserSig`: hex digits only, at
/// least 49 of them, or the start of base64 zlib data (`eJ`, `eN`, `eA`, `eF`)
/// with at least 64 characters of a `UserSig`'s alphabet.
pub(crate) fn looks_secret(word: &str) -> bool {
    let hex = word.len() >= SUSPICIOUS_DIGITS && word.bytes().all(|b| b.is_ascii_hexdigit());
    hex || (starts_signature(word) && word.bytes().all(is_word_byte))
}

/// `text` with `[redacted]` in place of every word that [`looks_secret`], and of
/// secrets inside a word: `--KEY`, `10KEY`, `/home/KEY`. Also in place of what follows
/// `usersig=` or `secret_key=`, whatever its shape: it may be cut; and of the account
/// in a URL.
pub(crate) fn scrub(text: &str) -> String {
    let text = without_logins(text);
    let text = text.as_str();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = named_secret(rest) {
        out.push_str(&scrub_words(&rest[..start]));
        out.push_str(REDACTED);
        rest = &rest[end..];
    }
    out.push_str(&scrub_words(rest));
    out
}

/// `text` without the users and passwords of URLs.
fn without_logins(text: &str) -> String {
    if !text.contains('@') {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        push_without_logins(word, &mut clean);
    }
    clean
}

/// Several URLs may be in one word, also in the password of another one.
fn push_without_logins(word: &str, out: &mut String) {
    const SCHEME_END: &str = "://";
    // The spelling of a URL, in a hint, names no account.
    const SPELLED: [&str; 3] = [":PASSWORD", "USER:PASSWORD", "[USER:PASSWORD"];
    let last_at = word.rfind('@').unwrap_or(0);
    let mut done = 0;
    for (at, _) in word[..last_at].match_indices(SCHEME_END) {
        let start = at + SCHEME_END.len();
        if start <= done {
            continue;
        }
        let account = account(&word[done..at], &word[start..last_at]);
        if !account.is_empty() && !SPELLED.contains(&account) {
            out.push_str(&word[done..start]);
            out.push_str(REDACTED);
            done = start + account.len();
        }
    }
    out.push_str(&word[done..]);
}

/// The account in what is between `://` and the last `@`; empty if there is none. The
/// password of a Redis may have any character. That of another URL may have each that
/// can also stand after a URL in a text, and a `/` where nobody has escaped it. So it
/// ends early only where a server stands that is not the beginning of an account: too
/// much is hidden rather than too little.
fn account<'a>(before: &str, url: &'a str) -> &'a str {
    let ends_with = |scheme: &str| {
        let start = before.len().checked_sub(scheme.len());
        let end = start.and_then(|start| before.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    };
    let end = url.find(['/', '?', '#', ',', ')', ';', '|', '<', '>', '"', '\'', '`']);
    let Some(end) = end.filter(|_| !ends_with("redis") && !ends_with("rediss")) else {
        return url;
    };
    let (authority, rest) = url.split_at(end);
    let is_path = rest.starts_with(['/', '?', '#']);
    match authority.rsplit_once('@') {
        Some((account, server)) if is_path && is_server(server) => account,
        None if is_path && is_server(authority) => "",
        // `USER:1` looks like HOST:PORT. After the server, a `:` may begin a password.
        None if is_host(authority) && !rest.replace("://", "").contains(':') => "",
        _ => url,
    }
}

/// Whether this is `HOST` or `HOST:PORT`, and the host is neither a user nor a part of a
/// password.
fn is_server(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    is_host(host) && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// `a.example`, `127.0.0.1`, `[::1]`, `localhost`.
fn is_host(text: &str) -> bool {
    let address = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let is_address = address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_label = |label: &str| !label.is_empty() && label.chars().all(is_letter);
    let is_name = text.contains('.') && text.split('.').all(is_label);
    is_address || is_name || text.eq_ignore_ascii_case("localhost")
}

/// Where the value begins and ends that follows the first name of a secret. A query
/// string is secret as a whole.
fn named_secret(text: &str) -> Option<(usize, usize)> {
    const NAMES: [&str; 5] = [
        "usersig=",
        "usersig%3d",
        "secret_key=",
        "secretkey=",
        "secret-key=",
    ];
    let is_end = |c: char| c.is_whitespace() || "'\"`,;)]}#".contains(c);
    let lower = text.to_ascii_lowercase();
    let named = NAMES.iter().flat_map(|name| lower.match_indices(name));
    let value = |(at, name): (usize, &str)| {
        let start = at + name.len();
        let end = text[start..]
            .find(is_end)
            .map_or(text.len(), |end| start + end);
        let mut before = text[..at].char_indices().rev();
        let before = before.find(|(_, c)| is_end(*c));
        let word = before.map_or(0, |(at, c)| at + c.len_utf8());
        let part = &text[word..at];
        match (part.find('?'), part.contains('&')) {
            (Some(query), _) => (word + query + 1, end),
            (None, true) => (word, end),
            (None, false) => (
                start,
                text[start..end].find('&').map_or(end, |end| start + end),
            ),
        }
    };
    // SIG, KEY and $NAME stand for a value in texts of our own.
    let is_secret = |(start, end): &(usize, usize)| {
        let value = &text[*start..*end];
        !value
            .chars()
            .all(|c| c.is_ascii_uppercase() || "_${…".contains(c))
            && value != "[redacted"
    };
    named.map(value).filter(is_secret).min()
}

fn scrub_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let in_word = |c: char| c.is_ascii() && is_word_byte(c as u8);
        let word_end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(word_end);
        if looks_secret(word) {
            out.push_str(REDACTED);
        } else {
            word.split_inclusive(['/', '+'])
                .for_each(|part| scrub_part(part, &mut out));
        }
        let gap_end = tail.find(in_word).unwrap_or(tail.len());
        out.push_str(&tail[..gap_end]);
        rest = &tail[gap_end..];
    }
    out
}

const REDACTED: &str = "[redacted]";

/// Appends a part of a word, redacted from where a secret begins in it.
fn scrub_part(part: &str, out: &mut String) {
    let (name, end) = match part.strip_suffix(['/', '+']) {
        Some(name) => part.split_at(name.len()),
        None => (part, ""),
    };
    let start = (0..name.len()).find(|at| begins_secret(name, *at));
    match start {
        Some(start) => {
            out.push_str(&name[..start]);
            out.push_str(REDACTED);
        }
        None => out.push_str(name),
    }
    out.push_str(end);
}

/// Whether a secret begins at this byte of an ASCII word: consecutive hex digits,
/// or the start of a signature. A whole word, also in `--KEY`, needs one digit
/// more, because a room's name may have 48.
fn begins_secret(word: &str, at: usize) -> bool {
    let rest = &word[at..];
    let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    let is_whole = digits == rest.len() && word[..at].bytes().all(|b| b == b'-');
    digits
        >= if is_whole {
            SUSPICIOUS_DIGITS
        } else {
            KEY_DIGITS
        }
        || starts_signature(rest)
}

fn starts_signature(word: &str) -> bool {
    word.len() >= 64 && ZLIB_STARTS.iter().any(|start| word.starts_with(start))
}

/// `text` for an error message: scrubbed and short enough for one line.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX_CHARACTERS: usize = 60;
    let clean = scrub(text);
    match clean.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

/// [`excerpt`] of a part of `whole`, as of one name in a list of names; of the whole if
/// it has a secret in it, of which a part would not be recognised.
pub(crate) fn excerpt_of_part(part: &str, whole: &str) -> String {
    excerpt(if scrub(whole) == whole { part } else { whole })
}

/// Two lower-case hex digits per byte, the form of secret keys.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// A `UserSig`'s alphabet: base64 with `+/=` replaced or not.
fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'*' | b'-' | b'_' | b'+' | b'/')
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
