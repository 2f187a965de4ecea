//! Which file, which profile.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;
use crate::config::table::{MAX_MEMBERS, PROTECT, RATE};

/// A HOME with a configuration file.
fn home(toml: &str) -> (TempDir, Env) {
    let home = tempfile::tempdir().expect("a directory");
    let directory = home.path().join(".config/roomctl");
    fs::create_dir_all(&directory).expect("directories");
    fs::write(directory.join("config.toml"), toml).expect("the file");
    let env = Env::from_pairs([("HOME", home.path().as_os_str())]);
    (home, env)
}

fn asking_for(profile: &str) -> ConnectionArgs {
    let mut args = ConnectionArgs::default();
    args.set(&PROFILE, std::ffi::OsString::from(profile));
    args
}

#[test]
fn without_home_or_file_there_is_no_profile_and_no_error() {
    let nothing = Profiles::load(&ConnectionArgs::default(), &Env::default()).expect("fine");
    assert!(nothing.file.is_none() && nothing.chosen.is_none());
    let env = Env::from_pairs([("HOME", "/nowhere")]);
    let absent = Profiles::load(&ConnectionArgs::default(), &env).expect("fine");
    assert!(absent.file.is_some() && absent.chosen.is_none());
}

#[test]
fn flag_beats_variable_beats_default() {
    let (home, _) = home("default_profile = \"a\"\n[profiles.a]\n[profiles.b]\n[profiles.c]\n");
    let chosen = |args: &ConnectionArgs, variable: &str| {
        let home = home.path().to_str().expect("UTF-8");
        let env = Env::from_pairs([("HOME", home), ("ROOMCTL_PROFILE", variable)]);
        let profile = Profiles::load(args, &env).expect("good").chosen;
        let profile = profile.expect("chosen");
        (profile.name().to_owned(), profile.is_chosen_by_flag())
    };
    assert_eq!(chosen(&ConnectionArgs::default(), ""), ("a".into(), false));
    assert_eq!(chosen(&ConnectionArgs::default(), "b"), ("b".into(), false));
    assert_eq!(chosen(&asking_for("c"), "b"), ("c".into(), true));
}

#[test]
fn a_profile_that_does_not_exist_is_exit_3_with_those_that_do() {
    let (_home, env) = home("[profiles.prod]\n[profiles.test]\n");
    let error = Profiles::load(&asking_for("prdo"), &env).expect_err("no such");
    assert_eq!(error.exit(), Exit::Config);
    assert!(
        error
            .to_string()
            .starts_with("--profile: no profile \"prdo\": ")
    );
    let hint = error.hint();
    assert_eq!(hint, "did you mean prod? There are: prod, test");
    let empty = Profiles::load(&asking_for(""), &env).expect_err("empty");
    assert_eq!(empty.exit(), Exit::Usage);
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let env = Env::from_pairs([("ROOMCTL_CONFIG", "/nowhere/c.toml")]);
    let error = Profiles::load(&ConnectionArgs::default(), &env).expect_err("absent");
    assert_eq!(error.exit(), Exit::Config);
    let message = error.to_string();
    assert!(
        message.starts_with("ROOMCTL_CONFIG: /nowhere/c.toml cannot be read"),
        "{message}"
    );
    let null = Env::from_pairs([("ROOMCTL_CONFIG", "/dev/null")]);
    let none = Profiles::load(&ConnectionArgs::default(), &null).expect("empty");
    assert!(none.names.is_empty());
}

#[test]
fn a_file_with_a_key_that_others_can_read_is_refused_with_the_chmod() {
    for (text, refused) in [
        ("[profiles.a]\nsecret_key = \"canary\"\n", true),
        ("[profiles.a]\nsecret_key_file = \"k\"\n", false),
    ] {
        let (home, env) = home(text);
        let file = home.path().join(".config/roomctl/config.toml");
        fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("chmod");
        let loaded = Profiles::load(&ConnectionArgs::default(), &env);
        assert_eq!(loaded.is_err(), refused, "{text}");
        if let Err(error) = loaded {
            let hint = error.hint();
            assert_eq!(hint, format!("chmod 600 {}", file.display()));
            assert!(!error.to_string().contains("canary"));
        }
    }
}

#[test]
fn a_commands_own_keys_come_with_their_line() {
    let (_home, env) = home("[profiles.a]\nreason = \"spam\"\nsecret_key_file = \"k\"\n");
    let profile = Profiles::load(&asking_for("a"), &env).expect("good").chosen;
    let profile = profile.expect("chosen");
    let reason = profile.text(&REASON).expect("given");
    assert_eq!(reason.value, "spam");
    assert!(reason.source.to_string().ends_with("config.toml:2)"));
    assert!(profile.text(&RATE).is_none());
}

#[test]
fn numbers_lists_and_the_reason_come_with_their_types() {
    let (_home, env) = home(
        "[profiles.a]\nrate = 7\nprotect = [\"host-*\"]\nreason = \"spam\"\n[profiles.b]\nreason = \"\"\n",
    );
    let chosen = |name| {
        let profiles = Profiles::load(&asking_for(name), &env).expect("good");
        profiles.chosen.expect("chosen")
    };
    let profile = chosen("a");
    assert_eq!(profile.number(&RATE).expect("given").value, 7);
    assert!(profile.number(&MAX_MEMBERS).is_none());
    assert_eq!(profile.texts(&PROTECT).expect("given").value, ["host-*"]);
    let reason = profile.reason().expect("good").expect("given");
    assert_eq!(reason.value.as_str(), "spam");
    let error = chosen("b").reason().expect_err("empty");
    assert_eq!(error.exit(), Exit::Config);
    assert!(error.to_string().contains("config.toml:6"), "{error}");
}
