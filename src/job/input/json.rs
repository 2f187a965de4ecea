//! The format `ndjson`: one object a line with the keys that `-o json` prints, so
//! that the results of one run can be filtered and used for the next.

use std::collections::VecDeque;

use serde::Deserialize;

use super::row::{self, Row, RowProblem, ValueCache};
use crate::room::{Reason, RoomId, UserId};

/// The members of the latest object that have not been returned yet.
#[derive(Debug, Default)]
pub(super) struct JsonReader {
    line: u64,
    room: Option<RoomId>,
    reason: Option<Reason>,
    users: VecDeque<UserId>,
}

/// The keys in use. Null counts as not given; other keys are ignored.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "RoomId")]
    room: Option<String>,
    #[serde(rename = "Member_Account")]
    member: Option<String>,
    #[serde(rename = "MemberList_Account")]
    members: Option<Vec<String>>,
    #[serde(rename = "Reason")]
    reason: Option<String>,
}

impl JsonReader {
    /// The next member of the latest object.
    pub(super) fn pending(&mut self) -> Option<Row> {
        Some(Row {
            line: self.line,
            room: self.room.clone(),
            user: self.users.pop_front()?,
            reason: self.reason.clone(),
        })
    }

    /// The first member of the object in this line; the others are pending. One
    /// bad value makes the whole object bad.
    pub(super) fn row(
        &mut self,
        line: u64,
        text: &str,
        cache: &mut ValueCache,
    ) -> Result<Row, RowProblem> {
        // Serde would take an array for the values of the keys in order.
        if !text.trim_start().starts_with('{') {
            return Err(RowProblem::NotAnObject);
        }
        let object: Object = serde_json::from_str(text).map_err(|error| json_problem(&error))?;
        let members = match (object.member, object.members) {
            (Some(_), Some(_)) => return Err(RowProblem::BothMemberKeys),
            (Some(member), None) => vec![member],
            (None, members) => members.unwrap_or_default(),
        };
        if members.iter().all(String::is_empty) {
            return Err(RowProblem::NoMember);
        }
        self.room = cache.room(&object.room.unwrap_or_default())?;
        self.reason = cache.reason(&object.reason.unwrap_or_default())?;
        self.line = line;
        let users: Result<_, RowProblem> = members.iter().map(|member| row::user(member)).collect();
        self.users = users?;
        self.pending().ok_or(RowProblem::NoMember)
    }
}

/// The parser's message with the column, but without its line, which is always 1.
fn json_problem(error: &serde_json::Error) -> RowProblem {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = format!("{message} (column {})", error.column());
    if error.is_data() {
        RowProblem::WrongType(message)
    } else {
        RowProblem::InvalidJson(message)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Rows};

    fn read(input: &str) -> Vec<String> {
        let rows = Rows::new(input.as_bytes(), Some(Format::Ndjson), None);
        rows.map(|row| match row {
            Err(bad) => bad.to_string(),
            Ok(row) => {
                let room = row.room.map(|room| room.to_string());
                let reason = row.reason.map(|reason| reason.to_string());
                format!("{}={room:?}/{}/{reason:?}", row.line, row.user)
            }
        })
        .collect()
    }

    #[test]
    fn results_are_read_back_and_other_keys_ignored() {
        let input = r#"{"RoomId":"r","MemberList_Account":["a","b"],"ActionStatus":null,"ErrorCode":100001,"ErrorInfo":"","RequestId":"Id-1","Outcome":"unsent","Attempts":6,"ElapsedMs":41,"Action":"kick","Reason":"x","Time":"2026-03-01T02:11:09Z"}

{"Member_Account":"c"}"#;
        assert_eq!(
            read(input),
            [
                "1=Some(\"r\")/a/Some(\"x\")",
                "1=Some(\"r\")/b/Some(\"x\")",
                "3=None/c/None"
            ]
        );
    }

    #[test]
    fn null_and_empty_are_not_given() {
        assert_eq!(
            read(
                r#"{"RoomId":null,"Member_Account":"a","MemberList_Account":null,"Reason":""}
{"RoomId":"","Member_Account":"a"}"#
            ),
            ["1=None/a/None", "2=None/a/None"]
        );
    }

    #[test]
    fn an_object_without_a_member_is_bad() {
        for object in [
            "{}",
            r#"{"user":"a"}"#,
            r#"{"Member_Account":""}"#,
            r#"{"Member_Account":null}"#,
            r#"{"MemberList_Account":[]}"#,
        ] {
            assert_eq!(
                read(object),
                ["1: has no member: neither Member_Account nor MemberList_Account"],
                "{object}"
            );
        }
    }

    #[test]
    fn both_member_keys_are_bad() {
        assert_eq!(
            read(r#"{"Member_Account":"a","MemberList_Account":["b"]}"#),
            ["1: has both Member_Account and MemberList_Account"]
        );
    }

    #[test]
    fn wrong_types_are_bad() {
        for (object, message) in [
            (
                r#"{"Member_Account":5}"#,
                "invalid type: integer `5`, expected a string (column 19)",
            ),
            (
                r#"{"MemberList_Account":"a"}"#,
                "invalid type: string \"a\", expected a sequence (column 25)",
            ),
            (
                r#"{"RoomId":["r"],"Member_Account":"a"}"#,
                "invalid type: sequence, expected a string (column 10)",
            ),
            (
                r#"{"Member_Account":"a","Member_Account":"b"}"#,
                "duplicate field `Member_Account` (column 38)",
            ),
        ] {
            assert_eq!(read(object), [format!("1: {message}")], "{object}");
        }
    }

    #[test]
    fn a_line_that_is_not_an_object_or_not_json_is_bad_and_the_next_line_is_read() {
        let rows = read(
            "[\"r\",\"a\",null,\"x\"]\n{\"Member_Account\":\n{\"Member_Account\":\"a\"} x\n{\"Member_Account\":\"z\"}\n",
        );
        assert_eq!(rows[0], "1: is not a JSON object");
        assert!(
            rows[1].starts_with("2: is not valid JSON: EOF while parsing"),
            "{}",
            rows[1]
        );
        assert!(
            rows[2].starts_with("3: is not valid JSON: trailing characters"),
            "{}",
            rows[2]
        );
        assert_eq!(rows[3], "4=None/z/None");
    }

    #[test]
    fn one_bad_member_makes_the_object_bad() {
        let rows = read(r#"{"MemberList_Account":["a","用户"]}"#);
        assert_eq!(rows.len(), 1);
        assert!(rows[0].starts_with("1: user \"用户\": "), "{}", rows[0]);
        let rows = read(r#"{"MemberList_Account":["a",""]}"#);
        assert!(rows[0].starts_with("1: user \"\": is empty"), "{}", rows[0]);
    }
}
