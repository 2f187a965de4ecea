//! A signature in a text, in many spellings.

use std::collections::HashSet;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::secret::SecretKey;
use crate::usersig::{self, Claims};

const IDENTIFIER: &str = "administrator";

struct Signature {
    text: String,
    json: String,
    redactor: Redactor,
}

fn signature_of(identifier: &str) -> Signature {
    let claims = Claims {
        identifier: identifier.into(),
        sdkappid: 1_400_000_000,
        time: 1_700_000_000,
        expire: 86_400,
        userbuf: None,
    };
    let (sig, json) = usersig::sign_with_content(&claims, &SecretKey::new("key"));
    let redactor = Redactor::new(sig.expose(), json.expose_secret(), identifier);
    Signature {
        text: sig.expose().to_owned(),
        json: json.expose_secret().to_owned(),
        redactor,
    }
}

impl Signature {
    /// What a text becomes; checks that nothing of the signature is left.
    fn redacted(&self, text: &str) -> String {
        let clean = self
            .redactor
            .redacted(text)
            .unwrap_or_else(|| text.to_owned());
        self.assert_clean(&clean);
        clean
    }

    fn assert_clean(&self, clean: &str) {
        let letters = |text: &str| -> Vec<char> {
            text.chars().filter(char::is_ascii_alphanumeric).collect()
        };
        let left = letters(clean);
        let runs: HashSet<&[char]> = left.windows(12).collect();
        let own = [letters(&self.text), letters(self.hmac())];
        for run in own.iter().flat_map(|own| own.windows(12)) {
            assert!(!runs.contains(run), "{clean}");
        }
        for run in self.json.as_bytes().windows(16) {
            let run = std::str::from_utf8(run).expect("ASCII");
            assert!(!clean.contains(run), "{run} in {clean}");
        }
    }

    fn hmac(&self) -> &str {
        self.json
            .split("\"TLS.sig\":\"")
            .nth(1)
            .expect("a TLS.sig")
            .trim_end_matches("\"}")
    }

    fn url(&self) -> String {
        let sig = &self.text;
        format!(
            "https://host/v4/room_engine_http_srv/kick_user_out?sdkappid=1400000000\
             &identifier=administrator&usersig={sig}&random=7&contenttype=json"
        )
    }
}

#[test]
fn the_url_loses_its_query() {
    let sig = signature_of(IDENTIFIER);
    assert_eq!(
        sig.redacted(&format!("bad request: {} (7)", sig.url())),
        "bad request: https://host/v4/room_engine_http_srv/kick_user_out?[redacted] (7)"
    );
}

#[test]
fn a_url_cut_anywhere_shows_no_16_characters_of_the_signature() {
    let sig = signature_of(IDENTIFIER);
    let url = sig.url();
    for cut in 0..url.len() {
        let clean = sig.redacted(&url[..cut]);
        assert!(
            !clean.contains("sig=eJ") && !clean.contains("administrator"),
            "{clean}"
        );
        sig.redacted(&url[cut..]);
        sig.redacted(&format!("…{}…{}", &url[cut..], &url[..cut]));
    }
}

#[test]
fn the_signature_is_found_in_every_encoding() {
    let sig = signature_of(IDENTIFIER);
    let base64 = sig
        .text
        .replace('*', "+")
        .replace('-', "/")
        .replace('_', "=");
    let bytes = BASE64_STANDARD.decode(&base64).expect("base64");
    let percent = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let wrapped = |text: &str, width: usize, end: &str| {
        let lines: Vec<&str> = (0..text.len())
            .step_by(width)
            .map(|at| &text[at..text.len().min(at + width)])
            .collect();
        lines.join(end)
    };
    let escaped = sig.text.replace('*', "\\u002a").replace('-', "\\x2d");
    for text in [
        sig.text.clone(),
        sig.text.to_lowercase(),
        sig.text.to_uppercase(),
        BASE64_URL_SAFE_NO_PAD.encode(&bytes),
        percent(&sig.text),
        percent(&base64),
        percent(&percent(&base64)),
        percent(&sig.url()),
        percent(&percent(&sig.url())),
        base64.replace('/', "\\/"),
        base64.replace('+', " "),
        base64.replace('+', "&#43;").replace('/', "&#x2F;"),
        escaped.replace('\\', "\\\\"),
        escaped,
        wrapped(&sig.text, 64, "\r\n"),
        wrapped(&sig.text, 20, "\\r\\n    "),
        wrapped(&base64, 5, "\n> "),
        wrapped(&sig.text, 4, "\u{200b}"),
        wrapped(&sig.text, 1, " "),
    ] {
        let clean = sig.redacted(&text);
        let left = clean.chars().filter(char::is_ascii_alphanumeric).count();
        assert!(
            clean.contains("[redacted]") && left < 120,
            "{text}\n{clean}"
        );
        sig.redacted(&format!("用户 {text} 已过期"));
    }
}

