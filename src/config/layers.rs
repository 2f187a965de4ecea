//! The precedence, value by value: flag, then a profile that `--profile`
//! chose, then the environment, then any other profile, then the default. Settings
//! without which nothing can be signed, and which no layer has, are one problem.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::args::ConnectionArgs;
use super::env::Env;
use super::profile::{self, Profile, Profiles};
use super::table::{
    AUDIT, Group, IDENTIFIER, Kind, SDKAPPID, SECRET_KEY_FILE, SettingSpec, of_groups,
};
use super::value::{Flags, RawValue, Setting};
use crate::error::Problem;
use crate::secret::scrub;

/// Flags, environment and profile, of which the highest layer with a value counts.
#[derive(Clone, Copy)]
pub(crate) struct Layers<'a> {
    flags: &'a Flags,
    env: &'a Env,
    profile: Option<&'a Profile>,
}

#[derive(Clone, Copy)]
enum Layer {
    Flags,
    Env,
    Profile,
}

impl<'a> Layers<'a> {
    pub(crate) fn new(flags: &'a Flags, env: &'a Env, profile: Option<&'a Profile>) -> Self {
        Self {
            flags,
            env,
            profile,
        }
    }

    /// The value from the highest layer that has it.
    pub(crate) fn raw_value(&self, spec: &'static SettingSpec) -> Option<RawValue> {
        let mut layers = self.order().into_iter();
        layers.find_map(|layer| self.in_layer(layer, spec))
    }

    /// The same, or the default of a row that has one.
    pub(crate) fn value(&self, spec: &'static SettingSpec) -> RawValue {
        self.raw_value(spec)
            .unwrap_or_else(|| RawValue::built_in(spec))
    }

    /// For groups that are one value together: all that the highest layer has
    /// of them. Lower layers do not count.
    pub(crate) fn highest(&self, groups: &[Group]) -> Vec<RawValue> {
        let in_layer = |layer: Layer| -> Vec<RawValue> {
            of_groups(groups)
                .filter_map(|spec| self.in_layer(layer, spec))
                .collect()
        };
        let mut layers = self.order().into_iter().map(in_layer);
        layers.find(|values| !values.is_empty()).unwrap_or_default()
    }

    fn order(&self) -> [Layer; 3] {
        if self.profile.is_some_and(Profile::is_chosen_by_flag) {
            [Layer::Flags, Layer::Profile, Layer::Env]
        } else {
            [Layer::Flags, Layer::Env, Layer::Profile]
        }
    }

    fn in_layer(&self, layer: Layer, spec: &'static SettingSpec) -> Option<RawValue> {
        match layer {
            Layer::Flags => self.flags.get(spec),
            Layer::Env => RawValue::from_env(spec, self.env),
            Layer::Profile => self.profile?.get(spec),
        }
    }
}

/// The audit file of the flag, the variable or the profile.
pub(crate) fn audit_file(
    flag: Option<&OsStr>,
    env: &Env,
    profile: Option<&Profile>,
) -> Result<Option<Setting<PathBuf>>, Problem> {
    let mut flags = Flags::default();
    if let Some(file) = flag {
        flags.set(&AUDIT, file.to_owned());
    }
    let Some(raw) = Layers::new(&flags, env, profile).raw_value(&AUDIT) else {
        return Ok(None);
    };
    if raw.os_text() == Some(OsStr::new("-")) {
        let (label, name) = (raw.label(), raw.name());
        let message = format!("{label} -: stdout is for results");
        let hint = format!("give {name} a file");
        return Err(Problem::new(raw.exit(), message, hint));
    }
    let path = raw.path(env)?;
    Ok(Some(raw.setting(path)))
}

/// The files that settings are read from, each with the place that names it, so
/// that a command does not overwrite one. Names that cannot be used are skipped,
/// because they are reported where the file is read.
pub(crate) fn input_files(
    args: &ConnectionArgs,
    env: &Env,
    profile: Option<&Profile>,
) -> Vec<(String, PathBuf)> {
    let layers = Layers::new(args.flags(), env, profile);
    let named = profile::named_file(args, env);
    let label = named.as_ref().map(RawValue::label);
    let config = profile::locate(named.as_ref(), env).ok().flatten();
    let config = config.map(|file| (label.unwrap_or_else(|| "the configuration".into()), file));
    let groups = [Group::Key, Group::UserSig, Group::Trust];
    let files = of_groups(&groups).filter(|spec| matches!(spec.kind, Kind::File));
    let raw = files.filter_map(|spec| layers.raw_value(spec));
    let files = raw.filter_map(|raw| Some((raw.label(), raw.path(env).ok()?)));
    config.into_iter().chain(files).collect()
}

