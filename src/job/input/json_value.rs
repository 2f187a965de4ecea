//! One value of a JSON list: an object with the keys that `-o json` prints, or a
//! `UserID`.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::column_words::has_room_word;
use super::layout::Column;
use super::problem::RowProblem;
use super::row::{self, RowParts, ValueCache};
use crate::room::UserId;
use crate::secret::excerpt;

/// Most names of other keys that are remembered.
const MAX_OTHER_KEYS: usize = 32;

/// A value as it stands in the text.
#[derive(Debug)]
pub(super) enum Value<'a> {
    User(Cow<'a, str>),
    Object(Box<Object<'a>>),
}

/// The keys in use. Null counts as not given; other keys are ignored.
#[derive(Debug, Default)]
pub(super) struct Object<'a> {
    room: Field<'a>,
    member: Field<'a>,
    members: Field<'a>,
    reason: Field<'a>,
    duplicates: Vec<&'static str>,
    /// Keys that are nearly one of ours, with the one that was meant.
    misspelt: Vec<(String, Column)>,
    /// Keys that mean one of ours in another spelling.
    same: Vec<(String, Column)>,
    /// It is a line of this kind of file.
    record: Option<&'static str>,
}

/// The value of a key in use.
#[derive(Debug, Default)]
enum Field<'a> {
    #[default]
    Missing,
    Null,
    Text(Cow<'a, str>),
    List(Vec<Field<'a>>),
    /// Another type, in words.
    Other(String),
}

#[derive(Debug)]
enum Key {
    Room,
    Member,
    Members,
    Reason,
    /// Of a journal.
    Record,
    /// Of an audit file.
    OsUser,
    /// Another spelling of a known key.
    Same(String, Column),
    /// It may mean that key if the key itself is missing.
    Misspelt(String, Column),
    Other,
}

/// Names of keys that are none of ours, so that each is compared only once.
#[derive(Debug, Default)]
pub(super) struct OtherKeys(Vec<Box<str>>);

impl OtherKeys {
    fn key(&mut self, name: &str) -> Key {
        match name {
            "RoomId" => return Key::Room,
            "Member_Account" => return Key::Member,
            "MemberList_Account" => return Key::Members,
            "Reason" => return Key::Reason,
            "Record" => return Key::Record,
            "OsUser" => return Key::OsUser,
            _ => {}
        }
        if self.0.iter().any(|other| **other == *name) {
            return Key::Other;
        }
        if let Some(column) = Column::same_as(name) {
            return Key::Same(excerpt(name), column);
        }
        let room = || has_room_word(name).then_some(Column::Room);
        if let Some(column) = Column::nearly(name).or_else(room) {
            return Key::Misspelt(excerpt(name), column);
        }
        if self.0.len() < MAX_OTHER_KEYS && name.len() <= 64 {
            self.0.push(name.into());
        }
        Key::Other
    }
}

impl Object<'_> {
    /// The parsed values. The members are added to `users`. Every problem is in the
    /// parts.
    pub(super) fn into_parts(
        mut self,
        cache: &mut ValueCache,
        users: &mut VecDeque<UserId>,
    ) -> RowParts {
        if let Some(kind) = self.record {
            return RowParts::other(RowProblem::Record(kind));
        }
        let mut parts = RowParts::default();
        let duplicates = self.duplicates.drain(..).map(RowProblem::DuplicateKey);
        parts.problems.extend(duplicates);
        let names_member = self.report_odd_keys(&mut parts);
        parts.add_room(self.room.text("RoomId").and_then(|text| cache.room(&text)));
        match (self.member.is_missing(), self.members.is_missing()) {
            (true, true) if names_member => {}
            (true, true) => parts.problems.push(RowProblem::NoMember),
            (false, false) => parts.problems.push(RowProblem::BothMemberKeys),
            (false, true) => {
                let user = self.member.text("Member_Account");
                let user = user.and_then(|text| match &*text {
                    "" => Err(RowProblem::NoMember),
                    text => row::user(text),
                });
                users.extend(parts.keep(user));
            }
            (true, false) => self.members.add_users(&mut parts, users),
        }
        let reason = self.reason.text("Reason");
        parts.add_reason(reason.and_then(|text| cache.reason(&text)));
        parts
    }

    /// Reports the keys that nearly are, or that mean, one of ours. Returns whether one
    /// of them stands for a member that is missing.
    fn report_odd_keys(&mut self, parts: &mut RowParts) -> bool {
        let mut names_member = false;
        let same = std::mem::take(&mut self.same).into_iter();
        let misspelt = std::mem::take(&mut self.misspelt).into_iter();
        let same = same.map(|(found, column)| (found, column, true));
        let misspelt = misspelt.map(|(found, column)| (found, column, false));
        for (found, column, is_same) in same.chain(misspelt) {
            if is_same && self.is_given(column) {
                let known = match column {
                    Column::User if self.member.is_missing() => "MemberList_Account",
                    column => key_of(column),
                };
                parts.problems.push(RowProblem::SameKey { found, known });
            } else if self.is_missing(column) {
                match column {
                    Column::User => names_member = true,
                    Column::Room => parts.has_room(),
                    Column::Reason => parts.has_reason(),
                }
                let meant = key_of(column);
                let problem = RowProblem::MisspeltKey { found, meant };
                parts.problems.push(problem);
            }
        }
        names_member
    }

    fn is_missing(&self, column: Column) -> bool {
        match column {
            Column::Room => self.room.is_missing() || self.room.is_empty(),
            Column::Reason => self.reason.is_missing(),
            Column::User => self.member.is_missing() && self.members.is_missing(),
        }
    }

    /// Whether the key is there, also with an empty text.
    fn is_given(&self, column: Column) -> bool {
        match column {
            Column::Room => !self.room.is_missing(),
            column => !self.is_missing(column),
        }
    }
}

