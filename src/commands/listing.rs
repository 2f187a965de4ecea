//! How `members`, `bans` and `info` show what they found: JSON lines in the
//! service's names, or a table: tabs in a pipe, page by page, and aligned on a
//! terminal once all is there.

use std::io::IsTerminal;

use serde_json::Value;

use super::OutputStyle;
use crate::api::JsonObject;
use crate::config::Format;
use crate::error::Error;
use crate::output::{aligned, tabs};
use crate::room::RoomId;

/// The rows that an item is shown as.
pub(super) type Rows = fn(&JsonObject) -> Vec<Vec<String>>;

/// Shows items as they come.
#[derive(Debug)]
pub(super) struct Listing {
    room: RoomId,
    style: OutputStyle,
    layout: Layout,
    rows: Rows,
    /// For a terminal, until the end.
    waiting: Vec<Vec<String>>,
    count: usize,
}

#[derive(Debug, Clone, Copy)]
enum Layout {
    Json,
    Tabs,
    Aligned,
}

impl Listing {
    /// Of this room; the header is for terminals, and may be empty.
    pub(super) fn new(room: &RoomId, style: OutputStyle, header: &[&str], rows: Rows) -> Self {
        let layout = match style.format {
            Format::Json => Layout::Json,
            Format::Text if std::io::stdout().is_terminal() => Layout::Aligned,
            Format::Text => Layout::Tabs,
        };
        let header: Vec<String> = header.iter().map(ToString::to_string).collect();
        Self {
            room: room.clone(),
            style,
            layout,
            rows,
            waiting: if header.is_empty() {
                Vec::new()
            } else {
                vec![header]
            },
            count: 0,
        }
    }

    /// Takes in one page; whether anybody reads on.
    pub(super) fn add(&mut self, items: Vec<JsonObject>) -> Result<bool, Error> {
        self.count += items.len();
        let rows = items.iter().flat_map(self.rows);
        let text = match self.layout {
            Layout::Json => {
                let lines = items.into_iter().map(|item| json(&self.room, item));
                lines.collect()
            }
            Layout::Tabs => tabs(&rows.collect::<Vec<_>>()),
            Layout::Aligned => {
                self.waiting.extend(rows);
                return Ok(true);
            }
        };
        self.style.print_page(&text)
    }

    /// There is no more; an empty list is said to be so.
    pub(super) fn end(self, empty: &str) -> Result<(), Error> {
        match (self.count, self.layout) {
            (0, Layout::Json) => Ok(()),
            (0, _) => {
                self.style.notes().info(&format!("{empty} {}", self.room));
                Ok(())
            }
            (_, Layout::Aligned) => self.style.print(&aligned(&self.waiting)),
            (_, Layout::Json | Layout::Tabs) => Ok(()),
        }
    }
}

/// One line, the room first, so that `kick --from` reads it.
fn json(room: &RoomId, mut item: JsonObject) -> String {
    let mut line = JsonObject::with_capacity(item.len() + 1);
    line.insert("RoomId".into(), room.as_str().into());
    item.shift_remove("RoomId");
    line.extend(item);
    Value::Object(line).to_string() + "\n"
}

/// A field as a cell; nothing where there is nothing to show.
pub(super) fn cell(item: &JsonObject, name: &str) -> String {
    item.get(name).map_or_else(String::new, text)
}

/// A value as a cell.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: &Value) -> JsonObject {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn a_line_begins_with_the_room_that_was_asked_for_and_keeps_the_rest() {
        let room = RoomId::parse("r").expect("room");
        let item = fields(&json!({"Member_Account": "a", "RoomId": 7, "New": [1]}));
        assert_eq!(
            super::json(&room, item),
            "{\"RoomId\":\"r\",\"Member_Account\":\"a\",\"New\":[1]}\n"
        );
    }

    #[test]
    fn what_says_nothing_is_an_empty_cell() {
        let item = fields(&json!({"a": null, "b": [], "c": "x", "d": 7, "e": ["m"]}));
        let cells = ["a", "b", "c", "d", "e", "f"].map(|name| cell(&item, name));
        assert_eq!(cells, ["", "", "x", "7", "[\"m\"]", ""]);
    }
}