/// A setting that has no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Required {
    SdkAppId,
    Identifier,
    /// A secret key or a ready-made signature.
    Credential,
    /// A secret key, to make or check signatures with.
    Key,
}

impl Required {
    /// Those of a command that sends requests.
    pub(super) const REQUESTS: [Self; 3] = [Self::SdkAppId, Self::Identifier, Self::Credential];

    /// Those of a command that makes or checks signatures.
    pub(super) const SIGNATURES: [Self; 3] = [Self::SdkAppId, Self::Identifier, Self::Key];

    fn name(self) -> &'static str {
        match self {
            Self::SdkAppId => "SDKAppID",
            Self::Identifier => "identifier",
            Self::Credential | Self::Key => "secret key",
        }
    }

    /// What it is, for those who see the word for the first time.
    fn explanation(self) -> &'static str {
        match self {
            Self::SdkAppId => " (the number of the app in the TRTC console)",
            Self::Identifier => " (an App administrator's account)",
            Self::Credential | Self::Key => "",
        }
    }

    fn spec(self) -> &'static SettingSpec {
        match self {
            Self::SdkAppId => &SDKAPPID,
            Self::Identifier => &IDENTIFIER,
            Self::Credential | Self::Key => &SECRET_KEY_FILE,
        }
    }

    fn is_given(self, layers: &Layers) -> bool {
        match self {
            Self::SdkAppId | Self::Identifier => layers.raw_value(self.spec()).is_some(),
            Self::Credential => !layers.highest(&[Group::Key, Group::UserSig]).is_empty(),
            Self::Key => !layers.highest(&[Group::Key]).is_empty(),
        }
    }

    /// Where it can be given.
    fn places(self, profiles: &Profiles) -> String {
        let chosen = profiles.chosen.as_ref();
        let profile = chosen.map(|profile| format!("profile {}", scrub(profile.name())));
        let profile = profile.as_deref().unwrap_or("a profile");
        let places = self.spec().places(profile);
        match self {
            Self::Credential => format!("{places}, or a ready-made UserSig with --usersig-file"),
            _ => places,
        }
    }
}

/// What is not checked, because its flag has no value or the profile is not known.
#[derive(Debug, Clone, Copy, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each stands for a setting of its own"
)]
pub(super) struct Lacking {
    sdkappid: bool,
    identifier: bool,
    credential: bool,
    key: bool,
    pub(super) destination: bool,
    pub(super) trust: bool,
}

impl Lacking {
    pub(super) fn of(args: &ConnectionArgs, profiles: &Profiles, layers: &Layers) -> Self {
        let lacks = |groups| args.lacks_value_of(groups);
        let is_of = |spec: &SettingSpec| spec.flag.is_some_and(|flag| args.lacks_value(flag));
        // The profile could give what is given nowhere else.
        let may_be_there = |setting: Required| profiles.is_unknown && !setting.is_given(layers);
        let credential = lacks(&[Group::Key, Group::UserSig]);
        Self {
            sdkappid: is_of(&SDKAPPID) || may_be_there(Required::SdkAppId),
            identifier: is_of(&IDENTIFIER) || may_be_there(Required::Identifier),
            credential: credential || may_be_there(Required::Credential),
            key: credential || may_be_there(Required::Key),
            destination: lacks(&[Group::Destination]),
            trust: lacks(&[Group::Trust]),
        }
    }

    pub(super) fn has(self, setting: Required) -> bool {
        match setting {
            Required::SdkAppId => self.sdkappid,
            Required::Identifier => self.identifier,
            Required::Credential => self.credential,
            Required::Key => self.key,
        }
    }
}

/// Those of `needed` that are given nowhere.
pub(super) fn missing_settings(needed: &[Required], layers: &Layers) -> Vec<Required> {
    let missing = needed.iter().copied();
    missing
        .filter(|required| !required.is_given(layers))
        .collect()
}

