//! The checks that need no network: the configuration file, each value with its
//! source, and the signature. `config` found the values and their problems; here
//! each becomes a check of its own.

use std::fmt::Display;
use std::time::{Duration, UNIX_EPOCH};

use super::checklist::CheckList;
use crate::api::{Signer, SigningMaterial};
use crate::clock::rfc3339;
use crate::config::{self, CheckedSettings, Credential, Profiles, RunMode, Setting, Source, Trust};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use crate::usersig::{self, Claims};

/// A ready-made signature that expires within so many seconds is a warning: it
/// cannot be renewed without a key.
const EXPIRES_SOON: u64 = 3600;

/// The checks of the values that a signature is made of.
const SIGNATURE_NEEDS: [&str; 4] = ["sdkappid", "identifier", "credential", "timeouts"];

/// The file and the profile in it. A file that others can write, and one with a
/// secret that others can read, was refused when it was loaded.
pub(super) fn config_file(profiles: &Profiles) -> Check {
    let ok = |found: String| Check::new("config", Status::Ok, found);
    let Some(file) = &profiles.file else {
        return ok("no file: HOME is not set".into());
    };
    let path = file.display();
    if !profiles.exists {
        return ok(format!("no file; it would be {path}"));
    }
    let profile = profile(profiles);
    let Some(mode) = profiles.mode else {
        return ok(format!("{path}, {profile}"));
    };
    ok(format!("{path} (mode {mode:04o}), {profile}"))
}

fn profile(profiles: &Profiles) -> String {
    match (&profiles.chosen, profiles.names.as_slice()) {
        (Some(profile), _) => {
            let (name, by) = (profile.name(), profile.chosen_by());
            format!("profile {name} (by {by})")
        }
        (None, []) => "no profile in it".into(),
        (None, names) => format!("no profile chosen; there are: {}", names.join(", ")),
    }
}

/// Checks every value. A key command runs when its check is due, because it may
/// take long.
pub(super) fn check_values(
    checked: &mut CheckedSettings,
    checks: &mut CheckList,
) -> Result<(), Error> {
    checks.add(value_check("sdkappid", &checked.sdkappid, value_and_source))?;
    checks.add(value_check(
        "identifier",
        &checked.identifier,
        value_and_source,
    ))?;
    checked.run_key_command(RunMode::Real);
    checks.add(credential(checked))?;
    checks.add(endpoint(checked))?;
    checks.add(value_check("trust", &checked.trust, Trust::describe))?;
    if !checks.skip_if_failed("proxy", &["endpoint"])? {
        checks.add(value_check("proxy", &checked.proxy, |proxy| {
            proxy.as_ref().map_or("none".into(), value_and_source)
        }))?;
    }
    checks.add(timeouts(checked))
}

fn endpoint(checked: &CheckedSettings) -> Check {
    value_check("endpoint", &checked.destination, |destination| {
        let Setting { value, source } = &destination.endpoint;
        match destination.region {
            Some(region) => format!("{value}, the region {}, {source}", region.name()),
            None => format!("{value}, {source}"),
        }
    })
}

fn timeouts(checked: &CheckedSettings) -> Check {
    value_check("timeouts", &checked.timeouts, |timeouts| {
        let shown = |setting: &Setting<_>| {
            let time = config::format_duration(setting.value);
            format!("{time}, {}", setting.source)
        };
        let (call, connect) = (shown(&timeouts.timeout), shown(&timeouts.connect_timeout));
        // The check of the signature shows when a ready-made one expires.
        let lifetime = match checked.credential.as_ref().map(|given| &given.value) {
            Ok(Credential::UserSig { .. }) => String::new(),
            _ => format!("; a signature {}", shown(&timeouts.expire)),
        };
        format!("a call {call}; a connection {connect}{lifetime}")
    })
}

fn value_check<T>(
    name: &'static str,
    value: &Result<T, Error>,
    show: impl FnOnce(&T) -> String,
) -> Check {
    match value {
        Ok(value) => Check::new(name, Status::Ok, show(value)),
        Err(error) => failed_setting(name, error),
    }
}

/// The check of a value with which `config` found a problem.
fn failed_setting(name: &'static str, error: &Error) -> Check {
    let check = Check::new(name, Status::Fail(error.exit()), error.to_string());
    check.with_remedy(error.hint())
}

fn value_and_source<T: Display>(setting: &Setting<T>) -> String {
    format!("{}, {}", setting.value, setting.source)
}

