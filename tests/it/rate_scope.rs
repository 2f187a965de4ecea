//! `--rate-scope` as a setting: its sources, its secret, who accepts it, what it leaves
//! alone.

use std::fs;
use std::path::PathBuf;

use crate::support::{DoctorReport, Home, Roomctl, Sandbox, UntouchedPort, any, has, is, lacks};

/// The files of shared rates in a home.
fn state_files(home: &Home) -> Vec<PathBuf> {
    let folder = fs::read_dir(home.path().join(".local/state/roomctl"));
    let entries = folder.into_iter().flatten();
    entries
        .map(|entry| entry.expect("readable").path())
        .collect()
}

fn one(sandbox: &Sandbox, home: &Home) -> Roomctl {
    sandbox.kick("-r room-test -u user1 -m x").home(home)
}

#[test]
fn a_wrong_scope_is_exit_2_or_3_with_a_suggestion_and_is_not_repeated() {
    let sandbox = Sandbox::untouched();
    let home = Home::new();
    for word in [
        "hots",
        "canary",
        "redis://u:canary@h:0",
        "redis://u:canary@h/x",
    ] {
        let given = || one(&sandbox, &home).secret("canary");
        let part = has(["--rate-scope", "hint: "]);
        given().args("--rate-scope").arg(word).stderr(part).exits(2);
        let part = has(["ROOMCTL_RATE_SCOPE", "hint: "]);
        given()
            .env("ROOMCTL_RATE_SCOPE", word)
            .stderr(part)
            .exits(3);
    }
    let kick = one(&sandbox, &home).args("--rate-scope hots");
    kick.stderr(has(["did you mean host?"])).exits(2);
    let config = home.config("[profiles.p]\nrate_scope = \"hots\"\n");
    let kick = one(&sandbox, &home)
        .args("--profile p")
        .env("ROOMCTL_CONFIG", config);
    kick.stderr(has([":2: rate_scope: ", "did you mean host?"]))
        .exits(3);
}

#[test]
fn flag_variable_and_profile_follow_the_precedence() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let config = home.config("default_profile = \"p\"\n[profiles.p]\nrate_scope = \"host\"\n");
    let kick = || {
        one(&sandbox, &home)
            .args("-v --ignore-absent")
            .env("ROOMCTL_CONFIG", &config)
    };
    let source = |text: &str| has([text]);
    let from_profile = kick()
        .stdout(any())
        .stderr(source("rate_scope: host (profile p"));
    from_profile.exits(0);
    let kick = || kick().env("ROOMCTL_RATE_SCOPE", "process").stdout(any());
    kick()
        .stderr(source(
            "rate_scope: process (environment ROOMCTL_RATE_SCOPE)",
        ))
        .exits(0);
    let flag = kick().args("--rate-scope host");
    flag.stderr(source("rate_scope: host (flag --rate-scope)"))
        .exits(0);
}

#[test]
fn other_commands_refuse_the_flag_and_ignore_the_variable() {
    let sandbox = Sandbox::demo();
    for command in [
        "members --room room-test",
        "bans --room room-test",
        "info --room room-test",
    ] {
        let refused = sandbox.roomctl(command).args("--rate-scope host");
        refused.stderr(has(["--rate-scope", "hint: "])).exits(2);
        let home = Home::new();
        let ignored = sandbox
            .roomctl(command)
            .home(&home)
            .stdout(any())
            .stderr(any());
        ignored.env("ROOMCTL_RATE_SCOPE", "host").exits(0);
        assert!(state_files(&home).is_empty());
    }
}

#[test]
fn a_password_is_warned_of_on_the_command_line_and_shown_nowhere() {
    let sandbox = Sandbox::untouched();
    let home = Home::new();
    let url = "redis://me:canary@127.0.0.1:6379/1";
    let plan = || {
        one(&sandbox, &home)
            .args("-n -v")
            .secret("canary")
            .stdout(any())
    };
    let warning = "--rate-scope: others can see the password";
    let shown = "[redacted]@127.0.0.1:6379/1 (flag --rate-scope)";
    let flag = plan().args("--rate-scope").arg(url);
    flag.stderr(has([warning, shown])).exits(0);
    let variable = plan().env("ROOMCTL_RATE_SCOPE", url);
    variable.stderr(lacks([warning])).exits(0);
    let config = home.config(&format!("[profiles.p]\nrate_scope = \"{url}\"\n"));
    let show = Roomctl::new("profile show p")
        .home(&home)
        .env("ROOMCTL_CONFIG", &config);
    let show = show
        .secret("canary")
        .stdout(has(["rate_scope: ", "[redacted]@127.0.0.1:6379/1"]));
    show.exits(0);
    let typo = one(&sandbox, &home)
        .secret("canary")
        .args("--rate-scop")
        .arg(url);
    typo.stderr(any()).exits(2);
}

