//! `profile add`: flags are the values to store, checked as on reading. On a
//! terminal it asks, and the key that is typed is not shown.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::support::{
    Home, KEY, Roomctl, Sandbox, TerminalSession, any, claims, has, is, lacks, signed,
};

fn add(words: &str, home: &Home) -> Roomctl {
    let run = Roomctl::new("profile add").args(words);
    run.home(home).secret(KEY)
}

fn config(home: &Home) -> String {
    let file = home.path().join(".config/roomctl/config.toml");
    fs::read_to_string(file).expect("the configuration file")
}

#[test]
fn every_flag_becomes_its_key_and_paths_become_absolute() {
    let home = Home::new();
    home.file("key", KEY);
    let sandbox = roomctl::sandbox::Sandbox::start(roomctl::sandbox::Options {
        tls: true,
        ..roomctl::sandbox::Options::default()
    });
    let pem = sandbox.expect("a port").ca_pem().expect("TLS").to_owned();
    home.file("ca.pem", pem);
    let words = "prod --sdkappid 1400000001 --identifier administrator --secret-key-file key --endpoint https://example.com --ca-file ./ca.pem --tls-roots bundled --expire 12h --timeout 9s --connect-timeout 4s -o text";
    let message = has(["it is the default profile"]);
    let run = add(words, &home).stdout(is("added profile prod\n"));
    run.stderr(message).exits(0);
    let here = home.path().display();
    let expected = format!(
        "default_profile = \"prod\"

[profiles.prod]
sdkappid = 1400000001
identifier = \"administrator\"
secret_key_file = \"{here}/key\"
endpoint = \"https://example.com\"
ca_file = \"{here}/ca.pem\"
tls_roots = \"bundled\"
expire = \"12h\"
timeout = \"9s\"
connect_timeout = \"4s\"
"
    );
    assert_eq!(config(&home), expected);
}

#[test]
fn file_and_folders_are_for_their_owner_only() {
    let home = Home::new();
    let run = add("a --sdkappid 7 --secret-key-file -", &home).stdin(format!(" {KEY}\n"));
    let run = run.in_shell("umask 000; exec \"$0\" \"$@\"");
    run.stdout(any()).stderr(any()).exits(0);
    assert!(config(&home).contains(&format!("secret_key = \"{KEY}\"\n")));
    let mode = |path: &str| {
        let there = fs::metadata(home.path().join(path)).expect("there");
        there.mode() & 0o777
    };
    assert_eq!(mode(".config"), 0o700);
    assert_eq!(mode(".config/roomctl"), 0o700);
    assert_eq!(mode(".config/roomctl/config.toml"), 0o600);
}

#[test]
fn an_added_profile_works_for_a_kick() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let words = format!(
        "box --sdkappid {} --identifier administrator --endpoint {} --secret-key-file -",
        sandbox.sdkappid(),
        sandbox.endpoint()
    );
    let run = add(&words, &home)
        .stdin(sandbox.key())
        .secret(sandbox.key());
    run.stdout(any()).stderr(any()).exits(0);
    let kick = Roomctl::new("kick -r room-test -u user1 -m spam -q").home(&home);
    let kick = kick.secret(sandbox.key());
    kick.stdout(has(["removed user1"])).exits(0);
}

#[test]
fn only_the_first_profile_of_a_file_becomes_the_default() {
    let home = Home::new();
    home.config("[profiles.old]\nsdkappid = 7\n");
    let done = add("new --sdkappid 8", &home)
        .stdout(any())
        .stderr(any())
        .exits(0);
    let message = "there is no default profile\nuse it: --profile new; make it the default: roomctl profile use new\n";
    assert!(done.stderr.contains(message), "{done}");
    let file = config(&home);
    assert!(file.contains("[profiles.new]"), "{file}");
    assert!(!file.contains("default_profile"), "{file}");
    // The only profile, added again with --force.
    home.config("[profiles.only]\nsdkappid = 7\n");
    let run = add("only --sdkappid 8 --force", &home).stdout(any());
    run.stderr(any()).exits(0);
    assert!(config(&home).starts_with("default_profile = \"only\"\n"));
}

