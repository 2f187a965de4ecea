//! The key and the ready-made signature.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::secret::UserSig;
use crate::usersig::{self, Claims};

pub(super) fn signature(sdkappid: u32, identifier: &str, time: u64) -> UserSig {
    let claims = Claims {
        identifier: identifier.into(),
        sdkappid,
        time,
        expire: 3600,
        userbuf: None,
    };
    usersig::sign(&claims, &SecretKey::new(KEY))
}

/// Mandatory things but for the secret.
fn keyless() -> Case {
    Case::bare()
        .var("ROOMCTL_SDKAPPID", "1400000000")
        .var("ROOMCTL_IDENTIFIER", "administrator")
}

fn key_of(case: &Case) -> String {
    match case.settings().credential.value {
        Credential::Key(key) => key.expose().to_owned(),
        other => panic!("no key: {other:?}"),
    }
}

fn in_default_profile(toml: &str) -> String {
    format!("default_profile = \"a\"\n[profiles.a]\n{toml}")
}

#[test]
fn the_five_are_one_value_and_the_highest_place_wins() {
    let profile = in_default_profile("secret_key_command = [\"false\"]\n");
    let case = keyless().config(&profile).var("ROOMCTL_SECRET_KEY", KEY);
    assert_eq!(
        key_of(&case),
        KEY,
        "the variable beats the profile's command"
    );
    let sig = signature(1_400_000_000, "administrator", NOW);
    let case = case.file("sig", sig.expose());
    let file = case.path("sig");
    let case = case.args(|args| args.set(&USERSIG_FILE, plain(file)));
    let credential = case.settings().credential;
    assert!(matches!(credential.value, Credential::UserSig { .. }));
    assert_eq!(credential.source, Source::Flag("--usersig-file"));
}

#[test]
fn two_in_one_place_are_exit_2_for_flags_and_3_elsewhere() {
    let flags = keyless().args(|args| {
        args.set(&SECRET_KEY, secret("canary"));
        args.set(&USERSIG_FILE, plain("-"));
    });
    let (exit, message, _) = flags.failure();
    assert_eq!(exit, 2);
    expect_parts(&message, &["--secret-key and --usersig-file"]);
    let variables = Case::new().var("ROOMCTL_USERSIG", "canary");
    assert_eq!(variables.failure().0, 3);
    let toml = in_default_profile("secret_key = \"canary\"\nusersig = \"canary\"\n");
    let (exit, message, _) = keyless().config(&toml).failure();
    assert_eq!(exit, 3);
    expect_parts(
        &message,
        &["config.toml:3: secret_key and ", "config.toml:4: usersig"],
    );
}

#[test]
fn a_secret_on_the_command_line_is_used_and_warned_about() {
    let case = keyless().args(|args| args.set(&SECRET_KEY, secret(KEY)));
    let warnings = case.settings().warnings;
    assert_eq!(warnings.len(), 1);
    expect_parts(&warnings[0], &["--secret-key", "use --secret-key-file"]);
    assert!(Case::new().settings().warnings.is_empty());
    let odd = keyless().var("ROOMCTL_SECRET_KEY", "canary").settings();
    expect_parts(&odd.warnings[0], &["6 characters"]);
    assert!(!odd.warnings[0].contains("canary"));
}

#[test]
fn a_key_that_cannot_be_one_exits_by_its_place() {
    let pem = "-----BEGIN PRIVATE KEY-----\ncanary";
    let flag = keyless().args(|args| args.set(&SECRET_KEY, secret(pem)));
    let (exit, message, hint) = flag.failure();
    assert_eq!(exit, 2);
    expect_parts(
        &message,
        &["--secret-key: what is given as the secret key is a PEM block"],
    );
    expect_parts(&hint, &["HMAC-SHA256"]);
    let file = keyless().file("key", pem);
    let path = file.path("key").into_os_string();
    assert_eq!(
        file.args(|args| args.set(&SECRET_KEY_FILE, plain(path)))
            .failure()
            .0,
        3
    );
}

#[test]
fn key_files_may_be_below_home_beside_the_configuration_or_stdin() {
    let tilde = keyless().file("key", &format!("{KEY}\n"));
    let tilde = tilde.var("ROOMCTL_SECRET_KEY_FILE", "~/.config/roomctl/key");
    assert_eq!(key_of(&tilde), KEY);
    let beside = keyless().file("key", KEY);
    let beside = beside.config(&in_default_profile("secret_key_file = \"key\"\n"));
    assert_eq!(key_of(&beside), KEY);
    let mut stdin = keyless().args(|args| args.set(&SECRET_KEY_FILE, plain("-")));
    stdin.stdin = KEY.into();
    assert_eq!(key_of(&stdin), KEY);
}