#[test]
fn a_profile_with_a_password_must_be_private_and_one_without_need_not_be() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let text = |scope: &str| format!("[profiles.p]\nrate_scope = \"{scope}\"\n");
    let kick = |config: &str| {
        one(&sandbox, &home)
            .args("--profile p")
            .env("ROOMCTL_CONFIG", config)
    };
    let secret = home.file_of_mode("secret.toml", text("redis://:canary@127.0.0.1:1"), 0o644);
    let refused = kick(&secret).secret("canary");
    refused.stderr(has(["chmod"])).exits(3);
    let plain = home.file_of_mode("plain.toml", text("host"), 0o644);
    kick(&plain).stdout(any()).stderr(any()).exits(0);
}

#[test]
fn a_dry_run_shows_the_scope_and_touches_neither_file_nor_network() {
    let sandbox = Sandbox::untouched();
    let home = Home::new();
    let plan = one(&sandbox, &home).args("-n --rate-scope host");
    plan.stdout(has(["rate scope: ", "all roomctl processes"]))
        .exits(0);
    let plan = one(&sandbox, &home).args("-n -o json --rate-scope host");
    plan.stdout(has(["\"RateScope\":\"host\""])).exits(0);
    assert!(state_files(&home).is_empty());
    let port = UntouchedPort::new();
    let url = port.endpoint().replace("http", "redis");
    let plan = one(&sandbox, &home).args("-n --rate-scope").arg(url);
    plan.stdout(has([
        "rate scope: ",
        "all roomctl processes that use redis://127.0.0.1:",
    ]))
    .exits(0);
    let plan = one(&sandbox, &home).args("-n").stdout(lacks(["shared"]));
    plan.exits(0);
}

#[test]
fn without_a_scope_no_file_is_made() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    one(&sandbox, &home).stdout(any()).stderr(any()).exits(0);
    assert!(!home.path().join(".local").exists());
}

#[test]
fn host_without_a_home_or_with_an_unusable_one_is_exit_3_and_sends_nothing() {
    let sandbox = Sandbox::untouched();
    let home = Home::new();
    let file = home.file("state", "");
    let kick = || one(&sandbox, &home).args("--rate-scope host");
    let hint = ["HOME", "XDG_STATE_HOME", "--rate-scope process"];
    kick().env("HOME", "").stderr(has(hint)).exits(3);
    let kick = kick().env("XDG_STATE_HOME", &file);
    kick.stderr(has(["/state", "hint: ", "--rate-scope process"]))
        .exits(3);
}

#[test]
fn doctor_shows_the_shared_rate_and_reserves_nothing() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let doctor = |words: &str| sandbox.roomctl("doctor").args(words).home(&home);
    let report = DoctorReport::of_shared(doctor("--rate-scope host"), 0);
    let report = report.found("rate_scope", [".local/state/roomctl/rate-", "not in use"]);
    assert_eq!(report.link("rate_scope")["Data"]["Scope"], "host");
    let files = state_files(&home);
    assert_eq!(
        fs::read(&files[0]).expect("there"),
        b"",
        "nothing was reserved"
    );
    one(&sandbox, &home)
        .args("--rate-scope host")
        .stdout(any())
        .stderr(any())
        .exits(0);
    let report = DoctorReport::of_shared(doctor("--rate-scope host"), 0);
    report.found("rate_scope", ["in use at 190 a second"]);
    let text = sandbox.roomctl("doctor").home(&home);
    text.stdout(lacks(["rate_scope"])).stderr(any()).exits(0);
    let wrong = doctor("").env("ROOMCTL_RATE_SCOPE", "hots");
    let report = DoctorReport::of_shared(wrong, 3).helped("rate_scope", ["did you mean host?"]);
    assert_eq!(report.link("rate_scope")["ExitCode"], 3);
    doctor("--rate-scope hots")
        .stdout(is(""))
        .stderr(any())
        .exits(2);
}
