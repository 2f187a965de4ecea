//! Where each value comes from, and what is said of all that is wrong.

mod secrets;
mod values;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::api::{Endpoint, Region};
use crate::config::{Credential, Provenance, Source, TlsRoots, provenance};
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
    mode: Mode,
}

impl Case {
    /// Nothing at all.
    fn bare() -> Self {
        Self {
            home: tempfile::tempdir().expect("a directory"),
            args: ConnectionArgs::default(),
            variables: Vec::new(),
            stdin: Vec::new(),
            mode: Mode::Real,
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
            mode: self.mode,
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
        told(&self.with(resolve).expect_err("a failure"))
    }
}

fn told(error: &Error) -> (u8, String, String) {
    let (message, hint) = (error.to_string(), error.hint().unwrap_or_default());
    let all = format!("{error:?}{message}{hint}");
    assert!(!all.contains(KEY) && !all.contains("canary"), "{all}");
    (error.exit().code(), message, hint)
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
            .args(|args| args.region = Some("tokyo".into()));
        case.args(|args| args.profile = profile_by_flag.then(|| "a".into()))
    };
    let by_variable = case(false).settings();
    assert_eq!(by_variable.region, Some(Region::Tokyo), "flag first");
    assert_eq!(by_variable.timeout.source, Source::Env("ROOMCTL_TIMEOUT"));
    assert_eq!(
        by_variable.expire.value,
        Duration::from_secs(7200),
        "empty is unset"
    );
    assert_eq!(by_variable.connect_timeout.source, Source::BuiltIn);
    let by_flag = case(true).settings();
    assert_eq!(by_flag.region, Some(Region::Tokyo), "flag first");
    assert_eq!(
        by_flag.timeout.value,
        Duration::from_secs(7),
        "--profile beats variables"
    );
}

#[test]
fn endpoint_and_region_are_one_value() {
    let lower = || Case::new().var("ROOMCTL_ENDPOINT", "https://e.example");
    assert_eq!(lower().settings().region, None);
    let flag = lower()
        .args(|args| args.region = Some("usa".into()))
        .settings();
    assert_eq!(
        flag.region,
        Some(Region::Usa),
        "a higher region beats a lower endpoint"
    );
    let both = lower().var("ROOMCTL_REGION", "usa").settings();
    assert_eq!(both.endpoint.value.host(), "e.example");
    let flags = Case::new().args(|args| {
        args.region = Some("usa".into());
        args.endpoint = Some("https://f.example".into());
    });
    assert_eq!(flags.settings().endpoint.source, Source::Flag("--endpoint"));
    assert_eq!(Case::new().settings().region, Some(Region::Singapore));
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let (exit, message, hint) = Case::bare().config("[profiles.prod]\n").failure();
    assert_eq!(exit, 3);
    expect_parts(
        &message,
        &[
            "SDKAppID is missing",
            "identifier is missing",
            "secret key is missing",
        ],
    );
    expect_parts(
        &hint,
        &[
            "--sdkappid, ROOMCTL_SDKAPPID or `sdkappid` in a profile",
            "--identifier, ROOMCTL_IDENTIFIER or `identifier` in a profile",
            "--secret-key-file, ROOMCTL_SECRET_KEY_FILE or `secret_key_file` in a profile",
            "or choose a profile with --profile: prod",
        ],
    );
    assert_eq!(hint.lines().count(), 4);
}

#[test]
fn a_bad_value_exits_by_its_place() {
    let flag = Case::new().args(|args| args.sdkappid = Some("0".into()));
    let (exit, message, _) = flag.failure();
    assert_eq!(
        (exit, message.as_str()),
        (
            2,
            "--sdkappid: \"0\" is no SDKAppID, a number from 1 to 4294967295"
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
    assert!(here.endpoint.value.is_loopback());
    assert_eq!(case().failure().0, 3, "the default region");
    let profile = case()
        .config("[profiles.prod]\nregion = \"usa\"\n")
        .var("ROOMCTL_ENDPOINT", "http://127.0.0.1:8080")
        .args(|args| args.profile = Some("prod".into()));
    let (exit, message, _) = profile.failure();
    assert_eq!(exit, 3);
    expect_parts(&message, &["ROOMCTL_SANDBOX", "profile prod"]);
}

#[test]
fn beside_sandbox_only_time_outs_and_the_profile_count() {
    let case = Case::new().config("[profiles.a]\ntimeout = \"3s\"\nreason = \"spam\"\n");
    let good = case.args(|args| {
        args.sandbox = true;
        args.profile = Some("a".into());
    });
    let rehearsal = good
        .with(|inputs, _| resolve_sandbox(inputs))
        .expect("good");
    assert_eq!(rehearsal.timeout.value, Duration::from_secs(3));
    let endpoint = Endpoint::parse("http://127.0.0.1:1").expect("loopback");
    let identifier = UserId::parse("administrator").expect("an identifier");
    let settings = rehearsal.with(1, identifier, SecretKey::new(KEY), endpoint);
    assert_eq!(settings.endpoint.source, Source::Flag("--sandbox"));
    let profile = settings.profile.expect("chosen");
    assert_eq!(profile.text("reason").expect("given").value, "spam");

    let bad = good.args(|args| {
        args.region = Some("usa".into());
        args.secret_key = Some("canary".into());
    });
    let error = bad
        .with(|inputs, _| resolve_sandbox(inputs))
        .expect_err("of no use");
    let (exit, message, _) = told(&error);
    assert_eq!(exit, 2);
    expect_parts(
        &message,
        &["--region has no use", "--secret-key has no use"],
    );
}

#[test]
fn provenance_tells_the_place_of_every_value_and_of_secrets_the_kind() {
    let settings = Case::new()
        .args(|args| args.timeout = Some("1m".into()))
        .settings();
    let lines = provenance(&settings);
    let line = |name: &str| -> Provenance {
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
