//! `UserSig`, the signature of every call (`TLSSigAPIv2`): sign, decode, verify.
//!
//! Pure functions of identity, key and time: no clock, no file, no network.
//! [`sign`] takes its texts as they are, like the official libraries do; what
//! the command line accepts is decided in `room` and `config`. Format: api.md,
//! section 2. Compressed bytes differ between implementations, so signatures
//! are compared by what they decode to, never as strings.

mod decode;

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::secret::{SecretKey, UserSig};
pub use decode::{DecodeError, decode};

/// What a `UserSig` says: who may act, on which app, from when, for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The account that signs the calls; case-sensitive.
    pub identifier: String,
    /// The app.
    pub sdkappid: u32,
    /// When it was made, unix seconds.
    pub time: u64,
    /// How long it lives, in seconds.
    pub expire: u64,
    /// The caller's own bytes inside it; calls of the Room Engine need none.
    pub userbuf: Option<Vec<u8>>,
}

/// A decoded signature; whether its proof holds is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Format version, "2.0" today.
    pub version: String,
    /// What it says.
    pub claims: Claims,
    /// The proof, as base64: the HMAC-SHA256 over the claims.
    pub proof: String,
}

/// The JSON inside a signature, in the vendor's names.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdkappid: u32,
    // The official Go library leaves a lifetime of zero out.
    #[serde(rename = "TLS.expire", default)]
    expire: u64,
    #[serde(rename = "TLS.time")]
    time: u64,
    #[serde(
        rename = "TLS.userbuf",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    proof: String,
}

/// The text whose HMAC is the proof: one claim a line, each ended by LF.
pub fn string_to_sign(claims: &Claims) -> String {
    let Claims {
        identifier,
        sdkappid,
        time,
        expire,
        userbuf,
    } = claims;
    let mut text = format!(
        "TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\nTLS.time:{time}\nTLS.expire:{expire}\n"
    );
    if let Some(bytes) = userbuf {
        text.push_str("TLS.userbuf:");
        text.push_str(&BASE64_STANDARD.encode(bytes));
        text.push('\n');
    }
    text
}

/// Makes a signature. The key is used as text, not hex-decoded.
///
/// # Panics
/// Never: nothing in here can fail.
pub fn sign(claims: &Claims, key: &SecretKey) -> UserSig {
    let document = Document {
        version: "2.0".into(),
        identifier: claims.identifier.clone(),
        sdkappid: claims.sdkappid,
        expire: claims.expire,
        time: claims.time,
        userbuf: claims
            .userbuf
            .as_ref()
            .map(|bytes| BASE64_STANDARD.encode(bytes)),
        proof: BASE64_STANDARD.encode(hmac(claims, key).finalize().into_bytes()),
    };
    let json = serde_json::to_vec(&document).expect("strings and numbers serialise");
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&json).expect("writing to memory");
    let packed = zlib.finish().expect("writing to memory");
    UserSig::new(to_url_alphabet(&BASE64_STANDARD.encode(packed)))
}

impl Decoded {
    /// Whether this key made the proof for exactly these claims.
    pub fn is_proved_by(&self, key: &SecretKey) -> bool {
        let proof = BASE64_STANDARD.decode(&self.proof);
        proof.is_ok_and(|bytes| hmac(&self.claims, key).verify_slice(&bytes).is_ok())
    }
}

impl Claims {
    /// When it ends, unix seconds.
    pub fn ends_at(&self) -> u64 {
        self.time.saturating_add(self.expire)
    }

    /// The official verifier's rule: over when `now` (unix seconds) is past the
    /// end; a start in the future is accepted.
    pub fn is_expired(&self, now: u64) -> bool {
        now > self.ends_at()
    }
}

fn hmac(claims: &Claims, key: &SecretKey) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(string_to_sign(claims).as_bytes());
    mac
}

/// Not RFC 4648 base64url: the vendor maps the three characters its own way.
fn to_url_alphabet(base64: &str) -> String {
    let map = |c| match c {
        '+' => '*',
        '/' => '-',
        '=' => '_',
        other => other,
    };
    base64.chars().map(map).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            identifier: "administrator".into(),
            sdkappid: 1_400_000_000,
            time: 1_700_000_000,
            expire: 86_400,
            userbuf: None,
        }
    }

    #[test]
    fn what_is_signed_decodes_and_verifies() {
        let key = SecretKey::new("key");
        let decoded = decode(&sign(&claims(), &key)).expect("own signature");
        assert_eq!(decoded.claims, claims());
        assert!(decoded.is_proved_by(&key));
        assert!(!decoded.is_proved_by(&SecretKey::new("other")));
    }

    #[test]
    fn it_is_over_only_after_its_last_second() {
        let last = claims().ends_at();
        assert!(!claims().is_expired(last));
        assert!(claims().is_expired(last + 1));
    }
}
