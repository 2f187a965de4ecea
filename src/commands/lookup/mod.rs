//! `roomctl members`, `bans` and `info`: a room's members, its bans, its
//! properties. They change nothing. [`Fetcher`] gets the data.
//!
//! Output is JSON lines in the service's names, or a table. In a pipe the table has
//! tabs and is printed page by page. On a terminal it is aligned and printed at the
//! end.

use std::io::IsTerminal;
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::ValueHint;
use serde_json::Value;

use super::fetch::Fetcher;
use super::session::Session;
use super::{Accepts, CommandArgs, Context, session};
use crate::api::JsonObject;
use crate::clock::rfc3339;
use crate::config::{Access, Format};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::output::{aligned, plural, tabs};
use crate::room::RoomId;
use crate::secret::excerpt;
use crate::streams::OutputStyle;

#[derive(Debug, clap::Args)]
#[command(after_help = MEMBERS_HELP)]
pub(crate) struct MembersArgs {
    #[command(flatten)]
    pub(crate) room: RoomArg,
}

#[derive(Debug, clap::Args)]
#[command(after_help = BANS_HELP)]
pub(crate) struct BansArgs {
    #[command(flatten)]
    pub(crate) room: RoomArg,
}

#[derive(Debug, clap::Args)]
#[command(after_help = INFO_HELP)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    pub(crate) room: RoomArg,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RoomArg {
    /// Room to read
    #[arg(short, long, value_name = "ROOM", allow_hyphen_values = true, required = true, value_hint = ValueHint::Other)]
    room: String,
}

impl CommandArgs for MembersArgs {
    const ACCEPTS: Accepts = Accepts::All;
}

impl CommandArgs for BansArgs {
    const ACCEPTS: Accepts = Accepts::All;
}

impl CommandArgs for InfoArgs {
    const ACCEPTS: Accepts = Accepts::All;
}

const MEMBERS_HELP: &str = "\
Text output is member, role and name card, separated by tabs in a pipe. -o json
prints one object per line: the room and the service's own fields, which
kick --from reads.

Examples:
  roomctl members --room room-test
  roomctl members --room room-test -o json | jq -r .Member_Account

Exit codes: 0 printed, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 7 output cannot be written.";

const BANS_HELP: &str = "\
Text output is member and end of the ban, separated by tabs in a pipe. -o json
prints one object per line: the room and the service's own fields.

Examples:
  roomctl bans --room room-test
  roomctl bans --room room-test -o json | roomctl unban --from -

Exit codes: 0 printed, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 7 output cannot be written.";

const INFO_HELP: &str = "\
Prints the service's own fields. Text output is one field per line, name and
value separated by a tab. -o json prints one object.

Examples:
  roomctl info --room room-test
  roomctl info --room room-test -o json

Exit codes: 0 printed, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 7 output cannot be written.";

/// Adds the problems of a command line that does not run, because the parser found
/// others.
pub(crate) fn check(room: &RoomArg, context: &mut Context, problems: &mut Problems) {
    let parsed = RoomId::parse(&room.room);
    let problem = |why| Problem::usage(format!("--room: {why}"), "give --room ROOM");
    problems.ok_or_collect(parsed.map_err(problem));
    session::add_problems(context, problems);
}

/// Checks the room and the settings; sends nothing.
fn open(room: &RoomArg, context: &mut Context) -> Result<(RoomId, Session), Error> {
    let mut problems = Problems::default();
    let parsed = RoomId::parse(&room.room).map_err(|why| {
        let hint = "give --room 1 to 48 printable ASCII characters";
        Problem::usage(format!("--room {:?}: {why}", excerpt(&room.room)), hint)
    });
    let parsed = problems.ok_or_collect(parsed);
    // Reads the profile first: the style of an error comes from it.
    let loaded = session::read_config(context);
    loaded.reject(problems, context)?;
    let session = loaded.open_session(Access::Full, context)?;
    session.check_signature_outlives(Duration::ZERO, &context.clock)?;
    Ok((parsed.expect("a bad one was rejected"), session))
}

/// Runs `members`.
pub(crate) fn members(args: &MembersArgs, context: &mut Context) -> Result<Exit, Error> {
    let (room, session) = open(&args.room, context)?;
    let mut fetcher = Fetcher::new(room, &session, context)?;
    let header = ["MEMBER", "ROLE", "NAME CARD"];
    let mut table = LookupTable::new(fetcher.room(), fetcher.style(), &header, member_rows);
    fetcher
        .members(|items, unusable| table.add_page(items, &unusable))?
        .complete()?;
    table.finish("nobody is in")?;
    Ok(Exit::Done)
}

/// Runs `bans`.
pub(crate) fn bans(args: &BansArgs, context: &mut Context) -> Result<Exit, Error> {
    let (room, session) = open(&args.room, context)?;
    let mut fetcher = Fetcher::new(room, &session, context)?;
    let header = ["MEMBER", "BANNED UNTIL"];
    let mut table = LookupTable::new(fetcher.room(), fetcher.style(), &header, ban_rows);
    fetcher
        .bans(|items, unusable| table.add_page(items, &unusable))?
        .complete()?;
    table.finish("nobody is banned from")?;
    Ok(Exit::Done)
}

