//! The topics of `roomctl help`, by name. Their texts are at most 80 columns
//! wide on every terminal, because they are read in pagers and pasted into
//! tickets.

use std::fmt::Write as _;

use crate::config;
use crate::exit::Exit;

/// A text that belongs to several commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Topic {
    ExitCodes,
    Environment,
    Input,
    Output,
    Journal,
}

impl Topic {
    pub(in crate::commands) const ALL: [Self; 5] = [
        Self::ExitCodes,
        Self::Environment,
        Self::Input,
        Self::Output,
        Self::Journal,
    ];

    /// The name that users type.
    pub(in crate::commands) fn name(self) -> &'static str {
        match self {
            Self::ExitCodes => "exit-codes",
            Self::Environment => "environment",
            Self::Input => "input",
            Self::Output => "output",
            Self::Journal => "journal",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// The text; ends with a line break.
    pub(super) fn text(self) -> String {
        match self {
            Self::ExitCodes => exit_codes(),
            Self::Environment => environment(),
            Self::Input => INPUT.into(),
            Self::Output => OUTPUT.into(),
            Self::Journal => JOURNAL.into(),
        }
    }
}

fn exit_codes() -> String {
    let mut text = String::from("The exit codes of roomctl:\n\n");
    for exit in Exit::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:>3}  {}", exit.code(), exit.meaning());
    }
    text + AFTER_EXIT_CODES
}

const AFTER_EXIT_CODES: &str = "
When several apply, the first of 7, 129/130/143, 4, 5, 6, 1 wins. With a journal
the code is about the whole plan, not about this run alone. Codes may be added:
treat a code that is not in this table as a failure.

roomctl explain CODE shows what helps. In a script:

  code=0
  roomctl kick --from list --room r --reason spam --journal job \\
    --ignore-absent || code=$?
  case $code in
    0)   ;;                            # success for every member
    5)   echo 'run it again later' ;;  # the same command continues the job
    1|6) echo 'some were refused' ;;
    *)   exit \"$code\" ;;
  esac
";

