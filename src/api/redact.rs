//! Removes the signature from the texts of an answer. They are printed and
//! recorded, and the service, or something in its place, may repeat the request's
//! URL in them: cut, wrapped, escaped or decoded.
//!
//! Three things are removed: what follows the word `usersig`, parts of the
//! signature (and of `TLS.sig` in it), and parts of its decoded JSON. A text is
//! compared after its escapes are decoded: `%2A`, `%252A`, `\u002a`, `&#42;`.
//! The signature is also found reversed, as hex, and as base64.

use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::Answer;
use super::escapes::{Unit, units};
use super::named_usersig::{
    end_of_word, is_query, is_usersig, query, skip_assignment, skip_usersig,
};

const REDACTED: &str = "[redacted]";

/// Shortest part of a signature that is removed, in letters and digits: 16
/// characters of a signature have about this many at least.
pub(super) const MIN_LETTERS: usize = 8;

/// Shortest part of the decoded JSON that is removed, in characters.
const MIN_JSON: usize = 16;

/// Shortest part as hex that is removed, in digits: of 16 bytes.
pub(super) const MIN_HEX: usize = 32;

/// Shortest part as base64 that is removed: what 16 bytes fill wherever they begin.
pub(super) const MIN_BASE64: usize = 20;

/// How a signature starts: zlib data in base64, at each compression level.
const SIGNATURE_STARTS: [&[u8]; 4] = [b"eJ", b"eN", b"eA", b"eF"];

/// Finds parts of one signature in texts.
#[derive(Debug)]
pub(super) struct Redactor {
    /// Letters and digits of the signature and of `TLS.sig`, in lower case, also
    /// reversed. All else differs between the alphabets of base64.
    letters: Secret,
    /// Both as hex, and what they are the base64 of.
    hex: Secret,
    /// Both as base64, once more, in lower case.
    base64: Secret,
    /// The decoded JSON without white space, as far as it is ASCII.
    json: Secret,
    /// Part of the JSON, but not secret.
    identifier: String,
}

/// A text whose parts are removed, with the pairs of neighbours in it: most texts
/// are ruled out by them.
#[derive(Debug)]
struct Secret {
    text: SecretString,
    pairs: [u64; 64],
    min: usize,
}

impl Redactor {
    /// `json` is the signature's decoded content.
    pub(super) fn new(signature: &str, json: &str, identifier: &str) -> Self {
        let hmac = hmac_of(json);
        let both = [signature, hmac];
        let reversed = both.map(|text| text.chars().rev().collect::<String>());
        let letters = [signature, hmac, &reversed[0], &reversed[1]].map(lower_letters);
        let standard = both.map(standard_base64);
        let raw = standard.map(|text| BASE64_STANDARD.decode(text).unwrap_or_default());
        let hex = [signature.as_bytes(), hmac.as_bytes(), &raw[0], &raw[1]].map(to_hex);
        let base64 = both.into_iter().flat_map(base64_inside);
        let base64: Vec<String> = base64.map(|text| lower_letters(&text)).collect();
        let json = units(json).into_iter().map(|unit| char::from(unit.byte));
        let json = json.filter(char::is_ascii_graphic).collect();
        Self {
            // Nothing in a text equals the line ends between them.
            letters: Secret::new(letters.join("\n"), MIN_LETTERS),
            hex: Secret::new(hex.join("\n"), MIN_HEX),
            base64: Secret::new(base64.join("\n"), MIN_BASE64),
            json: Secret::new(json, MIN_JSON),
            identifier: identifier.to_owned(),
        }
    }

    /// Removes the signature from every text of the answer.
    pub(super) fn clean(&self, answer: &mut Answer) {
        let texts = [&mut answer.error_info].into_iter();
        let texts = texts.chain(&mut answer.action_status);
        for text in texts.chain(&mut answer.request_id) {
            self.clean_text(text);
        }
        self.clean_value(&mut answer.response);
    }

    fn clean_text(&self, text: &mut String) {
        if let Some(clean) = self.redacted(text) {
            *text = clean;
        }
    }

