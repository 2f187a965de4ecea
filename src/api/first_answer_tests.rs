//! What the tables would remove, the first answer does not show either.

use super::*;
use crate::secret::SecretKey;
use crate::usersig::{self, Claims};

fn signed() -> (UserSig, SecretString) {
    let claims = Claims {
        identifier: "administrator".into(),
        sdkappid: 1_400_000_000,
        time: 1_700_000_000,
        expire: 86_400,
        userbuf: None,
    };
    usersig::sign_with_content(&claims, &SecretKey::new("key"))
}

fn lazy() -> LazyRedactor {
    let (sig, json) = signed();
    LazyRedactor::new(sig, json, "administrator")
}

fn success(id: &str) -> Answer {
    let json =
        serde_json::json!({"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": "", "RequestId": id});
    Answer::parse(&json.to_string()).expect("an answer")
}

#[test]
fn a_usual_request_id_needs_no_tables_once() {
    let lazy = lazy();
    for expects_tables in [false, true] {
        let id = "Id-d4e0a71869c84352ac3a730fda71cdb0-O-Seq-47158";
        let mut answer = success(id);
        lazy.clean(&mut answer);
        assert_eq!(answer.request_id.as_deref(), Some(id));
        assert_eq!(lazy.redactor.get().is_some(), expects_tables);
    }
}

#[test]
fn the_first_answer_is_cleaned_as_every_other() {
    let (sig, json) = signed();
    let (sig, hmac) = (sig.expose(), hmac_of(json.expose_secret()));
    let redactor = Redactor::new(sig, json.expose_secret(), "administrator");
    let raw = BASE64_STANDARD
        .decode(standard_base64(sig))
        .expect("base64");
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    };
    let again = BASE64_STANDARD.encode(&sig[1..40]);
    let mut texts: Vec<String> = Vec::new();
    for whole in [
        sig.to_owned(),
        hmac.to_owned(),
        sig.chars().rev().collect(),
        sig.to_uppercase(),
        hex(sig.as_bytes()),
        hex(hmac.as_bytes()),
        hex(&raw),
        again,
        json.expose_secret().to_owned(),
    ] {
        let chars: Vec<char> = whole.chars().collect();
        for length in [9, 12, 16, 20, 24, 32, 33, 40, 64] {
            let parts = chars.windows(length).step_by(3);
            texts.extend(parts.map(|part| part.iter().collect()));
        }
    }
    texts.extend(
        texts
            .clone()
            .iter()
            .map(|text| format!("Id-{text}-O-Seq-1")),
    );
    for text in texts {
        let (mut lazily, mut directly) = (success(&text), success(&text));
        lazy().clean(&mut lazily);
        redactor.clean(&mut directly);
        assert_eq!(lazily, directly, "{text}");
    }
}

#[test]
fn other_texts_are_left_to_the_tables() {
    for json in [
        r#"{"ErrorCode":0,"ErrorInfo":"a longer text"}"#,
        r#"{"ErrorCode":0,"RequestId":"a b c d e f g"}"#,
        r#"{"ErrorCode":0,"RequestId":"a--b--c--d"}"#,
        r#"{"ErrorCode":0,"Response":{}}"#,
        r#"{"ErrorCode":0,"ActionStatus":"ABCDEFGHI"}"#,
    ] {
        let lazy = lazy();
        lazy.clean(&mut Answer::parse(json).expect("an answer"));
        assert!(lazy.redactor.get().is_some(), "{json}");
    }
}
