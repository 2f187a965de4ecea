//! `profile add` on a terminal: it asks for what no flag gives, checks each answer
//! at once, and writes nothing before all are answered.

use std::fs;

use rustix::process::Signal;

use crate::support::{Home, KEY, TerminalSession, claims, signed};

fn config(home: &Home) -> String {
    let file = home.path().join(".config/roomctl/config.toml");
    fs::read_to_string(file).expect("the configuration file")
}

#[test]
fn it_asks_for_all_that_matters_and_does_not_show_the_key() {
    let home = Home::new();
    let terminal = TerminalSession::run("profile add", &home);
    terminal.answer("name of the profile", "prod");
    terminal.answer("SDKAppID", "1400000001");
    terminal.answer("identifier", "administrator");
    terminal.answer("secret key", KEY);
    terminal.waits_for("singapore, china, usa, jakarta, seoul, tokyo, frankfurt, riyadh");
    terminal.waits_for("may be in china");
    terminal.waits_for("type china. Enter alone stores singapore");
    terminal.answer("[singapore]:", "");
    let (shown, code) = terminal.ends();
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        !shown.contains(&KEY[..8]) && !shown.contains("warning"),
        "{shown}"
    );
    assert!(shown.contains("it is the default profile"), "{shown}");
    let last = shown.trim_end().lines().last();
    assert_eq!(last, Some("check it: roomctl doctor --profile prod"));
    let expected = format!(
        "default_profile = \"prod\"\n\n[profiles.prod]\nsdkappid = 1400000001\nidentifier = \"administrator\"\nsecret_key = \"{KEY}\"\nregion = \"singapore\"\n"
    );
    assert_eq!(config(&home), expected);
}

#[test]
fn each_answer_is_checked_at_once_and_asked_for_again_with_the_reason() {
    let home = Home::new();
    home.config("[profiles.old]\n");
    home.file("key", KEY);
    let terminal = TerminalSession::run("profile add", &home);
    terminal.answer("name of the profile", "old");
    terminal.answer("exists already", "a b");
    terminal.answer("letters, digits", "prod");
    terminal.answer("SDKAppID", "seven");
    terminal.answer("not a valid SDKAppID", "");
    terminal.answer("the answer is empty", "1400000001");
    terminal.answer("identifier", "用户");
    terminal.answer("printable ASCII", "administrator");
    terminal.answer("secret key", "/nowhere/key");
    terminal.answer("that file cannot be read", "! false");
    terminal.answer("false failed", &format!("\"{KEY}\""));
    terminal.answer("is in quotes", "key");
    terminal.answer("[singapore]:", "mars");
    terminal.answer("mars", "USA");
    let (shown, code) = terminal.ends();
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains(&KEY[..8]), "{shown}");
    assert!(shown.contains("roomctl profile use prod"), "{shown}");
    let stored = config(&home);
    let key = format!(
        "secret_key_file = \"{}\"\n",
        home.path().join("key").display()
    );
    assert!(
        stored.contains(&key) && stored.contains("region = \"USA\"\n"),
        "{stored}"
    );
}

#[test]
fn a_command_a_signature_and_nothing_are_credentials_too() {
    let sig = signed(&roomctl::usersig::Claims {
        expire: 4_000_000_000,
        ..claims(1_700_000_000)
    });
    for (typed, stored) in [
        (
            format!("! echo {KEY}"),
            format!("secret_key_command = [\"echo\", \"{KEY}\"]\n"),
        ),
        (sig.clone(), format!("usersig = \"{sig}\"\n")),
        ("-".to_owned(), String::new()),
    ] {
        let home = Home::new();
        let words = "profile add a --sdkappid 1400000007 --identifier administrator --region usa";
        let terminal = TerminalSession::run(words, &home);
        terminal.answer("secret key", &typed);
        let (shown, code) = terminal.ends();
        assert_eq!(code, Some(0), "{shown}");
        let expected = format!("identifier = \"administrator\"\n{stored}region = \"usa\"\n");
        assert!(config(&home).ends_with(&expected), "{}", config(&home));
    }
}

/// What was typed unseen is reported, without the secret, and a doubtful key at once.
#[test]
fn what_the_answer_was_taken_for_is_reported() {
    let home = Home::new();
    home.file("k", KEY);
    for (typed, reported) in [
        ("~/k", "the key is in the file ~/k"),
        ("! cat k", "the key is what cat prints"),
        (KEY, "a secret key, stored in the profile"),
        ("abc", "warning: the secret key has 3 characters"),
    ] {
        let words = "profile add a --force --sdkappid 7 --identifier a";
        let terminal = TerminalSession::run_with(words, &home, 80, &[("NO_COLOR", "1")]);
        terminal.answer("secret key", typed);
        terminal.waits_for("[singapore]");
        terminal.answer(reported, "");
        let (shown, code) = terminal.ends();
        assert_eq!(code, Some(0), "{shown}");
        assert_eq!(shown.matches(reported).count(), 1, "{shown}");
    }
}

