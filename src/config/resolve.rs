//! Finds each setting in the highest layer that has it, and checks it. Returns all
//! settings, or all problems with them.

use super::args::ConnectionArgs;
use super::credential::{self, Access, Credential};
use super::endpoint::{self, Destination};
use super::env::Env;
use super::layers::Layers;
use super::layers::{Lacking, Required, missing_problem, missing_settings};
use super::profile::{Profile, Profiles};
use super::secret_text;
use super::settings::{Settings, Timeouts};
use super::stdin::StdinClaim;
use super::table::{
    CONNECT_TIMEOUT, EXPIRE, Group, IDENTIFIER, SDKAPPID, SettingSpec, TIMEOUT, of_groups,
};
use super::trust::{self, Trust};
use super::value::{Setting, Source};
use crate::api::{Endpoint, Proxy};
use crate::error::{Error, Problem, Problems};
use crate::room::UserId;
use crate::secret::{SecretKey, scrub};

/// One try must not seem to hang, so its limit has a limit.
const TIMEOUTS: [&str; 2] = ["1ms", "1h"];

/// The service takes at most 50 years (by its documents; a year of 365.25
/// days, so that `50y` is allowed). Under a minute, a slow request or a clock
/// that is slightly wrong is enough for 70001.
pub(super) const LIFETIMES: [&str; 2] = ["1m", "50y"];

/// Everything that values can come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub(crate) args: &'a ConnectionArgs,
    pub(crate) env: &'a Env,
    pub(crate) profiles: &'a Profiles,
    /// Unix seconds.
    pub(crate) now_unix: u64,
    pub(crate) access: Access,
    /// In place of the user's account and service.
    pub(crate) sandbox: Option<&'a SandboxAccount>,
}

/// What an in-process sandbox provides.
#[derive(Debug, Clone)]
pub(crate) struct SandboxAccount {
    pub(crate) sdkappid: u32,
    pub(crate) identifier: UserId,
    pub(crate) key: SecretKey,
    pub(crate) endpoint: Endpoint,
}

/// Each setting checked by itself, so that `doctor` can report them one by one.
/// A key command is not run yet.
#[derive(Debug, Clone)]
pub(crate) struct CheckedSettings {
    pub(crate) sdkappid: Result<Setting<u32>, Error>,
    pub(crate) identifier: Result<Setting<UserId>, Error>,
    pub(crate) credential: Result<Setting<Credential>, Error>,
    /// Whether a ready-made signature is for this app and account, and has not
    /// expired.
    pub(crate) usersig_check: Result<(), Error>,
    pub(crate) destination: Result<Destination, Error>,
    /// None while the destination is not known.
    pub(crate) proxy: Result<Option<Setting<Proxy>>, Error>,
    /// About `NO_PROXY`, where a proxy is used.
    pub(crate) proxy_warning: Option<String>,
    pub(crate) trust: Result<Trust, Error>,
    pub(crate) timeouts: Result<Timeouts, Error>,
    /// One problem in place of those of all settings that are given nowhere.
    missing: Option<Missing>,
    /// Only for a line that does not run.
    lacking: Lacking,
}

#[derive(Debug, Clone)]
pub(super) struct Missing {
    settings: Vec<Required>,
    pub(super) problem: Problem,
}

impl Inputs<'_> {
    pub(super) fn layers(&self) -> Layers<'_> {
        Layers::new(self.args.flags(), self.env, self.profiles.chosen.as_ref())
    }
}

/// Every setting, or all problems together: exit 2 if one is on the command
/// line, else 3. A key command is run last, and only if nothing else is wrong.
pub(crate) fn resolve(inputs: &Inputs, stdin: &mut StdinClaim) -> Result<Settings, Error> {
    let mut checked = check_settings(inputs, stdin);
    checked.check_all()?;
    checked.run_key_command(inputs.access);
    checked.into_settings(inputs.profiles.chosen.clone())
}

/// Checks every setting by itself.
pub(crate) fn check_settings(inputs: &Inputs, stdin: &mut StdinClaim) -> CheckedSettings {
    if let Some(account) = inputs.sandbox {
        return sandbox_settings(inputs, account);
    }
    let (layers, profiles, env) = (inputs.layers(), inputs.profiles, inputs.env);
    let destination = endpoint::destination(&layers, env);
    let proxy = match &destination {
        Ok(destination) => endpoint::proxy(&destination.endpoint.value, env),
        Err(_) => Ok(None),
    };
    let mut checked = CheckedSettings {
        sdkappid: sdkappid(&layers, profiles).map_err(Into::into),
        identifier: identifier(&layers, profiles).map_err(Into::into),
        credential: credential::credential(&layers, profiles, env, stdin).map_err(Into::into),
        usersig_check: Ok(()),
        destination,
        proxy_warning: matches!(proxy, Ok(Some(_)))
            .then(|| endpoint::no_proxy_warning(env))
            .flatten(),
        proxy: proxy.map_err(Into::into),
        trust: trust::trust(&layers, env).map_err(Into::into),
        timeouts: timeouts(&layers),
        missing: missing(&Required::REQUESTS, inputs),
        lacking: Lacking::default(),
    };
    checked.usersig_check = checked.check_usersig(inputs.now_unix);
    checked.lacking = Lacking::of(inputs.args, profiles, &layers);
    checked
}

