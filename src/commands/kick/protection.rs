//! Who is never removed, whatever a list says: the protected names, and the
//! caller, because a moderator's list may name the moderator.

use std::fmt;

use crate::config::{Profile, Source};
use crate::job::Glob;
use crate::room::{Action, UserId};

/// Stands before everybody who is not to be removed.
#[derive(Debug)]
pub(super) struct Protection {
    globs: Vec<(Glob, Source)>,
    caller: Option<UserId>,
}

/// Why somebody is not removed.
#[derive(Debug)]
pub(super) enum ProtectedBy<'a> {
    Glob(&'a Glob, &'a Source),
    Caller,
}

impl Protection {
    /// The flags' patterns and the profile's, together.
    pub(super) fn new(flags: &[Glob], profile: Option<&Profile>, caller: Option<UserId>) -> Self {
        let source = Source::Flag("--protect");
        let mut globs: Vec<(Glob, Source)> = flags
            .iter()
            .map(|glob| (glob.clone(), source.clone()))
            .collect();
        if let Some(kept) = profile.and_then(|profile| profile.texts("protect")) {
            let glob = |text: &String| Glob::parse(text).expect("checked with the profile");
            let kept_globs = kept.value.iter().map(glob);
            globs.extend(kept_globs.map(|glob| (glob, kept.source.clone())));
        }
        Self { globs, caller }
    }

    /// The same for an action. Who is let in again is not removed: nobody needs
    /// to be kept from that, save by the flags of this very command.
    pub(super) fn of(
        action: Action,
        flags: &[Glob],
        profile: Option<&Profile>,
        caller: Option<UserId>,
    ) -> Self {
        match action {
            Action::Kick | Action::Ban => Self::new(flags, profile, caller),
            Action::Unban => Self::new(flags, None, None),
        }
    }

    /// The patterns and where they came from.
    pub(super) fn globs(&self) -> &[(Glob, Source)] {
        &self.globs
    }

    /// Why this member is not removed, if so.
    pub(super) fn protects(&self, user: &UserId) -> Option<ProtectedBy<'_>> {
        if self.caller.as_ref() == Some(user) {
            return Some(ProtectedBy::Caller);
        }
        let mut globs = self.globs.iter();
        let (glob, source) = globs.find(|(glob, _)| glob.matches(user.as_str()))?;
        Some(ProtectedBy::Glob(glob, source))
    }
}

impl fmt::Display for ProtectedBy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Glob(glob, source) => {
                write!(f, "is protected by {:?}, {source}", glob.to_string())
            }
            Self::Caller => f.write_str("is the calling identifier itself"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_names_and_the_caller_are_reported_with_the_reason_why() {
        let user = |name| UserId::parse(name).expect("user");
        let glob = Glob::parse("host-*").expect("glob");
        let protection = Protection::new(&[glob], None, Some(user("admin")));
        let said = |name| protection.protects(&user(name)).map(|why| why.to_string());
        assert_eq!(
            said("host-1").as_deref(),
            Some("is protected by \"host-*\", flag --protect")
        );
        assert_eq!(
            said("admin").as_deref(),
            Some("is the calling identifier itself")
        );
        assert_eq!(said("Admin"), None);
    }
}