fn key_of(column: Column) -> &'static str {
    match column {
        Column::User => "Member_Account",
        Column::Room => "RoomId",
        Column::Reason => "Reason",
    }
}

impl<'a> Field<'a> {
    fn is_missing(&self) -> bool {
        matches!(self, Self::Missing | Self::Null)
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// The text; empty where it is not given.
    fn text(self, key: &'static str) -> Result<Cow<'a, str>, RowProblem> {
        match self {
            Self::Missing | Self::Null => Ok("".into()),
            Self::Text(text) => Ok(text),
            other => Err(wrong_type(key, other.in_words(), "a text in double quotes")),
        }
    }

    /// The members of `MemberList_Account`.
    fn add_users(self, parts: &mut RowParts, users: &mut VecDeque<UserId>) {
        const KEY: &str = "MemberList_Account";
        let fields = match self {
            Self::List(fields) => fields,
            other => {
                let problem = wrong_type(KEY, other.in_words(), "an array of texts");
                parts.problems.push(problem);
                return;
            }
        };
        if fields.iter().all(Self::is_empty) {
            parts.problems.push(RowProblem::NoMember);
            return;
        }
        for field in fields {
            let user = match field {
                Self::Text(text) => row::user(&text),
                other => Err(wrong_type(
                    KEY,
                    format!("an array with {}", other.in_words()),
                    "an array of texts",
                )),
            };
            users.extend(parts.keep(user));
        }
    }

    fn in_words(self) -> String {
        match self {
            Self::Missing | Self::Null => "null".into(),
            Self::Text(_) => "a single text".into(),
            Self::List(_) => "an array".into(),
            Self::Other(words) => words,
        }
    }
}

fn wrong_type(key: &'static str, found: String, expected: &'static str) -> RowProblem {
    RowProblem::WrongType {
        key,
        found,
        expected,
    }
}

/// Reads one value.
pub(super) struct ValueSeed<'k>(pub(super) &'k mut OtherKeys);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::User(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::User(text.to_owned().into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let mut object = Object::default();
        while let Some(key) = map.next_key_seed(KeySeed(self.0))? {
            let (slot, name) = match key {
                Key::Room => (&mut object.room, "RoomId"),
                Key::Member => (&mut object.member, "Member_Account"),
                Key::Reason => (&mut object.reason, "Reason"),
                Key::Members => (&mut object.members, "MemberList_Account"),
                Key::Record => {
                    if let Field::Text(kind) = map.next_value()?
                        && matches!(&*kind, "journal" | "intent" | "settled")
                    {
                        object.record = Some("a journal");
                    }
                    continue;
                }
                Key::OsUser => {
                    map.next_value::<IgnoredAny>()?;
                    object.record = Some("an audit file");
                    continue;
                }
                Key::Same(name, column) => {
                    map.next_value::<IgnoredAny>()?;
                    object.same.push((name, column));
                    continue;
                }
                Key::Misspelt(name, column) => {
                    map.next_value::<IgnoredAny>()?;
                    object.misspelt.push((name, column));
                    continue;
                }
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if !matches!(slot, Field::Missing) {
                object.duplicates.push(name);
            }
            *slot = map.next_value()?;
        }
        Ok(Value::Object(Box::new(object)))
    }
}

struct KeySeed<'k>(&'k mut OtherKeys);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(self.0.key(name))
    }
}

struct FieldVisitor;

impl<'de> Deserialize<'de> for Field<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an array of strings")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Field<'de>, E> {
        Ok(Field::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<'de>, E> {
        Ok(Field::Text(text.to_owned().into()))
    }

    fn visit_unit<E>(self) -> Result<Field<'de>, E> {
        Ok(Field::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Field<'de>, E> {
        Ok(Field::Other(format!("the number {value}")))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Field<'de>, E> {
        Ok(Field::Other(format!("the number {value}")))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Field<'de>, E> {
        Ok(Field::Other(format!("the number {value}")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Field<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = seq.next_element()? {
            fields.push(field);
        }
        Ok(Field::List(fields))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Other("an object".into()))
    }
}
