//! `roomctl members`: who is in a room.

use super::listing::{Listing, cell};
use super::lookup::{Lookup, LookupArgs};
use super::{Accepts, CommandArgs, Context};
use crate::api::JsonObject;
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
Text is member, role and name card, with tabs between in a pipe; -o json is the
service's own fields and the room, a line each, as kick --from reads it.

Examples:
  roomctl members --room room-test
  roomctl members --room room-test -o json | grep bot- | roomctl kick --from -

Exit codes: 0 told, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 7 output cannot be written.";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let mut lookup = Lookup::new(&args.lookup, context)?;
    let header = ["MEMBER", "ROLE", "NAME CARD"];
    let mut listing = Listing::new(&lookup.room, lookup.context.style, &header, row);
    lookup.pages(
        "get_room_member_list",
        |client, room, next: &String, now, fresh| {
            client.get_room_member_list(room, next, now, fresh)
        },
        |items| listing.add(items),
    )?;
    listing.end("nobody is in")?;
    Ok(Exit::Done)
}

/// The free text stands last: it has the widths that only terminals know.
fn row(member: &JsonObject) -> Vec<Vec<String>> {
    let names = ["Member_Account", "Role", "NameCard"];
    vec![names.map(|name| cell(member, name)).to_vec()]
}
