//! Fuzz target: a `UserSig`. An input that begins with `{` is the JSON inside one, any
//! other is its text.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::{Claims, Decoded, content, decode, sign, to_url_alphabet};
use crate::fuzz::SECRET;
use crate::secret::{SecretKey, UserSig};

pub(crate) fn check(data: &[u8]) {
    let sig = match data {
        [b'{', ..] => pack(data),
        _ => UserSig::new(String::from_utf8_lossy(data)),
    };
    let decoded = match decode(&sig) {
        Ok(decoded) => decoded,
        Err(why) => return assert!(!why.to_string().is_empty()),
    };
    assert!(content(&sig).is_some(), "what decodes has a content");
    let (key, other) = (SecretKey::new(SECRET), SecretKey::new(&SECRET[1..]));
    let again = decode(&sign(&decoded.claims, &key)).expect("own signature");
    assert_eq!(again.claims, decoded.claims);
    assert!(again.is_signed_with(&key) && !again.is_signed_with(&other));
    assert_eq!(decoded.is_signed_with(&key), decoded.hmac == again.hmac);
    check_expiry(&decoded.claims);
    let later = Claims {
        time: decoded.claims.time ^ 1,
        ..decoded.claims
    };
    let forged = Decoded {
        claims: later,
        ..again
    };
    assert!(
        !forged.is_signed_with(&key),
        "one second is part of the content"
    );
}

/// It expires once and stays expired.
fn check_expiry(claims: &Claims) {
    let end = claims.expires_at();
    assert!(!claims.is_expired(end) && !claims.is_expired(claims.time.min(end)));
    assert!(end == u64::MAX || claims.is_expired(end + 1));
}

fn pack(json: &[u8]) -> UserSig {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(json).expect("writing to memory");
    let packed = zlib.finish().expect("writing to memory");
    UserSig::new(to_url_alphabet(&BASE64_STANDARD.encode(packed)))
}