#[test]
fn the_signature_is_found_as_hex_base64_reversed_and_full_width() {
    let sig = signature_of(IDENTIFIER);
    let pairs =
        |bytes: &[u8]| -> Vec<String> { bytes.iter().map(|b| format!("{b:02x}")).collect() };
    let hex = |bytes: &[u8]| pairs(bytes).concat();
    let base64 = |text: &str| BASE64_STANDARD.encode(text);
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).expect("full width");
    let raw = BASE64_STANDARD.decode(sig.hmac()).expect("base64");
    for text in [
        hex(sig.text.as_bytes()),
        hex(sig.text.as_bytes()).to_uppercase(),
        hex(sig.json.as_bytes()),
        hex(&sig.text.as_bytes()[40..56]),
        pairs(sig.text.as_bytes()).join(":"),
        hex(sig.hmac().as_bytes()),
        hex(&raw),
        hex(&raw[8..24]),
        base64(&sig.text),
        base64(&sig.json),
        base64(&format!("a{}", sig.text)),
        base64(&format!("ab{}", sig.text)),
        base64(&format!("ab{}", &sig.text[40..56])),
        base64(sig.hmac()),
        BASE64_URL_SAFE_NO_PAD.encode(&sig.text),
        sig.text.trim_end_matches('_').chars().rev().collect(),
        sig.hmac().trim_end_matches('=').chars().rev().collect(),
        sig.text.chars().map(wide).collect(),
    ] {
        let clean = sig.redacted(&format!("bad: {text} (7)"));
        assert_eq!(clean, "bad: [redacted] (7)", "{text}");
        let clean = sig.redacted(&text);
        assert_eq!(clean, "[redacted]", "{text}");
    }
}

#[test]
fn what_follows_usersig_is_removed_however_short() {
    let sig = signature_of(IDENTIFIER);
    for (text, clean) in [
        ("usersig=eJx, no", "usersig=[redacted], no"),
        ("USERSIG=eJx no", "USERSIG=[redacted] no"),
        ("the UserSig: eJx is bad", "the UserSig: [redacted] is bad"),
        ("user_sig = x1 is bad", "user_sig = [redacted] is bad"),
        (
            r#"{"usersig":"x1","a":2}"#,
            r#"{"usersig":"[redacted]","a":2}"#,
        ),
        (
            r#"{\"usersig\": \"x1\"}"#,
            r#"{\"usersig\": \"[redacted]\"}"#,
        ),
        ("{'UserSig' => 'x1'}", "{'UserSig' => '[redacted]'}"),
        ("usersig%3DeJx%26a%3D1", "usersig%3D[redacted]%26a%3D1"),
        (
            "usersig%253deJx%2526random",
            "usersig%253d[redacted]%2526random",
        ),
        (
            "usersig&#61;eJx&amp;random",
            "usersig&#61;[redacted]&amp;random",
        ),
        (
            "usersig\\u003deJx\\u0026random",
            "usersig\\u003d[redacted]\\u0026random",
        ),
        ("usersig：eJx，无效", "usersig：[redacted]，无效"),
        ("user signature = abc;", "user signature = [redacted];"),
        (
            "UserSig eJabcdef has expired",
            "UserSig [redacted] has expired",
        ),
        ("<usersig>abc</usersig>", "<usersig>[redacted]</usersig>"),
        ("no usersig(eJabcdef)", "no usersig([redacted])"),
        ("/usersig/eJabcdef/", "/usersig/[redacted]"),
        ("usersig=%65Jx", "usersig=[redacted]"),
        ("?a=1&identifier=me&us…", "?[redacted]…"),
        ("…xyz__&random=7&contenttype=json.", "…[redacted]"),
        ("usersig%3DeJx%26random%3D1 no", "[redacted] no"),
    ] {
        assert_eq!(sig.redacted(text), clean);
    }
}

