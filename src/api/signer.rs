//! The identity of every call, a valid `UserSig` for it, and what removes the
//! signature from answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::Answer;
use super::redact::{
    MIN_BASE64, MIN_HEX, MIN_LETTERS, Redactor, base64_inside, hmac_of, standard_base64,
};
use crate::clock::unix_seconds;
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig};
use crate::usersig::{self, Claims};

/// Where a signer gets its signatures from.
#[derive(Debug, Clone)]
pub enum SigningMaterial {
    /// Signatures are made when they are needed.
    Key {
        /// The app's secret key.
        key: SecretKey,
        /// How long each signature is valid.
        lifetime: Duration,
    },
    /// A ready-made signature, which cannot be renewed.
    UserSig(UserSig),
}

/// Signs for one identity of one app.
#[derive(Debug)]
pub struct Signer {
    pub(super) sdkappid: u32,
    /// An App administrator.
    pub(super) identifier: UserId,
    material: SigningMaterial,
    current: Mutex<Option<Arc<Signed>>>,
}

/// A signature in use.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) sig: UserSig,
    /// Removes it from answers.
    pub(super) redactor: LazyRedactor,
    /// Unix seconds.
    renew_at: u64,
}

impl Signer {
    /// A signer for this App administrator. It does not sign yet.
    pub fn new(sdkappid: u32, identifier: UserId, material: SigningMaterial) -> Self {
        Self {
            sdkappid,
            identifier,
            material,
            current: Mutex::new(None),
        }
    }

    /// A signature that is valid at `now`. A new one is made after nine tenths of
    /// the lifetime.
    pub fn usersig(&self, now: SystemTime) -> UserSig {
        self.signed(now).sig.clone()
    }

    pub(super) fn signed(&self, now: SystemTime) -> Arc<Signed> {
        let now = unix_seconds(now);
        let mut current = self.lock();
        match &*current {
            Some(signed) if now < signed.renew_at => Arc::clone(signed),
            _ => {
                let signed = Arc::new(self.sign(now));
                *current = Some(Arc::clone(&signed));
                signed
            }
        }
    }

    fn sign(&self, now: u64) -> Signed {
        let (sig, json, renew_at) = match &self.material {
            SigningMaterial::UserSig(sig) => {
                let json = usersig::content(sig).unwrap_or_default();
                (sig.clone(), json, u64::MAX)
            }
            SigningMaterial::Key { key, lifetime } => {
                let lifetime = lifetime.as_secs();
                let (sig, json) = usersig::sign_with_content(&self.claims(now, lifetime), key);
                (sig, json, now + lifetime - lifetime / 10)
            }
        };
        let identifier = self.identifier.as_str();
        let redactor = LazyRedactor::new(sig.clone(), json, identifier);
        Signed {
            sig,
            redactor,
            renew_at,
        }
    }

    pub(super) fn renew(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Signed>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claims(&self, time: u64, expire: u64) -> Claims {
        let identifier = self.identifier.as_str().to_owned();
        Claims {
            identifier,
            sdkappid: self.sdkappid,
            time,
            expire,
            userbuf: None,
        }
    }
}

/// Longer than any `RequestId`.
const MAX_ID: usize = 128;

/// Removes one signature from answers.
///
/// Most runs have one request, and the answer to it is a success whose only text is a
/// `RequestId`. The tables of [`Redactor`] would cost more than the rest of such an
/// answer, so this one text is compared without them. Any doubt leaves it to the
/// tables, and so does every later answer.
#[derive(Debug)]
pub(super) struct LazyRedactor {
    sig: UserSig,
    /// The signature's decoded content.
    json: SecretString,
    identifier: String,
    has_cleaned: AtomicBool,
    redactor: OnceLock<Redactor>,
}

impl LazyRedactor {
    fn new(sig: UserSig, json: SecretString, identifier: &str) -> Self {
        Self {
            sig,
            json,
            identifier: identifier.to_owned(),
            has_cleaned: AtomicBool::new(false),
            redactor: OnceLock::new(),
        }
    }

    /// Removes the signature from every text of the answer.
    pub(super) fn clean(&self, answer: &mut Answer) {
        let is_first = !self.has_cleaned.swap(true, Ordering::Relaxed);
        if is_first && self.is_surely_clean(answer) {
            return;
        }
        let make = || {
            Redactor::new(
                self.sig.expose(),
                self.json.expose_secret(),
                &self.identifier,
            )
        };
        self.redactor.get_or_init(make).clean(answer);
    }

    /// Whether the answer has no text that is long enough for a part of the signature,
    /// except a `RequestId` that has none.
    fn is_surely_clean(&self, answer: &Answer) -> bool {
        let status = answer.action_status.as_deref().unwrap_or_default();
        let id = answer.request_id.as_deref().unwrap_or_default();
        answer.response == Value::Null
            && answer.error_info.len() <= MIN_LETTERS
            && status.len() <= MIN_LETTERS
            && (id.len() <= MIN_LETTERS || self.is_clean_id(id))
    }

