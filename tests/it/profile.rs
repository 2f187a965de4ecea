//! `profile list`, `show`, `use`, `remove`, `path`: edit the configuration
//! file; comments and order are kept, secrets are not shown.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use serde_json::json;

use crate::support::{Home, KEY, Roomctl, any, has, is, lacks};

const FILE: &str = "\
# Ours; ask ops before you change it.

default_profile = \"prod\" # the usual one

# the live app
[profiles.prod]
# from the console
sdkappid = 1400000001 # do not change
identifier = \"administrator\"
secret_key_file = \"key\"
protect = [\"host-*\", \"bot\"]

# for rehearsals
[profiles.test]
sdkappid = 7
region = \"usa\"
# the end
";

/// A home with the file above and a key.
fn home() -> Home {
    let home = Home::new();
    home.config(FILE);
    home.file(".config/roomctl/key", KEY);
    home
}

fn config(home: &Home) -> String {
    let file = home.path().join(".config/roomctl/config.toml");
    fs::read_to_string(file).expect("the configuration file")
}

fn profile(words: &str, home: &Home) -> Roomctl {
    Roomctl::new("profile").args(words).home(home).secret(KEY)
}

#[test]
fn list_marks_the_default_one() {
    let home = home();
    let text = "* prod  1400000001  administrator\n  test  7           -\n";
    profile("list", &home).stdout(is(text)).exits(0);
    let json = profile("list -o json", &home).stdout(any()).exits(0);
    assert_eq!(
        json.results(),
        [
            json!({"Profile":"prod","Default":true,"SDKAppID":1_400_000_001,"Identifier":"administrator"}),
            json!({"Profile":"test","Default":false,"SDKAppID":7,"Identifier":null}),
        ]
    );
}

#[test]
fn without_profiles_list_is_exit_0_with_a_hint() {
    let empty = Home::new();
    let hint = has(["there are no profiles yet: roomctl profile add NAME"]);
    let run = profile("list", &empty);
    run.stdout(is("")).stderr(hint).exits(0);
    let named = profile("list --config /nowhere/c.toml", &empty);
    named.stderr(has(["--config: /nowhere/c.toml"])).exits(3);
}

#[test]
fn a_missing_default_profile_is_reported_and_can_be_fixed() {
    let home = Home::new();
    home.config("default_profile = \"gone\"\n[profiles.a]\n");
    let warning = has(["warning: default_profile is \"gone\""]);
    profile("list", &home)
        .stdout(any())
        .stderr(warning)
        .exits(0);
    profile("use a", &home).stdout(any()).exits(0);
    assert_eq!(config(&home), "default_profile = \"a\"\n[profiles.a]\n");
}

#[test]
fn show_prints_each_value_with_its_line_and_a_fingerprint_of_the_key() {
    let home = home();
    let folder = home.path().join(".config/roomctl");
    let (folder, file) = (folder.display(), folder.join("config.toml"));
    let file = file.display();
    let text = format!(
        "prod (default)
file: {file}
sdkappid: 1400000001 (line 8)
identifier: administrator (line 9)
secret_key_file: {folder}/key (64 characters), fingerprint c2a0b37a (line 10)
protect: host-*, bot (line 11)
"
    );
    for words in ["show prod", "show", "show --profile prod"] {
        profile(words, &home).stdout(is(&text)).exits(0);
    }
    let by_variable = profile("show", &home).env("ROOMCTL_PROFILE", "test");
    by_variable
        .stdout(has(["test\nfile: /", "\nsdkappid: 7 ("]))
        .exits(0);
    let json = profile("show -o json", &home)
        .stdout(any())
        .exits(0)
        .result();
    let values = json!({
        "sdkappid": {"Value": 1_400_000_001, "Line": 8},
        "identifier": {"Value": "administrator", "Line": 9},
        "secret_key_file": {"Value": format!("{folder}/key"), "Characters": 64, "Fingerprint": "c2a0b37a", "Line": 10},
        "protect": {"Value": ["host-*", "bot"], "Line": 11},
    });
    assert_eq!(json["Values"], values);
    assert_eq!(json["Default"], true);
}

#[test]
fn show_never_prints_a_secret_wherever_it_stands() {
    let home = Home::new();
    let sig = crate::support::signed(&crate::support::claims(1_700_000_000));
    home.config(&format!(
        "[profiles.a]\nsecret_key = \"{KEY}\"\n[profiles.b]\nusersig = \"{sig}\"\n[profiles.c]\nregion = \"{KEY}\"\nidentifier = \"{KEY}\"\nendpoint = \"https://{KEY}@h\"\nsecret_key_file = \"{KEY}\"\nreason = \"{KEY}\"\n[profiles.{KEY}]\n"
    ));
    for (words, part) in [
        ("show a", "secret_key: 64 characters, fingerprint c2a0b37a"),
        (
            "show b",
            "usersig: UserSig of \"administrator\" until 2023-11-15T22:13:20Z",
        ),
        ("show c", "endpoint: cannot be used"),
        ("list", "[redacted]"),
    ] {
        for mode in ["", "-v", "-o json"] {
            let run = profile(words, &home).args(mode).secret(&sig);
            let done = run.stdout(any()).exits(0);
            let part = if mode == "-o json" {
                "\"Profile\":"
            } else {
                part
            };
            assert!(done.stdout.contains(part), "{words}: {done}");
        }
    }
    let unknown = profile("use", &home).arg(&KEY[..63]);
    unknown.stderr(has(["[redacted]"])).exits(2);
}

#[test]
fn show_reports_why_a_key_cannot_be_used() {
    let home = Home::new();
    home.config("[profiles.a]\nsecret_key_file = \"key\"\n[profiles.b]\nsecret_key_command = [\"pass\", \"x\"]\n");
    profile("show a", &home)
        .stdout(has(["key (no such file)"]))
        .exits(0);
    home.file_of_mode(".config/roomctl/key", KEY, 0o644);
    let run = profile("show a", &home);
    run.stdout(has(["can be read by others"])).exits(0);
    let run = profile("show b", &home);
    run.stdout(has(["secret_key_command: printed by pass ("]))
        .exits(0);
    let run = profile("show", &home);
    run.stderr(has(["no profile is named", "profile show NAME"]))
        .exits(2);
}

#[test]
fn use_changes_one_word_of_the_file() {
    let home = home();
    let run = profile("use test", &home);
    run.stdout(is("test is the default profile now\n")).exits(0);
    let expected = FILE.replace("\"prod\" # the usual", "\"test\" # the usual");
    assert_eq!(config(&home), expected);
}

#[test]
fn an_unknown_name_is_exit_2_with_the_nearest_one() {
    let home = home();
    for verb in ["use", "show", "remove"] {
        let run = profile(verb, &home).arg("prdo");
        run.stderr(has(["there is no profile \"prdo\"", "did you mean prod?"]))
            .exits(2);
    }
    assert_eq!(config(&home), FILE);
}

#[test]
fn remove_removes_one_profile_and_nothing_else() {
    let home = home();
    let run = profile("remove test -o json", &home);
    let result = run.stdout(any()).exits(0).result();
    assert_eq!(
        (&result["Profile"], &result["Change"]),
        (&json!("test"), &json!("removed"))
    );
    let rest = FILE.split("\n# for rehearsals").next().expect("a part");
    assert_eq!(config(&home), format!("{rest}# the end\n"));
}

#[test]
fn removing_the_default_profile_is_reported() {
    let home = home();
    let message = has(["it was the default; there is none now"]);
    let run = profile("remove prod --yes", &home);
    run.stdout(is("removed profile prod\n"))
        .stderr(message)
        .exits(0);
    let expected = "# Ours; ask ops before you change it.\n\n# for rehearsals\n[profiles.test]\nsdkappid = 7\nregion = \"usa\"\n# the end\n";
    assert_eq!(config(&home), expected);
}

#[test]
fn path_prints_where_the_file_is_or_would_be() {
    let home = Home::new();
    let file = home.path().join(".config/roomctl/config.toml");
    let line = format!("{}\n", file.display());
    profile("path", &home).stdout(is(&line)).exits(0);
    let json = profile("path -o json", &home)
        .stdout(any())
        .exits(0)
        .result();
    assert_eq!(json["Exists"], false);
    home.config("this is not TOML");
    profile("path", &home).stdout(is(&line)).exits(0);
    let named = profile("path --config /x/y.toml", &home);
    named.stdout(is("/x/y.toml\n")).exits(0);
    let homeless = Roomctl::new("profile path").in_shell("unset HOME; exec \"$0\" \"$@\"");
    homeless
        .stderr(has(["HOME is not set", "--config"]))
        .exits(3);
}

#[test]
fn a_file_with_a_mistake_or_readable_by_others_is_reported_and_not_changed() {
    let home = Home::new();
    for (text, mode, message) in [
        (
            "[profiles.a]\nsdkapid = 1\n".to_owned(),
            0o600,
            "config.toml:2: unknown key",
        ),
        (
            format!("[profiles.a]\nsecret_key = \"{KEY}\"\n"),
            0o644,
            "can be read by others",
        ),
    ] {
        home.file_of_mode(".config/roomctl/config.toml", &text, mode);
        for words in ["list", "show a", "use a", "remove a", "add b --sdkappid 7"] {
            profile(words, &home).stderr(has([message])).exits(3);
        }
        assert_eq!(config(&home), text);
    }
}

#[test]
fn the_file_is_replaced_whole_for_its_owner_only_and_a_link_stays_a_link() {
    let home = Home::new();
    let real = home.file_of_mode("dotfiles/rc.toml", "[profiles.a]\n", 0o644);
    let folder = home.path().join(".config/roomctl");
    fs::create_dir_all(&folder).expect("folders");
    symlink(&real, folder.join("config.toml")).expect("a link");
    let before = fs::metadata(&real).expect("there").ino();
    profile("use a", &home).stdout(any()).exits(0);
    let after = fs::metadata(&real).expect("there");
    assert_ne!(after.ino(), before, "replaced, not rewritten");
    assert_eq!(after.mode() & 0o777, 0o600);
    assert!(folder.join("config.toml").is_symlink());
    let left = fs::read_dir(home.path().join("dotfiles")).expect("a folder");
    assert_eq!(left.count(), 1, "no temporary file is left");
}

#[test]
fn flags_that_are_not_accepted_are_refused_and_not_in_the_help() {
    for verb in ["list", "show a", "use a", "remove a", "path", "add a"] {
        for flag in ["--sandbox", "--profile p", "--region usa"] {
            let used = (verb, flag) == ("show a", "--profile p");
            if used || (verb, flag) == ("add a", "--region usa") {
                continue;
            }
            let run = Roomctl::new(&format!("profile {verb} {flag}"));
            run.stderr(has(["does not accept --"])).exits(2);
        }
    }
    let help = Roomctl::new("profile list --help").stdout(has(["--config"]));
    help.stdout(lacks(["--region"])).exits(0);
}

#[test]
fn a_wildcard_that_protects_nobody_is_a_problem_of_the_profile_in_use_alone() {
    let home = Home::new();
    home.config(
        "[profiles.p]\nsdkappid = 7\nprotect = [\"host-*\", \"team[1]\"]\n[profiles.other]\nsdkappid = 8\n",
    );
    for words in ["list", "show p", "show other"] {
        profile(words, &home).stdout(any()).exits(0);
    }
    let run = |command: &str| {
        let run = Roomctl::new(command).args("-r a -u x --dry-run --identifier admin");
        run.env("ROOMCTL_SECRET_KEY", KEY).secret(KEY).home(&home)
    };
    for command in ["kick -m spam", "ban -m spam --for 1h"] {
        let found = has([
            "protect of profile p (",
            "config.toml:3): \"team[1]\": has '[', and only * and ? are wildcards",
            "write one pattern for each name",
        ]);
        let of_it = run(command).args("--profile p");
        of_it.stderr(found).stderr(lacks(["host-*"])).exits(3);
        let of_other = run(command).args("--profile other");
        of_other.stdout(any()).exits(0);
    }
    run("unban --profile p").stdout(any()).exits(0);
    profile("remove p --yes", &home)
        .stdout(any())
        .stderr(any())
        .exits(0);
}
