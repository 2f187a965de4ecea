//! The checks that need no network: the configuration file, each value with its
//! source, and the signature. `config` found the values and their problems; here
//! each becomes a check of its own.

use std::fmt::Display;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::checklist::{CONFIG, CheckList};
use crate::api::{Region, Signer, SigningMaterial};
use crate::clock::{GivenDuration, rfc3339};
use crate::config::{
    Access, CheckedSettings, Credential, Profile, Profiles, Setting, Source, Trust,
};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use crate::usersig::{self, Claims};

/// A ready-made signature that expires within so many seconds is a warning: it
/// cannot be renewed without a key.
const EXPIRES_SOON: u64 = 3600;

/// The checks of the values that a signature is made of.
const SIGNATURE_NEEDS: [&str; 4] = ["sdkappid", "identifier", "credential", "timeouts"];

/// The file, the profile in it, and the values that a kick alone uses: the error is the
/// problem with them.
pub(super) fn config(profiles: &Profiles, job: Option<&Error>) -> Check {
    let file = config_file(profiles);
    match job {
        Some(error) => failed_setting(CONFIG, error).with_data(file.data),
        None => file,
    }
}

/// A file that others can write, and one with a secret that others can read, was refused
/// when it was loaded.
fn config_file(profiles: &Profiles) -> Check {
    let chosen = profiles.chosen.as_ref();
    let data = json!({
        "File": profiles.file.as_ref().map(|file| file.to_string_lossy()),
        "Exists": profiles.exists,
        "Profile": chosen.map(Profile::name),
        "ChosenBy": chosen.map(Profile::chosen_by),
        "Profiles": profiles.names,
    });
    let ok = |found: String| Check::new(CONFIG, Status::Ok, found).with_data(data.clone());
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
    let check = value_check("sdkappid", &checked.sdkappid, value_and_source);
    checks.add(with_setting(check, checked.sdkappid.as_ref().ok(), |n| {
        json!(n)
    }))?;
    let check = value_check("identifier", &checked.identifier, value_and_source);
    let identifier = checked.identifier.as_ref().ok();
    checks.add(with_setting(check, identifier, |name| json!(name.as_str())))?;
    checked.run_key_command(Access::Full);
    checks.add(credential(checked))?;
    checks.add(endpoint(checked))?;
    let check = value_check("trust", &checked.trust, Trust::describe);
    checks.add(match &checked.trust {
        Ok(trust) => check.with_data(trust_data(trust)),
        Err(_) => check,
    })?;
    if !checks.skip_if_failed("proxy", &["endpoint"])? {
        let check = value_check("proxy", &checked.proxy, |proxy| {
            proxy.as_ref().map_or("none".into(), value_and_source)
        });
        let proxy = checked.proxy.as_ref().ok().and_then(Option::as_ref);
        checks.add(with_setting(check, proxy, |proxy| json!(proxy.to_string())))?;
    }
    checks.add(timeouts(checked))
}

fn endpoint(checked: &CheckedSettings) -> Check {
    let check = value_check("endpoint", &checked.destination, |destination| {
        let Setting { value, source } = &destination.endpoint;
        let source = place(source);
        match destination.region {
            Some(region) => format!("{value}, the region {}, {source}", region.name()),
            None => format!("{value}, {source}"),
        }
    });
    match &checked.destination {
        Ok(destination) => {
            let Setting { value, source } = &destination.endpoint;
            check.with_data(json!({
                "Value": value.to_string(),
                "Region": destination.region.map(Region::name),
                "Source": source_data(source),
            }))
        }
        Err(_) => check,
    }
}

/// With the value and its source as an object.
fn with_setting<T>(
    check: Check,
    setting: Option<&Setting<T>>,
    value: impl FnOnce(&T) -> Value,
) -> Check {
    match setting {
        Some(setting) => check.with_data(json!({
            "Value": value(&setting.value),
            "Source": source_data(&setting.source),
        })),
        None => check,
    }
}

fn trust_data(trust: &Trust) -> Value {
    let file = trust.ca_file.as_ref();
    json!({
        "Roots": trust.roots_name(),
        "CaFile": file.map(|file| file.value.path.to_string_lossy()),
        "Source": source_data(&trust.tls_roots.source),
    })
}

