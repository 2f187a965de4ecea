//! The parameters in a request's body: each is checked for name, type and limits,
//! and no other is accepted.
//!
//! A body that is not a JSON object is 60003. A parameter that is missing, of another
//! type, outside its limits or unknown is 100002, with an `ErrorInfo` that names it.
//! The limits are those of the service's documents.

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::room::{InvalidValue, MEMBERS_PER_REQUEST, Reason, RoomId, UserId};

use super::answer::Refusal;

/// The parameters that are not read yet.
#[derive(Debug)]
pub(super) struct Params(Map<String, Value>);

impl Params {
    /// Parses a body.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Err(Refusal::new(60_003, "the body is empty"));
        }
        let Object(map) = serde_json::from_slice(body)
            .map_err(|why| Refusal::new(60_003, format!("the body: {why}")))?;
        Ok(Self(map))
    }

    /// `RoomId`.
    pub(super) fn room(&mut self) -> Result<RoomId, Refusal> {
        let text = self.mandatory_text("RoomId")?;
        RoomId::parse(&text).map_err(|why| invalid("RoomId", &why))
    }

    /// `MemberList_Account`: 1 to 20 accounts. One may be named twice: the documents do
    /// not forbid it.
    pub(super) fn members(&mut self) -> Result<Vec<UserId>, Refusal> {
        let name = "MemberList_Account";
        let Value::Array(items) = self.mandatory(name)? else {
            return Err(wrong(name, "is not an array"));
        };
        if items.is_empty() || items.len() > MEMBERS_PER_REQUEST {
            let count = items.len();
            return Err(wrong(name, format!("has {count} entries, not 1 to 20")));
        }
        items.into_iter().map(|item| member(name, &item)).collect()
    }

    /// `Reason`: mandatory and not empty. The documents do not mention an empty one.
    pub(super) fn reason(&mut self) -> Result<Reason, Refusal> {
        let text = self.mandatory_text("Reason")?;
        Reason::parse(&text).map_err(|why| invalid("Reason", &why))
    }

    /// A mandatory integer above zero.
    pub(super) fn positive(&mut self, name: &str) -> Result<u64, Refusal> {
        let value = self.mandatory(name)?;
        integer(name, &value, 1..=u64::from(u32::MAX))
    }

    /// An integer within `range`, or `default` if it is missing.
    pub(super) fn integer_or(
        &mut self,
        name: &str,
        default: u64,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<u64, Refusal> {
        match self.0.remove(name) {
            None => Ok(default),
            Some(value) => integer(name, &value, range),
        }
    }

    /// A string, or an empty one if it is missing.
    pub(super) fn text_or_empty(&mut self, name: &str) -> Result<String, Refusal> {
        match self.0.remove(name) {
            None => Ok(String::new()),
            Some(value) => text(name, value),
        }
    }

    /// To be called last: refuses the parameters that were not read.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(wrong(name, "is unknown")),
        }
    }

    fn mandatory(&mut self, name: &str) -> Result<Value, Refusal> {
        let value = self.0.remove(name);
        value.ok_or_else(|| wrong(name, "is missing"))
    }

    fn mandatory_text(&mut self, name: &str) -> Result<String, Refusal> {
        let value = self.mandatory(name)?;
        text(name, value)
    }
}

/// A JSON object without repeated names: one of the two values would be ignored.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Unique;
        impl<'de> Visitor<'de> for Unique {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Object, A::Error> {
                let mut map = Map::new();
                while let Some((name, value)) = from.next_entry::<String, Value>()? {
                    if map.contains_key(&name) {
                        return Err(A::Error::custom(format!("{name} is given twice")));
                    }
                    map.insert(name, value);
                }
                Ok(Object(map))
            }
        }
        from.deserialize_map(Unique)
    }
}

/// 100002 for this parameter.
pub(super) fn wrong(name: &str, what: impl fmt::Display) -> Refusal {
    Refusal::new(100_002, format!("invalid parameter: {name} {what}"))
}

fn invalid(name: &str, why: &InvalidValue) -> Refusal {
    wrong(name, format!("({why})"))
}