#[test]
fn a_name_that_exists_needs_force_which_keeps_what_no_flag_sets() {
    let home = Home::new();
    let file = "[profiles.a]\nsecret_key_command = [\"pass\"]\nregion = \"usa\"\nprotect = [\"host-*\"] # never\n\n[profiles.b]\n";
    home.config(file);
    let run = add("a --sdkappid 7", &home);
    run.stderr(has(["the profile a exists already", "--force"]))
        .exits(2);
    assert_eq!(config(&home), file);
    let run = add("a --sdkappid 7 --force -q", &home);
    run.stdout(is("replaced profile a\n")).exits(0);
    let expected = "[profiles.a]\nprotect = [\"host-*\"] # never\nsdkappid = 7\n\n[profiles.b]\n";
    assert_eq!(config(&home), expected);
}

#[test]
fn values_are_checked_as_when_they_are_read_and_all_at_once() {
    let home = Home::new();
    let words = "a --sdkappid x --identifier 用户 --region mars --expire 1s --timeout 10 --tls-roots none --secret-key-file /nowhere/key -o xml";
    // The output format is checked first.
    add(words, &home).stderr(has(["--output"])).exits(2);
    let words = words.strip_suffix(" -o xml").expect("there");
    let message = has([
        "--sdkappid: ",
        "--identifier: ",
        "--region: ",
        "--expire: ",
        "--timeout: ",
        "--tls-roots: ",
        "--secret-key-file: /nowhere/key cannot be read",
        "did you mean",
    ]);
    let words = words.replace("mars", "singapor");
    add(&words, &home).stderr(message).exits(2);
    for words in [
        "a --region usa --endpoint https://h",
        "a --endpoint http://example.com",
        "a --secret-key-file k --usersig x",
    ] {
        add(words, &home).stderr(has(["error: "])).exits(2);
    }
    let open = home.file_of_mode("open", KEY, 0o644);
    let run = add("a --secret-key-file", &home).arg(open);
    run.stderr(has(["can be read by others", "chmod 600"]))
        .exits(3);
    assert!(!home.path().join(".config").exists(), "nothing is written");
}

#[test]
fn a_ready_made_signature_is_stored_if_it_is_for_this_app_and_not_expired() {
    let home = Home::new();
    let long = roomctl::usersig::Claims {
        expire: 4_000_000_000,
        ..claims(1_700_000_000)
    };
    let sig = signed(&long);
    let run = add("a --sdkappid 1400000007 --usersig-file - -q", &home);
    run.stdin(sig.as_str()).secret(&sig).stdout(any()).exits(0);
    assert!(config(&home).contains(&format!("usersig = \"{sig}\"")));
    let run = add("b --sdkappid 8 --usersig-file -", &home).stdin(sig.as_str());
    run.secret(&sig)
        .stderr(has(["SDKAppID 1400000007, and 8"]))
        .exits(2);
    let run = add("b --usersig", &home).arg(crate::support::old());
    run.stderr(has(["expired"])).exits(2);
}

#[test]
fn a_secret_as_the_value_of_any_flag_is_not_repeated() {
    let home = Home::new();
    let sig = crate::support::old();
    for secret in [KEY, sig.as_str()] {
        for flag in [
            "--sdkappid",
            "--identifier",
            "--secret-key-file",
            "--usersig",
            "--usersig-file",
            "--region",
            "--endpoint",
            "--ca-file",
            "--tls-roots",
            "--expire",
            "--timeout",
            "--connect-timeout",
            "--output",
            "--color",
            "--config=/dev/null/x --sdkappid",
        ] {
            let run = add(&format!("a {flag} {secret}"), &home).secret(secret);
            let script = "\"$0\" \"$@\"; case $? in 2|3) exit 2;; esac; exit 99";
            run.in_shell(script).stderr(has(["error: "])).exits(2);
        }
    }
    assert!(!home.path().join(".config").exists());
}

#[test]
fn a_key_on_the_command_line_is_stored_with_a_warning() {
    let home = Home::new();
    let run = add("a --secret-key", &home).arg(KEY).stdout(any());
    run.stderr(has(["warning: --secret-key: others can see"]))
        .exits(0);
}

#[test]
fn variables_are_not_stored_and_no_value_is_exit_2() {
    let home = Home::new();
    let run = add("a", &home).env("ROOMCTL_SDKAPPID", "7");
    let run = run.env("ROOMCTL_SECRET_KEY", KEY);
    run.stderr(has(["nothing to store", "profile add NAME"]))
        .exits(2);
    let run = add("a --region usa -q", &home).env("ROOMCTL_SDKAPPID", "x");
    run.env("ROOMCTL_SANDBOX", "1").stdout(any()).exits(0);
    assert!(!config(&home).contains("sdkappid"));
}

