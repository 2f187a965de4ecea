//! Settings that cannot be used: found before anything is sent, reported all
//! together, with the next thing to type.

use crate::support::{Home, KEY, Roomctl, Sandbox, any, has, lacks};

const KICK: &str = "-r room-test -u user1 -m spam";

#[test]
fn all_that_is_missing_is_reported_together() {
    let kick = Roomctl::new("kick").args(KICK);
    let places = has(["SDKAppID", "identifier", "secret key"]);
    let flags = has([
        "--sdkappid",
        "ROOMCTL_SDKAPPID",
        "--identifier",
        "--secret-key-file",
    ]);
    kick.stderr(places).stderr(flags).exits(3);
}

#[test]
fn json_has_all_problems_in_one_line() {
    let done = Roomctl::new("kick -o json")
        .args(KICK)
        .stderr(has(["SDKAppID"]))
        .exits(3);
    assert_eq!(done.stderr.lines().count(), 1, "{done}");
    let error = done.error().expect("an error");
    assert_eq!(
        (&error["ExitCode"], &error["error"]["kind"]),
        (&3.into(), &"config".into())
    );
    assert!(error["error"]["hint"].is_string());
}

#[test]
fn an_old_style_private_key_is_named_as_such() {
    let pem = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let file = home.file("key.pem", pem);
    let reported = || has(["PEM", "hint: ", "HMAC-SHA256"]);
    let kick = sandbox.kick(KICK).arg("--secret-key-file").arg(&file);
    kick.stderr(reported()).exits(3);
    let kick = sandbox.kick(KICK).env("ROOMCTL_SECRET_KEY", pem);
    kick.stderr(reported()).exits(3);
    let kick = sandbox.kick(KICK).arg("--secret-key").arg(pem);
    kick.stderr(reported()).exits(2);
}

#[test]
fn a_secret_that_others_can_read_is_refused_with_the_chmod() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    for (mode, shown) in [(0o640, "0640"), (0o604, "0604"), (0o644, "0644")] {
        let file = home.file_of_mode("key file", KEY, mode);
        for flag in ["--secret-key-file", "--usersig-file"] {
            let kick = sandbox.kick(KICK).arg(flag).arg(&file);
            let chmod = format!("chmod 600 '{file}'");
            kick.stderr(has([shown, &chmod, &format!("{flag} - <")]))
                .exits(3);
        }
    }
    home.file_of_mode(
        ".config/roomctl/config.toml",
        format!("[profiles.p]\nsecret_key = \"{KEY}\"\n"),
        0o644,
    );
    let kick = sandbox.kick(KICK).home(&home).secret(KEY);
    kick.stderr(has(["chmod 600 ", "config.toml"])).exits(3);
}

#[test]
fn a_key_file_that_is_missing_or_empty_is_exit_3() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let with = |file: &str| sandbox.kick(KICK).arg("--secret-key-file").arg(file);
    with("/nowhere/key")
        .stderr(has(["--secret-key-file", "/nowhere/key"]))
        .exits(3);
    with(&home.file("empty", " \n"))
        .stderr(has(["empty"]))
        .exits(3);
    with(&home.file("long", vec![b'a'; 70_000]))
        .stderr(has(["64 KiB"]))
        .exits(3);
    with("-").stderr(has(["empty"])).exits(3);
}

#[test]
fn an_unknown_key_of_a_profile_is_reported_with_line_and_suggestion() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let file =
        home.config("[profiles.p]\nregion = \"usa\"\nsecret_kye_file = \"k\"\nidentifer = \"a\"\n");
    let kick = sandbox.kick(KICK).home(&home);
    let reported = has(["config.toml:3: ", "secret_kye_file", "secret_key_file?"]);
    let too = has(["config.toml:4: ", "identifer", "identifier?", &file]);
    kick.stderr(reported).stderr(too).exits(3);
}

