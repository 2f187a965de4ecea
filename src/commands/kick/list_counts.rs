//! How many members `--all` and `--match` found on the lists, and how many of them are
//! not in the plan.

use serde::Serialize;

use crate::error::grouped;
use crate::output::plural;

/// How many names were on the lists, and how many are not in the plan.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListCounts {
    pub(super) listed: usize,
    /// Not matched by any `--match`.
    pub(super) not_matching: usize,
    pub(super) caller: usize,
    pub(super) protected: usize,
    pub(super) owners_and_admins: usize,
    /// Their roles are not understood.
    pub(super) roles_not_understood: usize,
    /// Their names cannot be sent.
    pub(super) names_not_usable: usize,
    /// Not on a list any more, and in doubt by the journal.
    pub(super) in_doubt: usize,
    /// Rooms whose lists are not complete.
    pub(super) incomplete_lists: usize,
}

impl ListCounts {
    /// How many are skipped.
    pub(super) fn skipped(&self) -> usize {
        self.caller + self.protected + self.owners_and_admins + self.roles_not_understood
    }

    /// `the calling account, 2 protected, 3 owners and admins`; None if nobody is
    /// skipped.
    pub(super) fn skipped_in_words(&self) -> Option<String> {
        let caller = match self.caller {
            1 => "the calling account".into(),
            many => format!("the calling account in {} rooms", grouped(many)),
        };
        let protected = format!("{} protected", grouped(self.protected));
        let admins = match self.owners_and_admins {
            1 => "1 owner or admin".to_owned(),
            many => format!("{} owners and admins", grouped(many)),
        };
        let odd_roles = format!(
            "{} with a Role that is not understood",
            grouped(self.roles_not_understood)
        );
        let parts = [
            (self.caller, caller),
            (self.protected, protected),
            (self.owners_and_admins, admins),
            (self.roles_not_understood, odd_roles),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(_, part)| part).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// `300 names`, or `300 names, 280 of them match`
    pub(super) fn listed_in_words(&self, has_globs: bool) -> String {
        let names = plural(self.listed, "name", "names");
        if has_globs {
            let matching = grouped(self.listed - self.not_matching);
            return format!("{names}, {matching} match");
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_are_skipped_are_counted_in_words() {
        let words = |caller, protected, owners_and_admins| {
            let counts = ListCounts {
                caller,
                protected,
                owners_and_admins,
                ..ListCounts::default()
            };
            counts.skipped_in_words().unwrap_or_default()
        };
        assert_eq!(words(0, 0, 0), "");
        assert_eq!(words(1, 0, 1), "the calling account, 1 owner or admin");
        assert_eq!(
            words(2, 1000, 3),
            "the calling account in 2 rooms, 1,000 protected, 3 owners and admins"
        );
    }
}
