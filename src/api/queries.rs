//! The calls that only read: members, bans, room information.
//!
//! A call returns one page; the caller follows the pages. The fields of a member,
//! ban or room keep the service's names and order: the documents allow free text
//! and new keys in them.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::client::Client;
use super::codes::Class;
use super::error::Error;
use super::wire::{Answer, GetBannedMemberList, GetRoomInfo, GetRoomMemberList};
use crate::room::RoomId;

/// The documents' default. They name no maximum.
const MEMBERS_PER_PAGE: u32 = 50;

/// The documents' maximum.
const BANS_PER_PAGE: u32 = 100;

/// The service's fields of one member, one ban or one room.
pub(crate) type JsonObject = Map<String, Value>;

/// The service's reply to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum QueryAnswer<T> {
    Data(T),
    /// An error answer; its class is never [`Class::Done`].
    Failed(Answer),
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListPage<C> {
    /// Each has a `Member_Account` that is a string.
    pub(crate) items: Vec<JsonObject>,
    /// The start of the next page, if there is one.
    pub(crate) next: Option<C>,
}

impl Client {
    /// The members of a room. `next` is empty for the first
    /// page.
    pub(crate) fn get_room_member_list(
        &self,
        room: &RoomId,
        next: &str,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<QueryAnswer<ListPage<String>>, Error> {
        let body = GetRoomMemberList {
            room_id: room.as_str(),
            count: MEMBERS_PER_PAGE,
            next,
        };
        let answer = self.call("get_room_member_list", &body, now, new_connection)?;
        decode(answer, |response| {
            let items = items(response, "MemberList")?;
            let next = cursor(response)?;
            Some(ListPage { items, next })
        })
    }

    /// The bans of a room. `offset` is 0 for the first page.
    pub(crate) fn get_banned_member_list(
        &self,
        room: &RoomId,
        offset: u64,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<QueryAnswer<ListPage<u64>>, Error> {
        let body = GetBannedMemberList {
            room_id: room.as_str(),
            limit: BANS_PER_PAGE,
            offset,
        };
        let answer = self.call("get_banned_member_list", &body, now, new_connection)?;
        decode(answer, |response| {
            let items = items(response, "BannedAccountList")?;
            let next = match cursor(response)? {
                None => None,
                Some(text) => Some(text.parse().ok()?),
            };
            let next = next.filter(|offset| *offset != 0);
            Some(ListPage { items, next })
        })
    }

    /// The answer to [`Client::get_room_info`], not decoded. For callers that test
    /// the service and do not need the room.
    pub(crate) fn room_info_answer(
        &self,
        room: &RoomId,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = GetRoomInfo {
            room_id: room.as_str(),
        };
        self.call("get_room_info", &body, now, new_connection)
    }

    /// The fields of a room.
    pub(crate) fn get_room_info(
        &self,
        room: &RoomId,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<QueryAnswer<JsonObject>, Error> {
        let answer = self.room_info_answer(room, now, new_connection)?;
        decode(answer, |response| {
            response
                .get_mut("RoomInfo")?
                .as_object_mut()
                .map(std::mem::take)
        })
    }
}

/// A success with an undocumented payload is not from the service.
fn decode<T>(
    mut answer: Answer,
    read: impl FnOnce(&mut Value) -> Option<T>,
) -> Result<QueryAnswer<T>, Error> {
    if answer.class() != Class::Done {
        return Ok(QueryAnswer::Failed(answer));
    }
    let data = read(&mut answer.response);
    data.map(QueryAnswer::Data).ok_or(Error::NotTheService {
        status: 200,
        what: "a Response that is not as documented",
        retry_after: answer.retry_after,
    })
}

/// A list that is missing or null is empty.
fn items(response: &mut Value, list: &str) -> Option<Vec<JsonObject>> {
    let fields = response.as_object_mut()?;
    let items = match fields.get_mut(list) {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(list) => list.as_array_mut()?,
    };
    let item = |item: &mut Value| {
        let fields = item.as_object_mut()?;
        let is_named = fields.get("Member_Account").is_some_and(Value::is_string);
        is_named.then(|| std::mem::take(fields))
    };
    items.iter_mut().map(item).collect()
}

/// `NextOffset` or `Next`, a number or a string: for bans the documents name both.
/// 0, empty, null and missing mean the end (`Some(None)`). `None` is a value of
/// another type.
#[allow(
    clippy::option_option,
    reason = "an invalid cursor is not the same as no next page"
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_next_page_has_either_name_and_type() {
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
    fn a_list_with_a_nameless_item_is_invalid() {
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