#[test]
fn a_word_that_a_key_does_not_have_is_reported_with_line_and_words() {
    for (key, word, words) in [
        ("check_room", "sometimes", "auto, always, never"),
        ("check_room", "alway", "did you mean always"),
        ("check_room", "", "auto, always, never"),
        ("confirm", "yes", "name"),
        ("tls_roots", "sytem", "did you mean system"),
        ("output", "yaml", "text, json"),
    ] {
        let (sandbox, home) = (Sandbox::untouched(), Home::new());
        home.config(&format!("[profiles.p]\n{key} = \"{word}\"\n"));
        let found = || has([":2: ", key, word, words]);
        for command in ["kick -r room-test -u user1 -m spam", "members -r room-test"] {
            let run = sandbox.roomctl(command).home(&home);
            run.stdout(any()).stderr(found()).exits(3);
        }
        let doctor = sandbox.roomctl("doctor -o text").home(&home);
        doctor.stdout(found()).stderr(any()).exits(3);
    }
}

#[test]
fn broken_toml_is_reported_with_its_line() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    for (toml, line) in [
        ("[profiles.p]\nregion = usa\n", ":2: "),
        ("[profiles.p\n", ":1: "),
        ("\n\n[profiles.p]\nsdkappid = \"7\"\n", ":4: "),
        ("[profiles.p]\ntimeout = 10\n", ":2: "),
        ("profiles = 1\n", ":1: "),
        ("region = \"usa\"\n", ":1: "),
    ] {
        home.config(toml);
        sandbox
            .kick(KICK)
            .home(&home)
            .stderr(has(["config.toml", line]))
            .exits(3);
    }
}

#[test]
fn a_profile_or_file_that_does_not_exist_is_exit_3() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.config("[profiles.prod]\n[profiles.test]\n");
    let kick = || sandbox.kick(KICK).home(&home);
    kick()
        .args("--profile pord")
        .stderr(has(["pord", "did you mean prod?"]))
        .exits(3);
    kick()
        .env("ROOMCTL_PROFILE", "x")
        .stderr(has(["ROOMCTL_PROFILE", "prod, test"]))
        .exits(3);
    kick()
        .args("--config /nowhere/x.toml")
        .stderr(has(["/nowhere/x.toml"]))
        .exits(3);
    home.config("default_profile = \"gone\"\n[profiles.prod]\n");
    kick().stderr(has(["gone", "config.toml:1"])).exits(3);
}

#[test]
fn the_endpoint_is_https_or_loopback_and_the_region_is_known() {
    let sandbox = Sandbox::untouched();
    for endpoint in [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "example.com",
        "https://",
        "https://h/path",
        "https://u:p@h",
        "https://h:99999",
        "http://[::1",
        "",
    ] {
        let kick = sandbox.kick(KICK).arg("--endpoint").arg(endpoint);
        kick.stderr(has(["--endpoint", "https://"])).exits(2);
        if !endpoint.is_empty() {
            let kick = sandbox.kick(KICK).env("ROOMCTL_ENDPOINT", endpoint);
            kick.stderr(has(["ROOMCTL_ENDPOINT", "https://"])).exits(3);
        }
    }
    let kick = sandbox.kick(KICK).args("--region singapor");
    kick.stderr(has(["--region", "did you mean singapore?"]))
        .exits(2);
    let kick = sandbox
        .kick(KICK)
        .env_remove("ROOMCTL_ENDPOINT")
        .env("ROOMCTL_REGION", "mars");
    kick.stderr(has(["ROOMCTL_REGION", "singapore, china, usa"]))
        .exits(3);
}

#[test]
fn numbers_and_durations_are_checked_with_their_source() {
    let sandbox = Sandbox::untouched();
    for (flag, bad) in [
        ("--sdkappid", "0"),
        ("--sdkappid", "4294967296"),
        ("--sdkappid", "x"),
        ("--timeout", "0s"),
        ("--timeout", "10"),
        ("--connect-timeout", "soon"),
        ("--expire", "1s"),
        ("--expire", "60y"),
        ("--tls-roots", "mine"),
        ("--output", "yaml"),
        ("--color", "blue"),
    ] {
        let kick = sandbox.kick(KICK).arg(flag).arg(bad);
        kick.stderr(has([flag, bad])).exits(2);
        let variable = format!("ROOMCTL_{}", flag[2..].replace('-', "_").to_uppercase());
        let kick = sandbox.kick(KICK).env(&variable, bad);
        kick.stderr(has([&variable, bad])).exits(3);
    }
}

