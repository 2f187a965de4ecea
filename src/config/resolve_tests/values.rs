//! Durations, certificates, texts that are not UTF-8.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::*;

/// A certificate of no server, made for this test.
const PEM: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

#[test]
fn durations_have_units_and_limits() {
    let timeout = |text: &str| Case::new().args(|args| args.set(&TIMEOUT, plain(text)));
    let value = |text: &str| timeout(text).settings().timeouts.timeout.value.time();
    assert_eq!(value("500ms"), Duration::from_millis(500));
    assert_eq!(value("5m"), Duration::from_secs(300));
    for (bad, why) in [
        ("0s", "between 1ms and 1h"),
        ("2h", "between 1ms and 1h"),
        ("10", "\"10\" is not a valid duration"),
        ("", "is not a valid duration"),
        ("-1s", "is not a valid duration"),
    ] {
        let (exit, message, _) = timeout(bad).failure();
        assert_eq!(exit, 2, "{bad}");
        expect_parts(&message, &["--timeout: ", why]);
    }
}

#[test]
fn a_lifetime_is_a_minute_to_fifty_years() {
    let expire = |text: &str| Case::new().var("ROOMCTL_EXPIRE", text);
    for good in ["60s", "24h", "50y"] {
        assert!(expire(good).settings().timeouts.expire.value.time() >= Duration::from_secs(60));
    }
    for bad in ["59s", "51y", "99999999999999999999y"] {
        let (exit, message, _) = expire(bad).failure();
        assert_eq!(exit, 3, "{bad}");
        expect_parts(&message, &["ROOMCTL_EXPIRE: "]);
    }
    assert_eq!(
        Case::new().settings().timeouts.expire.value.time(),
        Duration::from_secs(86_400)
    );
}

#[test]
fn a_duration_is_shown_in_the_units_that_were_given() {
    let shown = |name: &str, text: &str| {
        let settings = Case::new().var("ROOMCTL_EXPIRE", text).settings();
        let mut lines = settings.setting_lines().into_iter();
        lines.find(|line| line.name == name).expect("a line").value
    };
    for text in [
        "24h", "1d", "1440m", "7d", "168h", "90s", "86400s", "1h 30m", "50y",
    ] {
        assert_eq!(shown("expire", text), text);
    }
    assert_eq!(shown("expire", " 60m\n"), "60m");
    assert_eq!(shown("expire", ""), "24h", "the default");
    assert_eq!(shown("timeout", ""), "10s", "the default");
    let (_, message, hint) = Case::new().var("ROOMCTL_EXPIRE", "60y").failure();
    assert!(
        message.contains("\"60y\" is not between 1m and 50y"),
        "{message}"
    );
    assert!(hint.contains("between 1m and 50y"), "{hint}");
    let longest = humantime::parse_duration(LIFETIMES[1]).expect("a duration");
    assert_eq!(longest.as_secs(), crate::usersig::MAX_LIFETIME);
}

#[test]
fn the_connect_timeout_may_be_longer_than_the_timeout() {
    let case = Case::new()
        .var("ROOMCTL_TIMEOUT", "1s")
        .var("ROOMCTL_CONNECT_TIMEOUT", "9s");
    assert_eq!(
        case.settings().timeouts.connect_timeout.value.time(),
        Duration::from_secs(9)
    );
}

#[test]
fn certificates_are_read_and_passed_on() {
    let made = rcgen::generate_simple_self_signed(["ca.test".into()]).expect("a certificate");
    let pem = made.cert.pem();
    let case = Case::new().file("ca.pem", &format!("{pem}{pem}"));
    let path = case.path("ca.pem");
    let case = case.args(|args| args.set(&CA_FILE, plain(path)));
    let ca_file = case.settings().trust.ca_file.expect("given");
    assert_eq!(ca_file.value.certificates.len(), 2);
    assert_eq!(ca_file.source, Source::Flag("--ca-file"));
}

#[test]
fn a_file_without_certificates_is_exit_3() {
    for (name, text) in [
        ("none.pem", "hello"),
        ("cut.pem", &PEM[..30]),
        ("block.pem", PEM),
    ] {
        let case = Case::new().file(name, text);
        let path = case.path(name);
        let (exit, message, _) = case.args(|args| args.set(&CA_FILE, plain(path))).failure();
        assert_eq!(exit, 3, "{message}");
        expect_parts(&message, &["--ca-file: ", name]);
    }
    assert_eq!(
        Case::new().var("ROOMCTL_CA_FILE", "/nowhere").failure().0,
        3
    );
}

#[test]
fn own_certificates_and_the_systems_store_exclude_each_other() {
    let system = || Case::new().var("ROOMCTL_TLS_ROOTS", "system");
    assert_eq!(system().settings().trust.tls_roots.value, TlsRoots::System);
    let (exit, _, _) = system().var("ROOMCTL_CA_FILE", "/nowhere").failure();
    assert_eq!(exit, 3);
    let flag = system().args(|args| args.set(&CA_FILE, plain("/nowhere")));
    let (exit, message, hint) = flag.failure();
    assert_eq!(exit, 2);
    expect_parts(
        &message,
        &["flag --ca-file", "environment ROOMCTL_TLS_ROOTS"],
    );
    expect_parts(&hint, &["--tls-roots bundled"]);
}

#[test]
fn identifiers_obey_the_services_rule() {
    let case = Case::new().args(|args| args.set(&IDENTIFIER, plain("用户")));
    let (exit, message, _) = case.failure();
    assert_eq!(exit, 2);
    expect_parts(&message, &["--identifier: ", "printable ASCII"]);
}

#[test]
fn what_is_not_utf8_is_named_and_not_shown() {
    let odd = || OsString::from_vec(vec![0xff, b'c', b'a', b'n', b'a', b'r', b'y']);
    let case = Case::new().args(|args| {
        args.set(&REGION, plain(odd()));
        args.set(&SECRET_KEY, RawData::Secret(odd().into()));
    });
    let (exit, message, _) = case.failure();
    assert_eq!(exit, 2);
    expect_parts(
        &message,
        &["--region: is not UTF-8", "--secret-key: is not UTF-8"],
    );
}

#[test]
fn several_problems_of_several_places_are_reported_together() {
    let case = Case::new()
        .var("ROOMCTL_REGION", "mars")
        .var("ROOMCTL_TLS_ROOTS", "x")
        .args(|args| args.set(&TIMEOUT, plain("0s")));
    let (exit, message, _) = case.failure();
    assert_eq!(exit, 2);
    expect_parts(
        &message,
        &[
            "3 problems",
            "ROOMCTL_REGION",
            "ROOMCTL_TLS_ROOTS",
            "--timeout",
        ],
    );
}

#[test]
fn an_error_about_a_duration_repeats_no_part_of_a_key() {
    let key = "0123456789abcdeffedcba98765432100123456789abcdeffedcba987654321a";
    for spec in [&TIMEOUT, &CONNECT_TIMEOUT, &EXPIRE] {
        let case = Case::new().args(|args| args.set(spec, plain(key)));
        let (_, message, hint) = case.failure();
        expect_parts(&message, &["is not a valid duration"]);
        assert!(!(message + &hint).contains("abcdef"));
    }
}

#[test]
fn only_a_long_number_is_offered_without_its_separators() {
    for (text, expected) in [
        ("1,400,000,001", "write it without separators: 1400000001"),
        ("-1", "copy the SDKAppID"),
        ("1.5", "copy the SDKAppID"),
    ] {
        let case = Case::new().args(|args| args.set(&SDKAPPID, plain(text)));
        let (_, _, hint) = case.failure();
        expect_parts(&hint, &[expected]);
    }
}
