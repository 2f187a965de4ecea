//! Fuzz target: an answer of the service, as the client reads it.
//!
//! The first line has the HTTP status and `Retry-After`, the rest is the body.
//! [`SECRET_MARK`] in it becomes the signature of the request.

use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;
use ureq::http::{self, HeaderValue};

use super::codes::Class;
use super::queries::{QueryAnswer, member_page, room_info};
use super::signer::{Signed, Signer, SigningMaterial};
use super::wire::Answer;
use super::{Error, client};
use crate::fuzz::{SECRET, SECRET_MARK, first_line};
use crate::room::UserId;
use crate::secret::SecretKey;

static SIGNED: LazyLock<std::sync::Arc<Signed>> = LazyLock::new(|| {
    let material = SigningMaterial::Key {
        key: SecretKey::new(SECRET),
        lifetime: Duration::from_secs(86_400),
    };
    let identifier = UserId::parse("administrator").expect("an identifier");
    Signer::new(1_400_000_000, identifier, material).signed(UNIX_EPOCH)
});

pub(crate) fn check(data: &[u8]) {
    let (head, body) = first_line(data);
    let (status, retry_after) = head.split_once(' ').unwrap_or((&head, ""));
    let status: u16 = status.parse().unwrap_or(200);
    let mut response = http::Response::builder().status(status);
    if let Ok(value) = HeaderValue::from_str(retry_after) {
        response = response.header("retry-after", value);
    }
    let Ok(response) = response.body(()) else {
        return;
    };
    let text = String::from_utf8_lossy(body);
    let text = text.replace(SECRET_MARK, SIGNED.sig.expose());
    match client::read(&response, text.as_bytes()) {
        Ok(answer) => check_answer(answer, status, &text),
        Err(error) => check_error(&error, &text),
    }
}

/// The rule of the contract, read from the same text by another parser. It keeps the
/// last of equal keys, and does not read what is nested very deeply.
fn check_answer(answer: Answer, status: u16, text: &str) {
    let is_done = answer.class() == Class::Done;
    assert!(!is_done || answer.error_code == 0);
    if let Ok(value) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
        let fields = value.as_object().expect("an answer is an object");
        let code = fields.get("ErrorCode").expect("an answer has a code");
        let is_zero = code.as_i64() == Some(0) || *code == -0.0;
        assert!(
            code.as_i64() == Some(answer.error_code) || is_zero,
            "{code}"
        );
        let words = fields.get("ActionStatus");
        let is_ok = words.is_none_or(|words| words.is_null() || words == "OK");
        assert!(!is_done || (is_zero && is_ok), "{text}");
        let is_single = text.matches("ActionStatus").count() <= 1 && !text.contains('\\');
        assert_eq!(
            is_done || !is_single,
            (is_zero && is_ok) || !is_single,
            "{text}"
        );
        let is_bare = words.is_none_or(Value::is_null);
        assert!(
            !(is_done && is_bare && is_single) || (200..300).contains(&status),
            "{text}"
        );
    }
    check_pages(&answer);
    let mut answer = answer;
    SIGNED.redactor.clean(&mut answer);
    check_redacted(&format!("{answer:?}"));
}

/// Only a success has data, and every member in it a name.
fn check_pages(answer: &Answer) {
    let is_done = answer.class() == Class::Done;
    if let Ok(QueryAnswer::Data(page)) = member_page(answer.clone()) {
        assert!(is_done);
        assert!(
            page.items
                .iter()
                .all(|item| item["Member_Account"].is_string())
        );
        assert_ne!(page.next.as_deref(), Some(""));
    }
    if let Ok(QueryAnswer::Data(_)) = room_info(answer.clone()) {
        assert!(is_done);
    }
}

/// What is not an answer decides nothing.
fn check_error(error: &Error, text: &str) {
    assert!(
        matches!(error.class(), Class::Doubt | Class::Slow),
        "{error:?}: {text}"
    );
    assert!(!error.to_string().is_empty());
    let shown = format!("{error} {error:?}");
    check_redacted(&shown);
    // The service never has the key, so its answers may hold any text like it.
    assert!(!shown.contains(SECRET), "{shown}");
}

fn check_redacted(shown: &str) {
    let part = &SIGNED.sig.expose()[..40];
    assert!(!shown.contains(part), "{shown}");
}