#[test]
fn a_name_that_is_hard_to_type_or_looks_like_a_secret_is_refused() {
    let home = Home::new();
    for name in ["", "a b", "a/b", "a\nb", KEY] {
        let run = add("--sdkappid 7", &home).arg("--").arg(name);
        run.stderr(has(["error: profile \""])).exits(2);
    }
    let run = add("--sdkappid 7 -q a.b@C-1", &home).stdout(any());
    run.exits(0);
    assert!(config(&home).contains("[profiles.\"a.b@C-1\"]"));
}

#[test]
fn it_says_which_profile_is_the_default_and_what_to_type_next() {
    let home = Home::new();
    home.config("default_profile = \"prod\"\n[profiles.prod]\nsdkappid = 7\n");
    let other = has([
        "the default profile is prod\nuse it: --profile test; make it the default: roomctl profile use test\n",
        "check it: roomctl doctor --profile test\n",
    ]);
    let run = add("test --sdkappid 8", &home).stdout(any());
    run.stderr(other).exits(0);
    let run = add("test --sdkappid 8 --force -o json", &home).stdout(any());
    let result = run.stderr(any()).exits(0).result();
    assert_eq!(
        (&result["Default"], &result["DefaultProfile"]),
        (&false.into(), &"prod".into())
    );
    let run = add("prod --sdkappid 8 --force", &home).stdout(any());
    run.stderr(has(["it is the default profile\n"])).exits(0);
    let run = add("more --sdkappid 8", &home).env("ROOMCTL_PROFILE", "test");
    run.stdout(any())
        .stderr(has(["ROOMCTL_PROFILE chooses test\n"]))
        .exits(0);
    let run = add("a --sdkappid 8 --config", &home).arg(home.path().join("my c.toml"));
    let next = format!(
        "roomctl doctor --profile a --config '{}/my c.toml'\n",
        home.path().display()
    );
    run.stdout(any()).stderr(has([&next])).exits(0);
}

/// Without a terminal there is no question, and one run reports everything.
#[test]
fn without_a_terminal_all_problems_are_reported_at_once() {
    let home = Home::new();
    let all = has(["NAME is missing", "--sdkappid: ", "--region: "]);
    let run = add("--sdkappid x --region mars", &home);
    run.stderr(all).exits(2);
    home.config("[profiles.a]\n");
    let all = has(["the profile a exists already", "--region: "]);
    add("a --region mars", &home).stderr(all).exits(2);
    add("", &home)
        .stderr(has([
            "NAME is missing",
            "roomctl profile add NAME --sdkappid",
        ]))
        .exits(2);
}

#[test]
fn force_keeps_the_comments_beside_and_above_what_it_replaces() {
    let home = Home::new();
    let file = home.file(".config/roomctl/key", KEY);
    home.config("[profiles.a]\nsdkappid = 7 # the app\n# from ops\nsecret_key_command = [\"pass\"] # vault\nregion = \"usa\" # nearest\n");
    let run = add(
        "a --force -q --sdkappid 8 --endpoint https://h.example --secret-key-file",
        &home,
    );
    run.arg(&file).stdout(any()).exits(0);
    let expected = format!(
        "default_profile = \"a\"\n\n[profiles.a]\nsdkappid = 8 # the app\n# from ops\nsecret_key_file = \"{file}\" # vault\nendpoint = \"https://h.example\" # nearest\n"
    );
    assert_eq!(config(&home), expected);
}

#[test]
fn a_file_that_cannot_be_written_is_exit_3() {
    let home = Home::new();
    for file in ["/dev/null", "/proc/nothing/config.toml"] {
        let run = add("a --sdkappid 7 --config", &home).arg(file);
        run.stderr(has(["cannot be written", "--config"])).exits(3);
    }
}

#[test]
fn on_a_terminal_remove_asks_and_needs_a_yes() {
    for (answer, code, left) in [("n", 2, true), ("", 2, true), ("y", 0, false)] {
        let home = Home::new();
        home.config("[profiles.a]\n");
        let terminal = TerminalSession::run("profile remove a", &home);
        terminal.answer("[y/N]", answer);
        let (shown, exit) = terminal.ends();
        assert_eq!(exit, Some(code), "{shown}");
        assert_eq!(config(&home).contains("profiles.a"), left);
    }
}

#[test]
fn help_describes_what_is_stored() {
    let help = Roomctl::new("profile add --help");
    let help = help.stdout(has(["--secret-key-file", "--region", "--force"]));
    help.stdout(lacks(["--sandbox", "--profile <"])).exits(0);
}
