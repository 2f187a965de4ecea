//! `usersig sign` and `inspect`: signatures made and decoded without the
//! service; no key and no part of a damaged signature is shown.

use roomctl::secret::{SecretKey, UserSig};
use roomctl::usersig::{Claims, Decoded, decode};
use serde_json::Value;

use crate::support::{
    Done, Home, KEY, Roomctl, any, claims, encoded, has, lacks, old, packed, signed, usersig,
};

/// What `sign` printed, decoded.
fn decoded(done: &Done) -> Decoded {
    let line = done.stdout.strip_suffix('\n').expect("a line");
    decode(&UserSig::new(line)).expect("a UserSig")
}

#[test]
fn sign_prints_the_signature_alone_and_the_key_proves_it() {
    let decoded = decoded(&usersig("sign").stdout(any()).exits(0));
    assert!(decoded.is_signed_with(&SecretKey::new(KEY)));
    assert_eq!(decoded.claims.identifier, "administrator");
    assert_eq!(decoded.claims.sdkappid, 1_400_000_007);
    assert_eq!(decoded.claims.expire, 86_400);
    assert_eq!(decoded.claims.userbuf, None);
}

#[test]
fn sign_in_json_has_owner_and_end() {
    let result = usersig("sign --expire 7d -o json").stdout(any()).exits(0);
    let result = result.result();
    let keys: Vec<&String> = result.as_object().expect("an object").keys().collect();
    let names = ["UserSig", "SDKAppID", "Identifier", "Issued", "Expires"];
    assert_eq!(keys, names);
    let text = result["UserSig"].as_str().expect("a text");
    let decoded = decode(&UserSig::new(text)).expect("a UserSig");
    assert_eq!(decoded.claims.expire, 7 * 86_400);
    let time = |key: &str| humantime::parse_rfc3339(result[key].as_str().expect("a time"));
    let (issued, expires) = (time("Issued").expect("UTC"), time("Expires").expect("UTC"));
    let life = expires.duration_since(issued).expect("later");
    assert_eq!(life.as_secs(), 7 * 86_400);
}

#[test]
fn a_userbuf_is_signed_too() {
    let home = Home::new();
    let file = home.file("buf", b"\x00\xffx");
    for run in [
        usersig("sign --userbuf 00fF78"),
        usersig("sign --userbuf-file").arg(&file),
        usersig("sign --userbuf-file -").stdin(b"\x00\xffx"),
    ] {
        let decoded = decoded(&run.stdout(any()).exits(0));
        assert_eq!(decoded.claims.userbuf.as_deref(), Some(&b"\x00\xffx"[..]));
        assert!(decoded.is_signed_with(&SecretKey::new(KEY)));
    }
    for words in [
        "sign --userbuf 0",
        "sign --userbuf xx",
        "sign --userbuf-file /nowhere/x",
        "sign --userbuf-file -",
        "sign --userbuf 00 --userbuf-file x",
        "sign --userbuf-file /dev/zero",
    ] {
        usersig(words)
            .stderr(has(["error: --userbuf", "hint: "]))
            .exits(2);
    }
}

#[test]
fn sign_takes_its_settings_as_kick_does() {
    let home = Home::new();
    home.file(".config/roomctl/key", KEY);
    home.config(
        "default_profile = \"p\"\n[profiles.p]\nsdkappid = 7\nidentifier = \"a\"\nsecret_key_file = \"key\"\nexpire = \"1h\"\n",
    );
    let run = Roomctl::new("--expire 2h usersig sign -v").home(&home);
    let expected = has(["sdkappid: 7 (profile p (", "expire: 2h (flag --expire)"]);
    let decoded = decoded(&run.secret(KEY).stdout(any()).stderr(expected).exits(0));
    assert_eq!((decoded.claims.sdkappid, decoded.claims.expire), (7, 7200));
    let missing = Roomctl::new("usersig sign --sdkappid 7 --identifier a");
    missing
        .stderr(has([
            "the secret key is missing",
            "ROOMCTL_SECRET_KEY_FILE",
        ]))
        .stderr(lacks(["--usersig"]))
        .exits(3);
    let warned = Roomctl::new("usersig sign --sdkappid 7 --identifier a --secret-key");
    let warned = warned.arg(KEY).secret(KEY).stdout(any());
    warned.stderr(has(["warning: --secret-key: "])).exits(0);
}

#[test]
fn a_broken_endpoint_or_ready_made_signature_does_not_prevent_signing() {
    let run = usersig("sign").env("ROOMCTL_ENDPOINT", "ftp://x");
    let run = run.env("ROOMCTL_USERSIG", "broken");
    assert_eq!(decoded(&run.stdout(any()).exits(0)).version, "2.0");
}

#[test]
fn flags_that_are_not_accepted_are_refused_and_not_in_the_help() {
    for flag in [
        "--region usa",
        "--endpoint https://h",
        "--sandbox",
        "--timeout 1s",
    ] {
        for verb in ["sign", "inspect x", "verify x"] {
            let run = Roomctl::new(&format!("{flag} usersig {verb}"));
            run.stderr(has(["does not accept --"])).exits(2);
            let run = Roomctl::new(&format!("usersig {verb} {flag}"));
            run.stderr(has(["does not accept --"])).exits(2);
        }
    }
    let help = Roomctl::new("usersig sign --help");
    let help = help.stdout(has(["--secret-key-file", "--expire", "--userbuf"]));
    help.stdout(lacks(["--region", "--timeout", "--usersig"]))
        .exits(0);
    let help = Roomctl::new("usersig verify --help");
    help.stdout(lacks(["--region", "--expire"])).exits(0);
    Roomctl::new("usersig")
        .stderr(has(["sign", "inspect", "verify"]))
        .exits(2);
}