/// Where a value came from, for programs.
pub(super) fn source_data(source: &Source) -> Value {
    match source {
        Source::Flag(name) => json!({ "Kind": "flag", "Name": name }),
        Source::Env(name) => json!({ "Kind": "environment", "Name": name }),
        Source::BuiltIn => json!({ "Kind": "built-in" }),
        Source::Profile { name, file, line } => json!({
            "Kind": "profile",
            "Name": name,
            "File": file.to_string_lossy(),
            "Line": line,
        }),
    }
}

/// Where a value came from, for people. The first check has named the file.
pub(super) fn place(source: &Source) -> String {
    match source {
        Source::Profile { name, line, .. } => format!("profile {name} (line {line})"),
        other => other.to_string(),
    }
}

fn timeouts(checked: &CheckedSettings) -> Check {
    let check = value_check("timeouts", &checked.timeouts, |timeouts| {
        let shown = |setting: &Setting<GivenDuration>| {
            format!("{}, {}", setting.value, place(&setting.source))
        };
        let (call, connect) = (shown(&timeouts.timeout), shown(&timeouts.connect_timeout));
        // The check of the signature shows when a ready-made one expires.
        let lifetime = match checked.credential.as_ref().map(|given| &given.value) {
            Ok(Credential::UserSig { .. }) => String::new(),
            _ => format!("; a signature {}", shown(&timeouts.expire)),
        };
        format!("a call {call}; a connection {connect}{lifetime}")
    });
    match &checked.timeouts {
        Ok(timeouts) => {
            let millis = |time: &Setting<GivenDuration>| json!(time.value.time().as_millis());
            check.with_data(json!({
                "TimeoutMs": millis(&timeouts.timeout),
                "ConnectTimeoutMs": millis(&timeouts.connect_timeout),
                "ExpireSeconds": timeouts.expire.value.time().as_secs(),
            }))
        }
        Err(_) => check,
    }
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
    format!("{}, {}", setting.value, place(&setting.source))
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
            format!("a secret key that {} prints", command.shown_program())
        }
        Credential::UserSig { .. } => "a ready-made UserSig".to_owned(),
    };
    if let Source::Flag(flag @ ("--secret-key" | "--usersig")) = setting.source {
        remedies.push(format!(
            "others can see the command line (ps, the shell's history); use {flag}-file"
        ));
    }
    let found = format!("{what}, {}", place(&setting.source));
    let (kind, characters) = match &setting.value {
        Credential::Key(key) => ("secret_key", Some(key.expose().chars().count())),
        Credential::KeyCommand(_) => ("secret_key_command", None),
        Credential::UserSig { .. } => ("usersig", None),
    };
    let data = json!({
        "Kind": kind,
        "Characters": characters,
        "Source": source_data(&setting.source),
    });
    if remedies.is_empty() {
        return Check::new("credential", Status::Ok, found).with_data(data);
    }
    let check = Check::new("credential", Status::Warn, found);
    check.with_remedy(remedies.join("\n")).with_data(data)
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
    let data = json!({
        "SDKAppID": sdkappid,
        "Identifier": identifier,
        "MadeHere": is_made_here,
        "Expires": rfc3339(claims.expires_at()),
        "ExpiresUnix": claims.expires_at(),
    });
    if is_made_here || claims.expires_at().saturating_sub(now_unix) >= EXPIRES_SOON {
        return Check::new("signature", Status::Ok, found).with_data(data);
    }
    let check = Check::new("signature", Status::Warn, found).with_data(data);
    check.with_remedy(
        "it expires soon: make a new one (roomctl usersig sign), or use the key instead".to_owned(),
    )
}

/// The claims of the signature, and whether it was made here. None if a value is
/// missing or the new signature does not verify with its own key.
fn claims(checked: &CheckedSettings, now_unix: u64) -> Option<(Claims, bool)> {
    let sdkappid = checked.sdkappid.as_ref().ok()?.value;
    let identifier = &checked.identifier.as_ref().ok()?.value;
    let lifetime = checked.timeouts.as_ref().ok()?.expire.value.time();
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