#[test]
fn ordinary_texts_stay() {
    let sig = signature_of(IDENTIFIER);
    for text in [
        "",
        "OK",
        "Id-d4e0a71869c84352ac3a730fda71cdb0-O-Seq-47158",
        "trace d4e0a71869c84352ac3a730fda71cdb0d4e0a71869c84352ac3a730fda71cdb0 of 7",
        "body eyJFcnJvckNvZGUiOjAsIkVycm9ySW5mbyI6IiIsIkFjdGlvblN0YXR1cyI6Ik9LIn0=",
        "UserSig expired",
        "the usersig is invalid, please check",
        "usersig=&no=1",
        "check the UserSig.",
        "TLS.identifier and TLS.sdkappid differ",
        "identifier administrator is not an administrator of 1400000000",
        "用户签名 usersig 无效",
        "100% of 25%25 & more \\ \\u \\",
        "no such room: usersignal-room",
    ] {
        assert_eq!(sig.redacted(text), text);
    }
    let long = signature_of("administrator-of-all-the-rooms");
    let text = "the identifier administrator-of-all-the-rooms is not imported";
    assert_eq!(long.redactor.redacted(text), None);
}

#[test]
fn the_decoded_json_is_removed() {
    let sig = signature_of(IDENTIFIER);
    let pretty: Value = serde_json::from_str(&sig.json).expect("JSON");
    let pretty = serde_json::to_string_pretty(&pretty).expect("JSON");
    for text in [
        format!("signed: {}", sig.json),
        format!("signed: {pretty}"),
        format!("signed: {}", sig.json.replace('"', "\\\"")),
        format!("TLS.sig is {}", sig.hmac()),
        format!(
            "TLS.sig is {}",
            sig.hmac().replace('+', "%2B").replace('/', "\\/")
        ),
        format!("TLS.sig begins with {}", &sig.hmac()[..16]),
        format!("…{}", &sig.json[30..50]),
    ] {
        assert!(sig.redacted(&text).contains("[redacted]"), "{text}");
    }
}

#[test]
fn every_field_of_an_answer_is_cleaned_names_and_lists_too() {
    let sig = signature_of(IDENTIFIER);
    let mut answer = Answer::parse(
        &json!({
            "ErrorCode": 0,
            "ErrorInfo": &sig.text[..40],
            "ActionStatus": {"usersig": "short"},
            "RequestId": [&sig.text],
            "Response": {
                "a": {&sig.text: [{"b": sig.url()}], "UserSig": "short", "c": 1},
                "usersig": null,
            },
        })
        .to_string(),
    )
    .expect("an answer");
    sig.redactor.clean(&mut answer);
    assert_eq!(answer.error_info, "[redacted]");
    assert_eq!(answer.request_id.as_deref(), Some("[\"[redacted]\"]"));
    assert_eq!(
        answer.action_status.as_deref(),
        Some(r#"{"usersig":"[redacted]"}"#)
    );
    let url = "https://host/v4/room_engine_http_srv/kick_user_out?[redacted]";
    assert_eq!(
        answer.response,
        json!({
            "a": {"[redacted]": [{"b": url}], "UserSig": "[redacted]", "c": 1},
            "usersig": null,
        })
    );
}

proptest! {
    /// It neither panics nor changes what has nothing to do with the signature.
    #[test]
    fn no_text_causes_a_panic(text in "(\\PC|[%\\\\&;=x0-9a-fA-F\n]|usersig|eJ|：|用){0,60}") {
        signature_of(IDENTIFIER).redacted(&text);
    }

    #[test]
    fn any_part_of_the_signature_in_any_text_is_removed(
        before in "\\PC{0,20}", after in "\\PC{0,20}", from in 0_usize..150, length in 16_usize..60,
    ) {
        let sig = signature_of(IDENTIFIER);
        let end = sig.text.len().min(from + length);
        let part = &sig.text[from..end];
        prop_assume!(part.len() >= 16);
        let clean = sig.redacted(&format!("{before}{part}{after}"));
        prop_assert!(clean.contains("[redacted]"));
    }
}

#[test]
fn a_signature_whose_content_is_not_ascii_is_found() {
    let (hmac, json) = ("é用户é用户é用户", "{\"TLS.sig\":\"é用户é用户é用户\"}");
    let redactor = Redactor::new("eJ用é", json, IDENTIFIER);
    let clean = redactor.redacted(&format!("sig {}", BASE64_STANDARD.encode(hmac)));
    assert_eq!(clean.as_deref(), Some("sig [redacted]"));
}
