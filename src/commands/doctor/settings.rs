//! The links that lie on this machine: the configuration file, and each value
//! with the place where it was found. What is wrong was found by `config`; here
//! it is told apart.

use std::fmt::Display;

use super::checklist::CheckList;
use crate::config::{self, CheckedSettings, Credential, Mode, Profiles, Setting, Source, TlsRoots};
use crate::error::Error;
use crate::output::{Check, Status};

/// Group or others may write.
const OTHERS_WRITE: u32 = 0o022;

/// The file and the profile in it. That it holds no secret which others can read
/// was seen to when it was read.
pub(super) fn file(profiles: &Profiles) -> Check {
    let ok = |found: String| Check::new("config", Status::Ok, found);
    let Some(file) = &profiles.file else {
        return ok("no file, as HOME is not set".into());
    };
    let path = file.display();
    if !profiles.is_there {
        return ok(format!("no file; it would be {path}"));
    }
    let profile = profile(profiles);
    let Some(mode) = profiles.mode else {
        return ok(format!("{path}, {profile}"));
    };
    let check = ok(format!("{path} (mode {mode:04o}), {profile}"));
    if mode & OTHERS_WRITE == 0 {
        return check;
    }
    let word = shlex::try_quote(&path.to_string()).map_or_else(|_| path.to_string(), Into::into);
    let found = format!("{}; others can write to it", check.found);
    Check::new("config", Status::Warn, found).with_remedy(format!("chmod go-w {word}"))
}

fn profile(profiles: &Profiles) -> String {
    match (&profiles.chosen, profiles.names.as_slice()) {
        (Some(profile), _) => {
            let (name, by) = (profile.name(), profile.chosen_by());
            format!("profile {name} (by {by})")
        }
        (None, []) => "no profile in it".into(),
        (None, names) => format!("no profile chosen of {}", names.join(", ")),
    }
}

/// Every value in turn. A key command is run when its turn comes.
pub(super) fn each(checked: &mut CheckedSettings, checks: &mut CheckList) -> Result<(), Error> {
    checks.add(value_check("sdkappid", &checked.sdkappid, value_and_source))?;
    checks.add(value_check(
        "identifier",
        &checked.identifier,
        value_and_source,
    ))?;
    checked.fetch_key(Mode::Real);
    checks.add(credential(checked))?;
    checks.add(endpoint(checked))?;
    checks.add(trust(checked))?;
    let proxy = checks.skip_if_failed("proxy", &["endpoint"]);
    checks.add(proxy.unwrap_or_else(|| {
        value_check("proxy", &checked.proxy, |proxy| {
            proxy.as_ref().map_or("none".into(), value_and_source)
        })
    }))?;
    checks.add(timeouts(checked))
}

fn endpoint(checked: &CheckedSettings) -> Check {
    value_check("endpoint", &checked.destination, |(endpoint, region)| {
        let Setting { value, source } = endpoint;
        match region {
            Some(region) => format!("{value}, the region {}, {source}", region.name()),
            None => format!("{value}, {source}"),
        }
    })
}

fn trust(checked: &CheckedSettings) -> Check {
    value_check("trust", &checked.trust, |(roots, ca_file)| {
        let whose = match roots.value {
            TlsRoots::Bundled => "the bundled roots",
            TlsRoots::System => "the system's roots",
        };
        let more = ca_file.as_ref().map_or(String::new(), |file| {
            let (count, path) = (file.value.certificates.len(), file.value.path.display());
            format!("; and {count} of {path}, {}", file.source)
        });
        format!("{whose}, {}{more}", roots.source)
    })
}

fn timeouts(checked: &CheckedSettings) -> Check {
    value_check("timeouts", &checked.timeouts, |timeouts| {
        let shown = |setting: &Setting<_>| {
            let time = config::format_duration(setting.value);
            format!("{time}, {}", setting.source)
        };
        let (whole, connect) = (shown(&timeouts.timeout), shown(&timeouts.connect_timeout));
        // A ready-made signature has its own end, which the next link tells.
        let life = match checked.credential.as_ref().map(|given| &given.value) {
            Ok(Credential::UserSig { .. }) => String::new(),
            _ => format!("; a signature {}", shown(&timeouts.expire)),
        };
        format!("a call {whole}; a connection {connect}{life}")
    })
}

fn value_check<T>(
    name: &'static str,
    part: &Result<T, config::Error>,
    show: impl FnOnce(&T) -> String,
) -> Check {
    match part {
        Ok(part) => Check::new(name, Status::Ok, show(part)),
        Err(error) => failed_setting(name, error),
    }
}

/// A link that `config` found broken.
pub(super) fn failed_setting(name: &'static str, error: &config::Error) -> Check {
    let check = Check::new(name, Status::Fail(error.exit()), error.to_string());
    check.with_remedy(error.hint())
}

fn value_and_source<T: Display>(setting: &Setting<T>) -> String {
    format!("{}, {}", setting.value, setting.source)
}

/// What signs, its shape, and whether it stands where others see it.
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
            remedies.push("copy all of it from the TRTC console, as it stands there".to_owned());
            let count = key.expose().chars().count();
            format!(
                "a secret key of {count} characters, not 64 lower-case hex digits as all documented keys"
            )
        }
        Credential::KeyCommand(command) => {
            format!("a secret key, to be printed by {}", command.program())
        }
        Credential::UserSig { .. } => "a ready-made UserSig".to_owned(),
    };
    if let Source::Flag(flag @ ("--secret-key" | "--usersig")) = setting.source {
        remedies.push(format!(
            "others can see a command line (ps, the shell's history); use {flag}-file"
        ));
    }
    let is_odd = !remedies.is_empty();
    let status = if is_odd { Status::Warn } else { Status::Ok };
    let check = Check::new("credential", status, format!("{what}, {}", setting.source));
    check.with_remedy(is_odd.then(|| remedies.join("\n")))
}
