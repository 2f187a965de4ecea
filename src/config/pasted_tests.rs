//! What is recognised, and what is not.

use base64::prelude::BASE64_STANDARD;

use super::*;
use crate::secret::hex;
use crate::usersig::{Claims, sign};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

fn sig() -> String {
    let claims = Claims {
        identifier: "administrator".into(),
        sdkappid: 1_400_000_000,
        time: 1_700_000_000,
        expire: 86_400,
        userbuf: None,
    };
    sign(&claims, &SecretKey::new(KEY)).expose().to_owned()
}

/// `SECRET` in a form stands for the secret.
const FORMS: [(&str, Pasted); 57] = [
    ("\"SECRET\"", Pasted::Quoted),
    ("'SECRET'", Pasted::Quoted),
    ("“SECRET”", Pasted::Quoted),
    ("`SECRET`", Pasted::Quoted),
    ("\\\"SECRET\\\"", Pasted::Quoted),
    ("\"SECRET", Pasted::Quoted),
    ("SECRET'", Pasted::Quoted),
    ("NAME=SECRET", Pasted::Assignment),
    ("export TRTC_KEY=SECRET", Pasted::Assignment),
    ("TRTC_KEY = SECRET", Pasted::Assignment),
    ("sdkSecretKey: SECRET", Pasted::Assignment),
    ("--secret-key=SECRET", Pasted::Assignment),
    ("$env:KEY=SECRET", Pasted::Variable),
    ("Bearer SECRET", Pasted::Assignment),
    ("usersig=SECRET", Pasted::Assignment),
    ("A=1\nKEY=SECRET", Pasted::Assignment),
    ("${{ secrets.TRTC_KEY }}", Pasted::Variable),
    ("${TRTC_KEY}", Pasted::Variable),
    ("$TRTC_KEY", Pasted::Variable),
    ("\"$TRTC_KEY\"", Pasted::Variable),
    ("{{ trtc_key }}", Pasted::Variable),
    ("{{.Values.key}}", Pasted::Variable),
    ("$(cat key)", Pasted::Variable),
    ("%TRTC_KEY%", Pasted::Variable),
    ("@@TRTC_KEY@@", Pasted::Variable),
    ("__TRTC_KEY__", Pasted::Variable),
    ("<%= key %>", Pasted::Variable),
    ("***", Pasted::Masked),
    ("********************", Pasted::Masked),
    ("••••••••", Pasted::Masked),
    ("xxxxxxxx", Pasted::Masked),
    ("[REDACTED]", Pasted::Masked),
    ("[masked]", Pasted::Masked),
    ("5bd2***b5e", Pasted::Masked),
    ("\"eJwtzMEK***jAQ\"", Pasted::Quoted),
    ("eJwtzMEKwjAQ...", Pasted::Masked),
    ("<your key>", Pasted::Example),
    ("YOUR_SECRET_KEY", Pasted::Example),
    ("your-secret-key-here", Pasted::Example),
    ("changeme", Pasted::Example),
    ("change-me!", Pasted::Example),
    ("null", Pasted::Example),
    ("undefined", Pasted::Example),
    ("SDKSECRETKEY", Pasted::Example),
    (
        "https://console.tim.qq.com/v4/x?sdkappid=1&usersig=SECRET&random=1",
        Pasted::Query,
    ),
    ("sdkappid=1&identifier=a&usersig=SECRET", Pasted::Query),
    ("https://console.trtc.io/app", Pasted::Url),
    ("op://vault/trtc/key", Pasted::Address),
    (
        "arn:aws:secretsmanager:eu-west-1:1:secret:trtc",
        Pasted::Address,
    ),
    ("projects/1/secrets/trtc", Pasted::Address),
    ("/run/secrets/trtc", Pasted::FileName),
    ("./trtc.key", Pasted::FileName),
    ("~/key", Pasted::FileName),
    ("@key", Pasted::FileName),
    ("-----BEGIN PRIVATE KEY-----\nMIG", Pasted::Pem),
    ("{\"key\": \"SECRET\"}", Pasted::Json),
    (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        Pasted::WebToken,
    ),
];

#[test]
fn every_form_is_recognised_in_place_of_either_secret() {
    for (form, kind) in FORMS {
        for (expected, secret) in [(Expected::Key, KEY), (Expected::UserSig, &sig())] {
            let text = form.replace("SECRET\"", &format!("{secret}\""));
            let text = match form {
                "YOUR_SECRET_KEY" | "SDKSECRETKEY" => form.to_owned(),
                _ => text.replace("SECRET", secret),
            };
            let found = Pasted::in_place_of(expected, &text);
            assert_eq!(found, Some(kind), "{form} as {expected:?}");
            let shown = format!("{kind} {}", kind.hint(expected));
            assert!(
                !shown.contains(&secret[..16]) && shown.len() > 20,
                "{shown}"
            );
        }
    }
}

