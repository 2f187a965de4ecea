//! Who calls: the app and the account.

use super::error::Problem;
use super::layers::Layers;
use super::names::{IDENTIFIER, SDKAPPID, SettingSpec};
use super::profile::Profiles;
use super::source::Setting;
use crate::room::UserId;
use crate::secret::scrub;

/// The app, mandatory.
pub(super) fn sdkappid(layers: &Layers, profiles: &Profiles) -> Result<Setting<u32>, Problem> {
    let missing = || {
        missing(
            profiles,
            "SDKAppID",
            "the number of the app in the TRTC console",
            &SDKAPPID,
        )
    };
    let raw = layers.one(&SDKAPPID).ok_or_else(missing)?;
    let text = raw.text()?;
    if let Ok(number @ 1..) = text.trim().parse() {
        return Ok(raw.setting(number));
    }
    let most = u32::MAX;
    let why = format!(
        "{:?} is no SDKAppID, a number from 1 to {most}",
        scrub(text)
    );
    Err(raw
        .problem(why)
        .hint("copy the SDKAppID from the TRTC console"))
}

/// The calling account, mandatory.
pub(super) fn identifier(layers: &Layers, profiles: &Profiles) -> Result<Setting<UserId>, Problem> {
    let missing = || {
        missing(
            profiles,
            "identifier",
            "an App administrator's account",
            &IDENTIFIER,
        )
    };
    let raw = layers.one(&IDENTIFIER).ok_or_else(missing)?;
    let identifier = UserId::parse(raw.text()?);
    let identifier = identifier.map_err(|why| {
        let hint = "give the account's name as the TRTC console shows it";
        raw.problem(why).hint(hint)
    })?;
    Ok(raw.setting(identifier))
}

fn missing(profiles: &Profiles, what: &str, explained: &str, name: &SettingSpec) -> Problem {
    let message = format!("the {what} is missing ({explained})");
    profiles.missing(message, format!("{what}: give {}", name.places()))
}
