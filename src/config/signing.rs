//! The settings that signatures are made and checked with, by the commands that need no
//! connection.

use super::credential::{self, Credential};
use super::layers::{Lacking, Required};
use super::resolve::{Inputs, LIFETIMES, expect_checked, identifier, missing, sdkappid};
use super::settings::{SigningSettings, line};
use super::stdin::StdinClaim;
use super::table::EXPIRE;
use super::value::Setting;
use crate::clock::GivenDuration;
use crate::error::{Error, Problem, Problems};
use crate::room::UserId;

/// What signatures need. None where a flag has no value: that is reported elsewhere.
#[derive(Debug)]
pub(crate) struct SigningValues {
    sdkappid: Option<Setting<u32>>,
    identifier: Option<Setting<UserId>>,
    key: Option<Setting<Credential>>,
    expire: Option<Setting<GivenDuration>>,
}

/// The settings that signatures need. Problems with endpoint and certificates do
/// not count, and a ready-made signature is ignored, because only the key can
/// make or check one. Problems that were found before are reported as well.
pub(crate) fn resolve_signing(
    inputs: &Inputs,
    problems: Problems,
    stdin: &mut StdinClaim,
) -> Result<SigningSettings, Error> {
    let SigningValues {
        sdkappid,
        identifier,
        key,
        expire,
    } = check_signing(inputs, problems, stdin)?;
    let (sdkappid, identifier) = (expect_checked(sdkappid), expect_checked(identifier));
    let expire = expect_checked(expire);
    let credential = credential::run_key_command(expect_checked(key), inputs.access)?;
    let setting_lines = vec![
        line("sdkappid", &sdkappid, u32::to_string),
        line("identifier", &identifier, ToString::to_string),
        line("credential", &credential, Credential::describe),
        line("expire", &expire, GivenDuration::to_string),
    ];
    let warnings = credential::warnings(&credential);
    let Credential::Key(key) = credential.value else {
        let hint = "give the key with --secret-key-file";
        return Err(Problem::config("the secret key is missing", hint).into());
    };
    Ok(SigningSettings {
        sdkappid,
        identifier,
        key,
        expire,
        warnings,
        setting_lines,
    })
}

/// All problems of the settings that signatures need, and those found before. Runs no
/// key command.
pub(crate) fn check_signing(
    inputs: &Inputs,
    mut problems: Problems,
    stdin: &mut StdinClaim,
) -> Result<SigningValues, Error> {
    let (layers, profiles) = (inputs.layers(), inputs.profiles);
    let lacking = Lacking::of(inputs.args, profiles, &layers);
    let missing = missing(&Required::SIGNATURES, inputs);
    let is_missing = |setting| {
        lacking.has(setting) || missing.as_ref().is_some_and(|missing| missing.has(setting))
    };
    if let Some(missing) = &missing {
        problems.push(missing.problem.clone());
    }
    let sdkappid = if is_missing(Required::SdkAppId) {
        None
    } else {
        problems.ok_or_collect(sdkappid(&layers, profiles))
    };
    let identifier = if is_missing(Required::Identifier) {
        None
    } else {
        problems.ok_or_collect(identifier(&layers, profiles))
    };
    let key = if is_missing(Required::Key) {
        None
    } else {
        problems.ok_or_collect(credential::key(&layers, profiles, inputs.env, stdin))
    };
    let expire = problems.ok_or_collect(layers.value(&EXPIRE).duration(LIFETIMES));
    problems.into_result()?;
    Ok(SigningValues {
        sdkappid,
        identifier,
        key,
        expire,
    })
}