/// The problem about settings that are given nowhere. Without any profile and any
/// of the settings, the hint leads to `profile add` and, if the command
/// `has_sandbox`, to a rehearsal.
pub(super) fn missing_problem(
    missing: &[Required],
    profiles: &Profiles,
    has_sandbox: bool,
) -> Problem {
    let has_profiles = !profiles.names.is_empty();
    let names: Vec<&str> = missing.iter().map(|required| required.name()).collect();
    let everything = missing.len() == Required::REQUESTS.len();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let explanation = match missing {
        [only] => only.explanation(),
        _ => "",
    };
    let message = format!("the {} {verb} missing{explanation}", listed(&names));
    if everything && !has_profiles {
        return Problem::config(
            format!("no profile yet: {message}"),
            first_hint(missing, has_sandbox),
        );
    }
    let choose = || {
        let names = scrub(&profiles.names.join(", "));
        format!("choose a profile with --profile: {names}")
    };
    let place = |required: &Required| {
        let places = required.places(profiles);
        format!("{}: give {places}", required.name())
    };
    let mut hints: Vec<String> = missing.iter().map(place).collect();
    match (&profiles.chosen, has_profiles) {
        (None, true) if everything => hints.insert(0, choose()),
        (None, true) => hints.push(format!("or {}", choose())),
        (None, false) => hints.insert(0, STORE.into()),
        (Some(_), _) => {}
    }
    let message = if everything && profiles.chosen.is_none() {
        format!("no profile is chosen: {message}")
    } else {
        message
    };
    Problem::config(message, hints.join("\n"))
}

const STORE: &str = "roomctl profile add NAME stores SDKAppID, identifier and key once";

fn first_hint(missing: &[Required], has_sandbox: bool) -> String {
    let of = |name: fn(&SettingSpec) -> Option<&'static str>| {
        let names = missing.iter().filter_map(|required| name(required.spec()));
        listed(&names.collect::<Vec<_>>())
    };
    let mut lines = vec!["roomctl profile add NAME asks for them and stores them".to_owned()];
    if has_sandbox {
        lines.push("without credentials, to try it: add --sandbox".into());
    }
    let (flags, variables) = (of(|spec| spec.flag), of(|spec| spec.variable));
    lines.push(format!("in CI: {variables}; as flags: {flags}"));
    lines.join("\n")
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::value::Source;

    #[test]
    fn the_flag_goes_before_the_variable() {
        let env = Env::from_pairs([("ROOMCTL_AUDIT", "~/audit"), ("HOME", "/h")]);
        let of = |flag: Option<&str>| audit_file(flag.map(OsStr::new), &env, None);
        let by_flag = of(Some("a")).expect("good").expect("given");
        assert_eq!(by_flag.value, PathBuf::from("a"));
        assert_eq!(by_flag.source, Source::Flag("--audit"));
        let by_variable = of(None).expect("good").expect("given");
        assert_eq!(by_variable.value, PathBuf::from("/h/audit"));
        assert_eq!(of(Some("")).expect_err("empty").exit.code(), 2);
        assert!(
            audit_file(None, &Env::default(), None)
                .expect("good")
                .is_none()
        );
    }
}

#[cfg(test)]
mod missing_tests {
    use super::*;

    #[test]
    fn without_a_profile_the_hint_begins_with_profile_add() {
        for missing in [
            &Required::REQUESTS[..],
            &Required::REQUESTS[..1],
            &Required::SIGNATURES[1..],
        ] {
            let problem = missing_problem(missing, &Profiles::default(), true);
            assert!(
                problem.hint.starts_with("roomctl profile add NAME "),
                "{problem:?}"
            );
        }
    }

    #[test]
    fn only_a_command_with_a_sandbox_names_it() {
        for has_sandbox in [true, false] {
            let problem = missing_problem(&Required::REQUESTS, &Profiles::default(), has_sandbox);
            assert_eq!(problem.hint.contains("--sandbox"), has_sandbox);
            assert_eq!(problem.message.lines().count(), 1);
        }
    }

    #[test]
    fn names_are_joined_as_in_a_sentence() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