#[test]
fn encoded_doubled_and_exchanged_secrets_are_recognised() {
    let base64 = |text: &str| BASE64_STANDARD.encode(text);
    let key = |text: &str| Pasted::in_place_of(Expected::Key, text);
    let usersig = |text: &str| Pasted::in_place_of(Expected::UserSig, text);
    for inner in [
        KEY.to_owned(),
        format!("{KEY}\n"),
        format!("KEY={KEY}"),
        format!("\"{KEY}\""),
    ] {
        let text = base64(&inner);
        for text in [text.trim_end_matches('='), &text] {
            assert_eq!(key(text), Some(Pasted::Base64), "{inner}");
        }
    }
    let bytes: Vec<u8> = (0..32).map(|n| n * 7).collect();
    assert_eq!(hex(&bytes).len(), 64);
    assert_eq!(key(&BASE64_STANDARD.encode(&bytes)), Some(Pasted::Base64));
    assert_eq!(usersig(&base64(&sig())), Some(Pasted::Base64));
    assert_eq!(key(&format!("{KEY}{KEY}")), Some(Pasted::Twice));
    assert_eq!(usersig(&format!("{0}{0}", sig())), Some(Pasted::Twice));
    for between in [",", ", ", "\n", ";"] {
        assert_eq!(key(&format!("{KEY}{between}{KEY}")), Some(Pasted::Twice));
    }
    let sops = "ENC[AES256_GCM,data:YWJj,iv:eHl6,tag:YQ==,type:str]";
    assert_eq!(key(sops), Some(Pasted::Encrypted));
    assert_eq!(usersig(sops), Some(Pasted::Encrypted));
    assert_eq!(key(&sig()), Some(Pasted::UserSig));
    assert_eq!(key(&sig()[..100]), Some(Pasted::UserSig));
    assert_eq!(usersig(KEY), Some(Pasted::Key));
    assert_eq!(usersig(&KEY.to_uppercase()), Some(Pasted::Key));
    let encoded = sig().replace('*', "%2A").replace('_', "%5F");
    assert_eq!(usersig(&encoded), Some(Pasted::Percent));
}

/// A key of an unusual form may be right: roomctl only warns.
#[test]
fn what_may_be_right_is_not_recognised_as_anything() {
    for text in [
        KEY,
        "2",
        "canary",
        "0123456789abcdef",
        &KEY.to_uppercase(),
        "Tr7-x.9_k",
    ] {
        assert_eq!(Pasted::in_place_of(Expected::Key, text), None, "{text}");
    }
    for text in [&sig()[..], "eJcanary", &sig()[..40], &sig()[..43]] {
        assert_eq!(Pasted::in_place_of(Expected::UserSig, text), None, "{text}");
    }
    for text in [
        "administrator",
        "room admin",
        "<a>&b",
        "__bot__",
        "a$b",
        "o'neil",
        "50%",
        "a=b",
        "*",
        "**",
    ] {
        assert_eq!(Pasted::in_place_of_text(text, &NAMES), None, "{text}");
    }
}

const NAMES: [&str; 3] = ["--identifier", "ROOMCTL_IDENTIFIER", "identifier"];

#[test]
fn quotes_and_placeholders_are_recognised_in_any_value() {
    for (text, kind) in [
        ("\"administrator\"", Pasted::Quoted),
        ("'administrator'", Pasted::Quoted),
        ("administrator\"", Pasted::Quoted),
        ("${ADMIN}", Pasted::Variable),
        ("$HOME/key", Pasted::Variable),
        ("${{ vars.ADMIN }}", Pasted::Variable),
        ("\"${ADMIN}\"", Pasted::Variable),
        ("identifier=administrator", Pasted::Assignment),
        ("export ROOMCTL_IDENTIFIER=\"a\"", Pasted::Assignment),
        ("--identifier=a", Pasted::Assignment),
        ("<admin>", Pasted::Example),
        ("***", Pasted::Masked),
    ] {
        assert_eq!(Pasted::in_place_of_text(text, &NAMES), Some(kind), "{text}");
        assert!(!kind.hint_of_text("--identifier").is_empty());
    }
}

#[test]
fn invisible_characters_at_both_ends_are_removed() {
    for blank in [
        " ", "\t", "\r\n", "\u{a0}", "\u{feff}", "\u{200b}", "\u{3000}", "\u{200e}", "\u{2060}",
    ] {
        assert_eq!(
            trimmed(&format!("{blank}a b{blank}{blank}")),
            "a b",
            "{blank:?}"
        );
    }
}

#[test]
fn a_program_is_not_taken_for_a_secret() {
    let base64 = BASE64_STANDARD.encode(KEY);
    let named = format!("KEY={KEY}");
    let quoted = format!("\"{KEY}\"");
    for text in [
        KEY,
        &KEY[..40],
        &KEY.to_uppercase(),
        &sig(),
        &base64,
        &named,
        &quoted,
    ] {
        assert!(is_secret(text), "{text}");
    }
    let path = format!("/nix/store/{}-pass/bin/pass", &KEY[..32]);
    for text in [
        "pass",
        "/usr/bin/vault",
        &path,
        "pass show trtc",
        "deadbeef",
    ] {
        assert!(!is_secret(text), "{text}");
    }
}