/// Runs `info`.
pub(crate) fn info(args: &InfoArgs, context: &mut Context) -> Result<Exit, Error> {
    let (room, session) = open(&args.room, context)?;
    let mut fetcher = Fetcher::new(room, &session, context)?;
    let mut table = LookupTable::new(fetcher.room(), fetcher.style(), &[], info_rows);
    let info = fetcher.info()?;
    table.add(vec![info])?;
    table.finish("there is no information about")?;
    Ok(Exit::Done)
}

/// The name card is free text of any width, so it is the last column.
fn member_rows(member: &JsonObject) -> Vec<Vec<String>> {
    let names = ["Member_Account", "Role", "NameCard"];
    vec![names.map(|name| field(member, name)).to_vec()]
}

fn ban_rows(ban: &JsonObject) -> Vec<Vec<String>> {
    let until = ban.get("BannedUntil").and_then(Value::as_u64);
    let until = until.and_then(rfc3339);
    let until = until.unwrap_or_else(|| field(ban, "BannedUntil"));
    vec![vec![field(ban, "Member_Account"), until]]
}

fn info_rows(info: &JsonObject) -> Vec<Vec<String>> {
    // 0 is a room without a schedule.
    let is_none = |name: &str, value: &Value| name == "ScheduleStartTime" && *value == 0;
    let shown = |name: &str, value: &Value| match time(name, value) {
        Some(time) => time,
        None if is_none(name, value) => String::new(),
        None => cell(value),
    };
    let fields = info.iter();
    fields
        .map(|(name, value)| vec![name.clone(), shown(name, value)])
        .collect()
}

/// A field that is named as a time and holds one: unix seconds or milliseconds,
/// from 2001 on. A small number is a duration.
fn time(name: &str, value: &Value) -> Option<String> {
    const SECONDS: RangeInclusive<u64> = 1_000_000_000..=99_999_999_999;
    let number = match value {
        Value::String(text) => text.parse().ok()?,
        value => value.as_u64()?,
    };
    let seconds = if SECONDS.contains(&number) {
        number
    } else {
        number / 1000
    };
    let is_time = name.ends_with("Time") && SECONDS.contains(&seconds);
    rfc3339(seconds).filter(|_| is_time)
}

/// Converts an item to the rows that show it.
type ToRows = fn(&JsonObject) -> Vec<Vec<String>>;

/// The members, bans or properties of one room.
#[derive(Debug)]
struct LookupTable {
    room: RoomId,
    style: OutputStyle,
    layout: Layout,
    to_rows: ToRows,
    /// The rows of an aligned table, until all are known.
    rows: Vec<Vec<String>>,
    count: usize,
    /// Entries without a name that can be sent, and the first of them.
    unusable: usize,
    first_unusable: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Layout {
    Json,
    Tabs,
    Aligned,
}

impl LookupTable {
    /// A table without items. The header is printed on terminals only; it may
    /// be empty.
    fn new(room: &RoomId, style: OutputStyle, header: &[&str], to_rows: ToRows) -> Self {
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
            unusable: 0,
            first_unusable: None,
        }
    }

    /// Adds one page with entries that have no name: these are only counted.
    fn add_page(&mut self, items: Vec<JsonObject>, unusable: &[Value]) -> Result<bool, Error> {
        self.unusable += unusable.len();
        let first = unusable.first().map(|name| excerpt(&name.to_string()));
        self.first_unusable = self.first_unusable.take().or(first);
        self.add(items)
    }

    /// Adds one page. Returns false if the reader of stdout has closed it.
    fn add(&mut self, items: Vec<JsonObject>) -> Result<bool, Error> {
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
    fn finish(self, empty: &str) -> Result<(), Error> {
        if let Some(first) = &self.first_unusable {
            let entries = plural(self.unusable as u64, "entry has", "entries have");
            self.style.notes().warn(&format!(
                "{entries} no name, and {} skipped: the first has {first} in its place",
                if self.unusable == 1 { "is" } else { "are" },
            ));
        }
        match (self.count, self.layout) {
            (0, Layout::Json) => Ok(()),
            (0, _) if self.unusable > 0 => Ok(()),
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
fn field(item: &JsonObject, name: &str) -> String {
    item.get(name).map_or_else(String::new, cell)
}

/// A value as a cell; empty for null and for an empty list.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_end_that_is_not_a_time_is_shown_unchanged() {
        let shown = |until: Value| {
            let ban = [("BannedUntil".to_owned(), until)].into_iter().collect();
            ban_rows(&ban)[0][1].clone()
        };
        assert_eq!(shown(1_772_331_069.into()), "2026-03-01T02:11:09Z");
        assert_eq!(shown(u64::MAX.into()), u64::MAX.to_string());
        assert_eq!(shown("forever".into()), "forever");
    }

    #[test]
    fn a_time_is_readable_in_text() {
        let shown = |name: &str, value: Value| {
            let info = [(name.to_owned(), value)].into_iter().collect();
            info_rows(&info)[0][1].clone()
        };
        for value in [
            json!(1_772_331_069),
            json!(1_772_331_069_123_u64),
            json!("1772331069"),
        ] {
            assert_eq!(shown("CreateTime", value), "2026-03-01T02:11:09Z");
        }
        assert_eq!(shown("CreateTime", json!(0)), "0");
        assert_eq!(shown("ScheduleStartTime", json!(0)), "");
        assert_eq!(shown("KeepTime", json!(3600)), "3600");
        assert_eq!(shown("MemberCount", json!(1_772_331_069)), "1772331069");
    }

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