    fn clean_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.clean_text(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.clean_value(value)),
            Value::Object(fields) => {
                if fields.keys().any(|name| self.redacted(name).is_some()) {
                    let all = std::mem::take(fields).into_iter();
                    fields.extend(all.map(|(mut name, value)| {
                        self.clean_text(&mut name);
                        (name, value)
                    }));
                }
                for (name, value) in fields {
                    if is_usersig(name) && !value.is_null() {
                        *value = REDACTED.into();
                    }
                    self.clean_value(value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The text without the signature; None if it has nothing of it.
    fn redacted(&self, text: &str) -> Option<String> {
        if text.len() <= MIN_LETTERS || self.is_clean_id(text) {
            return None;
        }
        let units = units(text);
        let mut secrets = self.values(&units);
        let is_letter = |unit: &&Unit| unit.byte.is_ascii_alphanumeric();
        let letters: Vec<Unit> = units
            .iter()
            .filter(is_letter)
            .map(Unit::lower_case)
            .collect();
        let parts = self.letters.parts(&letters).into_iter();
        secrets.extend(parts.map(|part| with_padding(text, part)));
        let encoded = self.hex.parts(&letters).into_iter();
        let encoded = encoded.chain(self.base64.parts(&letters));
        secrets.extend(encoded.map(|part| whole_run(text, part)));
        let is_visible = |unit: &&Unit| !unit.byte.is_ascii_whitespace();
        let visible: Vec<Unit> = units.iter().filter(is_visible).copied().collect();
        let parts = self.json.parts(&visible).into_iter();
        secrets.extend(parts.filter(|part| !self.identifier.contains(&text[part.clone()])));
        if secrets.is_empty() {
            return None;
        }
        Some(replace(text, secrets))
    }

    /// Whether the text is like a `RequestId`, without escapes and signs of
    /// assignment, and has nothing of the signature. Almost every answer has one,
    /// so this is cheap.
    fn is_clean_id(&self, text: &str) -> bool {
        let (mut last, mut last_letter) = (0, 0);
        let (mut json_hits, mut letter_hits) = (0, 0);
        let (mut hex_hits, mut base64_hits) = (0, 0);
        for byte in text.bytes() {
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
                return false;
            }
            json_hits = self.json.count_hit(json_hits, last, byte);
            last = byte;
            if byte.is_ascii_alphanumeric() {
                let letter = byte.to_ascii_lowercase();
                letter_hits = self.letters.count_hit(letter_hits, last_letter, letter);
                hex_hits = self.hex.count_hit(hex_hits, last_letter, letter);
                base64_hits = self.base64.count_hit(base64_hits, last_letter, letter);
                last_letter = letter;
            }
            if json_hits + 1 >= self.json.min
                || letter_hits + 1 >= self.letters.min
                || hex_hits + 1 >= self.hex.min
                || base64_hits + 1 >= self.base64.min
            {
                return false;
            }
        }
        true
    }

    /// What stands after each `usersig`, and query strings with an identifier.
    fn values(&self, units: &[Unit]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for at in 0..units.len() {
            let value = match units[at].byte {
                b'u' | b'U' => self.value(units, at),
                // Part of a query string, which is cut at `usersig`.
                b'&' if is_query(units, at + 1) => Some(query(units, at..at)),
                _ => None,
            };
            found.extend(value.map(|value| units[value.start].start..units[value.end - 1].end));
        }
        found
    }

    /// The value of a `usersig` that begins at this unit.
    fn value(&self, units: &[Unit], at: usize) -> Option<Range<usize>> {
        let after = skip_usersig(units, at)?;
        let before = at.checked_sub(1).map(|before| units[before].byte);
        let (start, has_sign) = skip_assignment(units, after);
        let is_assigned = has_sign || before == Some(b'<');
        let value = start..end_of_word(units, start);
        if value.is_empty() || !(is_assigned || self.is_signature(&units[value.clone()])) {
            return None;
        }
        if matches!(before, Some(b'&' | b'?')) {
            return Some(query(units, at..value.end));
        }
        Some(value)
    }

    /// Whether a word after `usersig` is one, and not the rest of a sentence.
    fn is_signature(&self, word: &[Unit]) -> bool {
        let bytes: Vec<u8> = word.iter().map(|unit| unit.byte).collect();
        let letters = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric());
        let letters: String = letters
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
        letters.len() >= 6
            && (SIGNATURE_STARTS
                .iter()
                .any(|start| bytes.starts_with(start))
                || self.letters.text.expose_secret().contains(&letters))
    }
}

impl Secret {
    fn new(text: String, min: usize) -> Self {
        let mut pairs = [0; 64];
        for pair in text.as_bytes().windows(2) {
            pairs[usize::from(pair[0] % 64)] |= 1 << (pair[1] % 64);
        }
        Self {
            text: SecretString::from(text),
            pairs,
            min,
        }
    }

