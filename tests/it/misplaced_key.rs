//! A key that stands where another value belongs appears on no channel: not in the
//! settings that commands show, not in the errors about it, and no 12 characters of it.

use std::fs;

use crate::support::{Home, Roomctl, any, has};

/// No 12 of its characters occur twice.
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// Every command that shows settings; the options come before them, because one may
/// be the last word.
const COMMANDS: [&str; 10] = [
    "kick -r room-test -u user1 -n",
    "kick -r room-test -u user1 -n -vv",
    "kick -r room-test -u user1 -n -v -o json",
    "kick -r room-test -u user1 -vv --retries 0",
    "kick -r room-test -u user1 -o json --retries 0",
    "doctor -v",
    "doctor -o json",
    "usersig sign -v",
    "profile show p",
    "profile show p -o json",
];

/// What these settings would work with.
fn run(command: &str, home: &Home) -> Roomctl {
    let roomctl = Roomctl::new(command).home(home);
    let roomctl = match command.split_once(' ') {
        Some(("profile", _)) => roomctl,
        Some(("kick", _)) => roomctl.args("-m spam --profile p"),
        _ => roomctl.args("--profile p"),
    };
    roomctl
        .env("PATH", "/usr/bin:/bin")
        .env("ROOMCTL_ENDPOINT", "http://127.0.0.1:1")
        .env("ROOMCTL_SDKAPPID", "7")
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY", KEY)
        .stdout(any())
        .stderr(any())
}

fn ends_without_the_key(run: Roomctl, case: &str) {
    let done = run.ends(&[0, 1, 2, 3, 4, 5]);
    for part in KEY.as_bytes().windows(12) {
        let part = std::str::from_utf8(part).expect("ASCII");
        for text in [&done.stdout, &done.stderr] {
            let shown = text.to_ascii_lowercase();
            assert!(!shown.contains(part), "{case} shows {part}: {done}");
        }
    }
}

fn no_command_shows_it(line: &str) {
    let home = Home::new();
    home.config(&format!("[profiles.p]\n{line}\n"));
    for command in COMMANDS {
        ends_without_the_key(run(command, &home), &format!("{line}: {command}"));
    }
}

#[test]
fn no_command_shows_a_key_in_a_key_command() {
    let (half, short) = (&KEY[..40], &KEY[..20]);
    for argv in [
        format!("\"printf %s {KEY}\""),
        format!("\"/usr/bin/printf %s {half}\""),
        format!("\"echo\\t{short}\""),
        format!("\"{short}\""),
        format!("\"/nowhere/{half}/key\""),
        format!("\"KEY={short}\", \"printf\""),
        format!("\"printf\", \"%s\", \"{KEY}\""),
        format!("\"sh\", \"-c\", \"echo {half}; exit 3\""),
    ] {
        no_command_shows_it(&format!("secret_key_command = [{argv}]"));
    }
}

#[test]
fn no_command_shows_a_key_in_another_setting_of_a_profile() {
    for line in [
        "sdkappid = \"KEY\"",
        "identifier = \"KEY\"",
        "secret_key_file = \"KEY\"",
        "usersig = \"KEY\"",
        "usersig_file = \"KEY\"",
        "region = \"KEY\"",
        "endpoint = \"KEY\"",
        "endpoint = \"http://127.0.0.1:1/KEY\"",
        "endpoint = \"https://u:KEY@127.0.0.1:1\"",
        "endpoint = \"https://KEY\"",
        "ca_file = \"KEY\"",
        "tls_roots = \"KEY\"",
        "expire = \"KEY\"",
        "timeout = \"10KEY\"",
        "output = \"KEY\"",
        "rate_scope = \"KEY\"",
        "rate_scope = \"redis://:KEY@127.0.0.1:1\"",
        "audit = \"KEY\"",
        "protect = [\"KEY\"]",
        "check_room = \"KEY\"",
        "confirm = \"KEY\"",
    ] {
        no_command_shows_it(&line.replace("KEY", KEY));
    }
}