fn member(name: &str, item: &Value) -> Result<UserId, Refusal> {
    let text = item
        .as_str()
        .ok_or_else(|| wrong(name, "has an entry that is not a string"))?;
    UserId::parse(text).map_err(|why| invalid(name, &why))
}

fn text(name: &str, value: Value) -> Result<String, Refusal> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(wrong(name, "is not a string")),
    }
}

fn integer(
    name: &str,
    value: &Value,
    range: std::ops::RangeInclusive<u64>,
) -> Result<u64, Refusal> {
    match value.as_u64() {
        Some(number) if range.contains(&number) => Ok(number),
        _ => {
            let (low, high) = range.into_inner();
            Err(wrong(
                name,
                format!("is not an integer from {low} to {high}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn params(body: &Value) -> Params {
        Params::parse(body.to_string().as_bytes()).expect("an object")
    }

    fn info<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
        let refusal = result.expect_err("refused");
        assert_eq!(refusal.code, 100_002, "{}", refusal.info);
        refusal.info
    }

    #[test]
    fn bodies_other_than_an_object_are_60003() {
        for body in [
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            "{} {}",
            "{'a':1}",
            "{\"a\":1,\"a\":1}",
        ] {
            let refusal = Params::parse(body.as_bytes()).expect_err("refused");
            assert_eq!(refusal.code, 60_003, "{body}");
        }
        assert!(Params::parse(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn rooms_have_1_to_48_printable_bytes() {
        assert!(params(&json!({"RoomId": "r".repeat(48)})).room().is_ok());
        for bad in [
            json!("r".repeat(49)),
            json!(""),
            json!("房"),
            json!(7),
            json!(null),
        ] {
            let info = info(params(&json!({"RoomId": bad})).room());
            assert!(info.contains("RoomId"), "{info}");
        }
        assert!(info(params(&json!({})).room()).contains("RoomId is missing"));
    }

    #[test]
    fn member_lists_have_1_to_20_accounts_of_1_to_32_bytes() {
        let list = |members: Value| params(&json!({"MemberList_Account": members})).members();
        assert_eq!(list(json!(vec!["u"; 20])).expect("20").len(), 20);
        assert!(list(json!(["u".repeat(32)])).is_ok());
        for bad in [
            json!([]),
            json!(vec!["u"; 21]),
            json!(["u".repeat(33)]),
            json!([""]),
            json!(["a\nb"]),
            json!([7]),
            json!("user1"),
            json!(null),
        ] {
            assert!(info(list(bad)).contains("MemberList_Account"));
        }
    }

    #[test]
    fn reasons_have_1_to_1000_bytes() {
        let reason = |text: &str| params(&json!({"Reason": text})).reason();
        assert!(reason(&"r".repeat(1_000)).is_ok());
        assert!(info(reason(&"r".repeat(1_001))).contains("1001 of 1000 bytes"));
        assert!(info(reason(&"踢".repeat(334))).contains("1002 of 1000 bytes"));
        assert!(info(reason("")).contains("Reason"));
        assert!(info(params(&json!({})).reason()).contains("Reason is missing"));
    }

    #[test]
    fn integers_are_integers_within_their_range() {
        let limit = |value: Value| params(&json!({"Limit": value})).integer_or("Limit", 5, 1..=100);
        assert_eq!(limit(json!(100)), Ok(100));
        for bad in [
            json!(0),
            json!(101),
            json!(-1),
            json!(1.0),
            json!("1"),
            json!(null),
        ] {
            assert!(info(limit(bad)).contains("Limit is not an integer from 1 to 100"));
        }
        assert_eq!(params(&json!({})).integer_or("Limit", 5, 1..=100), Ok(5));
        assert!(info(params(&json!({})).positive("Duration")).contains("Duration is missing"));
    }

    #[test]
    fn unknown_parameters_are_refused() {
        let mut params = params(&json!({"RoomId": "r", "roomid": "r"}));
        assert!(params.room().is_ok());
        assert!(info(params.finish()).contains("roomid is unknown"));
    }
}
