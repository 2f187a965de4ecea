//! The command lines of kick, ban and unban: what they share, and the flags
//! that only some of them have.

use std::path::PathBuf;

use clap::ValueHint;

use super::args::{Args, VerbOptions};
use crate::commands::{Accepts, CommandArgs};
use crate::room::Action;

#[derive(Debug, clap::Args)]
#[command(after_help = KICK, after_long_help = KICK_LONG, allow_negative_numbers = true)]
pub(crate) struct KickArgs {
    #[command(flatten)]
    reason: ReasonArgs,
    /// A member who was not in the room counts as success
    #[arg(long, hide_short_help = true)]
    ignore_absent: bool,
    #[command(flatten)]
    args: Args,
}

#[derive(Debug, clap::Args)]
#[command(after_help = BAN, after_long_help = BAN_LONG, allow_negative_numbers = true)]
pub(crate) struct BanArgs {
    /// How long they are kept out: 90s, 30m, 24h, 7d
    #[arg(long = "for", value_name = "DURATION", help_heading = "Input")]
    lasts: Option<String>,
    #[command(flatten)]
    reason: ReasonArgs,
    #[command(flatten)]
    args: Args,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = UNBAN,
    after_long_help = UNBAN_LONG,
    allow_negative_numbers = true,
    mut_arg("protect", |arg| arg.help(PROTECT_FROM_UNBAN))
)]
pub(crate) struct UnbanArgs {
    #[command(flatten)]
    args: Args,
}

impl CommandArgs for KickArgs {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

impl CommandArgs for BanArgs {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

impl CommandArgs for UnbanArgs {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
}

/// In help they stand behind `--from`, which has the same place in the order.
#[derive(Debug, clap::Args)]
struct ReasonArgs {
    /// Why, as the members see it; at most 1000 bytes
    ///
    /// For those who are given without a reason of their own. The service
    /// demands one. [profile: reason]
    #[arg(short = 'm', long, value_name = "TEXT", help_heading = "Input", value_hint = ValueHint::Other, display_order = 5)]
    reason: Option<String>,
    /// File with the reason, - for stdin
    #[arg(long, hide_short_help = true, value_name = "FILE", help_heading = "Input", value_hint = ValueHint::FilePath, display_order = 5)]
    reason_file: Option<PathBuf>,
}

impl ReasonArgs {
    fn options(self, action: Action) -> VerbOptions {
        VerbOptions {
            reason: self.reason,
            reason_file: self.reason_file,
            ..VerbOptions::new(action)
        }
    }
}

impl From<KickArgs> for Args {
    fn from(verb: KickArgs) -> Self {
        let options = VerbOptions {
            ignore_absent: verb.ignore_absent,
            ..verb.reason.options(Action::Kick)
        };
        Self {
            verb: options,
            ..verb.args
        }
    }
}

impl From<BanArgs> for Args {
    fn from(verb: BanArgs) -> Self {
        let options = VerbOptions {
            lasts: verb.lasts,
            ..verb.reason.options(Action::Ban)
        };
        Self {
            verb: options,
            ..verb.args
        }
    }
}

impl From<UnbanArgs> for Args {
    fn from(verb: UnbanArgs) -> Self {
        let options = VerbOptions::new(Action::Unban);
        Self {
            verb: options,
            ..verb.args
        }
    }
}

const KICK: &str = "\
Examples:
  roomctl kick --room room-test --user user1 --reason spam
  roomctl kick --from spammers.csv --reason spam --journal spam.journal";

const KICK_LONG: &str = "\
A kick does not keep anybody from joining again; roomctl ban does.

Examples:
  roomctl kick --room room-test --user user1 --reason spam
  roomctl kick --from spammers.csv --reason spam --dry-run
  roomctl kick --from spammers.csv --reason spam --journal spam.journal
  grep -h bot- joined.log | roomctl kick --from - --room room-test --reason bot

Exit codes: 0 as asked, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 record lost, 129/130/143 interrupted.";

/// Closer than that of the others: a line more would not fit the screen.
const BAN: &str = "\
Examples: roomctl ban --room room-test --user user1 --for 24h --reason spam
          roomctl ban --from bots.csv --for 7d -m bots --journal bots.journal";

const BAN_LONG: &str = "\
Success is banned and nothing else: of who was absent or is gone, roomctl bans
tells whether they are kept out.

Examples:
  roomctl ban --room room-test --user user1 --for 24h --reason spam
  roomctl ban --from bots.csv --for 7d -m bots --journal bots.journal

Exit codes: 0 as asked, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 record lost, 129/130/143 interrupted.";

/// The profile's names are kept from being removed, and an unban removes nobody.
const PROTECT_FROM_UNBAN: &str =
    "Spare members whose name matches, * and ? being wild; repeatable; the profile's do not count";

const UNBAN: &str = "\
Examples:
  roomctl unban --room room-test --user user1
  roomctl bans --room room-test -o json | roomctl unban --from -";

const UNBAN_LONG: &str = "\
A reason is neither needed nor sent: those of rows are ignored.

Examples:
  roomctl unban --room room-test --user user1
  roomctl bans --room room-test -o json | roomctl unban --from -

Exit codes: 0 as asked, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 record lost, 129/130/143 interrupted.";