/// The problem of the settings that are given nowhere, if there are any.
pub(super) fn missing(needed: &[Required], inputs: &Inputs) -> Option<Missing> {
    let layers = inputs.layers();
    let mut settings = missing_settings(needed, &layers);
    let lacking = Lacking::of(inputs.args, inputs.profiles, &layers);
    settings.retain(|setting| !lacking.has(*setting));
    let has_sandbox = needed == Required::REQUESTS;
    (!settings.is_empty()).then(|| Missing {
        problem: missing_problem(&settings, inputs.profiles, has_sandbox),
        settings,
    })
}

/// Account, key and endpoint come from the sandbox. Their flags are refused,
/// their variables and profile keys are ignored.
fn sandbox_settings(inputs: &Inputs, account: &SandboxAccount) -> CheckedSettings {
    let layers = inputs.layers();
    let args = inputs.args;
    let account = account.clone();
    let [sdkappid, identifier] = [&SDKAPPID, &IDENTIFIER].map(|spec| refuse_flags(args, [spec]));
    let secret = refuse_flags(args, of_groups(&[Group::Key, Group::UserSig]));
    let destination = refuse_flags(args, of_groups(&[Group::Destination]));
    let trust = refuse_flags(args, of_groups(&[Group::Trust]));
    CheckedSettings {
        sdkappid: sdkappid.map(|()| of_sandbox(account.sdkappid)),
        identifier: identifier.map(|()| of_sandbox(account.identifier)),
        credential: secret.map(|()| of_sandbox(Credential::Key(account.key))),
        usersig_check: Ok(()),
        destination: destination.map(|()| Destination {
            endpoint: of_sandbox(account.endpoint),
            region: None,
        }),
        proxy: Ok(None),
        proxy_warning: None,
        trust: trust.and_then(|()| Ok(Trust::built_in()?)),
        timeouts: timeouts(&layers),
        missing: None,
        lacking: Lacking::default(),
    }
}

fn of_sandbox<T>(value: T) -> Setting<T> {
    Setting {
        value,
        source: Source::Flag("--sandbox"),
    }
}

fn refuse_flags(
    args: &ConnectionArgs,
    specs: impl IntoIterator<Item = &'static SettingSpec>,
) -> Result<(), Error> {
    let mut problems = Problems::default();
    let given = specs.into_iter().filter(|spec| args.has(spec));
    for flag in given.filter_map(|spec| spec.flag) {
        problems.push(Problem::usage(
            format!("{flag} cannot be used with --sandbox, which has its own"),
            format!("remove {flag}, or remove --sandbox"),
        ));
    }
    problems.into_result()
}

/// The calling account, if it can be found; [`resolve`] reports why it cannot.
pub(crate) fn caller(inputs: &Inputs) -> Option<UserId> {
    let identifier = identifier(&inputs.layers(), inputs.profiles).ok();
    identifier.map(|setting| setting.value)
}

/// The app, mandatory.
pub(super) fn sdkappid(layers: &Layers, profiles: &Profiles) -> Result<Setting<u32>, Problem> {
    let missing = || missing_problem(&[Required::SdkAppId], profiles, true);
    let raw = layers.raw_value(&SDKAPPID).ok_or_else(missing)?;
    let text = raw.text()?;
    if let Ok(number @ 1..) = text.parse() {
        return Ok(raw.setting(number));
    }
    let hint = match without_separators(text) {
        Some(number) => format!("write it without separators: {number}"),
        None => "copy the SDKAppID from the TRTC console".into(),
    };
    Err(raw.problem(
        format!(
            "{:?} is not a valid SDKAppID, a number from 1 to {}",
            scrub(text),
            u32::MAX
        ),
        hint,
    ))
}

/// The number in a text like `1,400,000,001`, `1 400 000 001` or `1_400_000_001`.
fn without_separators(text: &str) -> Option<u32> {
    let is_separator = |c: char| c.is_whitespace() || ",.'’_-".contains(c);
    let begins_with_digit = text.starts_with(|c: char| c.is_ascii_digit());
    let digits: String = text.chars().filter(|c| !is_separator(*c)).collect();
    // Shorter numbers have no separators: `-1` and `1.5` mean something else.
    let is_long = begins_with_digit && digits.len() >= 7;
    digits.parse().ok().filter(|_| is_long)
}

