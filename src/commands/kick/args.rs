//! The flags of kick, ban and unban as clap reads them. Most values stay text:
//! [`super::options`] checks them, so that all problems are reported together.
//! The doc comments are the help that users read.

use std::path::PathBuf;

use clap::ValueHint;

use crate::commands::list_flags::ListFlags;
use crate::commands::{Accepts, COMPACT, CommandArgs};
use crate::config::{SecretText, one_of, secret_parser};
use crate::room::Action;

/// `roomctl kick`.
#[derive(Debug, clap::Args)]
#[allow(clippy::doc_markdown, reason = "clap prints these comments unchanged")]
#[command(
    help_template = COMPACT,
    after_help = KICK_EXAMPLES,
    after_long_help = KICK_DETAILS,
    allow_negative_numbers = true,
    mut_arg("all", |arg| arg.hide_short_help(false))
)]
pub(crate) struct KickArgs {
    #[command(flatten)]
    reason: ReasonArgs,
    /// Count a member who was not in the room as success
    #[arg(long, hide_short_help = true)]
    ignore_absent: bool,
    /// Read a room's member list to find who is absent: where that takes fewer
    /// requests than asking about each, before the first request of each room, or
    /// never [default: auto] [profile: check_room]
    ///
    /// Members that are not on the list get no request. A list that is not
    /// complete is not used. With --dry-run, always reads the lists, and shows how
    /// many members are present. Does not apply to --stream.
    #[arg(long, hide_short_help = true, value_name = "WHEN", ignore_case = true, value_parser = one_of(["auto", "always", "never"]))]
    check_room: Option<String>,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    args: Args,
    #[command(flatten)]
    admins: AdminArgs,
}

/// `roomctl ban`.
#[derive(Debug, clap::Args)]
#[command(help_template = COMPACT, after_help = BAN_EXAMPLES, after_long_help = BAN_DETAILS, allow_negative_numbers = true)]
pub(crate) struct BanArgs {
    /// Length of the ban: 90s, 30m, 24h, 7d
    #[arg(long = "for", value_name = "DURATION", help_heading = "Input")]
    length: Option<String>,
    #[command(flatten)]
    reason: ReasonArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    args: Args,
    #[command(flatten)]
    admins: AdminArgs,
}

/// `roomctl unban`.
#[derive(Debug, clap::Args)]
#[command(
    help_template = COMPACT,
    after_help = UNBAN_EXAMPLES,
    after_long_help = UNBAN_DETAILS,
    allow_negative_numbers = true,
    mut_arg("protect", |arg| arg.help(UNBAN_PROTECT)),
    mut_arg("all", |arg| arg.help(UNBAN_ALL).long_help(UNBAN_ALL_LONG))
)]
pub(crate) struct UnbanArgs {
    #[command(flatten)]
    args: Args,
}

impl CommandArgs for KickArgs {
    const ACCEPTS: Accepts = Accepts::All;
}

impl CommandArgs for BanArgs {
    const ACCEPTS: Accepts = Accepts::All;
}

impl CommandArgs for UnbanArgs {
    const ACCEPTS: Accepts = Accepts::All;
}

/// The reason for rows without one. The display order places these flags after
/// `--from`.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ReasonArgs {
    /// Reason, shown to the members; at most 1000 bytes
    ///
    /// Used for members that are given without a reason of their own. The
    /// service requires one. [profile: reason]
    #[arg(short = 'm', long, value_name = "TEXT", allow_hyphen_values = true, help_heading = "Input", value_hint = ValueHint::Other, display_order = 5)]
    pub(super) reason: Option<String>,
    /// File with the reason, - for stdin
    #[arg(long, hide_short_help = true, value_name = "FILE", help_heading = "Input", value_hint = ValueHint::FilePath, display_order = 5)]
    pub(super) reason_file: Option<PathBuf>,
}

/// For the commands that remove members.
#[derive(Debug, clap::Args)]
struct AdminArgs {
    /// With --all and --match, also owners and admins
    #[arg(long, hide_short_help = true, help_heading = "Guards")]
    include_admins: bool,
}

