//! The calls that only look: who is in a room, who is banned, what the room is.
//!
//! One page a call; following the pages is the caller's. What the service tells
//! of a member or a room is kept as it came, in its names and its order: the
//! documents call some of it free text, and new keys may appear.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::codes::Class;
use super::wire::{GetBannedMemberList, GetRoomInfo, GetRoomMemberList};
use super::{Answer, Client, Error};
use crate::room::RoomId;

/// Members on a page: the documents' default; the maximum they do not tell.
const MEMBERS_A_PAGE: u32 = 50;

/// Bans on a page: the documents' maximum.
const BANS_A_PAGE: u32 = 100;

/// What the service tells of one member, one ban or one room.
pub type JsonObject = Map<String, Value>;

/// An answer to a call that looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryReply<T> {
    /// What was asked for.
    Data(T),
    /// The service did not tell; never of [`Class::Done`].
    Failed(Answer),
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<C> {
    /// Each has a `Member_Account` that is a text.
    pub items: Vec<JsonObject>,
    /// Where the next page begins, if there is one.
    pub next: Option<C>,
}

impl Client {
    /// Members of a room from `next` on, which is empty for the first page
    /// (api.md, section 3).
    pub fn get_room_member_list(
        &self,
        room: &RoomId,
        next: &str,
        now: SystemTime,
        fresh: bool,
    ) -> Result<QueryReply<Page<String>>, Error> {
        let body = GetRoomMemberList {
            room_id: room.as_str(),
            count: MEMBERS_A_PAGE,
            next,
        };
        let answer = self.call("get_room_member_list", &body, now, fresh)?;
        found(answer, |response| {
            let items = items(response, "MemberList")?;
            let next = cursor(response)?;
            Some(Page { items, next })
        })
    }

    /// Bans of a room from `offset` on, which is 0 for the first page (api.md,
    /// section 3).
    pub fn get_banned_member_list(
        &self,
        room: &RoomId,
        offset: u64,
        now: SystemTime,
        fresh: bool,
    ) -> Result<QueryReply<Page<u64>>, Error> {
        let body = GetBannedMemberList {
            room_id: room.as_str(),
            limit: BANS_A_PAGE,
            offset,
        };
        let answer = self.call("get_banned_member_list", &body, now, fresh)?;
        found(answer, |response| {
            let items = items(response, "BannedAccountList")?;
            let next = match cursor(response)? {
                None => None,
                Some(text) => Some(text.parse().ok()?),
            };
            let next = next.filter(|offset| *offset != 0);
            Some(Page { items, next })
        })
    }

    /// What [`Client::get_room_info`] is answered with, whatever it is: for who
    /// wants to know of the service, not of the room.
    pub fn room_info_answer(&self, room: &RoomId, now: SystemTime) -> Result<Answer, Error> {
        let body = GetRoomInfo {
            room_id: room.as_str(),
        };
        self.call("get_room_info", &body, now, false)
    }

    /// What the room is (api.md, section 3).
    pub fn get_room_info(
        &self,
        room: &RoomId,
        now: SystemTime,
        fresh: bool,
    ) -> Result<QueryReply<JsonObject>, Error> {
        let body = GetRoomInfo {
            room_id: room.as_str(),
        };
        let answer = self.call("get_room_info", &body, now, fresh)?;
        found(answer, |response| {
            response.get_mut("RoomInfo")?.as_object_mut().map(take)
        })
    }
}

/// A success whose payload is not as documented is not the service's.
fn found<T>(
    mut answer: Answer,
    read: impl FnOnce(&mut Value) -> Option<T>,
) -> Result<QueryReply<T>, Error> {
    if answer.class() != Class::Done {
        return Ok(QueryReply::Failed(answer));
    }
    let what = read(&mut answer.response);
    what.map(QueryReply::Data).ok_or(Error::NotTheService {
        status: 200,
        what: "a Response that is not as documented",
        retry_after: answer.retry_after,
    })
}

/// A list that is not there, or null, is an empty one.
fn items(response: &mut Value, list: &str) -> Option<Vec<JsonObject>> {
    let fields = response.as_object_mut()?;
    let items = match fields.get_mut(list) {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(list) => list.as_array_mut()?,
    };
    let item = |item: &mut Value| {
        let fields = item.as_object_mut()?;
        let is_named = fields.get("Member_Account").is_some_and(Value::is_string);
        is_named.then(|| take(fields))
    };
    items.iter_mut().map(item).collect()
}

/// `NextOffset` or `Next`, a number or a text: of the bans the documents say
/// both. 0, empty, null and missing mean the end; the outer `None` is neither.
#[allow(
    clippy::option_option,
    reason = "no cursor and no next page are two things"
)]
fn cursor(response: &Value) -> Option<Option<String>> {
    let names = ["NextOffset", "Next"];
    let values = names.into_iter().filter_map(|name| response.get(name));
    for value in values {
        match value {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Number(number) if number.as_u64() == Some(0) => {}
            Value::String(text) => return Some(Some(text.clone())),
            Value::Number(number) => return Some(Some(number.to_string())),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        }
    }
    Some(None)
}

fn take(fields: &mut JsonObject) -> JsonObject {
    std::mem::take(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_next_page_is_told_in_either_name_and_type() {
        let next = |response| cursor(&response);
        for end in [
            json!({}),
            json!({"Next": ""}),
            json!({"NextOffset": 0}),
            json!({"Next": null}),
        ] {
            assert_eq!(next(end), Some(None));
        }
        assert_eq!(next(json!({"Next": "a"})), Some(Some("a".into())));
        assert_eq!(next(json!({"Next": 7})), Some(Some("7".into())));
        assert_eq!(next(json!({"NextOffset": "7"})), Some(Some("7".into())));
        assert_eq!(
            next(json!({"NextOffset": 0, "Next": "7"})),
            Some(Some("7".into()))
        );
        assert_eq!(next(json!({"Next": [1]})), None);
    }

    #[test]
    fn who_has_no_name_is_in_no_list() {
        let mut good = json!({"L": [{"Member_Account": "a", "More": 1}]});
        assert_eq!(items(&mut good, "L").map(|items| items.len()), Some(1));
        assert_eq!(items(&mut json!({}), "L"), Some(Vec::new()));
        for bad in [
            json!({"L": [{}]}),
            json!({"L": [{"Member_Account": 1}]}),
            json!({"L": 1}),
            json!(null),
        ] {
            assert_eq!(items(&mut bad.clone(), "L"), None, "{bad}");
        }
    }
}
