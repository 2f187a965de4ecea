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
    // The service accepts a start in the future.
    let early = signed(&claims(now.as_secs() + 86_400));
    usersig("verify").arg(&early).stdout(any()).exits(0);
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
