//! Credentials that the service rejects: exit 4, with the next thing to do.

use roomctl::sandbox::Options;
use serde_json::Value;

use crate::support::{Done, Home, KEY, Reply, Roomctl, Sandbox, Server, any, fail, has};

const KICK: &str = "-r room-test -u user1 -m spam -o json";

/// Code and outcome of the only result.
fn reported(done: &Done) -> (Value, Value) {
    let result = done.result();
    assert_eq!(
        done.error().expect("an error")["error"]["kind"],
        "credentials"
    );
    (result["ErrorCode"].clone(), result["Outcome"].clone())
}

fn hint(done: &Done) -> String {
    let error = done.error().expect("an error");
    error["error"]["hint"].as_str().expect("a hint").to_owned()
}

#[test]
fn the_key_of_another_app_is_70009_and_the_hint_names_app_and_key() {
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick(KICK)
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY);
    let done = kick.stdout(any()).stderr(any()).exits(4);
    assert_eq!(reported(&done), (70_009.into(), "refused".into()));
    let hint = hint(&done);
    assert!(hint.contains("SDKAppID") && hint.contains("key"), "{hint}");
}

#[test]
fn the_hint_names_the_sources_of_app_and_key_when_they_differ() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let app = sandbox.sdkappid();
    home.config(&format!(
        "default_profile = \"p\"\n[profiles.p]\nsdkappid = {app}\n"
    ));
    let kick = sandbox
        .kick(KICK)
        .home(&home)
        .env_remove("ROOMCTL_SDKAPPID");
    let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).secret(KEY);
    let hint = hint(&kick.stdout(any()).stderr(any()).exits(4));
    let both = ["profile p", "config.toml:3", "ROOMCTL_SECRET_KEY"];
    assert!(both.iter().all(|place| hint.contains(place)), "{hint}");
}

#[test]
fn the_hint_for_a_caller_that_is_not_an_administrator() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick(KICK).args("--identifier user7");
    let done = kick.stdout(any()).stderr(any()).exits(4);
    assert_eq!(reported(&done), (60_010.into(), "refused".into()));
    assert!(hint(&done).contains("administrator"));
}

#[test]
fn the_hint_for_an_unknown_app_names_the_region() {
    let sandbox = Sandbox::with(Options::default());
    let kick = sandbox.kick(KICK).args("--sdkappid 1400000002");
    let done = kick.stdout(any()).stderr(any()).exits(4);
    assert!(
        done.result()["ErrorCode"]
            .as_i64()
            .is_some_and(|code| (70_000..71_000).contains(&code))
    );
    let server = Server::answering([Reply::json(&fail(60_026))]);
    let done = server.kick(KICK).stdout(any()).stderr(any()).exits(4);
    assert!(hint(&done).contains("--region"), "{done}");
}

#[test]
fn one_rejection_stops_the_whole_job() {
    let server = Server::answering([Reply::json(&fail(70_009))]);
    let kick = server
        .kick("-u user1 -m spam -o json --rate 1")
        .many("-r", "r", 30);
    let done = kick.stdout(any()).stderr(any()).exits(4);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(done.results().len(), 30, "every member is reported");
    let summary = &done.summary()["summary"];
    assert_eq!(
        (&summary["refused"], &summary["unsent"]),
        (&1.into(), &29.into())
    );
    let unsent = &done.results()[29];
    assert!(
        unsent["ErrorCode"].is_null() && unsent["Attempts"] == 0,
        "{unsent}"
    );
}

#[test]
fn text_is_an_error_and_a_hint() {
    let sandbox = Sandbox::demo();
    let kick: Roomctl = sandbox.kick("-r room-test -u user1 -m spam --identifier user7");
    let reported = has(["error: ", "60010", "hint: ", "administrator", "1 refused"]);
    kick.stdout(has(["refused: ", "ErrorCode: 60010"]))
        .stderr(reported)
        .exits(4);
}
