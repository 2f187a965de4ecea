//! Words of other programs, and older or longer names, for which roomctl has a flag
//! or a command of its own. A name that roomctl has somewhere is not in these tables,
//! except `force` (of profile add) and `out` (of man): whoever gives them to kick means
//! others.

/// What stands for a word of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replacement {
    /// This long flag, without dashes.
    Flag(&'static str),
    /// These words, which need no value.
    Words(&'static [&'static str]),
    /// Nothing that can be put in its place: an answer in a sentence.
    Answer(&'static str),
}

type Row = (&'static str, Replacement);

/// Flags without dashes, in lower case.
const FLAGS: &[Row] = &[
    (
        "message msg text comment note why description",
        Replacement::Flag("reason"),
    ),
    (
        "file input infile in list filename path csv",
        Replacement::Flag("from"),
    ),
    (
        "duration time length ttl ban-time ban-for period until weeks days hours minutes mins seconds",
        Replacement::Flag("for"),
    ),
    (
        "room-id roomid room-name group group-id channel chat",
        Replacement::Flag("room"),
    ),
    (
        "user-id userid username user-name uid member members member-id account member-account",
        Replacement::Flag("user"),
    ),
    (
        "app-id appid sdk-app-id sdk-appid sdkapp-id app",
        Replacement::Flag("sdkappid"),
    ),
    (
        "admin administrator caller operator login as",
        Replacement::Flag("identifier"),
    ),
    (
        "key secret secretkey api-key apikey private-key password",
        Replacement::Flag("secret-key"),
    ),
    (
        "key-file keyfile secret-file private-key-file password-file",
        Replacement::Flag("secret-key-file"),
    ),
    ("token sig signature user-sig", Replacement::Flag("usersig")),
    (
        "url host hostname server base-url api-url api domain",
        Replacement::Flag("endpoint"),
    ),
    ("config-file conf cfg settings", Replacement::Flag("config")),
    (
        "context env environment account-name",
        Replacement::Flag("profile"),
    ),
    ("zone location site", Replacement::Flag("region")),
    (
        "cacert ca-cert ca-bundle ca cafile certificate-authority",
        Replacement::Flag("ca-file"),
    ),
    (
        "qps rps rate-limit max-rate tps speed",
        Replacement::Flag("rate"),
    ),
    (
        "parallel jobs workers threads max-concurrency transfers",
        Replacement::Flag("concurrency"),
    ),
    (
        "retry max-retries max-retry tries",
        Replacement::Flag("retries"),
    ),
    ("max-time max-duration", Replacement::Flag("deadline")),
    ("max max-users max-count", Replacement::Flag("max-members")),
    (
        "state state-file checkpoint resume-from",
        Replacement::Flag("journal"),
    ),
    (
        "failed failures-to errors-to",
        Replacement::Flag("failed-to"),
    ),
    (
        "exclude except allowlist whitelist",
        Replacement::Flag("protect"),
    ),
    ("include pattern glob", Replacement::Flag("match")),
    ("everyone everybody all-users", Replacement::Flag("all")),
    ("separator sep", Replacement::Flag("delimiter")),
    ("fields header", Replacement::Flag("columns")),
    (
        "lifetime expires expiry expires-in",
        Replacement::Flag("expire"),
    ),
    (
        "force assume-yes no-confirm noconfirm no-prompt non-interactive confirm",
        Replacement::Flag("yes"),
    ),
    (
        "dryrun dry simulate whatif what-if preview plan no-act",
        Replacement::Flag("dry-run"),
    ),
    ("silent no-output", Replacement::Flag("quiet")),
    ("debug trace vv vvv", Replacement::Flag("verbose")),
    ("mock test local demo", Replacement::Flag("sandbox")),
    ("out output-format out-format", Replacement::Flag("output")),
    (
        "json jsonl ndjson as-json",
        Replacement::Words(&["-o", "json"]),
    ),
    ("plain", Replacement::Words(&["-o", "text"])),
    (
        "no-color no-colour nocolor",
        Replacement::Words(&["--color", "never"]),
    ),
    ("colour", Replacement::Flag("color")),
    ("no-progress", Replacement::Words(&["--progress", "never"])),
    (
        "help-all usage full-help man",
        Replacement::Words(&["--help"]),
    ),
    (
        "insecure no-verify skip-verify no-check-certificate tls-skip-verify insecure-skip-tls-verify allow-insecure",
        Replacement::Answer(
            "certificates are always checked; --ca-file FILE trusts one more authority",
        ),
    ),
    (
        "proxy http-proxy https-proxy",
        Replacement::Answer("the proxy comes from the variable HTTPS_PROXY"),
    ),
    (
        "log-file logfile",
        Replacement::Answer("messages go to stderr: 2> FILE; --audit FILE records outcomes"),
    ),
    (
        "resume continue restart",
        Replacement::Answer("a job with --journal FILE continues when the same command runs again"),
    ),
    (
        "undo rollback revert",
        Replacement::Answer(
            "a ban ends early with roomctl unban; a kick needs no undo, members may join again",
        ),
    ),
];

/// Letters that are flags of other programs.
const LETTERS: &[(char, Replacement)] = &[
    (
        'k',
        Replacement::Answer(
            "certificates are always checked; --ca-file FILE trusts one more authority",
        ),
    ),
    ('p', Replacement::Flag("profile")),
    ('c', Replacement::Flag("config")),
    ('j', Replacement::Words(&["-o", "json"])),
    ('t', Replacement::Flag("timeout")),
];

/// Commands, below which command they stand, and what stands for them.
const COMMANDS: &[(&str, &str, Replacement)] = &[
    (
        "roomctl",
        "remove rm delete del evict boot kickout kick-out kick-user expel eject disconnect drop",
        Replacement::Words(&["kick"]),
    ),
    (
        "roomctl",
        "block blacklist banish ban-user",
        Replacement::Words(&["ban"]),
    ),
    (
        "roomctl",
        "unkick unblock pardon allow restore readmit undo un-ban",
        Replacement::Words(&["unban"]),
    ),
    (
        "roomctl",
        "ls list users member who list-members",
        Replacement::Answer(
            "roomctl members --room ROOM lists members\n\
             roomctl bans --room ROOM lists bans\n\
             roomctl profile list lists profiles",
        ),
    ),
    ("roomctl", "banned list-bans", Replacement::Words(&["bans"])),
    (
        "roomctl",
        "room status describe get show stat",
        Replacement::Words(&["info"]),
    ),
    (
        "roomctl",
        "login auth configure init setup signin connect use",
        Replacement::Answer(
            "roomctl profile add NAME saves an app and its credentials\n\
             roomctl doctor checks them",
        ),
    ),
    (
        "roomctl",
        "config settings profiles cfg",
        Replacement::Answer(
            "roomctl profile list lists the profiles, roomctl profile show NAME shows one\n\
             roomctl profile add NAME adds one, roomctl profile path prints the file",
        ),
    ),
    (
        "roomctl",
        "logout signout",
        Replacement::Answer("roomctl profile remove NAME removes a profile and its credentials"),
    ),
    ("roomctl", "version ver", Replacement::Words(&["--version"])),
    (
        "roomctl",
        "check test ping diagnose validate whoami",
        Replacement::Words(&["doctor"]),
    ),
    (
        "roomctl",
        "sign token sig signature gensig",
        Replacement::Words(&["usersig", "sign"]),
    ),
    (
        "roomctl",
        "decode inspect",
        Replacement::Words(&["usersig", "inspect"]),
    ),
    (
        "roomctl",
        "verify",
        Replacement::Words(&["usersig", "verify"]),
    ),
    (
        "roomctl",
        "error errors code codes what",
        Replacement::Words(&["explain"]),
    ),
    (
        "roomctl",
        "server serve mock emulator rehearse simulate",
        Replacement::Words(&["sandbox"]),
    ),
    (
        "roomctl",
        "completion complete autocomplete",
        Replacement::Words(&["completions"]),
    ),
    ("roomctl", "manual docs doc", Replacement::Words(&["man"])),
    ("roomctl", "usage commands", Replacement::Words(&["--help"])),
    (
        "roomctl",
        "log logs history",
        Replacement::Words(&["journal", "show"]),
    ),
    (
        "roomctl",
        "update upgrade self-update",
        Replacement::Answer(
            "roomctl does not update itself: install the new version like this one",
        ),
    ),
    ("roomctl profile", "ls all", Replacement::Words(&["list"])),
    (
        "roomctl profile",
        "rm delete del unset logout",
        Replacement::Words(&["remove"]),
    ),
    (
        "roomctl profile",
        "get view cat describe print",
        Replacement::Words(&["show"]),
    ),
    (
        "roomctl profile",
        "set default switch select set-default activate",
        Replacement::Words(&["use"]),
    ),
    (
        "roomctl profile",
        "create new edit login set-up init update",
        Replacement::Words(&["add"]),
    ),
    (
        "roomctl profile",
        "file which where",
        Replacement::Words(&["path"]),
    ),
    (
        "roomctl usersig",
        "create gen generate make new issue",
        Replacement::Words(&["sign"]),
    ),
    (
        "roomctl usersig",
        "decode show parse view info",
        Replacement::Words(&["inspect"]),
    ),
    (
        "roomctl usersig",
        "check validate test",
        Replacement::Words(&["verify"]),
    ),
    (
        "roomctl journal",
        "ls list cat view get print",
        Replacement::Words(&["show"]),
    ),
    (
        "roomctl journal",
        "stats count counts status total",
        Replacement::Words(&["summary"]),
    ),
];

fn is_in(names: &str, name: &str) -> bool {
    names.split(' ').any(|known| known == name)
}

/// What stands for a long flag, given in lower case without its dashes.
pub(super) fn flag(name: &str) -> Option<Replacement> {
    let known = |(names, _): &&Row| is_in(names, name);
    FLAGS
        .iter()
        .find(known)
        .map(|(_, replacement)| *replacement)
}

/// What stands for a flag of one letter.
pub(super) fn letter(letter: char) -> Option<Replacement> {
    let known = |(known, _): &&(char, Replacement)| *known == letter;
    LETTERS
        .iter()
        .find(known)
        .map(|(_, replacement)| *replacement)
}

/// What stands for a command below `parent`: `roomctl profile`.
pub(super) fn command(parent: &str, name: &str) -> Option<Replacement> {
    let known = |(of, names, _): &&(&str, &str, Replacement)| *of == parent && is_in(names, name);
    COMMANDS
        .iter()
        .find(known)
        .map(|(_, _, replacement)| *replacement)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_tree;

    fn longs(command: &clap::Command) -> Vec<String> {
        let own = command.get_arguments().filter_map(clap::Arg::get_long);
        let mut all: Vec<String> = own.map(str::to_owned).collect();
        for below in command.get_subcommands() {
            all.extend(longs(below));
        }
        all
    }

    #[test]
    fn no_row_hides_a_flag_or_a_command_of_roomctl() {
        let tree = command_tree();
        let longs = longs(&tree);
        for name in FLAGS.iter().flat_map(|(names, _)| names.split(' ')) {
            // Of profile add and man; those who give them to kick mean others.
            let is_known =
                longs.iter().any(|long| long == name) && !["force", "out"].contains(&name);
            assert!(!is_known, "--{name}");
        }
        for (parent, names, _) in COMMANDS {
            let path = parent.split(' ').skip(1);
            let mut path = path;
            let parent = path.try_fold(&tree, |command, word| command.find_subcommand(word));
            for name in names.split(' ') {
                let known = parent.and_then(|parent| parent.find_subcommand(name));
                assert!(known.is_none(), "{name}");
            }
        }
    }

    #[test]
    fn a_word_has_one_row() {
        let mut names: Vec<&str> = FLAGS
            .iter()
            .flat_map(|(names, _)| names.split(' '))
            .collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None);
    }
}