/// The flag that kick and ban share.
#[derive(Debug, Default, clap::Args)]
pub(super) struct VerifyArgs {
    /// Read each room's member list once more after the last answer; members of
    /// this job that are still, or again, in the room are exit code 6
    ///
    /// They are reported on stderr and added to --failed-to. A list that is not
    /// complete proves nothing: a warning says so, and the exit code is that of
    /// the job. A list that cannot be read after all retries is exit 5. A job that
    /// was stopped is not verified. See roomctl help output.
    #[arg(long, hide_short_help = true)]
    verify: bool,
}

/// The flags that kick, ban and unban share, and the values of those that only
/// some of them have.
#[derive(Debug, clap::Args)]
#[allow(
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    reason = "clap prints these comments unchanged, and each bool is a flag"
)]
pub(crate) struct Args {
    /// Room, for members given without one; repeatable
    ///
    /// 1 to 48 bytes of printable ASCII. With several rooms, each member that is
    /// given without a room is processed in all of them.
    #[arg(short, long, value_name = "ROOM", allow_hyphen_values = true, help_heading = "Input", value_hint = ValueHint::Other)]
    pub(super) room: Vec<String>,
    /// Member; repeatable
    ///
    /// 1 to 32 bytes of printable ASCII.
    #[arg(short, long, value_name = "USER", allow_hyphen_values = true, help_heading = "Input", value_hint = ValueHint::Other)]
    pub(super) user: Vec<String>,
    /// File with more members, - for stdin; repeatable
    ///
    /// One UserID per line, csv or tsv with a header, or json: the objects that
    /// -o json prints, or UserIDs; see roomctl help input.
    #[arg(short, long, value_name = "FILE", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub(super) from: Vec<PathBuf>,
    /// Everyone in each --room, by its member list
    ///
    /// The calling account, protected names, owners and admins are skipped and
    /// counted. The lists are read first. On a terminal the question is asked for
    /// any number of members; elsewhere --yes is needed. Where a list is not
    /// complete, those on it are processed, and the exit code is 5, never 0: run the
    /// same command again.
    #[arg(long, hide_short_help = true, help_heading = "Input")]
    pub(super) all: bool,
    /// Like --all, but only UserIDs that match GLOB (* and ? are wildcards);
    /// repeatable
    #[arg(short = 'g', long = "match", hide_short_help = true, value_name = "GLOB", allow_hyphen_values = true, help_heading = "Input", value_hint = ValueHint::Other)]
    pub(super) matching: Vec<String>,
    #[command(flatten, next_help_heading = "Input")]
    pub(super) list: ListFlags,
    /// Send rows as they arrive, from one --from; a bad row is reported and
    /// counts as refused
    ///
    /// There is no question, also not with confirm = "name" in the profile.
    #[arg(long, hide_short_help = true, help_heading = "Input")]
    pub(super) stream: bool,
    /// Show the plan and send nothing
    ///
    /// Checks input, configuration and credentials, and prints the profile, the
    /// app, the action and its reasons, each room with its first members, the
    /// number of requests and the least time they take. With -v all rooms,
    /// members and reasons. Opens no socket, except to read member lists with --all,
    /// --match and --check-room always; then a key command runs, too.
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Refuse a plan with more members [profile: max_members]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Guards"
    )]
    pub(super) max_members: Option<String>,
    /// Never remove UserIDs that match GLOB (* and ? are wildcards);
    /// repeatable, adds to the profile's [profile: protect]
    #[arg(long, hide_short_help = true, value_name = "GLOB", allow_hyphen_values = true, help_heading = "Guards", value_hint = ValueHint::Other)]
    pub(super) protect: Vec<String>,
    /// Skip protected members and continue, instead of refusing the whole plan
    #[arg(long, hide_short_help = true, help_heading = "Guards")]
    pub(super) skip_protected: bool,
    /// Do not ask for confirmation
    ///
    /// It is asked on a terminal, for more than 20 members, and with --all or --match
    /// for any number. With confirm = "name" in the profile it is asked for any
    /// number, and the profile's name is the only yes.
    #[arg(short, long)]
    pub(super) yes: bool,
    /// Requests started per second, 1 to 200, retries included [default: 190]
    /// [profile: rate]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Pace and retries"
    )]
    pub(super) rate: Option<String>,
    /// Who shares the rate: process, host (all roomctl processes of this user on this
    /// machine), or the URL of a Redis [env: ROOMCTL_RATE_SCOPE] [default: process]
    /// [profile: rate_scope]
    ///
    /// The service's limit belongs to the app. Processes that kick at once stay below
    /// it together, and are slowed down together, if all of them have the same scope.
    /// A URL is redis://HOST[:PORT], with TLS rediss://; one with a password belongs
    /// in the variable or in a profile. If the shared rate cannot be reached in the
    /// middle of a job, the job continues at a tenth of --rate.
    #[arg(
        long,
        hide_short_help = true,
        value_name = "SCOPE",
        help_heading = "Pace and retries",
        value_parser = secret_parser(),
        allow_hyphen_values = true
    )]
    pub(super) rate_scope: Option<SecretText>,
    /// Most retries of a failed request [default: 5]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Pace and retries"
    )]
    pub(super) retries: Option<String>,
    /// Most requests in flight; more threads and connections are opened only when
    /// answers are slow [default: 256]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Pace and retries"
    )]
    pub(super) concurrency: Option<String>,
    /// Start no request after this time, like 30m
    #[arg(
        long,
        hide_short_help = true,
        value_name = "DURATION",
        help_heading = "Pace and retries"
    )]
    pub(super) deadline: Option<String>,
    /// Stop when this many members were refused: a number, or a share like 5%
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N|P%",
        help_heading = "Pace and retries"
    )]
    pub(super) max_failures: Option<String>,
    /// Record outcomes; run the same command again to continue
    ///
    /// Every request is written to FILE before it is sent, and every outcome
    /// after it. The next run skips the members that are settled in FILE. See
    /// roomctl help journal.
    #[arg(long, value_name = "FILE", help_heading = "Journal", value_hint = ValueHint::FilePath)]
    pub(super) journal: Option<PathBuf>,
    /// Also process members that the journal counts as settled
    #[arg(long, hide_short_help = true, help_heading = "Journal")]
    pub(super) again: bool,
    /// Append each outcome to FILE: who removed which member, when and why
    /// [env: ROOMCTL_AUDIT] [profile: audit]
    #[arg(long, hide_short_help = true, value_name = "FILE", help_heading = "Journal", value_hint = ValueHint::FilePath)]
    pub(super) audit: Option<PathBuf>,
    /// Write the members that were not removed to FILE (json, for --from)
    ///
    /// The bad rows of --stream, and its protected rows, are reported on stderr
    /// and are not in FILE.
    #[arg(long, hide_short_help = true, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub(super) failed_to: Option<PathBuf>,
    /// Progress on stderr: a bar on a terminal, elsewhere a line every 10 s; with
    /// -o json only where it is always [default: auto]
    #[arg(long, hide_short_help = true, value_name = "WHEN", help_heading = "Output", ignore_case = true, value_parser = one_of(["auto", "always", "never"]))]
    pub(super) progress: Option<String>,
    /// What the command does to the members.
    #[arg(skip = Action::Unban)]
    pub(super) action: Action,
    /// Not for unban.
    #[arg(skip)]
    pub(super) reason: ReasonArgs,
    /// Not for unban.
    #[arg(skip)]
    pub(super) include_admins: bool,
    /// Only for kick.
    #[arg(skip)]
    pub(super) ignore_absent: bool,
    /// Only for kick.
    #[arg(skip)]
    pub(super) check_room: Option<String>,
    /// `--for`, only for ban.
    #[arg(skip)]
    pub(super) ban_length: Option<String>,
    /// Not for unban.
    #[arg(skip)]
    pub(super) verify: bool,
}

