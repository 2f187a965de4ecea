//! `UserSig`, the signature of every call (`TLSSigAPIv2`): sign, decode, verify.
//!
//! Pure functions of identity, key and time, without clock, files or network.
//! [`sign`] does not check its texts, like the official libraries; `room` and
//! `config` do. The format is that of the official libraries. Compressed bytes differ between
//! implementations, so signatures are compared by their decoded content, never as
//! strings.

mod decode;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzz;

use adler2::adler32_slice;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::secret::{SecretKey, UserSig};
pub(crate) use decode::content;
pub use decode::{DecodeError, decode};

/// The longest lifetime in seconds that the service takes: 50 years of 365.25 days
/// (api.md, section 2).
pub(crate) const MAX_LIFETIME: u64 = 1_577_880_000;

/// The signed content of a `UserSig`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The account that signs the calls; case-sensitive.
    pub identifier: String,
    /// The app.
    pub sdkappid: u32,
    /// Time of signing, unix seconds.
    pub time: u64,
    /// Lifetime in seconds.
    pub expire: u64,
    /// Extra bytes of the caller; calls of the Room Engine need none.
    pub userbuf: Option<Vec<u8>>,
}

/// A decoded signature, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Format version, "2.0" today.
    pub version: String,
    /// The signed content.
    pub claims: Claims,
    /// The HMAC-SHA256 of the claims, as base64.
    pub hmac: String,
}

/// The JSON inside a signature, with the vendor's names.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdkappid: u32,
    // The official Go library omits a lifetime of zero.
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
    hmac: String,
}

/// The text that is signed: one claim per line, each line ended by LF.
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
/// Never: the steps cannot fail.
pub fn sign(claims: &Claims, key: &SecretKey) -> UserSig {
    sign_with_content(claims, key).0
}

/// A signature and the JSON inside it.
pub(crate) fn sign_with_content(claims: &Claims, key: &SecretKey) -> (UserSig, SecretString) {
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
        hmac: BASE64_STANDARD.encode(hmac(claims, key).finalize().into_bytes()),
    };
    let json = serde_json::to_string(&document).expect("strings and numbers serialise");
    let packed = stored_zlib(json.as_bytes());
    let sig = UserSig::new(to_url_alphabet(&BASE64_STANDARD.encode(packed)));
    (sig, json.into())
}

/// A zlib stream (RFC 1950) of stored blocks (RFC 1951, section 3.2.4), like those of
/// the official Go library. A compressor would make the signature 50 characters shorter,
/// but it clears a quarter of a megabyte first, which took a sixth of a whole kick.
fn stored_zlib(text: &[u8]) -> Vec<u8> {
    // Method 8, a window of 32 KiB, the lowest level.
    let mut zlib = vec![0x78, 0x01];
    let mut blocks = text.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let is_last = blocks.peek().is_none();
        let length = u16::try_from(block.len()).expect("the length of a chunk");
        zlib.push(u8::from(is_last));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    zlib.extend(adler32_slice(text).to_be_bytes());
    zlib
}

impl Decoded {
    /// Whether the HMAC was made with this key for exactly these claims.
    pub fn is_signed_with(&self, key: &SecretKey) -> bool {
        let claimed = BASE64_STANDARD.decode(&self.hmac);
        claimed.is_ok_and(|bytes| hmac(&self.claims, key).verify_slice(&bytes).is_ok())
    }
}

impl Claims {
    /// Unix seconds.
    pub(crate) fn expires_at(&self) -> u64 {
        self.time.saturating_add(self.expire)
    }

    /// The rule of the official verifier: expired when `now` (unix seconds) is later
    /// than the end. A time of signing in the future is accepted.
    pub fn is_expired(&self, now: u64) -> bool {
        now > self.expires_at()
    }
}

fn hmac(claims: &Claims, key: &SecretKey) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(string_to_sign(claims).as_bytes());
    mac
}

/// Not base64url of RFC 4648: the vendor maps the three characters differently.
fn to_url_alphabet(base64: &str) -> String {
    base64.replace('+', "*").replace('/', "-").replace('=', "_")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use secrecy::ExposeSecret;

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
        assert!(decoded.is_signed_with(&key));
        assert!(!decoded.is_signed_with(&SecretKey::new("other")));
    }

    /// The official Go library does the same.
    #[test]
    fn it_is_not_compressed() {
        let (sig, json) = sign_with_content(&claims(), &SecretKey::new("key"));
        let base64 = sig
            .expose()
            .replace('*', "+")
            .replace('-', "/")
            .replace('_', "=");
        let packed = BASE64_STANDARD.decode(base64).expect("base64");
        assert_eq!(packed[..3], [0x78, 0x01, 0x01]);
        let json = json.expose_secret().as_bytes();
        assert_eq!(packed[7..packed.len() - 4], *json);
    }

    #[test]
    fn stored_blocks_of_any_length_unpack() {
        for length in [1, 65_535, 65_536, 200_000] {
            let text: Vec<u8> = (0..=250).cycle().take(length).collect();
            let packed = stored_zlib(&text);
            let mut unpacked = Vec::new();
            let mut stream = flate2::read::ZlibDecoder::new(&packed[..]);
            stream.read_to_end(&mut unpacked).expect("zlib");
            assert!(unpacked == text, "{length} bytes");
            assert_eq!(stream.total_in(), packed.len() as u64);
        }
    }

    #[test]
    fn each_claim_is_a_line_of_the_signed_text() {
        let text = "TLS.identifier:administrator\nTLS.sdkappid:1400000000\n\
                    TLS.time:1700000000\nTLS.expire:86400\n";
        assert_eq!(string_to_sign(&claims()), text);
        let userbuf = Some(b"\0room".to_vec());
        let with_userbuf = Claims {
            userbuf,
            ..claims()
        };
        let text = format!("{text}TLS.userbuf:AHJvb20=\n");
        assert_eq!(string_to_sign(&with_userbuf), text);
    }

    #[test]
    fn it_expires_after_its_last_second() {
        let last = claims().expires_at();
        assert_eq!(last, 1_700_086_400);
        assert!(!claims().is_expired(last));
        assert!(claims().is_expired(last + 1));
    }
}
