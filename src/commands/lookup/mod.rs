//! `roomctl members`, `bans` and `info`: a room's members, its bans, its
//! properties. They change nothing. [`fetch`] gets the data, [`listing`] prints
//! it.

mod fetch;
mod listing;

use clap::ValueHint;
use serde_json::Value;

use super::{Accepts, CommandArgs, Context};
use crate::api::JsonObject;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::exit::Exit;
use fetch::Fetcher;
use listing::{Listing, cell, field};

#[derive(Debug, clap::Args)]
#[command(after_help = MEMBERS_HELP)]
pub(crate) struct MembersArgs {
    #[command(flatten)]
    room: RoomArg,
}

#[derive(Debug, clap::Args)]
#[command(after_help = BANS_HELP)]
pub(crate) struct BansArgs {
    #[command(flatten)]
    room: RoomArg,
}

#[derive(Debug, clap::Args)]
#[command(after_help = INFO_HELP)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    room: RoomArg,
}

#[derive(Debug, clap::Args)]
struct RoomArg {
    /// Room to read
    #[arg(short, long, value_name = "ROOM", allow_hyphen_values = true, required = true, value_hint = ValueHint::Other)]
    room: String,
}

impl CommandArgs for MembersArgs {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

impl CommandArgs for BansArgs {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

impl CommandArgs for InfoArgs {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

const MEMBERS_HELP: &str = "\
Text output is member, role and name card, separated by tabs in a pipe. -o json
prints one object per line: the room and the service's own fields, which
kick --from reads.

Examples:
  roomctl members --room room-test
  roomctl members --room room-test -o json | grep bot- | roomctl kick --from -

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

/// Runs `members`.
pub(crate) fn members(args: &MembersArgs, context: &mut Context) -> Result<Exit, Error> {
    let mut fetcher = Fetcher::new(&args.room.room, context)?;
    let header = ["MEMBER", "ROLE", "NAME CARD"];
    let mut listing = Listing::new(fetcher.room(), fetcher.style(), &header, member_rows);
    fetcher.pages(
        "get_room_member_list",
        |client, room, next: &String, now, new_connection| {
            client.get_room_member_list(room, next, now, new_connection)
        },
        Fetcher::max_members,
        |items| listing.add(items),
    )?;
    listing.finish("nobody is in")?;
    Ok(Exit::Done)
}

/// Runs `bans`.
pub(crate) fn bans(args: &BansArgs, context: &mut Context) -> Result<Exit, Error> {
    let mut fetcher = Fetcher::new(&args.room.room, context)?;
    let header = ["MEMBER", "BANNED UNTIL"];
    let mut listing = Listing::new(fetcher.room(), fetcher.style(), &header, ban_rows);
    fetcher.pages(
        "get_banned_member_list",
        |client, room, offset: &u64, now, new_connection| {
            client.get_banned_member_list(room, *offset, now, new_connection)
        },
        // A room may have more bans than members.
        |_| usize::MAX,
        |items| listing.add(items),
    )?;
    listing.finish("nobody is banned from")?;
    Ok(Exit::Done)
}

/// Runs `info`.
pub(crate) fn info(args: &InfoArgs, context: &mut Context) -> Result<Exit, Error> {
    let mut fetcher = Fetcher::new(&args.room.room, context)?;
    let mut listing = Listing::new(fetcher.room(), fetcher.style(), &[], info_rows);
    let info = fetcher.fetch("get_room_info", |client, room, now, new_connection| {
        client.get_room_info(room, now, new_connection)
    })?;
    listing.add(vec![info])?;
    listing.finish("there is no information about")?;
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
    let fields = info.iter();
    fields
        .map(|(name, value)| vec![name.clone(), cell(value)])
        .collect()
}

#[cfg(test)]
mod tests {
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
}