#[test]
fn inspect_shows_every_field_and_when_it_expired() {
    let text = "\
Version:    2.0
Identifier: administrator
SDKAppID:   1400000007
Issued:     2023-11-14T22:13:20Z
Expires:    2023-11-15T22:13:20Z (expired ";
    let argv = Roomctl::new("usersig inspect").arg(old());
    let stdin = Roomctl::new("usersig inspect -").stdin(format!(" {}\r\n", old()));
    for run in [argv, stdin] {
        let done = run.secret(old()).stdout(any()).exits(0);
        assert!(done.stdout.starts_with(text), "{done}");
        assert!(done.stdout.ends_with(" ago)\n"), "{done}");
        assert_eq!(done.stdout.lines().count(), 5);
    }
}

#[test]
fn inspect_in_json_counts_what_is_left_in_seconds() {
    let inspect = |sig: &str| {
        let run = Roomctl::new("usersig inspect -o json -q").arg(sig);
        run.secret(sig).stdout(any()).exits(0).result()
    };
    let over = inspect(&old());
    assert_eq!(over["Expired"], true);
    assert_eq!(over["ExpireSeconds"], 86_400);
    assert!(over["LeftSeconds"].as_i64().expect("a number") < -86_400);
    assert_eq!(over["UserBuf"], Value::Null);
    let far = Claims {
        expire: u64::MAX,
        userbuf: Some(vec![0, 255]),
        ..claims(1_700_000_000)
    };
    let far = inspect(&signed(&far));
    assert_eq!(far["Expired"], false);
    assert_eq!(far["Expires"], Value::Null);
    assert_eq!(far["UserBuf"], "00ff");
}

#[test]
fn damage_is_reported_by_layer_and_no_content_is_shown() {
    let old = old();
    let plain = old.replace('*', "+").replace('-', "/").replace('_', "=");
    let bare = old.trim_end_matches('_');
    for (sig, layer) in [
        (String::new(), "it is empty"),
        (format!("{plain}=="), "still has +, / or ="),
        (format!("{bare}____"), "padding"),
        (format!("'{old}'"), "does not belong there"),
        (encoded(b"just some text"), "not compressed (zlib)"),
        (packed(b"just some text"), "not JSON"),
        (packed(b"{\"TLS.ver\":\"2.0\"}"), "not that of a UserSig"),
        (packed(&vec![0; 10 << 20]), "unpacks to more"),
        (KEY.to_owned(), "not compressed (zlib)"),
    ] {
        let run = Roomctl::new("usersig inspect -").stdin(sig.as_str());
        let run = if sig.is_empty() {
            run
        } else {
            run.secret(&sig)
        };
        run.stderr(has(["this is not a UserSig: ", layer, "hint: "]))
            .exits(2);
    }
    let key = Roomctl::new("usersig inspect").arg(KEY).secret(KEY);
    key.stderr(has(["looks like a secret key"])).exits(2);
}

#[test]
fn a_signature_cut_by_any_number_of_characters_is_refused() {
    let old = old();
    for end in (1..old.len()).step_by(7) {
        let cut = &old[..end];
        let run = Roomctl::new("usersig inspect")
            .arg(cut)
            .secret(old.as_str());
        run.stderr(has(["cut short"])).exits(2);
    }
}

#[test]
fn a_gigabyte_costs_no_memory() {
    let script = "ulimit -v 1000000; head -c 1000000000 /dev/zero | \"$0\" \"$@\"";
    let run = Roomctl::new("usersig inspect -").in_shell(script);
    run.stderr(has(["standard input has more than 64 KiB"]))
        .exits(2);
}

#[test]
fn no_parser_error_repeats_a_signature_not_even_a_damaged_one() {
    let old = old();
    let damaged = [&old[..40], &old[9..60], old.as_str(), &old[..63]];
    for sig in damaged {
        for words in [
            sig.to_owned(),
            format!("inspect x {sig}"),
            format!("inspect {sig} {sig}"),
            format!("verify --sdkapid={sig} {sig}"),
            format!("inspect --quiet={sig} x"),
            format!("sign {sig}"),
            format!("sign --{sig}"),
        ] {
            for mode in ["-v", "-ojson"] {
                let run = usersig(&words).args(mode).secret(sig);
                let done = run.stderr(any()).exits(2);
                assert!(done.stderr.contains("hint"), "{done}");
            }
        }
    }
}

#[test]
fn a_flag_without_its_value_is_a_problem_of_the_line() {
    for command in ["sign", "verify SIG"] {
        for flag in [
            "--profile",
            "--config",
            "--sdkappid",
            "--identifier",
            "--secret-key",
            "--secret-key-file",
        ] {
            for more in ["", "-q", "-o json"] {
                let run = Roomctl::new(&format!("usersig {command} {flag} {more}"));
                let text = format!("{flag} has no value");
                run.stderr(has([&*text, "hint"])).exits(2);
            }
        }
    }
}
