//! The precedence, value by value: flag, then a profile that `--profile`
//! chose, then the environment, then any other profile, then the default.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::args::ConnectionArgs;
use super::env::Env;
use super::profile::{self, Profile};
use super::table::{AUDIT, Group, Kind, SettingSpec, of_groups};
use super::value::{Flags, RawValue, Setting};
use crate::error::Problem;

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
