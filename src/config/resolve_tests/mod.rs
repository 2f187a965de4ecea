//! The source of each value, and the reports of all problems.

mod secrets;
mod values;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::api::Region;
use crate::config::SettingLine;
use crate::config::choice::TlsRoots;
use crate::config::table::{
    CA_FILE, ENDPOINT, EXPIRE, PROFILE, REGION, SANDBOX, SECRET_KEY, SECRET_KEY_FILE, TIMEOUT,
    TLS_ROOTS, USERSIG_FILE,
};
use crate::config::value::{RawData, SecretText};
use crate::secret::SecretKey;

/// What the documented keys look like; its presence anywhere is a leak.
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const NOW: u64 = 1_700_000_000;

/// A command line, an environment and a configuration file of its own.
struct Case {
    home: TempDir,
    args: ConnectionArgs,
    variables: Vec<(&'static str, String)>,
    stdin: Vec<u8>,
    access: Access,
}

impl Case {
    /// Nothing at all.
    fn bare() -> Self {
        Self {
            home: tempfile::tempdir().expect("a directory"),
            args: ConnectionArgs::default(),
            variables: Vec::new(),
            stdin: Vec::new(),
            access: Access::Full,
        }
    }

    /// What is mandatory, in the environment.
    fn new() -> Self {
        Self::bare()
            .var("ROOMCTL_SDKAPPID", "1400000000")
            .var("ROOMCTL_IDENTIFIER", "administrator")
            .var("ROOMCTL_SECRET_KEY", KEY)
    }