/// The calling account, mandatory.
pub(super) fn identifier(layers: &Layers, profiles: &Profiles) -> Result<Setting<UserId>, Problem> {
    let missing = || missing_problem(&[Required::Identifier], profiles, true);
    let raw = layers.raw_value(&IDENTIFIER).ok_or_else(missing)?;
    let identifier = UserId::parse(raw.text()?)
        .map_err(|why| raw.problem(why, "give the account's name as the TRTC console shows it"))?;
    Ok(raw.setting(identifier))
}

pub(super) fn timeouts(layers: &Layers) -> Result<Timeouts, Error> {
    let mut problems = Problems::default();
    let expire = problems.ok_or_collect(layers.value(&EXPIRE).duration(LIFETIMES));
    let timeout = problems.ok_or_collect(layers.value(&TIMEOUT).duration(TIMEOUTS));
    let connect_timeout = problems.ok_or_collect(layers.value(&CONNECT_TIMEOUT).duration(TIMEOUTS));
    problems.into_result()?;
    Ok(Timeouts {
        expire: expect_checked(expire),
        timeout: expect_checked(timeout),
        connect_timeout: expect_checked(connect_timeout),
    })
}

/// A value that is absent only if its problem was reported.
pub(super) fn expect_checked<T>(value: Option<T>) -> T {
    value.expect("the problem of a value that is absent was reported")
}

impl Missing {
    pub(super) fn has(&self, setting: Required) -> bool {
        self.settings.contains(&setting)
    }
}

impl CheckedSettings {
    /// All problems together.
    pub(crate) fn check_all(&self) -> Result<(), Error> {
        fn error<T>(checked: &Result<T, Error>) -> Option<Error> {
            checked.as_ref().err().cloned()
        }
        let (missing, lacking) = (self.missing.as_ref(), self.lacking);
        let is_given =
            |setting| !lacking.has(setting) && !missing.is_some_and(|missing| missing.has(setting));
        let errors = [
            missing.map(|missing| missing.problem.clone().into()),
            error(&self.sdkappid).filter(|_| is_given(Required::SdkAppId)),
            error(&self.identifier).filter(|_| is_given(Required::Identifier)),
            error(&self.credential).filter(|_| is_given(Required::Credential)),
            error(&self.destination).filter(|_| !lacking.destination),
            error(&self.proxy),
            error(&self.trust).filter(|_| !lacking.trust),
            error(&self.timeouts),
            error(&self.usersig_check),
        ];
        let mut problems = Problems::default();
        for error in errors.into_iter().flatten() {
            problems.ok_or_collect::<()>(Err(error));
        }
        problems.into_result()
    }

    /// Runs the key command, if the credential is one.
    pub(crate) fn run_key_command(&mut self, access: Access) {
        if let Ok(credential) = self.credential.clone() {
            self.credential = credential::run_key_command(credential, access).map_err(Into::into);
        }
    }

    /// The settings, if nothing is wrong.
    pub(crate) fn into_settings(self, profile: Option<Profile>) -> Result<Settings, Error> {
        self.check_all()?;
        let credential = self.credential?;
        let mut warnings = credential::warnings(&credential);
        warnings.extend(self.proxy_warning);
        Ok(Settings {
            sdkappid: self.sdkappid?,
            identifier: self.identifier?,
            warnings,
            credential,
            destination: self.destination?,
            proxy: self.proxy?,
            trust: self.trust?,
            timeouts: self.timeouts?,
            profile,
        })
    }

    fn check_usersig(&self, now_unix: u64) -> Result<(), Error> {
        let Ok(credential) = &self.credential else {
            return Ok(());
        };
        let Credential::UserSig { claims, .. } = &credential.value else {
            return Ok(());
        };
        let source = &credential.source;
        let sdkappid = self.sdkappid.as_ref().ok().map(|setting| setting.value);
        let identifier = self.identifier.as_ref().ok();
        let identifier = identifier.map(|setting| &setting.value);
        let mut problems = Problems::default();
        let claims = secret_text::check_claims(claims, sdkappid, identifier, now_unix);
        problems.ok_or_collect(
            claims.map_err(|error| Problem::config(format!("{error} ({source})"), error.hint())),
        );
        // A lifetime from a lower place than the command line may be meant for
        // other commands.
        if let Ok(timeouts) = &self.timeouts
            && let Source::Flag(_) = timeouts.expire.source
        {
            problems.push(Problem::usage(
                format!("--expire cannot change the ready-made UserSig ({source})"),
                "remove --expire, or give the secret key",
            ));
        }
        problems.into_result()
    }
}

#[cfg(test)]
#[path = "resolve_tests/mod.rs"]
mod tests;