const INPUT: &str = "\
Members are named by --room and --user, in files (--from FILE, repeatable), or
on stdin (--from -). roomctl reads and checks everything before it sends the
first request. It reports all bad rows together, as FILE:LINE: why. With
--stream it sends rows as they arrive.

  lines    one UserID per line; blank lines and lines that begin with # are
           skipped

             alice
             bob

  csv, tsv a header that names user and optionally room and reason (or the API's
           Member_Account, RoomId, Reason); quotes as in RFC 4180. The separator
           of a csv (, ; or tab) is found in the header, or given with
           --delimiter. For a file without a header: --columns room,user,reason.
           A column named - is ignored. In csv a quoted cell may have several
           lines; in tsv and with --stream a row is one line. With --stream the
           lines after one whose quote is open may be rows, or parts of a text
           with names in it: they are refused up to the closing quote, or up to
           a row with a quoted cell, but no more than 1000 bytes of them

             room,user,reason
             room-test,alice,\"spam, again\"

  json     any sequence of objects with the keys that -o json prints, of
           UserIDs, and of arrays of these; other keys are ignored. So results
           can be filtered with jq and used as input

             {\"RoomId\":\"room-test\",\"Member_Account\":\"alice\",\"Reason\":\"spam\"}
             {\"RoomId\":\"room-test\",\"MemberList_Account\":[\"bob\",\"carol\"]}
             [\"dave\"]

The suffix decides the format (.csv, .tsv, .json, .ndjson, .jsonl). Without such
a suffix it is json if the first character is { or [, else lines. --format
overrides this. Lists are UTF-8, or UTF-16 with a byte order mark; for others:
iconv -f GB18030 -t UTF-8 FILE.

In lines, csv and tsv a UserID is accepted only if it looks like one: letters,
digits, _ - . @ : + / ~ ! # & and the = at the end of base64. Refused are
blanks, quotes, brackets, separators, names of columns, dates, formulas, and
what a spreadsheet or a database writes instead of a value (1.2E+11, NULL).
Flags refuse less. json takes every string literally: [\"user 1\"]

--all takes the members from the service instead: everyone in each --room, or
for unban everyone banned from it. --match GLOB takes those that match GLOB.
The calling account, protected names, owners and admins are skipped and counted;
--include-admins removes owners and admins, too. Look first with --dry-run,
which only reads the lists. Where there is no terminal to ask on, --yes is
needed. A list with fewer names than the room has members is not complete: those
on it are processed, and the exit code is 5, never 0.

A row without a room applies to every --room. A row without a reason gets
--reason, or else the profile's reason. A RoomId has 1 to 48 bytes and a UserID
1 to 32 bytes of printable ASCII. A reason has at most 1000 bytes. A member that
is named twice for a room is processed once. The calling account and names that
match --protect or the profile's protect are never removed.
";

/// Also the section OUTPUT of the manual pages of kick, ban and unban, where
/// indented lines keep their breaks and paragraphs do not.
pub(in crate::commands) const OUTPUT: &str = "\
Results are on stdout, everything else is on stderr. Each member of the plan is
in exactly one result, and has one of these outcomes:

  removed  the service removed the member; banned for ban, unbanned for unban
  gone     not in the room any more, and the answer to an earlier try was
           lost: probably removed by that try
  absent   was not a member of the room
  refused  the service answered no: ErrorCode and ErrorInfo say why
  unknown  sent, and there is no usable answer: it may have taken effect
  unsent   not sent, or sent without any effect

With --from, --all and --match, text has one line for each member: seven
columns, separated by tabs, with - for a value that is empty or that no answer
had. A terminal shows aligned rows instead; of more than 20 members only those
whose outcome is not as asked, without those that a stop left unsent (-v: all).

  OUTCOME  ROOM  USER  ERRORCODE  REQUESTID  ACTIONSTATUS  ERRORINFO

With --user, text has a block for each request: a sentence, then the four
fields of the service's answer, one on a line.

With -o json, a result is one object on a line, printed as soon as it is known.
It can be filtered with jq and read again with --from.

  RoomId              string
  MemberList_Account  array of strings: the members of this result
  ActionStatus        string, null without an answer
  ErrorCode           number, null without an answer; 0 is success
  ErrorInfo           string: the service's words, or what happened instead
  RequestId           string, null without an answer; support asks for it
  Outcome             string: one of the words above
  Attempts            number: requests that named the members
  ElapsedMs           number: milliseconds from the first request on
  Action              string: kick, ban or unban
  Reason              string
  Time                string: when it was settled, UTC, RFC 3339

The codes are those of the last answer. roomctl explain CODE says what a code
means. After the results, a summary on stderr has the counts, the requests and
the time. With -o json, stderr is one object on a line, too:

  {\"summary\":{\"removed\":3,\"gone\":0,\"absent\":1,\"refused\":0,
    \"unknown\":0,\"unsent\":0,\"Requests\":2,\"Retries\":0,
    \"ElapsedMs\":41},\"ExitCode\":6}
  {\"error\":{\"kind\":\"partial\",\"message\":\"...\",\"hint\":\"...\"},
    \"ExitCode\":6}
  {\"retry\":{...}}, {\"warning\":\"...\"}, {\"note\":\"...\"}
  {\"question\":\"...\",\"Plan\":{...}} on a terminal, where y or the name of the
    profile is typed as the answer; Plan has what --dry-run shows

(These are broken here to fit; each is one line.) The exit code is 0 if every
member is as asked, 1 if the service refused, 2 for wrong usage or input, 3 for
settings, 4 for rejected credentials, 5 if something is left that running again
may settle, 6 if some were removed and some not, 7 if a record cannot be kept.
roomctl help exit-codes has all of them.

With --verify, each room's member list is read again after the last answer.
A member of this job that is on it, still or again, is in a warning with the
room and in --failed-to (with \"InRoom\":true), and makes exit 6. The summary
then has three more numbers:

  InRoom            members of this job that are in their rooms
  RoomsVerified     rooms whose lists are complete
  RoomsNotVerified  the others

A list that is refused or not complete proves nothing: there is a warning, and
the exit code is the job's own. A list that cannot be read after all retries is
exit 5, because another run may read it. A job that was stopped is not verified,
and its error says so.
";

const JOURNAL: &str = "\
With --journal FILE a job can be interrupted at any moment, by Ctrl-C, a network
failure or kill -9. The same command, run again, continues where it stopped.

  roomctl kick --from spam.csv --reason spam --journal spam.journal

roomctl writes every request to FILE before it sends it, and every outcome after
it. A member is identified by SDKAppID, action, room and UserID, never by the
line in the list: the list may grow, shrink or be sorted differently between two
runs.

  settled      removed, gone, absent (for a ban only banned, for an unban only
               unbanned): skipped by the next run, unless --again is given
  not settled  refused, unknown, unsent: processed again
  in doubt     a request is recorded and its outcome is not: processed again; a
               member who is not in the room any more then counts as gone

A ban of another length is settled as well, and so is one that is over. A
warning says so; --again sends such members again.

With --all and --match the lists of the service are newer than FILE: a member on
them is processed, also if FILE counts it as settled.

The exit code is about the whole plan, with what earlier runs settled. An
incomplete last line is removed and reported. Damage in the middle, a journal of
another app, and a journal in use are exit 7, and nothing is sent. So are a
journal of a rehearsal for the real service, the reverse, and one of another
sandbox, whose rooms were others. Only its owner can read the file (mode 0600).
It contains names and no secret.

To see what happened, when, why, and with which RequestId, also while a job uses
the file:

  roomctl journal summary spam.journal
  roomctl journal show spam.journal --user alice --since 2h
  roomctl journal show spam.journal --outcome in-doubt

In a pipe, show prints a line per member, with tabs between time, outcome,
action, room, user, ErrorCode, RequestId, ErrorInfo, reason and calling account.
With -o json it prints the keys of kick -o json, which --from reads. To end the
bans of a job:

  roomctl journal show ban.journal --outcome banned -o json |
    roomctl unban --from -

It prints every such outcome, and says on stderr how many of these members have
a later one. To process again what was refused, run the same command with the
same --journal: it skips the members that were removed since.

Several files are merged by time; one that is named twice is read once. A
damaged line is reported, the others are printed, and the exit code is 7.

--audit FILE appends every outcome, with the OS user and the calling account; a
job never reads it, journal show and summary do. The lines of a rehearsal have
\"Rehearsal\":true. --failed-to FILE writes the members that were not removed, as
a new list.
";

/// Variables that are not settings: name, effect, and the flag of the commands that
/// read the variable (none: all commands). The manual uses them, too.
pub(in crate::commands) const OTHER_VARIABLES: [(&str, &str, Option<&str>); 10] = [
    (
        "ROOMCTL_SANDBOX",
        "set by a sandbox: only loopback is called",
        Some("--sandbox"),
    ),
    (
        "ROOMCTL_COMPLETE",
        "a shell's name: prints its completion script",
        None,
    ),
    (
        "XDG_CONFIG_HOME, HOME",
        "the folders of the configuration file",
        Some("--config"),
    ),
    (
        "XDG_STATE_HOME",
        "for --rate-scope host; else ~/.local/state",
        Some("--rate-scope"),
    ),
    (
        "HTTPS_PROXY, ALL_PROXY",
        "http:, https:, socks5: or socks5h://HOST:PORT",
        Some("--sandbox"),
    ),
    (
        "NO_PROXY",
        "names, HOST:PORT, addresses, 10.0.0.0/8: no proxy",
        Some("--sandbox"),
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "the system's roots; if set, --tls-roots is system",
        Some("--tls-roots"),
    ),
    (
        "NO_COLOR, CLICOLOR_FORCE",
        "no colour; colour everywhere",
        Some("--color"),
    ),
    (
        "MANPAGER, PAGER",
        "the pager of roomctl man on a terminal",
        Some("--out"),
    ),
    ("TERM", "dumb: no colour and no bar", Some("--color")),
];

const ABOVE_VARIABLES: &str = "\
Every setting can come from a flag, from a variable or from a profile. Value by
value, the order is: flag, the profile that --profile names, variable, the
profile of ROOMCTL_PROFILE or default_profile, built-in. White space around a
value is removed, and an empty variable is unset. Variables in a value ($HOME)
are not replaced. -v reports where each value came from.

";

const BELOW_VARIABLES: &str = "
The variables of proxies are also read in lower case, which goes first; loopback
never has a proxy. USER:PASSWORD@ may stand before its host. With socks5h: the
proxy looks names up, with socks5: this machine does.
--secret-key-file and --usersig-file keep secrets out of the environment, where
other programs of the same account can see them.
";

/// The topic `environment`. The variables of settings come from the table of
/// settings.
fn environment() -> String {
    let mut text = String::from(ABOVE_VARIABLES);
    let mut row = |first: &str, rest: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", format!("  {first:<27}  {rest}").trim_end());
    };
    row("VARIABLE", "FLAG               PROFILE KEY");
    for (variable, flag, key) in config::table::variables() {
        row(
            variable,
            &format!("{flag:<17}  {}", key.unwrap_or_default()),
        );
    }
    row("", "");
    for (names, what, _) in OTHER_VARIABLES {
        row(names, what);
    }
    text + BELOW_VARIABLES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_name_and_fits_80_columns() {
        for topic in Topic::ALL {
            assert_eq!(Topic::named(topic.name()), Some(topic));
            let text = topic.text();
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{topic:?}");
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{topic:?}: {line}");
                assert_eq!(line, line.trim_end(), "{topic:?}");
            }
        }
    }
}