    /// Whether this has nothing of the signature in any form that [`Redactor`] finds.
    fn is_clean_id(&self, id: &str) -> bool {
        let is_joint = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
        let is_plain = id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || is_joint(byte));
        // With one joint at a time, 16 characters of the JSON have 8 letters.
        let has_joints = id
            .as_bytes()
            .windows(2)
            .any(|pair| pair.iter().all(|byte| is_joint(*byte)));
        if !is_plain || has_joints || id.len() > MAX_ID {
            return false;
        }
        let id: Vec<u8> = letters(id.as_bytes()).collect();
        let known = Pairs::of(&id);
        let (sig, json) = (self.sig.expose(), self.json.expose_secret());
        let both = [sig, hmac_of(json)];
        let has_letters = [sig, json]
            .into_iter()
            .any(|text| known.has_run(text.as_bytes(), MIN_LETTERS, &id));
        let mut encoded = both.into_iter().flat_map(base64_inside);
        !has_letters
            && !encoded.any(|text| known.has_run(text.as_bytes(), MIN_BASE64, &id))
            && !has_hex_of(&id, &both)
    }
}

/// Letters and digits in lower case.
fn letters(text: &[u8]) -> impl Iterator<Item = u8> {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(u8::to_ascii_lowercase)
}

/// Which letters follow each other in a text, in either direction.
struct Pairs([u64; 64]);

impl Pairs {
    fn of(text: &[u8]) -> Self {
        let mut pairs = [0; 64];
        for pair in text.windows(2) {
            pairs[usize::from(pair[0] % 64)] |= 1 << (pair[1] % 64);
            pairs[usize::from(pair[1] % 64)] |= 1 << (pair[0] % 64);
        }
        Self(pairs)
    }

    /// Whether `secret` has so many letters in a row that `id` has as well, in either
    /// direction.
    fn has_run(&self, secret: &[u8], min: usize, id: &[u8]) -> bool {
        let mut text = Vec::with_capacity(secret.len());
        text.extend(letters(secret));
        let mut start = 0;
        while let Some(run) = text.get(start..start + min) {
            // No run of the id goes over a pair that it does not have.
            let gap = (1..min).rfind(|at| !self.has(run[at - 1], run[*at]));
            if let Some(gap) = gap {
                start += gap;
                continue;
            }
            let is_there = memmem::find(id, run).is_some();
            let reversed: Vec<u8> = run.iter().rev().copied().collect();
            if is_there || memmem::find(id, &reversed).is_some() {
                return true;
            }
            start += 1;
        }
        false
    }

    fn has(&self, first: u8, second: u8) -> bool {
        (self.0[usize::from(first % 64)] >> (second % 64)) & 1 == 1
    }
}

/// Whether some of these letters may be the hex digits of the texts, or of what they
/// are the base64 of.
fn has_hex_of(id: &[u8], texts: &[&str; 2]) -> bool {
    // A part may begin in the middle of a byte.
    let bytes = MIN_HEX / 2 - 1;
    let mut raw: Option<Vec<u8>> = None;
    id.windows(2 * bytes).any(|digits| {
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return false;
        }
        let nibble = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0);
        let pairs = digits.chunks_exact(2);
        let decoded: Vec<u8> = pairs
            .filter_map(|pair| u8::try_from(nibble(pair[0]) << 4 | nibble(pair[1])).ok())
            .collect();
        let raw = raw.get_or_insert_with(|| {
            let raw = texts.map(|text| BASE64_STANDARD.decode(standard_base64(text)));
            raw.into_iter()
                .flat_map(Result::unwrap_or_default)
                .collect()
        });
        decoded.is_ascii() || memmem::find(raw, &decoded).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn time_signed(signer: &Signer, now: u64) -> u64 {
        usersig::decode(&signer.usersig(at(now)))
            .expect("own signature")
            .claims
            .time
    }

    fn signer(material: SigningMaterial) -> Signer {
        Signer::new(1, UserId::parse("admin").expect("valid"), material)
    }

    #[test]
    fn it_signs_once_and_again_before_the_signature_expires() {
        let signer = signer(SigningMaterial::Key {
            key: SecretKey::new("k"),
            lifetime: Duration::from_secs(100),
        });
        assert_eq!(time_signed(&signer, 1000), 1000);
        assert_eq!(time_signed(&signer, 1089), 1000);
        assert_eq!(time_signed(&signer, 1090), 1090);
    }

    #[test]
    fn a_ready_made_signature_is_not_changed() {
        let signer = signer(SigningMaterial::UserSig(UserSig::new("given")));
        assert_eq!(signer.usersig(at(5)).expose(), "given");
    }
}

#[cfg(test)]
#[path = "first_answer_tests.rs"]
mod first_answer_tests;