impl Args {
    /// The files that flags of a job name, with their flags.
    pub(super) fn files_read(&self) -> impl Iterator<Item = (&'static str, &PathBuf)> {
        let lists = self.from.iter().map(|path| ("--from", path));
        let reason = self.reason.reason_file.iter();
        lists.chain(reason.map(|path| ("--reason-file", path)))
    }
}

impl From<KickArgs> for Args {
    fn from(kick: KickArgs) -> Self {
        Self {
            action: Action::Kick,
            reason: kick.reason,
            include_admins: kick.admins.include_admins,
            ignore_absent: kick.ignore_absent,
            check_room: kick.check_room,
            verify: kick.verify.verify,
            ..kick.args
        }
    }
}

impl From<BanArgs> for Args {
    fn from(ban: BanArgs) -> Self {
        Self {
            action: Action::Ban,
            reason: ban.reason,
            include_admins: ban.admins.include_admins,
            ban_length: ban.length,
            verify: ban.verify.verify,
            ..ban.args
        }
    }
}

impl From<UnbanArgs> for Args {
    fn from(unban: UnbanArgs) -> Self {
        unban.args
    }
}

const KICK_EXAMPLES: &str = "\
Examples: roomctl kick --room room-test --user user1 --reason spam
          roomctl kick --from spammers.csv -m spam --journal spam.journal";

