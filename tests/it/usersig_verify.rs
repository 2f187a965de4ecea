//! `usersig verify`: which of its codes the service would answer to a
//! signature.

use roomctl::secret::SecretKey;
use roomctl::usersig::Claims;

use crate::support::{any, claims, has, is, old, packed, signed, usersig};

#[test]
fn verify_prints_good_and_nothing_else() {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).expect("later");
    let sig = signed(&claims(now.as_secs()));
    let run = usersig("verify -").stdin(sig.as_str()).secret(&sig);
    run.stdout(is("good: the service would accept this UserSig\n"))
        .exits(0);
    let json = usersig("verify -o json").arg(&sig).secret(&sig);
    let json = json.stdout(any()).exits(0).result();
    assert_eq!(
        (&json["Good"], &json["ErrorCode"]),
        (&true.into(), &0.into())
    );
    assert_eq!(json["Identifier"], "administrator");
    assert_eq!(json["Warnings"], serde_json::json!([]));
}

#[test]
fn verify_and_inspect_warn_of_a_clock_ahead_and_of_a_lifetime_over_50_years() {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).expect("later");
    let now = now.as_secs();
    let years = |years: u64| years * 31_557_600;
    for (time, expire, warnings) in [
        (now + 30, 86_400, &[][..]),
        (now, years(50), &[]),
        (now + 120, 86_400, &["ahead of this machine's clock"]),
        (
            now + years(2),
            86_400,
            &["730 days", "ahead of this machine's clock"],
        ),
        (now, years(50) + 1, &["over 50 years"]),
        (now, u64::MAX, &["over 50 years"]),
        (u64::MAX, u64::MAX, &["ahead", "over 50 years"]),
    ] {
        let claims = Claims {
            expire,
            ..claims(time)
        };
        let sig = signed(&claims);
        for verb in ["verify", "inspect"] {
            let run = usersig(verb).arg(&sig).secret(&sig).stdout(any());
            let done = run.stderr(any()).exits(0);
            let said = done.stderr.contains("warning: ");
            assert_eq!(said, !warnings.is_empty(), "{verb} {done}");
            for warning in warnings {
                assert!(done.stderr.contains(warning), "{verb} {done}");
            }
            let is_plain = done.stdout.starts_with("good: ");
            assert_eq!(is_plain, verb == "verify" && warnings.is_empty());
            let json = usersig(verb).args("-o json").arg(&sig).secret(&sig);
            let json = json.stdout(any()).stderr(any()).exits(0).result();
            let list = json["Warnings"].as_array().expect("a list");
            let name = |name: &str| list.contains(&name.into());
            let said = |words: &str| warnings.iter().any(|warning| warning.contains(words));
            assert_eq!(name("dated_ahead"), said("ahead"), "{json}");
            assert_eq!(name("lifetime_over_50_years"), said("50 years"), "{json}");
        }
    }
}

#[test]
fn a_signature_of_version_1_is_named() {
    let fields = r#"{"TLS.account_type":"0","TLS.identifier":"administrator","TLS.appid_at_3rd":"0","TLS.sdk_appid":"1400000007","TLS.expire_after":"86400","TLS.version":"201512300000","TLS.time":"1700000000","TLS.sig":"MEUCIQ"}"#;
    let sig = packed(fields.as_bytes());
    let inspect = usersig("inspect").arg(&sig).secret(&sig);
    inspect
        .stderr(has(["version 1 (ECDSA)", "hint: "]))
        .exits(2);
    let verify = usersig("verify").arg(&sig).secret(&sig);
    verify
        .stdout(has(["70003", "version 1 (ECDSA)"]))
        .stderr(any())
        .exits(4);
}

#[test]
fn verify_prints_the_code_that_the_service_would_answer() {
    let good = Claims {
        expire: 4_000_000_000,
        ..claims(1_700_000_000)
    };
    let other = |identifier: &str, sdkappid| Claims {
        identifier: identifier.into(),
        sdkappid,
        ..good.clone()
    };
    let foreign = roomctl::usersig::sign(&good, &SecretKey::new("other"));
    let version = "{\"TLS.ver\":\"1.0\",\"TLS.identifier\":\"a\",\"TLS.sdkappid\":1,\"TLS.time\":1,\"TLS.sig\":\"\"}";
    for (sig, codes) in [
        (old(), &[70_001][..]),
        (old()[..100].to_owned(), &[70_003]),
        (packed(version.as_bytes()), &[70_003]),
        (foreign.expose().to_owned(), &[70_009]),
        (signed(&other("bob", 1_400_000_007)), &[70_013]),
        (signed(&other("administrator", 7)), &[70_014]),
        (signed(&other("bob", 7)), &[70_013, 70_014]),
    ] {
        let done = usersig("verify -o json").arg(&sig).secret(&sig);
        let done = done.stdout(any()).stderr(any()).exits(4);
        let result = done.result();
        let faults = result["Faults"].as_array().expect("a list");
        let reported: Vec<i64> = faults
            .iter()
            .filter_map(|f| f["ErrorCode"].as_i64())
            .collect();
        assert_eq!(reported, codes, "{done}");
        assert_eq!(result["Good"], false);
        assert_eq!(result["ErrorCode"], codes[0]);
        let row = roomctl::api::codes::row(codes[0]).expect("documented");
        assert_eq!(faults[0]["Meaning"], row.meaning);
        assert_eq!(faults[0]["Remedy"], row.remedy);
        assert_eq!(done.error().expect("an error")["ExitCode"], 4);
        let text = usersig("verify").arg(&sig).secret(&sig);
        let parts = [&format!("{}: ", codes[0]), row.meaning, "what helps: "];
        let error = format!("error: the service would answer {}", codes[0]);
        text.stdout(has(parts))
            .stderr(has([error.as_str()]))
            .exits(4);
    }
}

#[test]
fn stdin_is_for_one_of_key_and_signature() {
    let run = usersig("verify - --secret-key-file -");
    run.stderr(has([
        "SIG - and --secret-key-file - both want standard input",
    ]))
    .exits(2);
}
