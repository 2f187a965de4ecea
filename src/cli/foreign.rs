//! Words of other programs, and older or longer names, for which roomctl has a flag
//! or a command of its own. A name that roomctl has somewhere is not in these tables.

/// What stands for a word of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ours {
    /// This long flag, without dashes.
    Flag(&'static str),
    /// These words, which need no value.
    Words(&'static [&'static str]),
    /// Nothing that can be put in its place: an answer in a sentence.
    Answer(&'static str),
}

type Row = (&'static str, Ours);

/// Flags without dashes, in lower case.
const FLAGS: &[Row] = &[
    (
        "message msg text comment note why description",
        Ours::Flag("reason"),
    ),
    (
        "file input infile in list filename path csv",
        Ours::Flag("from"),
    ),
    (
        "duration time length ttl ban-time ban-for period",
        Ours::Flag("for"),
    ),
    (
        "room-id roomid room-name group group-id channel chat",
        Ours::Flag("room"),
    ),
    (
        "user-id userid username user-name uid member members member-id account member-account",
        Ours::Flag("user"),
    ),
    (
        "app-id appid sdk-app-id sdk-appid sdkapp-id app",
        Ours::Flag("sdkappid"),
    ),
    (
        "admin administrator caller operator login as",
        Ours::Flag("identifier"),
    ),
    (
        "key secret secretkey api-key apikey private-key password",
        Ours::Flag("secret-key"),
    ),
    (
        "key-file keyfile secret-file private-key-file password-file",
        Ours::Flag("secret-key-file"),
    ),
    ("token sig signature user-sig", Ours::Flag("usersig")),
    (
        "url host hostname server base-url api-url api domain",
        Ours::Flag("endpoint"),
    ),
    ("config-file conf cfg settings", Ours::Flag("config")),
    (
        "context env environment account-name",
        Ours::Flag("profile"),
    ),
    ("zone location site", Ours::Flag("region")),
    (
        "cacert ca-cert ca-bundle ca cafile certificate-authority",
        Ours::Flag("ca-file"),
    ),
    ("qps rps rate-limit max-rate tps speed", Ours::Flag("rate")),
    (
        "parallel jobs workers threads max-concurrency transfers",
        Ours::Flag("concurrency"),
    ),
    ("retry max-retries max-retry tries", Ours::Flag("retries")),
    ("max-time max-duration", Ours::Flag("deadline")),
    ("max max-users max-count", Ours::Flag("max-members")),
    (
        "state state-file checkpoint resume-from",
        Ours::Flag("journal"),
    ),
    ("failed failures-to errors-to", Ours::Flag("failed-to")),
    ("exclude except allowlist whitelist", Ours::Flag("protect")),
    ("include pattern glob", Ours::Flag("match")),
    ("everyone everybody all-users", Ours::Flag("all")),
    ("separator sep", Ours::Flag("delimiter")),
    ("fields header", Ours::Flag("columns")),
    ("lifetime expires expiry expires-in", Ours::Flag("expire")),
    (
        "force assume-yes no-confirm noconfirm no-prompt non-interactive confirm",
        Ours::Flag("yes"),
    ),
    (
        "dryrun dry simulate whatif what-if preview plan no-act",
        Ours::Flag("dry-run"),
    ),
    ("silent no-output", Ours::Flag("quiet")),
    ("debug trace vv vvv", Ours::Flag("verbose")),
    ("mock test local demo", Ours::Flag("sandbox")),
    ("out output-format out-format", Ours::Flag("output")),
    ("json jsonl ndjson as-json", Ours::Words(&["-o", "json"])),
    ("plain", Ours::Words(&["-o", "text"])),
    (
        "no-color no-colour nocolor",
        Ours::Words(&["--color", "never"]),
    ),
    ("colour", Ours::Flag("color")),
    ("no-progress", Ours::Words(&["--progress", "never"])),
    ("help-all usage full-help man", Ours::Words(&["--help"])),
    (
        "insecure no-verify skip-verify no-check-certificate tls-skip-verify insecure-skip-tls-verify allow-insecure",
        Ours::Answer("certificates are always checked; --ca-file FILE trusts one more authority"),
    ),
    (
        "proxy http-proxy https-proxy",
        Ours::Answer("the proxy comes from the variable HTTPS_PROXY"),
    ),
    (
        "log-file logfile",
        Ours::Answer("messages go to stderr: 2> FILE; --audit FILE records outcomes"),
    ),
    (
        "resume continue restart",
        Ours::Answer("a job with --journal FILE continues when the same command runs again"),
    ),
    (
        "undo rollback revert",
        Ours::Answer(
            "a ban ends early with roomctl unban; a kick needs no undo, members may join again",
        ),
    ),
];

/// Letters that are flags of other programs.
const LETTERS: &[(char, Ours)] = &[
    (
        'k',
        Ours::Answer("certificates are always checked; --ca-file FILE trusts one more authority"),
    ),
    ('p', Ours::Flag("profile")),
    ('c', Ours::Flag("config")),
    ('j', Ours::Words(&["-o", "json"])),
    ('t', Ours::Flag("timeout")),
];

/// Commands, below which command they stand, and what stands for them.
const COMMANDS: &[(&str, &str, Ours)] = &[
    (
        "roomctl",
        "remove rm delete del evict boot kickout kick-out kick-user expel eject disconnect drop",
        Ours::Words(&["kick"]),
    ),
    (
        "roomctl",
        "block blacklist banish ban-user",
        Ours::Words(&["ban"]),
    ),
    (
        "roomctl",
        "unkick unblock pardon allow restore readmit undo un-ban",
        Ours::Words(&["unban"]),
    ),
    (
        "roomctl",
        "ls list users member who list-members",
        Ours::Answer(
            "roomctl members --room ROOM lists members\n\
             roomctl bans --room ROOM lists bans\n\
             roomctl profile list lists profiles",
        ),
    ),
    ("roomctl", "banned list-bans", Ours::Words(&["bans"])),
    (
        "roomctl",
        "room status describe get show stat",
        Ours::Words(&["info"]),
    ),
    (
        "roomctl",
        "login auth configure init setup signin connect use",
        Ours::Answer(
            "roomctl profile add NAME saves an app and its credentials\n\
             roomctl doctor checks them",
        ),
    ),
    (
        "roomctl",
        "config settings profiles cfg",
        Ours::Answer(
            "roomctl profile list lists the profiles, roomctl profile show NAME shows one\n\
             roomctl profile add NAME adds one, roomctl profile path prints the file",
        ),
    ),
    (
        "roomctl",
        "logout signout",
        Ours::Answer("roomctl profile remove NAME removes a profile and its credentials"),
    ),
    ("roomctl", "version ver", Ours::Words(&["--version"])),
    (
        "roomctl",
        "check test ping diagnose validate whoami",
        Ours::Words(&["doctor"]),
    ),
    (
        "roomctl",
        "sign token sig signature gensig",
        Ours::Words(&["usersig", "sign"]),
    ),
    (
        "roomctl",
        "decode inspect",
        Ours::Words(&["usersig", "inspect"]),
    ),
    ("roomctl", "verify", Ours::Words(&["usersig", "verify"])),
    (
        "roomctl",
        "error errors code codes what",
        Ours::Words(&["explain"]),
    ),
    (
        "roomctl",
        "server serve mock emulator rehearse simulate",
        Ours::Words(&["sandbox"]),
    ),
    (
        "roomctl",
        "completion complete autocomplete",
        Ours::Words(&["completions"]),
    ),
    ("roomctl", "manual docs doc", Ours::Words(&["man"])),
    ("roomctl", "usage commands", Ours::Words(&["--help"])),
    (
        "roomctl",
        "log logs history",
        Ours::Words(&["journal", "show"]),
    ),
    (
        "roomctl",
        "update upgrade self-update",
        Ours::Answer("roomctl does not update itself: install the new version like this one"),
    ),
    ("roomctl profile", "ls all", Ours::Words(&["list"])),
    (
        "roomctl profile",
        "rm delete del unset logout",
        Ours::Words(&["remove"]),
    ),
    (
        "roomctl profile",
        "get view cat describe print",
        Ours::Words(&["show"]),
    ),
    (
        "roomctl profile",
        "set default switch select set-default activate",
        Ours::Words(&["use"]),
    ),
    (
        "roomctl profile",
        "create new edit login set-up init update",
        Ours::Words(&["add"]),
    ),
    (
        "roomctl profile",
        "file which where",
        Ours::Words(&["path"]),
    ),
    (
        "roomctl usersig",
        "create gen generate make new issue",
        Ours::Words(&["sign"]),
    ),
    (
        "roomctl usersig",
        "decode show parse view info",
        Ours::Words(&["inspect"]),
    ),
    (
        "roomctl usersig",
        "check validate test",
        Ours::Words(&["verify"]),
    ),
    (
        "roomctl journal",
        "ls list cat view get print",
        Ours::Words(&["show"]),
    ),
    (
        "roomctl journal",
        "stats count counts status total",
        Ours::Words(&["summary"]),
    ),
];

fn is_in(names: &str, name: &str) -> bool {
    names.split(' ').any(|known| known == name)
}

/// What stands for a long flag, given in lower case without its dashes.
pub(super) fn flag(name: &str) -> Option<Ours> {
    let known = |(names, _): &&Row| is_in(names, name);
    FLAGS.iter().find(known).map(|(_, ours)| *ours)
}

/// What stands for a flag of one letter.
pub(super) fn letter(letter: char) -> Option<Ours> {
    let known = |(known, _): &&(char, Ours)| *known == letter;
    LETTERS.iter().find(known).map(|(_, ours)| *ours)
}

/// What stands for a command below `parent`: `roomctl profile`.
pub(super) fn command(parent: &str, name: &str) -> Option<Ours> {
    let known = |(of, names, _): &&(&str, &str, Ours)| *of == parent && is_in(names, name);
    COMMANDS.iter().find(known).map(|(_, _, ours)| *ours)
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
                let ours = parent.and_then(|parent| parent.find_subcommand(name));
                assert!(ours.is_none(), "{name}");
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