#[test]
fn no_command_shows_a_key_in_a_variable() {
    let home = Home::new();
    home.config("[profiles.p]\n");
    for (name, value) in [
        ("HTTPS_PROXY", "http://user:KEY@127.0.0.1:1"),
        ("HTTPS_PROXY", "http://KEY:x@127.0.0.1:1"),
        ("HTTPS_PROXY", "KEY"),
        ("ALL_PROXY", "socks5://user:KEY@127.0.0.1:1"),
        ("NO_PROXY", "KEY"),
        ("SSL_CERT_FILE", "/nowhere/KEY"),
        ("ROOMCTL_SDKAPPID", "KEY"),
        ("ROOMCTL_IDENTIFIER", "KEY"),
        ("ROOMCTL_REGION", "KEY"),
        ("ROOMCTL_ENDPOINT", "https://KEY"),
        ("ROOMCTL_AUDIT", "KEY"),
        ("ROOMCTL_RATE_SCOPE", "redis://KEY@127.0.0.1:1"),
    ] {
        for command in COMMANDS {
            let value = value.replace("KEY", KEY);
            let run = run(command, &home).env(name, &value);
            let run = match name {
                "ROOMCTL_REGION" => run.env_remove("ROOMCTL_ENDPOINT"),
                // A proxy is never used for loopback.
                "HTTPS_PROXY" | "ALL_PROXY" | "NO_PROXY" | "SSL_CERT_FILE" => {
                    run.env("ROOMCTL_ENDPOINT", "https://service.invalid")
                }
                _ => run,
            };
            ends_without_the_key(run, &format!("{name}={value} {command}"));
        }
    }
}

/// Where the key is known, such a reason is refused: the service would show it to the
/// members.
#[test]
fn no_command_shows_a_key_in_the_reason() {
    let home = Home::new();
    let command = format!("[profiles.p]\nsecret_key_command = [\"echo\", \"{KEY}\"]\n");
    home.config(&command);
    let long = "x".repeat(150);
    for words in [
        "-n",
        "-n -vv",
        "-n -o json",
        "-n -v -o json",
        "-o json",
        "-vv",
    ] {
        for reason in [
            KEY.to_owned(),
            format!("it is {KEY}."),
            format!("{long} {KEY}"),
        ] {
            let kick = || {
                let kick = Roomctl::new("kick -r room-test -u user1 --retries 0 --sdkappid 7");
                let kick = kick.args("--identifier a --endpoint http://127.0.0.1:1 --reason");
                kick.arg(&reason).args(words).home(&home)
            };
            let by_command = kick().args("--profile p").stdout(any()).stderr(any());
            ends_without_the_key(by_command, words);
            let known = kick().env("ROOMCTL_SECRET_KEY", KEY).stdout(any());
            let known = known.stderr(has(["the reason contains the secret key", "hint"]));
            ends_without_the_key(known, words);
        }
    }
}

#[test]
fn a_row_of_a_feed_with_the_key_in_its_reason_is_not_sent() {
    let home = Home::new();
    home.config(&format!(
        "[profiles.p]\nsecret_key_command = [\"echo\", \"{KEY}\"]\n"
    ));
    for (format, feed) in [
        (
            "json",
            format!(r#"{{"Member_Account":"user1","Reason":"it is {KEY}."}}"#),
        ),
        ("csv", format!("user,reason\nuser1,{KEY}")),
    ] {
        for credential in ["ROOMCTL_SECRET_KEY", "ROOMCTL_PROFILE"] {
            let value = match credential {
                "ROOMCTL_PROFILE" => "p",
                _ => KEY,
            };
            let kick = Roomctl::new("kick -r room-test -m x --retries 0 --sdkappid 7");
            let kick = kick.args("--identifier a --endpoint http://127.0.0.1:1 --stream -vv");
            let kick = kick.args("--from - --journal j --audit a -o json --format");
            let kick = kick.arg(format).home(&home).env(credential, value);
            let done = kick.stdin(&*feed).stdout(any()).stderr(any()).exits(1);
            assert_eq!(done.count("refused"), 1, "{done}");
            let says = "the reason contains the secret key";
            assert!(done.stderr.contains(says), "{done}");
            for file in ["j", "a"] {
                let text = fs::read_to_string(home.path().join(file)).unwrap_or_default();
                assert!(!text.contains(KEY), "{format}: {file}");
            }
            for text in [&done.stdout, &done.stderr] {
                assert!(!text.contains(KEY), "{done}");
            }
        }
    }
}
