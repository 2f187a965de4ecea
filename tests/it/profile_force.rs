//! `profile add --force`: what is removed is named, and a key is never lost. Flags that say
//! how the command prints are not stored.

use std::fs;

use crate::support::{Home, KEY, Roomctl, TerminalSession, any, has};

fn add(words: &str, home: &Home) -> Roomctl {
    let run = Roomctl::new("profile add").args(words);
    run.home(home).secret(KEY)
}

fn config(home: &Home) -> String {
    let file = home.path().join(".config/roomctl/config.toml");
    fs::read_to_string(file).expect("the configuration file")
}

#[test]
fn force_never_removes_a_key_for_which_no_other_is_given() {
    let home = Home::new();
    let key = format!("secret_key = \"{KEY}\"");
    for secret in [&*key, "usersig = \"x\""] {
        let toml = format!("[profiles.prod]\nsdkappid = 7\nidentifier = \"a\"\n{secret}\n");
        home.config(&toml);
        // The hint of a command without it says what it does.
        let run = add("prod --region china", &home);
        run.stderr(has(["removes those that are not given", "config.toml"]))
            .exits(2);
        for words in [
            "prod --region china --force",
            "prod --region china --force -q",
        ] {
            let name = secret.split(' ').next().expect("a key");
            let message = format!("--force would remove the {name} of the profile prod");
            let remedy = [
                "--secret-key-file FILE",
                "config.toml",
                "profile remove prod",
            ];
            let run = add(words, &home)
                .stderr(has([&message]))
                .stderr(has(remedy));
            run.exits(2);
            assert_eq!(config(&home), toml);
        }
        let run = add("prod --region mars --force", &home);
        run.stderr(has(["--force would remove", "--region: "]))
            .exits(2);
        let given = add("prod --force --sdkappid 7 --secret-key-file -", &home);
        given.stdin(KEY).stdout(any()).stderr(any()).exits(0);
        assert!(config(&home).contains(&key));
    }
}

#[test]
fn force_names_what_it_removes_sets_and_keeps() {
    let home = Home::new();
    let toml = "[profiles.a]\nsdkappid = 7\nidentifier = \"b\"\nregion = \"usa\"\nsecret_key_command = [\"pass\"]\nmax_members = 5\noutput = \"json\"\n";
    home.config(toml);
    let words = "a --sdkappid 8 --endpoint https://h.example --force";
    let changes = has([
        "warning: removed from the profile: identifier, region, secret_key_command\n",
        "set: sdkappid, endpoint\n",
        "kept: max_members, output\n",
    ]);
    let run = add(words, &home).stdout(any());
    run.stderr(changes).exits(0);
    home.config(toml);
    let json = add(words, &home).args("-o json").stdout(any());
    json.stderr(has(["{\"warning\":\"removed from the profile: identifier"]))
        .exits(0);
    let help = Roomctl::new("profile add --help");
    help.stdout(has(["Replace all values", "unless another is"]))
        .exits(0);
}

/// On a terminal `-` is an answer to the question about the key.
#[test]
fn on_a_terminal_a_key_is_removed_only_by_an_answer() {
    let home = Home::new();
    home.config(&format!("[profiles.a]\nsecret_key = \"{KEY}\"\n"));
    let words = "profile add a --force --sdkappid 7 --identifier b --region usa";
    let terminal = TerminalSession::run(words, &home);
    terminal.answer("key, file, UserSig", "-");
    let (shown, code) = terminal.ends();
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains("removed from the profile: secret_key"),
        "{shown}"
    );
}

#[test]
fn how_the_command_prints_is_not_stored() {
    let home = Home::new();
    let run = add("a --region usa -o json --color never -v", &home);
    run.stdout(any()).stderr(any()).exits(0).result();
    let expected = "default_profile = \"a\"\n\n[profiles.a]\nregion = \"usa\"\n";
    assert_eq!(config(&home), expected);
    let run = add("b -o json", &home);
    run.stderr(has(["nothing to store"])).exits(2);
    let run = add("a --region china --force -o json -q", &home);
    run.stdout(any()).exits(0);
    assert_eq!(config(&home), expected.replace("usa", "china"));
}