    fn var(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    fn args(mut self, set: impl FnOnce(&mut ConnectionArgs)) -> Self {
        set(&mut self.args);
        self
    }

    /// A file beside the configuration, mode 0600.
    fn file(self, name: &str, text: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below HOME")).expect("directories");
        fs::write(&path, text).expect("the file");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("chmod");
        self
    }

    fn config(self, toml: &str) -> Self {
        self.file("config.toml", toml)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(".config/roomctl").join(name)
    }

    /// Runs `then` with everything that is handed in.
    fn with<T>(
        &self,
        then: impl FnOnce(&Inputs, &mut StdinClaim) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let home = ("HOME", self.home.path().display().to_string());
        let env = Env::from_pairs(self.variables.iter().cloned().chain([home]));
        let profiles = Profiles::load(&self.args, &env)?;
        let inputs = Inputs {
            args: &self.args,
            env: &env,
            profiles: &profiles,
            now_unix: NOW,
            access: self.access,
            sandbox: None,
        };
        let stdin = std::io::Cursor::new(self.stdin.clone());
        then(&inputs, &mut StdinClaim::new(stdin, false))
    }

    fn settings(&self) -> Settings {
        let settings = self.with(resolve).unwrap_or_else(|error| panic!("{error}"));
        assert!(!format!("{settings:?}").contains(KEY), "a key in Debug");
        settings
    }

    /// Exit code, message and hint of the failure; none of them with the key.
    fn failure(&self) -> (u8, String, String) {
        parts_of(&self.with(resolve).expect_err("a failure"))
    }
}

fn parts_of(error: &Error) -> (u8, String, String) {
    let (message, hint) = (error.to_string(), error.hint());
    assert!(!hint.is_empty(), "no hint: {message}");
    let all = format!("{error:?}{message}{hint}");
    assert!(!all.contains(KEY) && !all.contains("canary"), "{all}");
    (error.exit().code(), message, hint)
}

fn plain(value: impl Into<std::ffi::OsString>) -> RawData {
    RawData::Text(value.into())
}

fn secret(value: &str) -> RawData {
    RawData::Secret(SecretText::from(value))
}

fn expect_parts(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn precedence_holds_value_by_value() {
    let toml = "[profiles.a]\nregion = \"usa\"\ntimeout = \"7s\"\nexpire = \"2h\"\n";
    let case = |profile_by_flag: bool| {
        let case = Case::new()
            .config(toml)
            .var("ROOMCTL_PROFILE", "a")
            .var("ROOMCTL_TIMEOUT", "8s")
            .var("ROOMCTL_EXPIRE", "")
            .args(|args| args.set(&REGION, plain("tokyo")));
        case.args(|args| {
            if profile_by_flag {
                args.set(&PROFILE, plain("a"));
            }
        })
    };
    let by_variable = case(false).settings();
    assert_eq!(
        by_variable.destination.region,
        Some(Region::Tokyo),
        "flag first"
    );
    assert_eq!(
        by_variable.timeouts.timeout.source,
        Source::Env("ROOMCTL_TIMEOUT")
    );
    assert_eq!(
        by_variable.timeouts.expire.value.time(),
        Duration::from_secs(7200),
        "empty is unset"
    );
    assert_eq!(by_variable.timeouts.connect_timeout.source, Source::BuiltIn);
    let by_flag = case(true).settings();
    assert_eq!(
        by_flag.destination.region,
        Some(Region::Tokyo),
        "flag first"
    );
    assert_eq!(
        by_flag.timeouts.timeout.value.time(),
        Duration::from_secs(7),
        "--profile beats variables"
    );
}

#[test]
fn endpoint_and_region_are_one_value() {
    let lower = || Case::new().var("ROOMCTL_ENDPOINT", "https://e.example");
    assert_eq!(lower().settings().destination.region, None);
    let flag = lower()
        .args(|args| args.set(&REGION, plain("usa")))
        .settings();
    assert_eq!(
        flag.destination.region,
        Some(Region::Usa),
        "a higher region beats a lower endpoint"
    );
    let both = lower().var("ROOMCTL_REGION", "usa").settings();
    assert_eq!(both.destination.endpoint.value.host(), "e.example");
    let flags = Case::new().args(|args| {
        args.set(&REGION, plain("usa"));
        args.set(&ENDPOINT, plain("https://f.example"));
    });
    assert_eq!(
        flags.settings().destination.endpoint.source,
        Source::Flag("--endpoint")
    );
    assert_eq!(
        Case::new().settings().destination.region,
        Some(Region::Singapore)
    );
}

#[test]
fn all_missing_values_are_reported_together() {
    let (exit, message, hint) = Case::bare().config("[profiles.prod]\n").failure();
    assert_eq!(exit, 3);
    assert_eq!(
        message,
        "no profile is chosen: the SDKAppID, identifier and secret key are missing"
    );
    expect_parts(
        &hint,
        &[
            "--sdkappid, ROOMCTL_SDKAPPID or `sdkappid` in a profile",
            "--identifier, ROOMCTL_IDENTIFIER or `identifier` in a profile",
            "--secret-key-file, ROOMCTL_SECRET_KEY_FILE or `secret_key_file` in a profile",
            "choose a profile with --profile: prod",
        ],
    );
    assert_eq!(hint.lines().count(), 4);
}

#[test]
fn a_bad_value_exits_by_its_place() {
    let flag = Case::new().args(|args| args.set(&SDKAPPID, plain("0")));
    let (exit, message, _) = flag.failure();
    assert_eq!(
        (exit, message.as_str()),
        (
            2,
            "--sdkappid: \"0\" is not a valid SDKAppID, a number from 1 to 4294967295"
        )
    );
    let (exit, message, _) = Case::new().var("ROOMCTL_REGION", "mars").failure();
    assert_eq!(exit, 3);
    expect_parts(&message, &["ROOMCTL_REGION: \"mars\""]);
    let profile = Case::new().config(
        "default_profile = \"a\"\n[profiles.a]\nidentifier = \"a\"\nregion = \"singapor\"\n",
    );
    let (exit, message, hint) = profile.failure();
    assert_eq!(exit, 3);
    expect_parts(&message, &["config.toml:4: region: \"singapor\""]);
    expect_parts(&hint, &["did you mean singapore?", "riyadh"]);
}

#[test]
fn a_rehearsal_cannot_leave_the_machine() {
    let case = || Case::new().var("ROOMCTL_SANDBOX", "1");
    let here = case()
        .var("ROOMCTL_ENDPOINT", "http://127.0.0.1:8080")
        .settings();
    assert!(here.destination.endpoint.value.is_loopback());
    assert_eq!(case().failure().0, 3, "the default region");
    let profile = case()
        .config("[profiles.prod]\nregion = \"usa\"\n")
        .var("ROOMCTL_ENDPOINT", "http://127.0.0.1:8080")
        .args(|args| args.set(&PROFILE, plain("prod")));
    let (exit, message, _) = profile.failure();
    assert_eq!(exit, 3);
    expect_parts(&message, &["ROOMCTL_SANDBOX", "profile prod"]);
}

#[test]
fn with_sandbox_only_time_outs_and_the_profile_count() {
    let account = SandboxAccount {
        sdkappid: 1,
        identifier: UserId::parse("administrator").expect("an identifier"),
        key: SecretKey::new(KEY),
        endpoint: Endpoint::parse("http://127.0.0.1:1").expect("loopback"),
    };
    let in_sandbox = |case: &Case| {
        case.with(|inputs, stdin| {
            let sandbox = Some(&account);
            resolve(&Inputs { sandbox, ..*inputs }, stdin)
        })
    };
    let case = Case::new().config("[profiles.a]\ntimeout = \"3s\"\nreason = \"spam\"\n");
    let good = case.args(|args| {
        args.set(&SANDBOX, RawData::Switch);
        args.set(&PROFILE, plain("a"));
    });
    let settings = in_sandbox(&good).expect("good");
    assert_eq!(
        settings.timeouts.timeout.value.time(),
        Duration::from_secs(3)
    );
    let endpoint = &settings.destination.endpoint;
    assert_eq!(endpoint.source, Source::Flag("--sandbox"));
    let profile = settings.profile.expect("chosen");
    let reason = profile.text(&crate::config::table::REASON);
    assert_eq!(reason.expect("given").value, "spam");

    let bad = good.args(|args| {
        args.set(&REGION, plain("usa"));
        args.set(&SECRET_KEY, secret("canary"));
        args.set(&TLS_ROOTS, plain("system"));
        args.set(&TIMEOUT, plain("0s"));
    });
    let (exit, message, _) = parts_of(&in_sandbox(&bad).expect_err("not accepted"));
    assert_eq!(exit, 2);
    for part in ["--region", "--secret-key", "--tls-roots"] {
        expect_parts(
            &message,
            &[&format!("{part} cannot be used with --sandbox")],
        );
    }
    expect_parts(&message, &["4 problems", "--timeout: "]);
}

#[test]
fn setting_lines_show_the_source_of_every_value_and_only_the_kind_of_a_secret() {
    let settings = Case::new()
        .args(|args| args.set(&TIMEOUT, plain("1m")))
        .settings();
    let lines = settings.setting_lines();
    let line = |name: &str| -> SettingLine {
        let found = lines.iter().find(|line| line.name == name);
        found.expect("listed").clone()
    };
    assert_eq!(line("credential").value, "secret key, 64 characters");
    assert_eq!(line("credential").source, Source::Env("ROOMCTL_SECRET_KEY"));
    assert_eq!(line("timeout").value, "1m");
    assert_eq!(line("timeout").source, Source::Flag("--timeout"));
    assert_eq!(line("endpoint").value, "https://adminapisgp.im.qcloud.com");
    assert!(lines.iter().all(|line| !line.value.contains(KEY)));
}

#[test]
fn debug_of_inputs_and_settings_shows_no_secret() {
    let sig = secrets::signature(1_400_000_000, "administrator", NOW);
    for (variable, value) in [
        ("ROOMCTL_SECRET_KEY", KEY),
        ("ROOMCTL_USERSIG", sig.expose()),
    ] {
        let case = Case::bare()
            .var("ROOMCTL_SDKAPPID", "1400000000")
            .var("ROOMCTL_IDENTIFIER", "administrator")
            .var(variable, value);
        let shown = case.with(|inputs, stdin| {
            let inputs_shown = format!("{inputs:?} {inputs:#?}");
            let settings = resolve(inputs, stdin)?;
            Ok(format!("{inputs_shown} {settings:?} {settings:#?}"))
        });
        assert!(!shown.expect("settings").contains(value));
    }
    let mut args = ConnectionArgs::default();
    args.set(&SECRET_KEY, secret(KEY));
    args.set(&crate::config::table::USERSIG, secret(sig.expose()));
    let shown = format!("{args:?} {args:#?}");
    assert!(!shown.contains(KEY) && !shown.contains(sig.expose()));
}
