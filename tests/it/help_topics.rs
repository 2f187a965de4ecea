//! `roomctl help [COMMAND|TOPIC]`: what it prints is true, and topics are found
//! by name.

use std::fs;
use std::path::Path;

use roomctl::exit::Exit;

use crate::support::{Home, Roomctl, Sandbox, any, has, is};

const TOPICS: [&str; 5] = ["exit-codes", "environment", "input", "output", "journal"];

fn topic(name: &str) -> String {
    let help = Roomctl::new("help").arg(name).stdout(any());
    help.exits(0).stdout
}

#[test]
fn help_of_a_command_is_what_its_help_flag_prints() {
    for words in [
        "",
        "kick",
        "doctor",
        "profile",
        "profile add",
        "usersig sign",
    ] {
        let flag = Roomctl::new(words).args("--help").stdout(any()).exits(0);
        let help = Roomctl::new("help").args(words);
        help.stdout(is(&flag.stdout)).exits(0);
    }
}

#[test]
fn the_whole_help_names_every_topic() {
    let help = Roomctl::new("help").stdout(any()).exits(0).stdout;
    for name in TOPICS {
        assert!(help.contains(name), "{name} in {help}");
    }
}

#[test]
fn exit_codes_are_the_programs_own() {
    let text = topic("exit-codes");
    for exit in Exit::ALL {
        let row = format!("{:>5}  {}\n", exit.code(), exit.meaning());
        assert!(text.contains(&row), "{row} in {text}");
    }
}

/// Every `"ROOMCTL_…"` in the sources of configuration and command line.
fn variables() -> Vec<String> {
    let mut all = Vec::new();
    for folder in ["src/config", "src/cli"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for file in fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(path).expect("a source");
                let quoted = text.split('"').filter(|text| text.starts_with("ROOMCTL_"));
                let whole = quoted.filter(|text| !text.contains([' ', ':']));
                all.extend(whole.map(str::to_owned));
            }
        }
    }
    all
}

#[test]
fn environment_names_every_variable_that_is_read() {
    let text = topic("environment");
    let mut variables = variables();
    assert!(variables.len() > 15, "{variables:?}");
    // Variables of the build, which users do not set.
    variables.retain(|name| name != "ROOMCTL_COMMIT");
    for foreign in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "HTTPS_PROXY",
        "NO_PROXY",
        "HOME",
    ] {
        variables.push(foreign.into());
    }
    for name in variables {
        let listed = text.split_whitespace();
        let mut listed = listed.map(|word| word.trim_end_matches(','));
        assert!(listed.any(|word| word == name), "{name} in {text}");
    }
}

#[test]
fn every_list_in_help_input_is_read_as_described() {
    let text = topic("input");
    let samples: Vec<String> = text
        .split("\n\n")
        .filter(|block| block.starts_with("             "))
        .map(|block| {
            block
                .lines()
                .map(|line| line.trim_start().to_owned() + "\n")
                .collect()
        })
        .collect();
    assert_eq!(samples.len(), 3, "{samples:?}");
    for (sample, format, members) in
        [(0, "lines", 2), (1, "csv", 1), (2, "json", 4)].map(|(n, f, m)| (&samples[n], f, m))
    {
        let kick = Roomctl::new("kick --sandbox -n -o json -r room-test -m spam --from -");
        let kick = kick.args("--format").arg(format).stdin(sample.clone());
        let plan = kick.stdout(any()).stderr(any()).exits(0).result();
        assert_eq!(plan["Members"], members, "{sample}");
    }
}

#[test]
fn the_command_that_journal_shows_continues_where_it_ended() {
    let text = topic("journal");
    let shown = text
        .lines()
        .find_map(|line| line.strip_prefix("  roomctl kick "));
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.file("spam.csv", "room,user\nroom-test,user1\nroom-test,user2\n");
    let kick = || sandbox.kick(shown.expect("a command")).home(&home);
    kick().stdout(any()).stderr(has(["2 removed"])).exits(0);
    kick().stderr(has(["2 of 2 already settled"])).exits(0);
}

#[test]
fn json_is_one_object() {
    for name in TOPICS {
        let help = Roomctl::new("help -o json").arg(name).stdout(any());
        let result = help.exits(0).result();
        assert_eq!(
            (&result["Help"], &result["Text"]),
            (&name.into(), &topic(name).into())
        );
    }
}

#[test]
fn a_typing_error_is_recognised() {
    for (words, message, hint) in [
        ("kcik", "no command or topic 'kcik'", "did you mean kick?"),
        (
            "exitcodes",
            "no command or topic 'exitcodes'",
            "did you mean exit-codes?",
        ),
        ("profile ad", "no command 'ad'", "did you mean add?"),
        ("mars", "no command or topic 'mars'", "there are: kick, "),
        ("kick me", "no command 'me'", "roomctl help COMMAND"),
    ] {
        let help = Roomctl::new("help").args(words);
        help.stderr(has([message, hint])).exits(2);
    }
}

#[test]
fn it_does_not_accept_credentials() {
    let help = Roomctl::new("help kick --region usa");
    help.stderr(has(["roomctl help does not accept --region"]))
        .exits(2);
    let help = Roomctl::new("--region usa help kick");
    help.stderr(has(["roomctl help does not accept --region"]))
        .exits(2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_is_exit_7_and_a_closed_one_quiet() {
    let full = Roomctl::new("help").in_shell("exec \"$0\" \"$@\" > /dev/full");
    full.stderr(has(["cannot write results"])).exits(7);
    let closed = Roomctl::new("help").in_shell("{ \"$0\" \"$@\"; echo $? >&2; } | true");
    closed.stderr(is("0\n")).exits(0);
}

/// `help output` describes what kick prints: every column, outcome and key, and the
/// type of each value.
#[test]
fn output_describes_every_outcome_column_and_key() {
    let text = topic("output");
    for outcome in [
        "removed", "gone", "absent", "refused", "unknown", "unsent", "banned", "unbanned",
    ] {
        assert!(
            text.split_whitespace()
                .any(|word| word.trim_end_matches(',') == outcome),
            "{outcome}"
        );
    }
    let row = |name: &str| {
        let rows = text
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.strip_prefix(name));
        let mut rows = rows.filter(|rest| rest.starts_with("  "));
        rows.next()
            .unwrap_or_else(|| panic!("{name} in {text}"))
            .trim_start()
            .to_owned()
    };
    let kick = Roomctl::new("kick --sandbox -r room-test -u user1 -m spam -o json");
    let result = kick.stdout(any()).stderr(any()).exits(0).result();
    for (key, value) in result.as_object().expect("an object") {
        let kind = match value {
            serde_json::Value::Number(_) => "number",
            serde_json::Value::Array(_) => "array",
            _ => "string",
        };
        assert!(row(key).starts_with(kind), "{key}: {}", row(key));
    }
    let header = text
        .lines()
        .find(|line| line.contains("ERRORCODE"))
        .expect("columns");
    let kick = Roomctl::new("kick --sandbox -r room-test -m spam --from -").stdin("user1\n");
    let line = kick.stdout(any()).stderr(any()).exits(0).stdout;
    assert_eq!(header.split_whitespace().count(), line.split('\t').count());
    for page in ["kick", "ban", "unban"] {
        let page = Roomctl::new("man").arg(page).stdout(has([".SH OUTPUT\n"]));
        page.stdout(has(["MemberList_Account  array of strings"]))
            .exits(0);
    }
}
