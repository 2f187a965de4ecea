//! A profile's values as they may be shown: of a secret its kind, its length and
//! a fingerprint, so that two machines can be compared.

use sha2::{Digest, Sha256};

use super::Profile;
use super::document::Spanned;
use crate::api::Endpoint;
use crate::clock;
use crate::config::env::Env;
use crate::config::file::{FileText, display_path};
use crate::config::key;
use crate::config::names::{SECRET_KEY_FILE, SettingSpec, USERSIG_FILE};
use crate::config::signature;
use crate::config::value::{RawData, RawValue};
use crate::secret::{SecretKey, hex, scrub};

/// One value of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayedValue {
    /// The profile's key.
    pub key: &'static str,
    /// The value, or what may be said of it.
    pub value: String,
    /// The first 8 hex digits of the SHA-256 of a key.
    pub fingerprint: Option<String>,
    /// Where it stands in the file, counted from 1.
    pub line: usize,
}

impl Profile {
    /// Every value, in the order of the file. Files with secrets are read for
    /// their fingerprint; programs are not run.
    pub fn displayed_values(&self, env: &Env) -> Vec<DisplayedValue> {
        let entries = self.entries.iter();
        let mut all: Vec<DisplayedValue> = entries
            .map(|(key, Spanned { value, line })| {
                let (value, fingerprint) = self.told(key, value, env);
                DisplayedValue {
                    key,
                    value: scrub(&value),
                    fingerprint,
                    line: *line,
                }
            })
            .collect();
        all.sort_by_key(|shown| shown.line);
        all
    }

    fn told(&self, key: &str, value: &RawData, env: &Env) -> (String, Option<String>) {
        match value {
            RawData::Secret(text) => secret(key, text.expose().unwrap_or_default()),
            RawData::KeyCommand(command) => (format!("printed by {}", command.program()), None),
            RawData::List(names) => (names.join(", "), None),
            RawData::Text(_) if key == "secret_key_file" => self.file(&SECRET_KEY_FILE, env),
            RawData::Text(_) if key == "usersig_file" => self.file(&USERSIG_FILE, env),
            RawData::Text(text) if key == "endpoint" => {
                // A wrong one may have a password in it.
                let endpoint = Endpoint::parse(&text.to_string_lossy());
                let bad = |why| format!("cannot be used: {why}");
                (endpoint.map_or_else(bad, |url| url.to_string()), None)
            }
            RawData::Text(text) => (text.to_string_lossy().into_owned(), None),
        }
    }

    fn file(&self, name: &'static SettingSpec, env: &Env) -> (String, Option<String>) {
        let path = self.find(name).map(|found: RawValue| found.path(env));
        let path = match path {
            Some(Ok(path)) => path,
            Some(Err(problem)) => return (format!("cannot be used: {}", problem.message), None),
            None => return (String::new(), None),
        };
        // A pipe would be waited for.
        if !path.is_file() {
            return (format!("{} (no such file)", display_path(&path)), None);
        }
        let content = FileText::of_file(&path);
        let text = content.and_then(|content| content.private().map(str::to_owned));
        let (about, fingerprint) = match text {
            Ok(text) => secret(name.key.unwrap_or_default(), &text),
            Err(fault) => (fault.to_string(), None),
        };
        (format!("{} ({about})", display_path(&path)), fingerprint)
    }
}

/// What may be said of a key or a signature.
fn secret(key: &str, text: &str) -> (String, Option<String>) {
    if key.starts_with("usersig") {
        return match signature::parse(text) {
            Ok((_, claims)) => (until(&claims), None),
            Err(fault) => (fault.to_string(), None),
        };
    }
    match key::parse(text) {
        Ok(key) => {
            let count = key.expose().chars().count();
            (format!("{count} characters"), Some(fingerprint(&key)))
        }
        Err(fault) => (fault.to_string(), None),
    }
}

fn until(claims: &crate::usersig::Claims) -> String {
    let ends = clock::rfc3339(claims.expires_at());
    let ends = ends.unwrap_or_else(|| "after the year 9999".into());
    format!("UserSig of {:?} until {ends}", claims.identifier)
}

/// Too short to find a key by, long enough to tell two apart.
fn fingerprint(key: &SecretKey) -> String {
    let digest = Sha256::digest(key.expose().as_bytes());
    hex(&digest[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_start_of_the_hash() {
        // printf abc | sha256sum
        assert_eq!(fingerprint(&SecretKey::new("abc")), "ba7816bf");
        let (about, print) = secret("secret_key", " abc\n");
        assert_eq!(
            (about.as_str(), print),
            ("3 characters", Some("ba7816bf".into()))
        );
    }
}
