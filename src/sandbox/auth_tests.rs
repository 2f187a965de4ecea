//! What the gateway accepts and refuses: the signature and the query string.

use super::*;
use crate::usersig::{Claims, sign};

const NOW: u64 = 1_700_000_000;

fn account() -> Account {
    Account {
        sdkappid: 1_400_000_001,
        identifier: "administrator".into(),
        secret_key: SecretKey::new("key"),
    }
}

/// A call whose signature says `signed` and whose URL says `url`.
fn code(signed: (&str, u32, &str, u64), url: (&str, u32)) -> u32 {
    let claims = Claims {
        identifier: signed.0.into(),
        sdkappid: signed.1,
        time: signed.3,
        expire: 60,
        userbuf: None,
    };
    let sig = sign(&claims, &SecretKey::new(signed.2));
    code_of_sig(sig.expose(), url)
}

fn code_of_sig(sig: &str, url: (&str, u32)) -> u32 {
    let (identifier, sdkappid) = url;
    let target = format!(
        "/v4/room_engine_http_srv/kick_user_out?sdkappid={sdkappid}&identifier={identifier}&usersig={sig}&random=1&contenttype=json"
    );
    code_of("POST", &target)
}

fn code_of(method: &str, target: &str) -> u32 {
    let request = Request {
        method: method.into(),
        target: target.into(),
        ..Request::default()
    };
    authorize(&account(), NOW, &request).map_or_else(|refusal| refusal.code, |_| 0)
}

const ADMIN: (&str, u32) = ("administrator", 1_400_000_001);

#[test]
fn the_administrator_with_a_live_signature_passes() {
    assert_eq!(code((ADMIN.0, ADMIN.1, "key", NOW), ADMIN), 0);
    assert_eq!(
        code((ADMIN.0, ADMIN.1, "key", NOW + 500), ADMIN),
        0,
        "future"
    );
}

#[test]
fn only_post_and_only_known_paths() {
    assert_eq!(
        code_of("GET", "/v4/room_engine_http_srv/kick_user_out"),
        60_002
    );
    assert_eq!(
        code_of("post", "/v4/room_engine_http_srv/kick_user_out"),
        60_002
    );
    for path in [
        "/",
        "/v4/room_engine_http_srv/",
        "/v4/room_engine_http_srv/Kick_User_Out",
    ] {
        assert_eq!(code_of("POST", path), 60_009, "{path}");
    }
    assert_eq!(
        code_of("POST", "/v4/live_engine_http_srv/kick_user_out"),
        60_009
    );
    assert_eq!(
        code_of("POST", "/v4/room_engine_http_srv/kick_user_out"),
        60_012
    );
}

#[test]
fn unparsable_signatures_are_70003() {
    assert_eq!(code_of_sig("eJ-truncated", ADMIN), 70_003);
}

#[test]
fn the_signed_claims_must_equal_the_url() {
    assert_eq!(code(("other", ADMIN.1, "key", NOW), ADMIN), 70_013);
    assert_eq!(code(("Administrator", ADMIN.1, "key", NOW), ADMIN), 70_013);
    assert_eq!(code((ADMIN.0, 14, "key", NOW), ADMIN), 70_014);
}

#[test]
fn the_hmac_is_checked_before_the_expiry() {
    assert_eq!(code((ADMIN.0, ADMIN.1, "other", NOW - 61), ADMIN), 70_009);
    assert_eq!(code((ADMIN.0, ADMIN.1, "key", NOW - 61), ADMIN), 70_001);
    assert_eq!(code((ADMIN.0, ADMIN.1, "key", NOW - 60), ADMIN), 0);
}

#[test]
fn unknown_apps_and_accounts_have_their_own_codes() {
    assert_eq!(
        code(("administrator", 14, "key", NOW), ("administrator", 14)),
        70_020
    );
    assert_eq!(
        code(("user1", ADMIN.1, "key", NOW), ("user1", ADMIN.1)),
        60_010
    );
}

const GOOD: &str = "sdkappid=14&identifier=admin%20a%26b&usersig=eJ*-_&random=0&contenttype=json";

fn query_code(query: &str) -> u32 {
    parse_query(query).map_or_else(|refusal| refusal.code, |_| 0)
}

#[test]
fn the_documented_query_is_read() {
    let caller = parse_query(GOOD).expect("good");
    assert_eq!(caller.sdkappid, 14);
    assert_eq!(caller.identifier, "admin a&b");
    assert_eq!(caller.usersig, "eJ*-_");
}

#[test]
fn every_parameter_is_mandatory_and_not_empty() {
    for (name, refused) in KNOWN.iter().zip([60_012, 60_025, 60_025, 60_025, 60_025]) {
        let rest = GOOD.split('&').filter(|pair| !pair.starts_with(name));
        let without = rest.collect::<Vec<_>>().join("&");
        assert_eq!(query_code(&without), refused, "no {name}");
        assert_eq!(
            query_code(&format!("{without}&{name}=")),
            refused,
            "empty {name}"
        );
    }
    assert_eq!(query_code(""), 60_012);
}

#[test]
fn names_and_values_are_case_sensitive() {
    assert_eq!(query_code(&GOOD.replace("sdkappid", "SDKAppID")), 60_012);
    assert_eq!(query_code(&GOOD.replace("random", "Random")), 60_025);
    assert_eq!(query_code(&GOOD.replace("=json", "=JSON")), 60_025);
}

#[test]
fn sdkappid_is_a_positive_u32() {
    for bad in ["0", "-1", "x", "14a", "4294967296", "1.0"] {
        let query = GOOD.replace("sdkappid=14", &format!("sdkappid={bad}"));
        assert_eq!(query_code(&query), 60_006, "{bad}");
    }
}

#[test]
fn random_is_a_u32() {
    for bad in ["-1", "4294967296", "0x1", "1.5", "%2B1"] {
        let query = GOOD.replace("random=0", &format!("random={bad}"));
        assert_eq!(query_code(&query), 60_025, "{bad}");
    }
    assert_eq!(
        query_code(&GOOD.replace("random=0", "random=4294967295")),
        0
    );
}

#[test]
fn undocumented_and_repeated_parameters_are_refused() {
    assert_eq!(query_code(&format!("{GOOD}&apn=1")), 60_025);
    assert_eq!(query_code(&format!("{GOOD}&random=1")), 60_025, "twice");
    assert_eq!(query_code(&format!("{GOOD}&sdkappid=14")), 60_025, "twice");
}

#[test]
fn encodings_are_strict() {
    assert_eq!(query_code(&GOOD.replace("%20", "+")), 60_025);
    assert_eq!(query_code(&GOOD.replace("%20", "%2x")), 60_025);
    assert_eq!(query_code(&GOOD.replace("%20", "%ff")), 60_025);
}
