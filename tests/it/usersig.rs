//! Signatures compared with the six official implementations:
//! `usersig_vectors.json` has their output for a fixed clock. Compressed bytes
//! differ between them, so the signed text, the proof and the JSON are
//! compared, read here with separate structs.

use std::collections::BTreeMap;
use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use proptest::prelude::*;
use roomctl::secret::{SecretKey, UserSig};
use roomctl::usersig::{Claims, decode, sign, string_to_sign};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
    verification: Vec<Verification>,
}

#[derive(Deserialize)]
struct Case {
    #[serde(rename = "case")]
    name: String,
    sdkappid: u32,
    key: String,
    identifier: String,
    expire: u64,
    time: u64,
    userbuf_hex: Option<String>,
    string_to_sign: String,
    tls_sig: String,
    usersigs: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Verification {
    case: String,
    verify_at: u64,
    sdkappid: Option<u32>,
    identifier: Option<String>,
    key: Option<String>,
    expect: String,
}

/// The JSON of a signature, with the vendor's names.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedJson {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdkappid: u32,
    /// The Go library omits a zero.
    #[serde(rename = "TLS.expire", default)]
    expire: u64,
    #[serde(rename = "TLS.time")]
    time: u64,
    #[serde(rename = "TLS.userbuf")]
    userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    sig: String,
}

fn vectors() -> Vectors {
    let text = include_str!("../data/usersig_vectors.json");
    serde_json::from_str(text).expect("the vectors")
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16);
    pairs.map(|pair| byte(pair).expect("hex")).collect()
}

impl Case {
    fn claims(&self) -> Claims {
        Claims {
            identifier: self.identifier.clone(),
            sdkappid: self.sdkappid,
            time: self.time,
            expire: self.expire,
            userbuf: self.userbuf_hex.as_deref().map(bytes),
        }
    }

    fn json(&self) -> SignedJson {
        let userbuf = self.userbuf_hex.as_deref().map(bytes);
        SignedJson {
            version: "2.0".into(),
            identifier: self.identifier.clone(),
            sdkappid: self.sdkappid,
            expire: self.expire,
            time: self.time,
            userbuf: userbuf.map(|bytes| BASE64_STANDARD.encode(bytes)),
            sig: self.tls_sig.clone(),
        }
    }
}

/// By hand, without the library's decoder.
fn unpack(sig: &str) -> SignedJson {
    let plain = sig.replace('*', "+").replace('-', "/").replace('_', "=");
    let packed = BASE64_STANDARD.decode(plain).expect("base64");
    let mut json = String::new();
    let read = ZlibDecoder::new(&packed[..]).read_to_string(&mut json);
    read.expect("zlib");
    serde_json::from_str(&json).expect("the JSON of a UserSig")
}

#[test]
fn all_31_vectors_are_signed_as_the_official_libraries_do() {
    let cases = vectors().cases;
    assert_eq!(cases.len(), 31);
    for case in cases {
        let (claims, name) = (case.claims(), &case.name);
        assert_eq!(string_to_sign(&claims), case.string_to_sign, "{name}");
        let sig = sign(&claims, &SecretKey::new(case.key.as_str()));
        assert_eq!(unpack(sig.expose()), case.json(), "{name}");
    }
}

#[test]
fn every_official_signature_is_decoded_and_proved_by_its_key_only() {
    for case in vectors().cases {
        for (library, text) in &case.usersigs {
            let name = format!("{} by {library}", case.name);
            assert_eq!(unpack(text), case.json(), "{name}");
            let decoded = decode(&UserSig::new(text.as_str())).expect(&name);
            assert_eq!(decoded.version, "2.0", "{name}");
            assert_eq!(decoded.claims, case.claims(), "{name}");
            assert_eq!(decoded.hmac, case.tls_sig, "{name}");
            let other = SecretKey::new(format!("{}x", case.key));
            assert!(
                decoded.is_signed_with(&SecretKey::new(case.key.as_str())),
                "{name}"
            );
            assert!(!decoded.is_signed_with(&other), "{name}");
        }
    }
}

#[test]
fn verify_agrees_with_the_official_verifiers() {
    let Vectors {
        cases,
        verification,
    } = vectors();
    let own = verification
        .iter()
        .filter(|v| !v.expect.starts_with("userbuf"));
    for verdict in own {
        let case = cases.iter().find(|case| case.name == verdict.case);
        let case = case.expect("a case of that name");
        let sig = case.usersigs.values().next().expect("a signature");
        let decoded = decode(&UserSig::new(sig.as_str())).expect("official");
        let key = verdict.key.as_ref().unwrap_or(&case.key);
        let message = if !decoded.is_signed_with(&SecretKey::new(key.as_str())) {
            "sig not match"
        } else if verdict
            .sdkappid
            .is_some_and(|id| id != decoded.claims.sdkappid)
        {
            "sdk appid not match"
        } else if verdict
            .identifier
            .as_ref()
            .is_some_and(|id| *id != decoded.claims.identifier)
        {
            "identifier not match"
        } else if decoded.claims.is_expired(verdict.verify_at) {
            "expired"
        } else {
            "ok"
        };
        assert_eq!(message, verdict.expect, "{}", case.name);
    }
}

#[test]
fn a_signature_cut_anywhere_is_refused() {
    let cases = vectors().cases;
    for (library, text) in &cases[2].usersigs {
        for end in 0..text.len() {
            let cut = decode(&UserSig::new(&text[..end]));
            assert!(cut.is_err(), "{library}, {end} of {}", text.len());
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_signed_decodes_to_the_same_and_to_no_other_key(
        identifier in "\\PC{0,40}",
        sdkappid: u32,
        time: u64,
        expire: u64,
        userbuf in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..60)),
        key in "\\PC{1,80}",
    ) {
        let claims = Claims { identifier, sdkappid, time, expire, userbuf };
        let sig = sign(&claims, &SecretKey::new(key.as_str()));
        prop_assert!(sig.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b"*-_".contains(&b)));
        let decoded = decode(&sig).expect("own signature");
        prop_assert_eq!(&decoded.claims, &claims);
        prop_assert!(decoded.is_signed_with(&SecretKey::new(key.as_str())));
        let other = SecretKey::new(format!("{key}."));
        prop_assert!(!decoded.is_signed_with(&other));
    }

    #[test]
    fn no_text_makes_the_decoder_panic(text in "\\PC{0,200}") {
        let _ = decode(&UserSig::new(text));
    }
}
