//! `roomctl info`: what a room is.

use super::listing::{Listing, text};
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
The service's own fields: a line each with a tab between name and value, or one
line of -o json.

Examples:
  roomctl info --room room-test
  roomctl info --room room-test -o json

Exit codes: 0 told, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 7 output cannot be written.";

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let mut lookup = Lookup::new(&args.lookup, context)?;
    let mut listing = Listing::new(&lookup.room, lookup.context.style, &[], rows);
    let info = lookup.ask("get_room_info", |client, room, now, fresh| {
        client.get_room_info(room, now, fresh)
    })?;
    listing.add(vec![info])?;
    listing.end("nothing is told of")?;
    Ok(Exit::Done)
}

fn rows(info: &JsonObject) -> Vec<Vec<String>> {
    let fields = info.iter();
    fields
        .map(|(name, value)| vec![name.clone(), text(value)])
        .collect()
}
