//! The flags that kick, ban and unban share, raw: what is wrong with their values is said by
//! [`super::flags`], together with what is wrong with the lists.

use std::path::PathBuf;

use clap::ValueHint;
use clap::builder::PossibleValuesParser;

use crate::job::input::Format;
use crate::room::Action;

/// What kick, ban and unban have in common.
#[derive(Debug, clap::Args)]
#[allow(
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    reason = "clap prints these comments as they are, and each switch is a flag"
)]
pub(crate) struct Args {
    /// Room, for members given without one; repeatable
    ///
    /// 1 to 48 bytes of printable ASCII. Of several rooms, each member that is
    /// given without one is meant for each of them.
    #[arg(short, long, value_name = "ROOM", help_heading = "Input", value_hint = ValueHint::Other)]
    pub(super) room: Vec<String>,
    /// Member; repeatable
    ///
    /// 1 to 32 bytes of printable ASCII.
    #[arg(short, long, value_name = "USER", help_heading = "Input", value_hint = ValueHint::Other)]
    pub(super) user: Vec<String>,
    /// File with more members, - for stdin; repeatable
    ///
    /// UserIDs line by line, csv or tsv with a header, or ndjson as -o json
    /// prints it; see roomctl help input.
    #[arg(short, long, value_name = "FILE", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub(super) from: Vec<PathBuf>,
    /// How the files are written [default: by suffix .csv .tsv .ndjson .jsonl,
    /// else ndjson if the first character is {, else lines]
    #[arg(long, hide_short_help = true, value_name = "FORMAT", help_heading = "Input",
          value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)))]
    pub(super) format: Option<String>,
    /// Columns of csv or tsv without a header, like room,user,reason; - for one
    /// to leave out
    #[arg(long, hide_short_help = true, value_name = "NAMES", allow_hyphen_values = true, help_heading = "Input", value_hint = ValueHint::Other)]
    pub(super) columns: Option<String>,
    /// Send rows as they arrive, from one --from: a live feed; a bad row is told
    /// and counts as refused
    #[arg(long, hide_short_help = true, help_heading = "Input")]
    pub(super) stream: bool,
    /// Show the plan and send nothing
    ///
    /// Checks input, configuration and credentials, and tells rooms, members,
    /// requests and the least time that they take. Opens no socket.
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Refuse a plan of more members [profile: max_members]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Guards"
    )]
    pub(super) max_members: Option<String>,
    /// Spare members whose name matches, * and ? being wild; repeatable,
    /// adds to the profile's [profile: protect]
    #[arg(long, hide_short_help = true, value_name = "GLOB", help_heading = "Guards", value_hint = ValueHint::Other)]
    pub(super) protect: Vec<String>,
    /// Leave protected members out and go on, instead of refusing the whole
    #[arg(long, hide_short_help = true, help_heading = "Guards")]
    pub(super) skip_protected: bool,
    /// Do not ask before more than 20 members; asked only on a terminal
    #[arg(short, long, hide_short_help = true, help_heading = "Guards")]
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
    /// Times a failed request is sent again [default: 5]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Pace and retries"
    )]
    pub(super) retries: Option<String>,
    /// Most requests in flight [default: 64]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        help_heading = "Pace and retries"
    )]
    pub(super) concurrency: Option<String>,
    /// Start no request after this long, like 30m
    #[arg(
        long,
        hide_short_help = true,
        value_name = "DURATION",
        help_heading = "Pace and retries"
    )]
    pub(super) deadline: Option<String>,
    /// Stop when so many members were refused, a number or a share like 5%
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N|P%",
        help_heading = "Pace and retries"
    )]
    pub(super) max_failures: Option<String>,
    /// Remember outcomes; the same command again continues
    ///
    /// Every request is written to FILE before it leaves, and every outcome
    /// after; whoever is settled there is left out by the next run. See roomctl
    /// help journal.
    #[arg(long, value_name = "FILE", help_heading = "Journal", value_hint = ValueHint::FilePath)]
    pub(super) journal: Option<PathBuf>,
    /// Ask those, too, whom the journal calls settled
    #[arg(long, hide_short_help = true, help_heading = "Journal")]
    pub(super) again: bool,
    /// Append each outcome to this file: who did what to whom, when and why
    /// [env: ROOMCTL_AUDIT] [profile: audit]
    #[arg(long, hide_short_help = true, value_name = "FILE", help_heading = "Journal", value_hint = ValueHint::FilePath)]
    pub(super) audit: Option<PathBuf>,
    /// Write whom it was not done to to this file, in ndjson that --from reads
    #[arg(long, hide_short_help = true, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub(super) failed_to: Option<PathBuf>,
    /// A bar on a terminal's stderr, a line every 10 s elsewhere [default: auto]
    #[arg(long, hide_short_help = true, value_name = "WHEN", help_heading = "Output", value_parser = PossibleValuesParser::new(["auto", "always", "never"]))]
    pub(super) progress: Option<String>,
    /// Which of the three it is, and what only some of them take.
    #[arg(skip = VerbOptions::new(Action::Unban))]
    pub(super) verb: VerbOptions,
}

/// What the three do not share.
#[derive(Debug)]
pub(super) struct VerbOptions {
    pub(super) action: Action,
    pub(super) reason: Option<String>,
    pub(super) reason_file: Option<PathBuf>,
    pub(super) ignore_absent: bool,
    /// How long a ban lasts.
    pub(super) lasts: Option<String>,
}

impl VerbOptions {
    pub(super) fn new(action: Action) -> Self {
        Self {
            action,
            reason: None,
            reason_file: None,
            ignore_absent: false,
            lasts: None,
        }
    }
}
