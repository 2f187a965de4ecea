//! The precedence, value by value: flag, then a profile that `--profile`
//! chose, then the environment, then any other profile.

use super::env::Env;
use super::names::SettingSpec;
use super::profile::Profile;
use super::source::Source;
use super::value::{FlagSource, RawData, RawValue};

/// Everything that can hold a value, except the built-in defaults.
#[derive(Clone, Copy)]
pub(super) struct Layers<'a> {
    flags: &'a dyn FlagSource,
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
    pub(super) fn new(
        flags: &'a dyn FlagSource,
        env: &'a Env,
        profile: Option<&'a Profile>,
    ) -> Self {
        Self {
            flags,
            env,
            profile,
        }
    }

    /// The value of one setting from the highest place that has it.
    pub(super) fn one(&self, name: &'static SettingSpec) -> Option<RawValue> {
        self.top(&[name]).pop()
    }

    /// Settings that are one value together: all that stand in the highest
    /// place that has any of them. What lower places have is overruled.
    pub(super) fn top(&self, names: &[&'static SettingSpec]) -> Vec<RawValue> {
        let in_layer = |layer: Layer| -> Vec<RawValue> {
            let found = names.iter().filter_map(|name| self.find(layer, name));
            found.collect()
        };
        let mut layers = self.order().into_iter().map(in_layer);
        layers.find(|found| !found.is_empty()).unwrap_or_default()
    }

    fn order(&self) -> [Layer; 3] {
        if self.profile.is_some_and(Profile::is_chosen_by_flag) {
            [Layer::Flags, Layer::Profile, Layer::Env]
        } else {
            [Layer::Flags, Layer::Env, Layer::Profile]
        }
    }

    fn find(&self, layer: Layer, name: &'static SettingSpec) -> Option<RawValue> {
        match layer {
            Layer::Flags => {
                let flag = name.flag?;
                let value = self.flags.value(flag)?;
                let source = Source::Flag(flag);
                Some(RawValue {
                    name,
                    value,
                    source,
                })
            }
            Layer::Env => {
                let variable = name.variable?;
                let text = self.env.get_os(variable)?.to_owned();
                let value = if name.is_secret {
                    RawData::Secret(text.into())
                } else {
                    RawData::Text(text)
                };
                let source = Source::Env(variable);
                Some(RawValue {
                    name,
                    value,
                    source,
                })
            }
            Layer::Profile => self.profile?.find(name),
        }
    }
}
