//! Identifiers and keys as users type them. The official libraries sign
//! anything; values that the service never accepts, or that would forge lines
//! of the signed text, are refused before anything is sent.

use roomctl::secret::{SecretKey, UserSig};
use roomctl::usersig::{Decoded, decode};
use serde_json::Value;

use crate::support::{Home, KEY, OK, Reply, Sandbox, Server, any, has};

const KICK: &str = "-r room-test -u user1 -m spam";

/// A value of one of the vectors.
fn vector(case: &str, field: &str) -> String {
    let text = include_str!("../data/usersig_vectors.json");
    let vectors: Value = serde_json::from_str(text).expect("the vectors");
    let cases = vectors["cases"].as_array().expect("cases");
    let found = cases.iter().find(|found| found["case"] == case);
    let value = &found.expect("a case of that name")[field];
    value.as_str().expect("a text").to_owned()
}

/// Identifiers of the vectors that the command line must refuse.
const ODD: [&str; 7] = [
    "non_ascii_cjk",
    "non_ascii_latin",
    "emoji_astral",
    "newline_injection",
    "tab_control",
    "len33",
    "len256",
];

#[test]
fn an_invalid_identifier_is_exit_2_from_the_flag_and_3_from_elsewhere() {
    for case in ODD {
        let identifier = vector(case, "identifier");
        let sandbox = Sandbox::untouched();
        let flag = sandbox.kick(KICK).arg("--identifier").arg(&identifier);
        flag.stderr(has(["--identifier"])).exits(2);
        let variable = sandbox.kick(KICK).env("ROOMCTL_IDENTIFIER", &identifier);
        variable.stderr(has(["ROOMCTL_IDENTIFIER"])).exits(3);
        let home = Home::new();
        let quoted = serde_json::to_string(&identifier).expect("a string");
        home.config(&format!("[profiles.p]\nidentifier = {quoted}\n"));
        let profile = sandbox.kick(KICK).home(&home).args("--profile p");
        profile.stderr(has(["config.toml:2: identifier"])).exits(3);
    }
}

#[test]
fn limits_are_reported_in_bytes() {
    let sandbox = Sandbox::untouched();
    let long = vector("len33", "identifier");
    let kick = sandbox.kick(KICK).arg("--identifier").arg(long);
    kick.stderr(has(["33 of 32 bytes"])).exits(2);
    let kick = sandbox.kick("-r room-test -m spam -u").arg("u".repeat(33));
    kick.stderr(has(["--user", "33 of 32 bytes"])).exits(2);
    let kick = sandbox.kick("-u user1 -m spam -r").arg("r".repeat(49));
    kick.stderr(has(["--room", "49 of 48 bytes"])).exits(2);
    let kick = sandbox
        .kick("-r room-test -u user1 -m")
        .arg("é".repeat(501));
    kick.stderr(has(["--reason", "1002 of 1000 bytes"]))
        .exits(2);
}

#[test]
fn the_longest_names_are_accepted() {
    let server = Server::answering([Reply::json(OK)]);
    let kick = server
        .kick("-r")
        .arg("r".repeat(48))
        .arg("-u")
        .arg("u".repeat(32));
    let kick = kick.arg("-m").arg("é".repeat(500)).arg("--identifier");
    kick.arg("~ ".repeat(16))
        .stdout(any())
        .stderr(any())
        .exits(0);
}

/// The signature that a kick with this variable sends.
fn signature(variable: &str, value: &str) -> Decoded {
    let server = Server::answering([Reply::json(OK)]);
    let kick = server.kick(KICK).env_remove("ROOMCTL_SECRET_KEY");
    let kick = kick.env(variable, value).secret(value.trim());
    kick.stdout(any()).stderr(any()).exits(0);
    let target = server.requests().remove(0).target;
    let sig = target
        .split('&')
        .find_map(|pair| pair.strip_prefix("usersig="));
    decode(&UserSig::new(sig.expect("a signature"))).expect("a UserSig")
}

#[test]
fn white_space_after_a_key_is_ignored() {
    for case in ["key_trailing_space", "key_trailing_newline"] {
        let key = vector(case, "key");
        let trimmed = SecretKey::new(key.trim());
        assert!(
            signature("ROOMCTL_SECRET_KEY", &key).is_signed_with(&trimmed),
            "{case}"
        );
        let home = Home::new();
        let file = home.file("key", &key);
        assert!(
            signature("ROOMCTL_SECRET_KEY_FILE", &file).is_signed_with(&trimmed),
            "{case}"
        );
    }
}

#[test]
fn a_key_of_an_unusual_form_works_with_a_warning() {
    for case in ["key_uppercase_hex", "key_one_char"] {
        let server = Server::answering([Reply::json(OK)]);
        let kick = server
            .kick(KICK)
            .env("ROOMCTL_SECRET_KEY", vector(case, "key"));
        kick.stdout(any())
            .stderr(has(["warning: ", "64 lower-case hex"]))
            .exits(0);
    }
    let server = Server::answering([Reply::json(OK)]);
    let kick = server
        .kick(KICK)
        .arg("-q")
        .env("ROOMCTL_SECRET_KEY", format!("\u{feff}{KEY}\r\n"));
    kick.stdout(any()).exits(0);
}
