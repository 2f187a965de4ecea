//! Decodes a `UserSig`, or names the layer that is damaged. The layers, from the
//! outside: base64 with a special alphabet, zlib, JSON. Memory is bounded, because
//! the text may be a decompression bomb.

use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use secrecy::SecretString;
use serde_json::Value;

use super::{Claims, Decoded, Document};
use crate::secret::UserSig;

/// Largest JSON that is accepted. A real one has 200 to 400 bytes.
const MAX_DECODED_BYTES: u64 = 16 * 1024;

/// Longest text that is decoded.
const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Why a text is not a `UserSig`. No variant contains any part of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No text.
    #[error("it is empty")]
    Empty,
    /// Longer than 16384 bytes.
    #[error("it is longer than any UserSig")]
    TooLong,
    /// Standard base64, whose special characters have another meaning in a URL.
    #[error("its base64 still has +, / or =, where a UserSig has *, - and _")]
    Unmapped,
    /// A character outside the alphabet.
    #[error(
        "its base64 has a character that does not belong there (copied with something around it?)"
    )]
    Base64,
    /// The end is missing or wrong.
    #[error("its base64 is cut short, or its padding is wrong")]
    Padding,
    /// The base64 contains something else.
    #[error("its base64 is correct, but its content is not compressed (zlib)")]
    NotZlib,
    /// Damaged, cut short, or followed by other bytes.
    #[error("its compressed part (zlib) is damaged or cut short")]
    Zlib,
    /// More than 16384 bytes.
    #[error("its compressed part (zlib) unpacks to more than a UserSig can contain")]
    Bomb,
    /// Something else was compressed.
    #[error("its content is not JSON")]
    Json,
    /// Made with a key pair, before version 2.0.
    #[error(
        "it is of the old version 1 (ECDSA); the Room Engine needs version 2.0, made with the app's secret key"
    )]
    Version1,
    /// Another JSON text was compressed.
    #[error("its content is JSON, but not that of a UserSig")]
    WrongFields,
}

/// Decodes a signature without verifying it.
pub fn decode(sig: &UserSig) -> Result<Decoded, DecodeError> {
    let json = inflate(&unpack(sig.expose())?)?;
    let document: Document = serde_json::from_slice(&json).map_err(|why| {
        if !why.is_data() {
            DecodeError::Json
        } else if is_version_1(&json) {
            DecodeError::Version1
        } else {
            DecodeError::WrongFields
        }
    })?;
    let userbuf = document
        .userbuf
        .map(|text| BASE64_STANDARD.decode(text))
        .transpose();
    Ok(Decoded {
        version: document.version,
        claims: Claims {
            identifier: document.identifier,
            sdkappid: document.sdkappid,
            time: document.time,
            expire: document.expire,
            userbuf: userbuf.map_err(|_| DecodeError::WrongFields)?,
        },
        hmac: document.hmac,
    })
}

/// The JSON inside a signature, as far as it is UTF-8.
pub(crate) fn content(sig: &UserSig) -> Option<SecretString> {
    let json = inflate(&unpack(sig.expose()).ok()?).ok()?;
    Some(String::from_utf8_lossy(&json).into_owned().into())
}

/// Whether the JSON is that of a version 1 signature. Its names differ, and all its
/// values are strings.
fn is_version_1(json: &[u8]) -> bool {
    let fields: Value = serde_json::from_slice(json).unwrap_or_default();
    let has = |name| fields.get(name).is_some();
    has("TLS.sig")
        && fields.get("TLS.ver").is_none_or(|version| version != "2.0")
        && (has("TLS.account_type") || has("TLS.appid_at_3rd"))
}

/// The bytes under the base64.
fn unpack(text: &str) -> Result<Vec<u8>, DecodeError> {
    match text.len() {
        0 => return Err(DecodeError::Empty),
        len if len > MAX_TEXT_BYTES => return Err(DecodeError::TooLong),
        _ => {}
    }
    if text.contains(['+', '/', '=']) {
        return Err(DecodeError::Unmapped);
    }
    let decoded = BASE64_STANDARD.decode(from_url_alphabet(text));
    decoded.map_err(|why| match why {
        base64::DecodeError::InvalidByte(_, byte) if byte != b'=' => DecodeError::Base64,
        _ => DecodeError::Padding,
    })
}

/// The inverse of [`super::to_url_alphabet`].
fn from_url_alphabet(text: &str) -> String {
    text.replace('*', "+").replace('-', "/").replace('_', "=")
}

/// The stream must be complete: a cut one must not pass as a short document.
fn inflate(packed: &[u8]) -> Result<Vec<u8>, DecodeError> {
    if !is_zlib_header(packed) {
        return Err(DecodeError::NotZlib);
    }
    let mut json = Vec::new();
    let mut stream = ZlibDecoder::new(packed);
    let mut limited = stream.by_ref().take(MAX_DECODED_BYTES + 1);
    limited
        .read_to_end(&mut json)
        .map_err(|_| DecodeError::Zlib)?;
    if json.len() as u64 > MAX_DECODED_BYTES {
        return Err(DecodeError::Bomb);
    }
    // Bytes after its end, for example when it was pasted twice.
    if stream.total_in() != packed.len() as u64 {
        return Err(DecodeError::Zlib);
    }
    Ok(json)
}

