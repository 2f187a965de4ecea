//! Keys and ready-made signatures.

use super::*;
use crate::config::pasted::{Expected, Pasted};
use crate::config::secret_text::{KeyError, UserSigError, check_claims};
use crate::exit::Exit;
use crate::room::UserId;
use crate::usersig;

#[test]
fn white_space_around_the_key_is_no_part_of_it() {
    let key = parse_key("\u{feff} \tkey\r\n").expect("a key");
    assert_eq!(key.expose(), "key");
}

#[test]
fn a_text_that_cannot_be_a_key_has_a_reason_and_a_hint() {
    let error = |text| parse_key(text).err();
    assert_eq!(error(" \n"), Some(KeyError::Empty));
    assert_eq!(error("a\nb"), Some(KeyError::Blank));
    let pem = "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n";
    assert_eq!(error(pem), Some(KeyError::Pasted(Pasted::Pem)));
    assert!(Pasted::Pem.hint(Expected::Key).contains("HMAC-SHA256"));
}

#[test]
fn another_shape_is_a_warning_without_the_key() {
    let odd = parse_key("canary").expect("a key");
    let warning = key_warning(&odd).expect("odd");
    assert!(warning.contains("6 characters") && !warning.contains("canary"));
    let usual = SecretKey::new("0123456789abcdef".repeat(4));
    assert_eq!(key_warning(&usual), None);
}

const START: u64 = 1_700_000_000;

fn claims() -> Claims {
    Claims {
        identifier: "administrator".into(),
        sdkappid: 1_400_000_000,
        time: START,
        expire: 3600,
        userbuf: None,
    }
}

fn fault(sdkappid: u32, identifier: &str, now: u64) -> Option<UserSigError> {
    let identifier = UserId::parse(identifier).expect("an identifier");
    check_claims(&claims(), Some(sdkappid), Some(&identifier), now).err()
}

#[test]
fn white_space_around_a_signature_is_no_part_of_it() {
    let sig = usersig::sign(&claims(), &SecretKey::new("key"));
    let (_, read) = parse_usersig(&format!(" {}\n", sig.expose())).expect("own signature");
    assert_eq!(read, claims());
    let cut = parse_usersig(&sig.expose()[..40]).expect_err("cut");
    assert!(cut.to_string().starts_with("this is not a UserSig: "));
}

#[test]
fn each_mismatch_has_its_own_message() {
    assert_eq!(fault(1_400_000_000, "administrator", START), None);
    let message = |fault: Option<UserSigError>| fault.expect("a fault").to_string();
    assert!(message(fault(1, "administrator", START)).contains("SDKAppID 1400000000, and 1 is"));
    assert!(message(fault(1_400_000_000, "bob", START)).contains("\"administrator\", and \"bob\""));
}

#[test]
fn the_expiry_is_reported_in_utc() {
    let expired = fault(1_400_000_000, "administrator", START + 3601);
    let message = expired.expect("expired").to_string();
    assert_eq!(message, "the UserSig expired at 2023-11-14T23:13:20Z");
    assert_eq!(rfc3339(u64::MAX), "a time after the year 9999");
}

#[test]
fn a_job_longer_than_the_signature_is_refused_before_it_starts() {
    let job = Duration::from_secs;
    assert_eq!(check_usersig_outlives(&claims(), START, job(3600)), Ok(()));
    let fraction = Duration::from_nanos(1);
    assert_eq!(
        check_usersig_outlives(&claims(), START, job(3599) + fraction),
        Ok(())
    );
    assert!(check_usersig_outlives(&claims(), START, job(3600) + fraction).is_err());
    let error = check_usersig_outlives(&claims(), START, job(3601)).expect_err("too long");
    assert_eq!(error.exit, Exit::Config);
    assert!(!error.hint.is_empty());
}

#[test]
fn a_fingerprint_is_the_start_of_the_hash() {
    // printf abc | sha256sum
    assert_eq!(fingerprint(&SecretKey::new("abc")), "ba7816bf");
    let facts = secret_facts(Group::Key, " abc\n");
    assert_eq!(facts.to_string(), "3 characters");
    assert!(
        matches!(facts, SecretFacts::Key { characters: 3, fingerprint } if fingerprint == "ba7816bf")
    );
}