/// The kind of the credential, its form, and whether others can see it.
fn credential(checked: &CheckedSettings) -> Check {
    let setting = match &checked.credential {
        Ok(setting) => setting,
        Err(error) => return failed_setting("credential", error),
    };
    let mut remedies = Vec::new();
    let what = match &setting.value {
        Credential::Key(key) if key.has_usual_shape() => {
            "a secret key of 64 lower-case hex digits".to_owned()
        }
        Credential::Key(key) => {
            remedies.push("copy all of it from the TRTC console, unchanged".to_owned());
            let count = key.expose().chars().count();
            format!(
                "a secret key of {count} characters, not 64 lower-case hex digits like all documented keys"
            )
        }
        Credential::KeyCommand(command) => {
            format!("a secret key that {} prints", command.program())
        }
        Credential::UserSig { .. } => "a ready-made UserSig".to_owned(),
    };
    if let Source::Flag(flag @ ("--secret-key" | "--usersig")) = setting.source {
        remedies.push(format!(
            "others can see the command line (ps, the shell's history); use {flag}-file"
        ));
    }
    let found = format!("{what}, {}", setting.source);
    if remedies.is_empty() {
        return Check::new("credential", Status::Ok, found);
    }
    Check::new("credential", Status::Warn, found).with_remedy(remedies.join("\n"))
}

/// Checks that a signature can be made, or that the ready-made one is usable,
/// and shows when it expires. Only the service knows whether the key is the
/// app's.
pub(super) fn check_signature(
    checked: &CheckedSettings,
    now_unix: u64,
    checks: &mut CheckList,
) -> Result<(), Error> {
    if let Err(error) = &checked.usersig_check {
        return checks.add(failed_setting("signature", error));
    }
    if checks.skip_if_failed("signature", &SIGNATURE_NEEDS)? {
        return Ok(());
    }
    checks.add(signature(checked, now_unix))
}

fn signature(checked: &CheckedSettings, now_unix: u64) -> Check {
    let Some((claims, is_made_here)) = claims(checked, now_unix) else {
        let check = Check::new("signature", Status::Fail(Exit::Config), "it cannot be made");
        return check.with_remedy("this is a defect of roomctl: please report it".to_owned());
    };
    let (identifier, sdkappid) = (&claims.identifier, claims.sdkappid);
    let until = rfc3339(claims.expires_at());
    let until = until.as_deref().unwrap_or("a time after the year 9999");
    let made = if is_made_here {
        "made here"
    } else {
        "ready-made"
    };
    let sources = if has_mixed_sources(checked) {
        "; SDKAppID and credential come from different places"
    } else {
        ""
    };
    let found = format!("{made} for {identifier} of {sdkappid}, good until {until}{sources}");
    if is_made_here || claims.expires_at().saturating_sub(now_unix) >= EXPIRES_SOON {
        return Check::new("signature", Status::Ok, found);
    }
    Check::new("signature", Status::Warn, found).with_remedy(
        "it expires soon: make a new one (roomctl usersig sign), or use the key instead".to_owned(),
    )
}

/// The claims of the signature, and whether it was made here. None if a value is
/// missing or the new signature does not verify with its own key.
fn claims(checked: &CheckedSettings, now_unix: u64) -> Option<(Claims, bool)> {
    let sdkappid = checked.sdkappid.as_ref().ok()?.value;
    let identifier = &checked.identifier.as_ref().ok()?.value;
    let lifetime = checked.timeouts.as_ref().ok()?.expire.value;
    match &checked.credential.as_ref().ok()?.value {
        Credential::UserSig { claims, .. } => Some((claims.clone(), false)),
        Credential::KeyCommand(_) => None,
        Credential::Key(key) => {
            let material = SigningMaterial::Key {
                key: key.clone(),
                lifetime,
            };
            let signer = Signer::new(sdkappid, identifier.clone(), material);
            let now = UNIX_EPOCH + Duration::from_secs(now_unix);
            let decoded = usersig::decode(&signer.usersig(now)).ok()?;
            let is_valid = decoded.is_signed_with(key);
            is_valid.then_some((decoded.claims, true))
        }
    }
}

/// Different sources of app and key are normal, but also the most frequent cause
/// of a mismatch. So they are shown and are not a warning.
fn has_mixed_sources(checked: &CheckedSettings) -> bool {
    let (Ok(app), Ok(credential)) = (&checked.sdkappid, &checked.credential) else {
        return false;
    };
    !app.source.is_same_place(&credential.source)
}
