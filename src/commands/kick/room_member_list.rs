//! The list of one room that `--all` and `--match` read: the names, what each member is
//! in its room, and why the list may not be complete.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::api::{self, JsonObject, id_text};
use crate::commands::fetch::Fetcher;
use crate::error::Error;
use crate::job::check_complete;
use crate::room::{Action, UserId};
use crate::secret::excerpt;

/// The list of one room, as it was read.
#[derive(Debug, Default)]
pub(super) struct RoomMemberList {
    /// Each name once.
    pub(super) names: Vec<(String, RoomRole)>,
    /// What stands in place of names that cannot be sent.
    pub(super) unusable: Vec<Value>,
    /// The first role that is not understood, as it came.
    pub(super) odd_role: Option<String>,
    /// An owner that is not understood, as it came.
    pub(super) odd_owner: Option<String>,
    pub(super) incomplete: Option<Gap>,
}

/// What a member is in its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoomRole {
    Member,
    OwnerOrAdmin,
    /// Perhaps an owner or an admin.
    NotUnderstood,
}

/// Why a list is not known to be complete.
#[derive(Debug)]
pub(super) enum Gap {
    /// It may be by the next time.
    Now(String),
    /// The service does not say how many members there are.
    NoCount(String),
    /// Members whose names cannot be sent.
    Names(String),
}

impl RoomMemberList {
    pub(super) fn read(action: Action, fetcher: &mut Fetcher<'_>) -> Result<Self, Error> {
        let (mut list, mut known) = (Self::default(), HashMap::new());
        let add = |items: Vec<JsonObject>, unusable: Vec<Value>| {
            list.unusable.extend(unusable);
            for item in &items {
                let name = item.get("Member_Account").and_then(Value::as_str);
                let name = name.unwrap_or_default();
                if UserId::parse(name).is_err() {
                    list.unusable.push(name.into());
                    continue;
                }
                let role = list.role_of(item);
                let at = *known.entry(name.to_owned()).or_insert(list.names.len());
                match list.names.get_mut(at) {
                    None => list.names.push((name.to_owned(), role)),
                    // On the list twice: the role that keeps the member in the room.
                    Some((_, known)) if *known == RoomRole::Member => *known = role,
                    Some(_) => {}
                }
            }
            Ok(true)
        };
        let end = match action {
            // The service does not say how many bans there are.
            Action::Unban => fetcher.bans(add)?,
            Action::Kick | Action::Ban => fetcher.members(add)?,
        };
        let endless = end.endless.map(|why| Gap::Now(format!("its pages {why}")));
        list.incomplete = endless;
        if action != Action::Unban {
            let info = fetcher.info()?;
            let count = list.names.len() + list.unusable.len();
            let gap = check_complete(count, &info).err().map(|why| {
                let is_known = api::member_count(&info).is_some();
                if is_known {
                    Gap::Now(why)
                } else {
                    Gap::NoCount(why)
                }
            });
            list.incomplete = list.incomplete.or(gap);
            list.mark_owner(&info);
        }
        Ok(list)
    }

    /// What this entry's member is; remembers a role that is not understood.
    fn role_of(&mut self, member: &JsonObject) -> RoomRole {
        let value = member.get("Role").unwrap_or(&Value::Null);
        let role = role_in_value(value);
        if role == RoomRole::NotUnderstood {
            self.odd_role.get_or_insert_with(|| shown(value));
        }
        role
    }

    /// Those of `users` that are not on the list.
    pub(super) fn without<'a>(&self, users: &'a [&'a UserId]) -> Vec<&'a &'a UserId> {
        if users.is_empty() {
            return Vec::new();
        }
        let names: HashSet<&str> = self.names.iter().map(|(name, _)| &**name).collect();
        let is_left = |user: &&&UserId| !names.contains(user.as_str());
        users.iter().filter(is_left).collect()
    }

    /// The room's owner need not have a role that says so.
    fn mark_owner(&mut self, info: &JsonObject) {
        let owner = info.get("Owner_Account").unwrap_or(&Value::Null);
        let owners = match owner {
            Value::Null => return,
            Value::Array(owners) => owners.iter().map(id_text).collect(),
            owner => id_text(owner).map(|owner| vec![owner]),
        };
        let Some(owners) = owners else {
            self.odd_owner = Some(shown(owner));
            return;
        };
        for (name, role) in &mut self.names {
            if owners.contains(name) {
                *role = RoomRole::OwnerOrAdmin;
            }
        }
    }
}

/// The documents give no fixed words for a role: `RoomOwner` in the sample, Owner and
/// Admin in the table. They are words; what is something else is not guessed at.
fn role_in_value(value: &Value) -> RoomRole {
    let role = match value {
        Value::Null => "",
        Value::String(role) => role,
        _ => return RoomRole::NotUnderstood,
    };
    let (role, is_number) = (
        role.to_ascii_lowercase(),
        role.trim().parse::<f64>().is_ok(),
    );
    if role.contains("owner") || role.contains("admin") {
        RoomRole::OwnerOrAdmin
    } else if is_number {
        RoomRole::NotUnderstood
    } else {
        RoomRole::Member
    }
}

/// The start of a value as it came.
pub(super) fn shown(value: &Value) -> String {
    excerpt(&value.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_role_is_compared_by_what_it_contains_in_any_case() {
        for role in [
            "RoomOwner",
            "Owner",
            "OWNER",
            "Admin",
            "roomAdmin",
            "Administrator",
        ] {
            assert_eq!(
                role_in_value(&json!(role)),
                RoomRole::OwnerOrAdmin,
                "{role}"
            );
        }
        for role in [
            json!("Member"),
            json!(""),
            json!("GeneralUser"),
            json!(null),
        ] {
            assert_eq!(role_in_value(&role), RoomRole::Member, "{role}");
        }
    }

    #[test]
    fn a_role_that_is_not_a_word_is_not_understood() {
        for role in [
            json!(0),
            json!(1),
            json!("1"),
            json!(["Admin"]),
            json!({"x": "Admin"}),
            json!(true),
        ] {
            assert_eq!(role_in_value(&role), RoomRole::NotUnderstood, "{role}");
        }
    }

    #[test]
    fn the_owner_is_found_in_any_shape() {
        let marked = |owner: Value| {
            let mut list = RoomMemberList {
                names: vec![("123".into(), RoomRole::Member)],
                ..RoomMemberList::default()
            };
            let info = json!({ "Owner_Account": owner });
            list.mark_owner(info.as_object().expect("an object"));
            (list.names[0].1, list.odd_owner)
        };
        for owner in [json!("123"), json!(123), json!([7, "123"])] {
            assert_eq!(marked(owner), (RoomRole::OwnerOrAdmin, None));
        }
        for other in [json!(null), json!(""), json!("1234")] {
            assert_eq!(marked(other), (RoomRole::Member, None));
        }
        assert_eq!(marked(json!({})), (RoomRole::Member, Some("{}".into())));
    }
}
