//! An expired signature is renewed once, if the key is here; the hints of a
//! rejection name clock, region, or an app and key that do not match.

use roomctl::secret::UserSig;
use roomctl::usersig::decode;

use crate::support::{Authority, Done, Home, KEY, OK, Reply, Request, Roomctl, Sandbox};
use crate::support::{SDKAPPID, Server, TunnelProxy, any, fail, has, lacks};

const KICK: &str = "-r room-test -u user1 -m spam -o json";

fn expired(date: &str) -> Reply {
    Reply::http("200 OK", &format!("Date: {date}\r\n"), &fail(70_001))
}

/// The signature in a request.
fn sig(request: &Request) -> UserSig {
    let (_, rest) = request.target.split_once("usersig=").expect("a query");
    let sig = rest.split('&').next().expect("a value");
    UserSig::new(sig)
}

fn hint(done: &Done) -> String {
    let error = done.error().expect("an error");
    error["error"]["hint"].as_str().expect("a hint").to_owned()
}

#[test]
fn an_expired_signature_is_renewed_once_and_that_is_a_retry() {
    let server = Server::answering([Reply::json(&fail(70_001)), Reply::json(OK)]);
    let done = server.kick(KICK).stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.result()["Outcome"], "removed");
    assert_eq!(done.result()["Attempts"], 2);
    assert_eq!(done.summary()["summary"]["Retries"], 1);
    for request in server.requests() {
        let claims = decode(&sig(&request)).expect("a signature").claims;
        assert_eq!((claims.sdkappid, claims.expire), (SDKAPPID, 86_400));
    }
}

#[test]
fn a_second_expiry_is_a_rejection() {
    let server = Server::answering([Reply::json(&fail(70_001))]);
    let done = server.kick(KICK).stdout(any()).stderr(any()).exits(4);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(done.result()["Outcome"], "refused");
}

#[test]
fn a_ready_made_signature_is_not_renewed() {
    let server = Server::answering([Reply::json(&fail(70_001))]);
    let sandbox = Sandbox::untouched();
    let sig = sandbox.usersig(3600);
    let app = sandbox.sdkappid().to_string();
    let kick = server.kick(KICK).env_remove("ROOMCTL_SECRET_KEY");
    let kick = kick
        .env("ROOMCTL_SDKAPPID", app)
        .env("ROOMCTL_USERSIG", &sig);
    kick.secret(sig).stdout(any()).stderr(any()).exits(4);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_lifetime_is_that_of_the_expire_flag() {
    let server = Server::answering([Reply::json(OK)]);
    let kick = server.kick(KICK).args("--expire 60s");
    kick.stdout(any()).stderr(any()).exits(0);
    let claims = decode(&sig(&server.requests()[0]))
        .expect("a signature")
        .claims;
    assert_eq!(claims.expire, 60);
    for short in ["59s", "0s", "1ms"] {
        let kick = Roomctl::new("kick -r r -u u -m x --sdkappid 7 --identifier a");
        let kick = kick
            .env("ROOMCTL_SECRET_KEY", KEY)
            .args("-n --expire")
            .arg(short);
        kick.stderr(has(["--expire"])).exits(2);
    }
}

#[test]
fn a_wrong_clock_is_reported_with_its_difference() {
    for (date, message) in [
        ("Tue, 14 Nov 2000 22:13:20 GMT", "ahead of the service's"),
        ("Tue, 14 Nov 2090 22:13:20 GMT", "behind the service's"),
    ] {
        let server = Server::answering([expired(date)]);
        let done = server.kick(KICK).stdout(any()).stderr(any()).exits(4);
        assert!(hint(&done).contains(message), "{done}");
        assert!(hint(&done).contains("clock is "), "{done}");
    }
}

#[test]
fn a_right_clock_is_not_named_as_the_cause() {
    let now = httpdate::fmt_http_date(std::time::SystemTime::now());
    for date in [now.as_str(), "yesterday"] {
        let server = Server::answering([expired(date)]);
        let done = server.kick(KICK).stdout(any()).stderr(any()).exits(4);
        assert!(!hint(&done).contains("clock is "), "{done}");
    }
}

/// The hint when the host of this region gives this answer.
fn in_region(region: &str, host: &str, sdkappid: u32, code: i64) -> String {
    let (authority, home) = (Authority::new(), Home::new());
    let server = Server::secure(&authority, &[host], [Reply::json(&fail(code))]);
    let tunnel = TunnelProxy::to(server.address());
    let kick = server.kick(KICK).env_remove("ROOMCTL_ENDPOINT");
    let kick = kick.env("HTTPS_PROXY", format!("http://{}", tunnel.address()));
    let kick = kick.env("ROOMCTL_SDKAPPID", sdkappid.to_string());
    let kick = kick.env("ROOMCTL_REGION", region);
    let kick = kick.arg("--ca-file").arg(authority.file(&home));
    hint(&kick.stdout(any()).stderr(any()).exits(4))
}

#[test]
fn the_hint_for_a_wrong_region_names_the_likely_one() {
    let singapore = "adminapisgp.im.qcloud.com";
    for code in [60_026, 70_016, 70_020] {
        let hint = in_region("", singapore, 1_400_000_007, code);
        assert!(hint.contains("try --region china"), "{code}: {hint}");
        let hint = in_region("china", "console.tim.qq.com", 20_000_007, code);
        assert!(hint.contains("try --region singapore"), "{code}: {hint}");
        let hint = in_region("", singapore, 20_000_007, code);
        assert!(!hint.contains("try --region"), "{code}: {hint}");
    }
    let hint = in_region("", singapore, 1_400_000_007, 70_009);
    assert!(!hint.contains("try --region"), "{hint}");
}

#[test]
fn app_and_key_of_different_sources_are_named_with_them() {
    let server = Server::answering([Reply::json(&fail(70_009))]);
    let kick = server.kick("-r r -u u -m spam").args("--sdkappid 7");
    let expected = has(["flag --sdkappid", "environment ROOMCTL_SECRET_KEY"]);
    kick.stdout(any()).stderr(expected).exits(4);
    let kick = server.kick("-r r -u u -m spam");
    let expected = lacks(["environment ROOMCTL_SECRET_KEY"]);
    kick.stdout(any()).stderr(expected).exits(4);
}