const KICK_DETAILS: &str = "\
A kicked member can join again; roomctl ban prevents that.

Examples:
  roomctl kick --room room-test --user user1 --reason spam
  roomctl kick --from spammers.csv --reason spam --dry-run
  roomctl kick --from spammers.csv -m spam --journal spam.journal
  roomctl kick --room room-test --all --reason 'closing time' --dry-run
  roomctl kick --room room-test --match 'bot-*' --reason bot --yes
  awk /bot-/ joined.log | roomctl kick --from - --room room-test --reason bot

Exit codes: 0 success, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 journal or record, 129/130/143 interrupted.";

/// On the line of its heading, because the short help has at most 23 lines.
const BAN_EXAMPLES: &str = "\
Examples: roomctl ban --room room-test --user user1 --for 24h --reason spam
          roomctl ban --from bots.csv --for 7d -m bots --journal bots.journal";

const BAN_DETAILS: &str = "\
Only `banned` counts as success. A member that was absent or is gone may be
banned nevertheless: roomctl bans lists the banned members of a room.

Examples:
  roomctl ban --room room-test --user user1 --for 24h --reason spam
  roomctl ban --from bots.csv --for 7d -m bots --journal bots.journal
  roomctl ban --room room-test --match 'bot-*' --for 7d --reason bot --yes

Exit codes: 0 success, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 journal or record, 129/130/143 interrupted.";

/// The profile's patterns protect from removal, and an unban removes nobody.
const UNBAN_PROTECT: &str = "Never unban UserIDs that match GLOB (* and ? are wildcards); repeatable; the profile's protect does not apply";

const UNBAN_ALL: &str = "Everyone banned from each --room, by its list of bans";

const UNBAN_ALL_LONG: &str = "Everyone banned from each --room, by its list of bans

The lists are read first. On a terminal the question is asked for any number of members; elsewhere --yes is needed. Where a list is not complete, those on it are processed, and the exit code is 5, never 0: run the same command again.";

const UNBAN_EXAMPLES: &str = "\
Examples:
  roomctl unban --room room-test --user user1
  roomctl bans --room room-test -o json | roomctl unban --from -";

const UNBAN_DETAILS: &str = "\
An unban takes no reason: the reasons of rows are ignored.

Examples:
  roomctl unban --room room-test --user user1
  roomctl bans --room room-test -o json | roomctl unban --from -
  roomctl unban --room room-test --all --yes

Exit codes: 0 success, 1 refused, 2 usage, 3 configuration, 4 credentials or
region rejected, 5 unreachable, 6 partial, 7 journal or record, 129/130/143 interrupted.";