/// RFC 1950, section 2.2: method 8, and the two bytes as a number are divisible by
/// 31. A single byte may be the start of a cut stream.
fn is_zlib_header(packed: &[u8]) -> bool {
    match *packed {
        [] => false,
        [method] => method & 0x0f == 8,
        [method, flags, ..] => {
            method & 0x0f == 8 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use secrecy::ExposeSecret;

    use super::super::{sign, to_url_alphabet};
    use super::*;
    use crate::secret::SecretKey;

    fn whole() -> UserSig {
        let claims = Claims {
            identifier: "administrator".into(),
            sdkappid: 1_400_000_000,
            time: 1_700_000_000,
            expire: 86_400,
            userbuf: None,
        };
        sign(&claims, &SecretKey::new("key"))
    }

    fn encoded(bytes: &[u8]) -> UserSig {
        UserSig::new(to_url_alphabet(&BASE64_STANDARD.encode(bytes)))
    }

    fn packed(json: &[u8]) -> UserSig {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(json).expect("memory");
        encoded(&zlib.finish().expect("memory"))
    }

    #[test]
    fn a_signature_cut_anywhere_is_refused_by_the_layer_that_is_cut() {
        let whole = whole();
        let whole = whole.expose();
        for cut in 1..whole.len() {
            let layer = match cut % 4 {
                0 => DecodeError::Zlib,
                _ => DecodeError::Padding,
            };
            let part = UserSig::new(&whole[..cut]);
            assert_eq!(decode(&part), Err(layer), "{cut} characters");
        }
    }

    #[test]
    fn the_content_is_the_json_also_of_what_is_not_a_usersig() {
        let json = content(&whole()).expect("JSON");
        assert!(json.expose_secret().starts_with(r#"{"TLS.ver":"2.0","#));
        let other = content(&packed(b"\xff{}")).expect("a text");
        assert_eq!(other.expose_secret(), "\u{fffd}{}");
        assert!(content(&encoded(b"{}")).is_none(), "not compressed");
        assert!(content(&UserSig::new("+")).is_none(), "not base64");
    }

    #[test]
    fn standard_base64_is_refused() {
        assert_eq!(
            decode(&UserSig::new("eJw+/===")),
            Err(DecodeError::Unmapped)
        );
    }

    #[test]
    fn wrong_padding_and_foreign_characters_are_different_errors() {
        let text = whole().expose().trim_end_matches('_').to_owned();
        let padded = format!("{text}___");
        assert_eq!(decode(&UserSig::new(padded)), Err(DecodeError::Padding));
        let quoted = format!("\"{text}\"");
        assert_eq!(decode(&UserSig::new(quoted)), Err(DecodeError::Base64));
    }

    #[test]
    fn uncompressed_and_damaged_content_are_different_errors() {
        assert_eq!(
            decode(&encoded(b"{\"TLS.ver\":\"2.0\"}")),
            Err(DecodeError::NotZlib)
        );
        assert_eq!(decode(&encoded(b"\x78\x9cgarbage")), Err(DecodeError::Zlib));
    }

    #[test]
    fn a_decompression_bomb_is_refused() {
        assert_eq!(
            decode(&packed(&vec![b' '; 4 << 20])),
            Err(DecodeError::Bomb)
        );
        let gigabyte = UserSig::new("eJ".repeat(1 << 19));
        assert_eq!(decode(&gigabyte), Err(DecodeError::TooLong));
    }

    #[test]
    fn a_zlib_header_is_method_8_and_divisible_by_31() {
        for good in [
            &b"\x78\x9c"[..],
            b"\x78\x01",
            b"\x78\xda",
            b"\x58\x85",
            b"\x78",
        ] {
            assert!(is_zlib_header(good), "{good:x?}");
        }
        // Not divisible by 31; divisible, but of method 7; of method 7; empty.
        for bad in [&b"\x78\x9d"[..], b"\x77\x85", b"\x77", b""] {
            assert!(!is_zlib_header(bad), "{bad:x?}");
        }
    }

    #[test]
    fn both_limits_are_16384_bytes() {
        let spaces = |count: usize| decode(&packed(&vec![b' '; count]));
        assert_eq!(spaces(16_384), Err(DecodeError::Json));
        assert_eq!(spaces(16_385), Err(DecodeError::Bomb));
        let text = |count: usize| decode(&UserSig::new("A".repeat(count)));
        assert_eq!(text(16_384), Err(DecodeError::NotZlib));
        assert_eq!(text(16_385), Err(DecodeError::TooLong));
    }

    #[test]
    fn a_version_1_signature_is_named() {
        for json in [
            r#"{"TLS.account_type":"0","TLS.identifier":"a","TLS.appid_at_3rd":"0","TLS.sdk_appid":"1400000000","TLS.expire_after":"86400","TLS.version":"201512300000","TLS.time":"1700000000","TLS.sig":"MEUC"}"#,
            r#"{"TLS.appid_at_3rd":"1400000000","TLS.sig":"MEUC"}"#,
            r#"{"TLS.ver":"1.0","TLS.account_type":0,"TLS.sig":"MEUC"}"#,
        ] {
            assert_eq!(decode(&packed(json.as_bytes())), Err(DecodeError::Version1));
        }
        for json in [
            r#"{"TLS.ver":"2.0","TLS.account_type":"0","TLS.sig":"MEUC"}"#,
            r#"{"TLS.account_type":"0"}"#,
        ] {
            let wrong = Err(DecodeError::WrongFields);
            assert_eq!(decode(&packed(json.as_bytes())), wrong);
        }
    }

    #[test]
    fn other_content_is_named() {
        assert_eq!(decode(&packed(b"{}")), Err(DecodeError::WrongFields));
        assert_eq!(decode(&packed(b"no JSON")), Err(DecodeError::Json));
        assert_eq!(decode(&UserSig::new("")), Err(DecodeError::Empty));
    }
}
