//! The two secrets roomctl handles, as types of their own.
//!
//! Both print as `[redacted]`, cannot be serialised, and are wiped when
//! dropped. [`SecretKey::expose`] and [`UserSig::expose`] are called only where
//! a signature is made, checked or put on the wire. [`scrub`] is the net under
//! the texts of others (argument parser, proxies): it knows secrets by shape.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The app's signing key, as text: official implementations do not decode it.
#[derive(Clone)]
pub struct SecretKey(SecretString);

impl SecretKey {
    /// Takes the text as it is; `config` trims and checks what users type.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The key itself, for signing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Every documented key is 64 lower-case hex digits; others are suspicious.
    pub fn has_usual_shape(&self) -> bool {
        let key = self.expose();
        key.len() == 64 && key.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// A signature that lets its bearer act as one identifier until it expires.
#[derive(Clone)]
pub struct UserSig(SecretString);

impl UserSig {
    /// Takes the text as it is, checked or not.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The signature itself, for the query string and for decoding.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
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

/// Whether `word` has the shape of a key or of a `UserSig`: hex digits only, at
/// least 32 of them, or the start of base64 zlib data (`eJ`, `eN`, `eA`) with
/// at least 64 characters of a `UserSig`'s alphabet.
pub fn looks_secret(word: &str) -> bool {
    let hex = word.len() >= 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let sig = word.len() >= 64
        && ["eJ", "eN", "eA"]
            .iter()
            .any(|start| word.starts_with(start))
        && word.bytes().all(is_word_byte);
    hex || sig
}

/// `text` with every word that [`looks_secret`] replaced by `[redacted]`.
pub fn scrub(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let in_word = |c: char| c.is_ascii() && is_word_byte(c as u8);
        let word_end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(word_end);
        out.push_str(if looks_secret(word) {
            "[redacted]"
        } else {
            word
        });
        let gap_end = tail.find(in_word).unwrap_or(tail.len());
        out.push_str(&tail[..gap_end]);
        rest = &tail[gap_end..];
    }
    out
}

/// A `UserSig`'s alphabet: base64 with `+/=` replaced or not.
fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'*' | b'-' | b'_' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!(
            "{:?} {:?}",
            SecretKey::new("canary"),
            UserSig::new("canary")
        );
        assert_eq!(shown, "SecretKey([redacted]) UserSig([redacted])");
    }

    #[test]
    fn scrub_takes_keys_and_signatures_out_of_texts() {
        let key = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
        let sig = format!("eJ{}", "x*-_".repeat(30));
        let text = format!("unexpected '{key}' and usersig={sig}&x=1, 用户");
        assert_eq!(
            scrub(&text),
            "unexpected '[redacted]' and usersig=[redacted]&x=1, 用户"
        );
    }

    #[test]
    fn scrub_leaves_ordinary_words_alone() {
        let text = "room-test: Id-d4e0a71869c84352ac3a730fda71cdb0-O-Seq-47158 eJ";
        assert_eq!(scrub(text), text);
    }

    #[test]
    fn usual_shape_is_64_lower_case_hex_digits() {
        assert!(SecretKey::new("5bd2850f".repeat(8)).has_usual_shape());
        assert!(!SecretKey::new("5BD2850F".repeat(8)).has_usual_shape());
        assert!(!SecretKey::new("5bd2850f").has_usual_shape());
    }
}