    /// How many pairs of neighbours in a row are in the secret, with one more pair.
    fn count_hit(&self, hits: usize, first: u8, second: u8) -> usize {
        let is_hit = (self.pairs[usize::from(first % 64)] >> (second % 64)) & 1 == 1;
        if is_hit { hits + 1 } else { 0 }
    }

    /// Where the text that consists of these units has parts of the secret.
    fn parts(&self, units: &[Unit]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let (mut at, mut hits) = (1, 0);
        while at < units.len() {
            hits = self.count_hit(hits, units[at - 1].byte, units[at].byte);
            at += 1;
            if hits + 1 >= self.min {
                let start = at - self.min;
                let length = self.longest_at(&units[start..]);
                if length >= self.min {
                    let last = &units[start + length - 1];
                    found.push(units[start].start..last.end);
                    (at, hits) = (start + length + 1, 0);
                }
            }
        }
        found
    }

    /// How many of the first units are a part of the secret.
    fn longest_at(&self, units: &[Unit]) -> usize {
        let secret = self.text.expose_secret().as_bytes();
        let shortest: Vec<u8> = units.iter().take(self.min).map(|unit| unit.byte).collect();
        let Some(first) = memmem::find(secret, &shortest) else {
            return 0;
        };
        let same = |tail: &[u8]| {
            let pairs = tail.iter().zip(units);
            pairs.take_while(|(byte, unit)| **byte == unit.byte).count()
        };
        (first..secret.len())
            .map(|at| same(&secret[at..]))
            .max()
            .unwrap_or(0)
    }
}

/// `TLS.sig` in the decoded JSON of a signature.
pub(super) fn hmac_of(json: &str) -> &str {
    let after = json.split("\"TLS.sig\"").nth(1).unwrap_or_default();
    after.split('"').nth(1).unwrap_or_default()
}

/// A part of a signature in standard base64: signatures have `*`, `-` and `_` in the
/// place of `+`, `/` and `=`.
pub(super) fn standard_base64(text: &str) -> String {
    text.replace('*', "+").replace('-', "/").replace('_', "=")
}

fn lower_letters(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .map(|half| char::from(DIGITS[usize::from(half)]))
        .collect()
}

/// What base64 of anything with `text` in it has at least, depending on where
/// `text` begins in its group of three bytes.
pub(super) fn base64_inside(text: &str) -> [String; 3] {
    let bytes = text.as_bytes();
    [0, 1, 2].map(|before| {
        let whole = &bytes[bytes.len().min((3 - before) % 3)..];
        let whole = &whole[..whole.len() / 3 * 3];
        BASE64_STANDARD.encode(whole)
    })
}

/// The part with the padding after it: `_`, in standard base64 `=`.
fn with_padding(text: &str, part: Range<usize>) -> Range<usize> {
    let rest = text[part.end..].trim_start_matches(['_', '=', '\u{ff3f}', '\u{ff1d}']);
    let is_joint = rest.starts_with(|next: char| next.is_ascii_alphanumeric());
    part.start..if is_joint {
        part.end
    } else {
        text.len() - rest.len()
    }
}

/// The part with the rest of its word, and the padding of base64.
fn whole_run(text: &str, part: Range<usize>) -> Range<usize> {
    let before = text[..part.start].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    let after = text[part.end..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let after = after.trim_start_matches('=');
    before.len()..text.len() - after.len()
}

/// `text` with these parts replaced. Parts with nothing but a few separators
/// between them become one.
fn replace(text: &str, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_unstable_by_key(|part| part.start);
    let (mut clean, mut done) = (String::with_capacity(text.len()), 0);
    let mut is_joined = false;
    for part in parts {
        if part.end <= done {
            continue;
        }
        let gap = &text[done..part.start.max(done)];
        let is_gap = |c: char| !c.is_alphanumeric();
        if !(is_joined && gap.len() <= 8 && gap.chars().all(is_gap)) {
            clean.push_str(gap);
            clean.push_str(REDACTED);
        }
        (done, is_joined) = (part.end, true);
    }
    clean.push_str(&text[done..]);
    clean
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
