//! `roomctl bans`: who may not join a room, and until when.

use serde_json::Value;

use super::listing::{Listing, cell};
use super::lookup::{Lookup, LookupArgs};
use super::{Accepts, CommandArgs, Context};
use crate::api::JsonObject;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    lookup: LookupArgs,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

const HELP: &str = "\
Text is member and end of the ban, with tabs between in a pipe; -o json is the
service's own fields and the room, a line each.

Examples:
  roomctl bans --room room-test
  roomctl bans --room room-test -o json | roomctl unban --from -

Exit codes: 0 told, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 7 output cannot be written.";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let mut lookup = Lookup::new(&args.lookup, context)?;
    let header = ["MEMBER", "BANNED UNTIL"];
    let mut listing = Listing::new(&lookup.room, lookup.context.style, &header, row);
    lookup.pages(
        "get_banned_member_list",
        |client, room, offset: &u64, now, fresh| {
            client.get_banned_member_list(room, *offset, now, fresh)
        },
        |items| listing.add(items),
    )?;
    listing.end("nobody is banned from")?;
    Ok(Exit::Done)
}

fn row(ban: &JsonObject) -> Vec<Vec<String>> {
    let until = ban.get("BannedUntil").and_then(Value::as_u64);
    let until = until.and_then(rfc3339);
    let until = until.unwrap_or_else(|| cell(ban, "BannedUntil"));
    vec![vec![cell(ban, "Member_Account"), until]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_is_no_time_is_shown_as_it_came() {
        let shown = |until: Value| {
            let ban = [("BannedUntil".to_owned(), until)].into_iter().collect();
            row(&ban)[0][1].clone()
        };
        assert_eq!(shown(1_772_331_069.into()), "2026-03-01T02:11:09Z");
        assert_eq!(shown(u64::MAX.into()), u64::MAX.to_string());
        assert_eq!(shown("forever".into()), "forever");
    }
}
