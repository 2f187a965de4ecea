//! Signatures for the tests of `usersig`: valid, expired, and anything else
//! that can be packed like one.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use roomctl::secret::SecretKey;
use roomctl::usersig::Claims;

use super::{KEY, Roomctl};

/// With app, caller and key in variables.
pub(crate) fn usersig(words: &str) -> Roomctl {
    Roomctl::new("usersig")
        .args(words)
        .env("ROOMCTL_SDKAPPID", "1400000007")
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY)
}

pub(crate) fn claims(time: u64) -> Claims {
    Claims {
        identifier: "administrator".into(),
        sdkappid: 1_400_000_007,
        time,
        expire: 86_400,
        userbuf: None,
    }
}

pub(crate) fn signed(claims: &Claims) -> String {
    let sig = roomctl::usersig::sign(claims, &SecretKey::new(KEY));
    sig.expose().to_owned()
}

/// A signature that expired in 2023.
pub(crate) fn old() -> String {
    signed(&claims(1_700_000_000))
}

/// Bytes in the outermost encoding of a signature.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(bytes);
    base64.replace('+', "*").replace('/', "-").replace('=', "_")
}

pub(crate) fn packed(json: &[u8]) -> String {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(json).expect("memory");
    encoded(&zlib.finish().expect("memory"))
}
