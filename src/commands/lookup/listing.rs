//! Prints what a query returned: JSON lines in the service's names, or a table.
//! In a pipe the table has tabs and is printed page by page. On a terminal it is
//! aligned and printed at the end.

use std::io::IsTerminal;

use serde_json::Value;

use crate::api::JsonObject;
use crate::config::Format;
use crate::error::Error;
use crate::output::{aligned, tabs};
use crate::room::RoomId;
use crate::streams::OutputStyle;

/// Converts an item to the rows that show it.
type ToRows = fn(&JsonObject) -> Vec<Vec<String>>;

/// The members, bans or properties of one room.
#[derive(Debug)]
pub(super) struct Listing {
    room: RoomId,
    style: OutputStyle,
    layout: Layout,
    to_rows: ToRows,
    /// The rows of an aligned table, until all are known.
    rows: Vec<Vec<String>>,
    count: usize,
}

#[derive(Debug, Clone, Copy)]
enum Layout {
    Json,
    Tabs,
    Aligned,
}

impl Listing {
    /// A listing without items. The header is printed on terminals only; it may
    /// be empty.
    pub(super) fn new(room: &RoomId, style: OutputStyle, header: &[&str], to_rows: ToRows) -> Self {
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
            to_rows,
            rows: if header.is_empty() {
                Vec::new()
            } else {
                vec![header]
            },
            count: 0,
        }
    }

    /// Adds one page. Returns false if the reader of stdout has closed it.
    pub(super) fn add(&mut self, items: Vec<JsonObject>) -> Result<bool, Error> {
        self.count += items.len();
        let rows = items.iter().flat_map(self.to_rows);
        let text = match self.layout {
            Layout::Json => {
                let lines = items.into_iter().map(|item| json_line(&self.room, item));
                lines.collect()
            }
            Layout::Tabs => tabs(&rows.collect::<Vec<_>>()),
            Layout::Aligned => {
                self.rows.extend(rows);
                return Ok(true);
            }
        };
        self.style.print_page(&text)
    }

    /// Prints what is left. If there were no items, text output gets the note
    /// `empty` with the room.
    pub(super) fn finish(self, empty: &str) -> Result<(), Error> {
        match (self.count, self.layout) {
            (0, Layout::Json) => Ok(()),
            (0, _) => {
                self.style.notes().info(&format!("{empty} {}", self.room));
                Ok(())
            }
            (_, Layout::Aligned) => self.style.print(&aligned(&self.rows)),
            (_, Layout::Json | Layout::Tabs) => Ok(()),
        }
    }
}

/// One line. `kick --from` reads it, because it begins with the room.
fn json_line(room: &RoomId, mut item: JsonObject) -> String {
    let mut line = JsonObject::with_capacity(item.len() + 1);
    line.insert("RoomId".into(), room.as_str().into());
    item.shift_remove("RoomId");
    line.extend(item);
    Value::Object(line).to_string() + "\n"
}

/// A field as a cell; empty if the item does not have it.
pub(super) fn field(item: &JsonObject, name: &str) -> String {
    item.get(name).map_or_else(String::new, cell)
}

/// A value as a cell; empty for null and for an empty list.
pub(super) fn cell(value: &Value) -> String {
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

    fn object(value: &Value) -> JsonObject {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn a_line_begins_with_the_requested_room_and_keeps_the_rest() {
        let room = RoomId::parse("r").expect("room");
        let item = object(&json!({"Member_Account": "a", "RoomId": 7, "New": [1]}));
        assert_eq!(
            json_line(&room, item),
            "{\"RoomId\":\"r\",\"Member_Account\":\"a\",\"New\":[1]}\n"
        );
    }

    #[test]
    fn null_empty_and_missing_fields_are_empty_cells() {
        let item = object(&json!({"a": null, "b": [], "c": "x", "d": 7, "e": ["m"]}));
        let cells = ["a", "b", "c", "d", "e", "f"].map(|name| field(&item, name));
        assert_eq!(cells, ["", "", "x", "7", "[\"m\"]", ""]);
    }
}