#[test]
fn stdin_that_gave_the_key_is_not_there_for_the_list() {
    let mut case = keyless().args(|args| args.set(&SECRET_KEY_FILE, plain("-")));
    case.stdin = KEY.into();
    let error = case.with(|inputs, stdin| {
        resolve(inputs, stdin)?;
        Ok(stdin.claim("--from").map(drop)?)
    });
    let (exit, message, _) = parts_of(&error.expect_err("taken"));
    assert_eq!(exit, 2);
    expect_parts(&message, &["--secret-key-file - and --from -"]);
}

#[test]
fn an_exposed_key_file_is_refused_with_both_ways_out() {
    let case = keyless().file("my key", KEY);
    let path = case.path("my key");
    fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("chmod");
    let case = case.args(|args| args.set(&SECRET_KEY_FILE, plain(path.clone())));
    let (exit, message, hint) = case.failure();
    assert_eq!(exit, 3);
    expect_parts(&message, &["mode 0640"]);
    let quoted = format!("'{}'", path.display());
    expect_parts(
        &hint,
        &[
            &format!("chmod 600 {quoted}"),
            &format!("--secret-key-file - < {quoted}"),
        ],
    );
}

#[test]
fn a_key_given_as_a_file_name_is_called_that_and_not_repeated() {
    let case = keyless().args(|args| args.set(&SECRET_KEY_FILE, plain(KEY)));
    let (exit, message, _) = case.failure();
    assert_eq!(exit, 3);
    expect_parts(&message, &["looks like the secret itself"]);
    let sig = signature(1, "a", NOW);
    let case = keyless().args(|args| args.set(&USERSIG_FILE, plain(sig.expose())));
    assert!(!case.failure().1.contains(sig.expose()));
}

#[test]
fn a_key_command_is_run_last_and_never_on_a_dry_run() {
    let toml = |script: &str| {
        in_default_profile(&format!(
            "secret_key_command = [\"sh\", \"-c\", \"{script}\"]\n"
        ))
    };
    assert_eq!(
        key_of(&keyless().config(&toml(&format!("echo {KEY}")))),
        KEY
    );

    let mark = tempfile::tempdir().expect("a directory").path().join("ran");
    let marking = keyless().config(&toml(&format!("touch {}", mark.display())));
    let mut dry = marking;
    dry.access = Access::Offline;
    assert!(matches!(
        dry.settings().credential.value,
        Credential::KeyCommand(_)
    ));
    dry.access = Access::Full;
    assert_eq!(
        dry.args(|args| args.set(&REGION, plain("mars")))
            .failure()
            .0,
        2
    );
    assert!(!mark.exists());

    let (exit, message, _) = keyless().config(&toml("echo canary; exit 4")).failure();
    assert_eq!(exit, 3);
    expect_parts(
        &message,
        &["secret_key_command", "sh failed (exit status: 4)"],
    );
}

#[test]
fn a_ready_made_signature_is_checked_before_any_request() {
    let with = |sig: &UserSig| keyless().var("ROOMCTL_USERSIG", sig.expose());
    let good = with(&signature(1_400_000_000, "administrator", NOW));
    assert!(good.settings().warnings.is_empty());
    for (sig, why) in [
        (
            signature(1, "administrator", NOW),
            "for the SDKAppID 1, and 1400000000",
        ),
        (
            signature(1_400_000_000, "bob", NOW),
            "for the identifier \"bob\"",
        ),
        (
            signature(1_400_000_000, "administrator", NOW - 3601),
            "expired at 2023-11-14T22:13:19Z",
        ),
        (UserSig::new("eJcanary"), "this is not a UserSig"),
    ] {
        let (exit, message, hint) = with(&sig).failure();
        assert_eq!(exit, 3, "{message}");
        expect_parts(&message, &[why, "ROOMCTL_USERSIG"]);
        assert!(!hint.is_empty() && !message.contains(sig.expose()));
    }
    let (exit, message, _) = good.args(|args| args.set(&EXPIRE, plain("1h"))).failure();
    assert_eq!(exit, 2);
    expect_parts(&message, &["--expire cannot change"]);
}