/// The rest of a pasted block is no answer to the next question.
#[test]
fn no_answer_that_was_typed_unseen_is_shown_whatever_it_is() {
    let home = Home::new();
    let pem = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+/abcdEFGH0123/5";
    let block = format!(
        "-----BEGIN PRIVATE KEY-----\n{pem}\nabcd/efGH12+xyz0002=\n-----END PRIVATE KEY-----"
    );
    for (typed, says) in [
        ("https://x/?sdkappid=1&usersig=eJxx", "with a UserSig in it"),
        (
            "curl https://x/v4?a=b&usersig=eJw/x",
            "with a UserSig in it",
        ),
        ("usersig=eJxx/abcd", "in front of the"),
        (&block, "is a PEM block"),
        (pem, "looks like a line of a PEM block"),
        ("/nowhere/eJxx", "cannot be read"),
        ("~nobody/eJxx abcd/", "a blank"),
    ] {
        let words = "profile add a --force --sdkappid 7 --identifier a";
        let terminal = TerminalSession::run_with(words, &home, 80, &[("NO_COLOR", "1")]);
        terminal.answer("secret key", typed);
        terminal.waits_for(says);
        terminal.answer("error", "abcd/efGH12+xyz0001=");
        terminal.answer("warning: the secret key has 20 characters", "");
        let (shown, code) = terminal.ends();
        assert_eq!(code, Some(0), "{shown}");
        for part in ["eJ", "MIGH", "abcd", "xyz", "https:", "umask", "nowhere"] {
            assert!(!shown.contains(part), "{typed}: {part}: {shown}");
        }
        assert_eq!(shown.matches("error:").count(), 1, "{typed}: {shown}");
    }
}

#[test]
fn a_value_in_quotes_is_reported_once() {
    let home = Home::new();
    let terminal = TerminalSession::run_with("profile add a", &home, 80, &[("NO_COLOR", "1")]);
    terminal.answer("SDKAppID", "\"1400000001\"");
    terminal.answer("is in quotes", "7");
    terminal.answer("identifier (", "'admin'");
    terminal.waits_for("--identifier: is in quotes");
    terminal.ends_input();
    let (shown, _) = terminal.ends();
    assert!(!shown.contains("problems"), "{shown}");
    let args = "profile add a --sdkappid '1' --identifier \"b\"";
    let run = crate::support::Roomctl::new(args).home(&home);
    run.stderr(crate::support::has(["2 problems"])).exits(2);
}

#[test]
fn wrong_flags_are_reported_before_any_question() {
    let home = Home::new();
    let words = "profile add a --region mars --timeout x";
    let (shown, code) = TerminalSession::run(words, &home).ends();
    assert_eq!(code, Some(2), "{shown}");
    assert!(
        shown.contains("--region") && shown.contains("--timeout"),
        "{shown}"
    );
    assert!(!shown.contains("SDKAppID ("), "{shown}");
}

#[test]
fn the_end_of_the_input_leaves_nothing_behind() {
    for question in [
        "name of",
        "SDKAppID",
        "identifier",
        "secret key",
        "[singapore]",
    ] {
        let home = Home::new();
        let terminal = TerminalSession::run("profile add", &home);
        for (asked, text) in [
            ("name of", "a"),
            ("SDKAppID", "7"),
            ("identifier", "b"),
            ("secret key", KEY),
        ] {
            if asked == question {
                break;
            }
            terminal.answer(asked, text);
        }
        terminal.waits_for(question);
        terminal.ends_input();
        let (shown, code) = terminal.ends();
        assert_eq!(code, Some(2), "{shown}");
        assert!(shown.contains("nothing was stored"), "{shown}");
        // The question's line has ended.
        let error = shown.lines().find(|line| line.contains("error:"));
        let error = error.unwrap_or_default();
        assert!(!error.contains(": error"), "{shown}");
        assert!(!home.path().join(".config").exists());
    }
}

#[test]
fn echo_is_restored_however_the_question_ends() {
    for signal in [Signal::INT, Signal::TERM] {
        let home = Home::new();
        let words = "profile add prod --sdkappid 7 --identifier a";
        let terminal = TerminalSession::run(words, &home);
        terminal.waits_for("secret key");
        assert!(!terminal.echoes());
        terminal.signal(signal);
        let (shown, code) = terminal.finish(|terminal| assert!(terminal.echoes()));
        assert_eq!(code, None, "ended by the signal: {shown}");
        assert!(!home.path().join(".config").exists());
    }
}
