//! Settings without which nothing can be signed, where they are given nowhere: one
//! problem for all of them, whose hint begins with what most users need.

use super::layers::Layers;
use super::profile::Profiles;
use super::table::{Group, IDENTIFIER, SDKAPPID, SECRET_KEY_FILE, SettingSpec};
use crate::error::Problem;
use crate::secret::scrub;

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

/// Those of `needed` that are given nowhere.
pub(super) fn find(needed: &[Required], layers: &Layers) -> Vec<Required> {
    let missing = needed.iter().copied();
    missing
        .filter(|required| !required.is_given(layers))
        .collect()
}

/// The problem about settings that are given nowhere. Without any profile and any
/// of the settings, the hint leads to `profile add` and, if the command
/// `has_sandbox`, to a rehearsal.
pub(super) fn problem(missing: &[Required], profiles: &Profiles, has_sandbox: bool) -> Problem {
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

    #[test]
    fn without_a_profile_the_hint_begins_with_profile_add() {
        for missing in [
            &Required::REQUESTS[..],
            &Required::REQUESTS[..1],
            &Required::SIGNATURES[1..],
        ] {
            let problem = problem(missing, &Profiles::default(), true);
            assert!(
                problem.hint.starts_with("roomctl profile add NAME "),
                "{problem:?}"
            );
        }
    }

    #[test]
    fn only_a_command_with_a_sandbox_names_it() {
        for has_sandbox in [true, false] {
            let problem = problem(&Required::REQUESTS, &Profiles::default(), has_sandbox);
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
