//! Tests of what a body is that is not an answer.

use super::*;
use crate::api::Answer;

#[test]
fn a_foreign_body_is_described_by_its_kind() {
    for (status, body, expected) in [
        (302, "{", "a redirect, which is never followed"),
        (200, " \n", "an empty body"),
        (
            502,
            " <html>",
            "a web page: a proxy, a captive portal or a gateway in between?",
        ),
        (200, r#"{"ErrorCode":0,"Act"#, "JSON that ends too early"),
        (
            200,
            r#"{"ErrorCode":"0"}"#,
            "JSON without a usable ErrorCode",
        ),
        (200, "{}", "JSON without a usable ErrorCode"),
        (200, "{]", "not JSON"),
        (200, "busy", "not JSON"),
    ] {
        let why = Answer::parse(body).expect_err(body);
        let status = StatusCode::from_u16(status).expect("a status");
        let what = describe_foreign_body(status, body.as_bytes(), &why);
        assert_eq!(what, expected, "{body}");
    }
}
