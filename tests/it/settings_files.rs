//! The files of the settings: who may write them, where they are looked for, and
//! what helps where one cannot be read.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::support::{Home, KEY, Roomctl, Sandbox, any, has};

const KICK: &str = "-r room-test -u user1 -m spam";
const CONFIG: &str = ".config/roomctl/config.toml";

#[test]
fn a_configuration_that_others_can_write_is_refused_and_its_key_command_is_not_run() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let mark = home.path().join("ran");
    let command = format!(
        "default_profile = \"p\"\n[profiles.p]\nsecret_key_command = [\"/usr/bin/touch\", \"{}\"]\n",
        mark.display()
    );
    let kick = || {
        let kick = sandbox.kick(KICK).home(&home);
        kick.env_remove("ROOMCTL_SECRET_KEY")
    };
    for (mode, shown) in [
        (0o666, "0666"),
        (0o664, "0664"),
        (0o646, "0646"),
        (0o620, "0620"),
    ] {
        for toml in [&command[..], "[profiles.p]\n", ""] {
            let file = home.file_of_mode(CONFIG, toml, mode);
            let chmod = format!("chmod go-w {file}");
            let done = kick()
                .stderr(has([shown, "changed by others", &chmod]))
                .exits(3);
            assert!(done.stdout.is_empty() && !mark.exists());
            let list = Roomctl::new("profile list").home(&home);
            list.stderr(has([&chmod])).exits(3);
            let named = kick().arg("--config").arg(&file).arg("-n");
            named.stderr(has(["--config", &chmod])).exits(3);
        }
    }
    // The command that the hint names is enough.
    fs::set_permissions(home.path().join(CONFIG), Permissions::from_mode(0o644)).expect("chmod");
    sandbox
        .kick(KICK)
        .args("-n")
        .home(&home)
        .stdout(any())
        .exits(0);
}

#[test]
fn a_key_file_that_others_can_write_is_refused() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    for flag in ["--secret-key-file", "--usersig-file"] {
        let file = home.file_of_mode("key", KEY, 0o622);
        let kick = sandbox.kick(KICK).env_remove("ROOMCTL_SECRET_KEY");
        let kick = kick.arg(flag).arg(&file).secret(KEY);
        kick.stderr(has(["0622", &format!("chmod go-w {file}"), "defaultMode"]))
            .exits(3);
    }
}

#[test]
fn a_key_file_that_cannot_be_used_has_a_remedy_for_its_cause() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let kick = |file: &str| {
        let kick = sandbox.kick(KICK).env_remove("ROOMCTL_SECRET_KEY");
        kick.arg("--secret-key-file").arg(file).secret(KEY)
    };
    for mode in [0o444, 0o440] {
        let file = home.file_of_mode("mounted", KEY, mode);
        let stdin = format!("--secret-key-file - < {file}");
        let remedies = has(["chmod 600 ", "read-only mount", &stdin, "defaultMode: 0400"]);
        kick(&file).stderr(remedies).exits(3);
    }
    let missing = home.path().join("no such/key");
    let missing = missing.to_str().expect("UTF-8");
    kick(missing)
        .stderr(has([
            "No such file",
            "hint: ",
            &format!("cat > '{missing}'"),
        ]))
        .exits(3);
    let folder = home.path().to_str().expect("UTF-8");
    kick(folder)
        .stderr(has(["Is a directory", "hint: name a file in that folder"]))
        .exits(3);
    // Root may read everything.
    if !rustix::process::geteuid().is_root() {
        let file = home.file_of_mode("closed", KEY, 0o000);
        kick(&file)
            .stderr(has(["Permission denied", "hint: ", "uid ", "fsGroup"]))
            .exits(3);
    }
}

#[test]
fn a_key_in_place_of_the_key_command_is_refused_and_never_shown() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let base64 =
        "NWJkMjg1MGZmZjNlY2IxMWQ3YzgwNTI1MWM1MWVlNDYzYTI1NzI3YmRkYzIzODVmM2ZhOGJmZWUxYmI5M2I1ZQ==";
    let named = format!("KEY={KEY}");
    let upper = KEY.to_uppercase();
    let half = &KEY[..40];
    let pem = "-----BEGIN PRIVATE KEY-----canarycanarycanary";
    for secret in [KEY, &upper, &named, half, base64, pem] {
        let file = home.config(&format!(
            "default_profile = \"p\"\n[profiles.p]\nsecret_key_command = [\"{secret}\"]\n"
        ));
        for words in [
            format!("kick {KICK}"),
            format!("kick {KICK} -n -v"),
            format!("kick {KICK} -o json -vv"),
            "doctor -v".into(),
            "profile show".into(),
            "profile list".into(),
        ] {
            let run = Roomctl::new(&words).home(&home).secret(secret).secret(half);
            let run = if words.starts_with("kick") {
                run.env("ROOMCTL_ENDPOINT", sandbox.endpoint())
            } else {
                run
            };
            let done = run.stdout(any()).stderr(any()).exits(3);
            let all = format!("{}{}", done.stdout, done.stderr);
            let place = format!("{file}:3: secret_key_command holds the key");
            assert!(
                all.contains(&place) && all.contains("write secret_key = "),
                "{done}"
            );
        }
    }
}