#[test]
fn a_sandbox_run_never_reaches_another_machine() {
    let kick = Roomctl::new("kick --sdkappid 7 --identifier a --region usa").args(KICK);
    let kick = kick
        .env("ROOMCTL_SECRET_KEY", KEY)
        .env("ROOMCTL_SANDBOX", "1")
        .secret(KEY);
    kick.stderr(has(["ROOMCTL_SANDBOX"])).exits(3);
}

/// Without any profile or setting there is one thing to do.
#[test]
fn the_first_contact_leads_to_profile_add() {
    for (words, has_sandbox) in [
        ("kick -r room-test -u user1 -m spam", true),
        ("members -r room-test", true),
        ("usersig sign", false),
    ] {
        let done = Roomctl::new(words).stderr(has(["error: no profile yet: "]));
        let done = done.exits(3);
        let hint = done.stderr.lines().nth(1).unwrap_or_default();
        assert!(
            hint.starts_with("hint: roomctl profile add NAME "),
            "{done}"
        );
        assert_eq!(done.stderr.contains("--sandbox"), has_sandbox, "{done}");
        assert!(done.stderr.lines().count() <= 4, "{done}");
    }
    let done = Roomctl::new("kick -r r -u u -m x -o json").stderr(any());
    let error = done.exits(3).error().expect("an error");
    let hint = error["error"]["hint"].as_str().expect("a hint");
    assert!(hint.starts_with("roomctl profile add NAME "), "{hint}");
}

/// Where some settings exist, exactly the others are named, and where to give them.
#[test]
fn what_is_missing_is_named_and_nothing_else() {
    let home = Home::new();
    home.config("default_profile = \"prod\"\n[profiles.prod]\nsdkappid = 7\nidentifier = \"a\"\n");
    let kick = || Roomctl::new("kick").args(KICK).home(&home);
    let one = has([
        "error: the secret key is missing\n",
        "`secret_key_file` in profile prod",
    ]);
    kick().stderr(one).stderr(lacks(["SDKAppID"])).exits(3);
    home.config("[profiles.prod]\nsdkappid = 7\n");
    let two = has([
        "the identifier and secret key are missing",
        "hint: identifier: give --identifier, ROOMCTL_IDENTIFIER or `identifier` in profile prod\n",
        "hint: secret key: give --secret-key-file, ",
    ]);
    let lacking = lacks(["profile add", "SDKAppID"]);
    let run = kick().args("--profile prod");
    run.stderr(two).stderr(lacking).exits(3);
    let run = kick()
        .args("--sdkappid 7")
        .stderr(has(["choose a profile with --profile: prod"]));
    run.exits(3);
}

#[test]
fn a_list_without_members_hides_no_wrong_flag() {
    for (flags, message) in [
        ("--region mars", "mars"),
        ("--sdkappid abc", "--sdkappid"),
        ("--secret-key-file -", "--secret-key-file"),
        ("--proxy nonsense://x", "--proxy"),
    ] {
        let kick = Roomctl::new("kick --from - -r r -m x").args(flags);
        let kick = kick.stdin("# nobody\n");
        kick.stderr(has([message, "hint: "])).exits(2);
    }
    // No credentials are needed.
    let kick = Roomctl::new("kick --from - -r r -m x --region singapore");
    kick.stdin("").stderr(has(["nothing to do"])).exits(0);
}

#[test]
fn an_endpoint_wins_over_a_region_that_nobody_typed() {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick(KICK).env("ROOMCTL_REGION", "mars");
    kick.stdout(any()).stderr(any()).exits(0);
    let kick = sandbox.kick(KICK).args("--region mars");
    kick.stderr(has(["--region: \"mars\""])).exits(2);
}