#[test]
fn a_key_command_that_needs_a_shell_is_corrected_in_the_hint() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    for (program, hint) in [
        (
            "pass show trtc",
            "secret_key_command = [\"pass\", \"show\", \"trtc\"]",
        ),
        ("~/bin/key", "write the whole path"),
        ("$HOME/bin/key", "write the whole path"),
    ] {
        home.config(&format!(
            "[profiles.p]\nsecret_key_command = [\"{program}\"]\n"
        ));
        let kick = sandbox.kick(KICK).env_remove("ROOMCTL_SECRET_KEY");
        let kick = kick.home(&home).args("--profile p");
        kick.stderr(has(["cannot be started", hint])).exits(3);
    }
}

#[test]
fn a_home_that_is_relative_is_a_problem_only_where_a_file_is_needed() {
    let sandbox = Sandbox::demo();
    let kick = || {
        sandbox
            .kick(KICK)
            .in_shell("HOME=rel/dir exec \"$0\" \"$@\"")
    };
    let reported = has(["HOME", "rel/dir", "not a whole path", "--config"]);
    kick().stderr(reported).exits(3);
    let config = kick().env("ROOMCTL_CONFIG", "/dev/null");
    config.stdout(has(["removed user1"])).stderr(any()).exits(0);
    let explain = Roomctl::new("explain 70009").in_shell("HOME=rel exec \"$0\" \"$@\"");
    explain.stdout(any()).exits(0);
    let tilde = kick()
        .env("ROOMCTL_CONFIG", "/dev/null")
        .env_remove("ROOMCTL_SECRET_KEY")
        .env("ROOMCTL_SECRET_KEY_FILE", "~/key");
    tilde
        .stderr(has(["ROOMCTL_SECRET_KEY_FILE", "HOME"]))
        .exits(3);
    for words in ["profile list", "profile add p --sdkappid 7"] {
        let run = Roomctl::new(words).in_shell("HOME=. exec \"$0\" \"$@\"");
        run.stderr(has(["HOME", "--config"])).exits(3);
    }
}

#[test]
fn a_folder_in_place_of_the_configuration_is_reported_with_the_file_in_it() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    home.config("");
    let folder = home.path().join(".config/roomctl");
    let folder = folder.to_str().expect("UTF-8");
    let inside = format!("{folder}/config.toml");
    let kick = sandbox.kick(KICK).env("ROOMCTL_CONFIG", folder);
    let hint = format!("hint: name the file in that folder: ROOMCTL_CONFIG={inside}");
    kick.stderr(has(["ROOMCTL_CONFIG", "Is a directory", &hint]))
        .exits(3);
    let kick = sandbox.kick(KICK).arg("--config").arg(folder);
    kick.stderr(has([&format!("--config={inside}")])).exits(3);
    let add = Roomctl::new("profile add p --sdkappid 7")
        .arg("--config")
        .arg(folder);
    add.stderr(has([&format!("--config={inside}")])).exits(3);
}

#[test]
fn one_chmod_helps_a_file_with_a_secret_that_others_read_and_write() {
    for mode in [0o660, 0o666, 0o606] {
        let home = Home::new();
        let file = home.config(&format!("[profiles.p]\nsecret_key = \"{KEY}\"\n"));
        fs::set_permissions(file, Permissions::from_mode(mode)).expect("chmod");
        let kick = Roomctl::new("kick").args(KICK).home(&home);
        let done = kick.stderr(has(["chmod 600"])).exits(3);
        assert!(!done.stderr.contains("go-w"), "{done}");
    }
}

#[test]
fn a_word_in_capitals_is_the_same_word_in_every_source() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    for line in [
        "output = \"JSON\"",
        "tls_roots = \"System\"",
        "check_room = \"NEVER\"",
        "confirm = \"Name\"",
        "rate_scope = \"PROCESS\"",
    ] {
        home.config(&format!("[profiles.p]\n{line}\n"));
        let kick = sandbox.kick(KICK).args("-n --profile p").home(&home);
        let done = kick.stdout(any()).exits(0);
        assert_eq!(
            done.stdout.starts_with('{'),
            line.contains("JSON"),
            "{done}"
        );
    }
    for (words, shown) in [
        ("-n -o JSON", "{\"Rooms\":1"),
        ("-n --color NEVER", "profile: "),
        ("-n --tls-roots SYSTEM", "profile: "),
        ("-n -o json --check-room Always", "\"Present\":1"),
        ("--progress Never", "removed user1"),
    ] {
        let kick = sandbox.kick("-r room-test -u user1 -m x -q").args(words);
        kick.stdout(has([shown])).exits(0);
    }
    home.file("list", "user\nuser2\n");
    let kick = sandbox
        .kick("-r room-test -f list --format CSV -m x -q")
        .home(&home);
    kick.stdout(has(["user2"])).exits(0);
    let run = Roomctl::new("sandbox --absent PARTIAL -- true");
    run.exits(0);
}
