//! Completion in real shells: what they offer with the scripts of
//! `completions/`, and what they offer when they call roomctl for each word.
//!
//! Debian has these programs (bash, zsh, fish, mandoc). If one is missing, its
//! test is skipped and reports it; with `ROOMCTL_TESTS_NEED_SHELLS` set it
//! fails.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Home, Roomctl, UntouchedPort, any, has, is, is_installed};

const PROFILES: &str = "[profiles.prod]\nsecret_key_command = [\"/bin/sh\", \"-c\", \"touch $HOME/ran\"]\n\n[profiles.private]\n";

/// A folder with a list, and a configuration file with two profiles.
fn home() -> Home {
    let home = Home::new();
    home.config(PROFILES);
    for file in ["spam.csv", "project", "2files", "1file"] {
        home.file(file, "user\n");
    }
    home
}

/// The output of this script, with roomctl on its PATH and no other variable.
fn run(program: &str, arguments: &[&str], home: &Home) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_roomctl"));
    let folder = binary.parent().expect("a folder").display();
    let output = Command::new("timeout")
        .args(["60", program])
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("TERM", "dumb")
        .env("PATH", format!("{folder}:/usr/bin:/bin"))
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The install lines of `completions --help`: static scripts.
const STATIC: [(&str, Ask, &str); 3] = [
    ("bash", bash, "source <(roomctl completions bash)"),
    (
        "zsh",
        zsh,
        "compinit -u -D; source <(roomctl completions zsh)",
    ),
    ("fish", fish, "roomctl completions fish | source"),
];

/// Those with which a shell asks roomctl.
const ASKING: [(&str, Ask, &str); 3] = [
    ("bash", bash, "source <(ROOMCTL_COMPLETE=bash roomctl)"),
    (
        "zsh",
        zsh,
        "compinit -u -D; source <(ROOMCTL_COMPLETE=zsh roomctl)",
    ),
    ("fish", fish, "ROOMCTL_COMPLETE=fish roomctl | source"),
];

/// Completes some lines in a shell with this setup.
type Ask = fn(&str, &[&str], &Home) -> Vec<String>;

/// What bash offers for the last word of each line.
fn bash(setup: &str, lines: &[&str], home: &Home) -> Vec<String> {
    let ask = "ask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); \
               $by roomctl \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; \
               echo \"${COMPREPLY[*]}\" | tr '\\n\\013' '  '; echo; }; compopt() { :; }";
    let find = "by=$(complete -p roomctl | sed 's/.*-F \\([^ ]*\\).*/\\1/')";
    let requests: Vec<String> = lines.iter().map(|line| format!("ask {line}")).collect();
    let script = format!("{setup}\n{ask}\n{find}\n{}", requests.join("\n"));
    let offered = run("bash", &["--norc", "-c", &script], home);
    offered.lines().map(str::to_owned).collect()
}

/// What fish offers, without the descriptions.
fn fish(setup: &str, lines: &[&str], home: &Home) -> Vec<String> {
    let ask = |line: &&str| {
        let line = line.replace("''", "");
        let script = format!("{setup}; complete -C '{line}'");
        let offered = run("fish", &["--no-config", "-c", &script], home);
        let words = offered.lines().filter_map(|line| line.split('\t').next());
        words.collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(ask).collect()
}

/// Reads what the inner shell shows until this text appears, or a time limit.
const UNTIL_SHOWN: &str = "until_shown() { local all= some=; repeat 600; do
  while zpty -r -t inner some; do all+=$some; done
  [[ $all == *$1* ]] && break; sleep 0.05
done; print -r -- $all }";

/// What zsh shows below the line when a list is requested.
fn zsh(setup: &str, lines: &[&str], home: &Home) -> Vec<String> {
    let prepare = format!(
        "unset zle_bracketed_paste; LISTMAX=1000; autoload -U compinit; {setup}; \
         compinit -u -D; bindkey \"^T\" list-choices; PROMPT=\"RE\"\"ADY \""
    );
    // The prompt comes from the line editor. Before it reads, the terminal itself
    // would take Ctrl-U and delete the line.
    let ask = |line: &&str| {
        let line = line.replace("''", "");
        let script = format!(
            "zmodload zsh/zpty; {UNTIL_SHOWN}; zpty inner zsh -f -i
             zpty -w inner '{prepare}'; until_shown READY > /dev/null
             zpty -n -w inner '{line}'$'\\x14'; zpty -n -w inner $'\\x15print DO\"\"NE\\n'
             until_shown DONE; zpty -d inner"
        );
        run("zsh", &["-f", "-c", &script], home)
    };
    lines.iter().map(ask).collect()
}

/// A line, what is offered for its last word, and what is not.
const LINES: [(&str, &[&str], &[&str]); 17] = [
    ("roomctl unb", &["unban"], &[]),
    (
        "roomctl kick --region s",
        &["singapore", "seoul"],
        &["spam.csv"],
    ),
    ("roomctl explain 7000", &["70001", "70003", "70009"], &[]),
    ("roomctl help exit", &["exit-codes"], &[]),
    ("roomctl kick --from spa", &["spam.csv"], &[]),
    (
        "roomctl kick --profile pr",
        &["prod", "private"],
        &["project"],
    ),
    ("roomctl --profile pr", &["prod", "private"], &["project"]),
    ("roomctl profile use pr", &["prod", "private"], &["project"]),
    (
        "roomctl profile show pr",
        &["prod", "private"],
        &["project"],
    ),
    ("roomctl profile remove pri", &["private"], &[]),
    ("roomctl sandbox --fault http", &["http502", "http429"], &[]),
    ("roomctl sandbox --fault s", &["slow:4s"], &["spam.csv"]),
    ("roomctl ban --for 2", &["24h"], &["2files"]),
    ("roomctl kick --timeout 1", &["10s"], &["1file"]),
    ("roomctl kick --user spa", &[], &["spam.csv"]),
    ("roomctl sandbox -- roomc", &["roomctl"], &["--tls"]),
    (
        "roomctl sandbox --tls -- roomctl unb",
        &["unban"],
        &["--log"],
    ),
];

fn are_offered(shell: &str, ask: Ask, setup: &str) {
    let home = home();
    let lines = LINES.map(|(line, ..)| line);
    let offered = ask(setup, &lines, &home);
    assert_eq!(offered.len(), LINES.len(), "{shell}: {offered:?}");
    for ((line, words, others), shown) in LINES.iter().zip(offered) {
        // zsh shows the line, too, and completes the only word in it.
        for word in *words {
            assert!(shown.contains(word), "{shell}, {line}: {word} in {shown:?}");
        }
        for other in *others {
            assert!(
                !shown.contains(other),
                "{shell}, {line}: {other} in {shown:?}"
            );
        }
    }
}

#[test]
fn the_static_scripts_offer_words_and_files_only_where_they_fit() {
    for (shell, ask, setup) in STATIC {
        if is_installed(shell) {
            are_offered(shell, ask, setup);
        }
    }
}

#[test]
fn bash_offers_values_after_an_equals_sign() {
    if is_installed("bash") {
        let script = "source <(roomctl completions bash)".to_owned();
        // Split as bash does.
        let lines = ["roomctl kick --region = s", "roomctl kick --region ="];
        let offered = bash(&script, &lines, &home());
        assert_eq!(offered[0].trim(), "singapore seoul");
        assert!(offered[1].contains("tokyo"), "{offered:?}");
        let asks = "source <(ROOMCTL_COMPLETE=bash roomctl)";
        let lines = [
            "roomctl kick --region = s",
            "roomctl kick --room = r --profile = pri",
        ];
        let offered = bash(asks, &lines, &home());
        let offered: Vec<&str> = offered.iter().map(|words| words.trim()).collect();
        assert_eq!(offered, ["singapore seoul", "private"]);
    }
}

/// `-o default` of the script is turned off for these words: else bash would offer
/// `project` where no profile begins with `pr`.
#[test]
fn bash_offers_no_files_where_no_word_fits() {
    if is_installed("bash") {
        let home = home();
        home.config("[profiles.other]\n");
        let setup = "source <(roomctl completions bash)";
        let lines = [
            "roomctl kick --profile pr",
            "roomctl profile use pr",
            "roomctl kick --region spa",
            "roomctl kick --from spa",
        ];
        let report = "compopt() { [[ \"$*\" != *'+o default'* ]] || printf NO_FILES; }";
        let lines = lines.map(|line| format!("{line}; {report}"));
        let first = format!("roomctl; {report}");
        let lines: Vec<&str> = [&first]
            .into_iter()
            .chain(&lines)
            .map(String::as_str)
            .collect();
        let offered = bash(setup, &lines, &home);
        let offered: Vec<&str> = offered[1..].iter().map(|words| words.trim()).collect();
        assert_eq!(offered, ["NO_FILES", "NO_FILES", "NO_FILES", "spam.csv"]);
    }
}

#[test]
fn a_flag_that_a_command_refuses_is_not_offered() {
    let lines = ["roomctl profile show --s", "roomctl profile show --co"];
    for setup in [
        "source <(roomctl completions bash)".to_owned(),
        "source <(ROOMCTL_COMPLETE=bash roomctl)".to_owned(),
    ] {
        if is_installed("bash") {
            let offered = bash(&setup, &lines, &home());
            assert_eq!(offered[0].trim(), "", "{setup}");
            assert!(offered[1].contains("--config"), "{setup}: {offered:?}");
        }
    }
}

#[test]
fn shells_that_ask_the_program_get_the_same() {
    for (shell, ask, setup) in ASKING {
        if is_installed(shell) {
            are_offered(shell, ask, setup);
        }
    }
}

#[test]
fn the_help_names_these_lines() {
    let help = Roomctl::new("completions --help").stdout(any()).exits(0);
    for (_, _, setup) in STATIC.into_iter().chain(ASKING) {
        let line = setup.trim_start_matches("compinit -u -D; ");
        let line = line.replace("=zsh roomctl)", "=bash roomctl)");
        assert!(help.stdout.contains(&line), "{line} in {help}");
    }
}

/// The request of bash's completion script.
fn completion(words: &str) -> Roomctl {
    let last = words.split_whitespace().count() - 1;
    Roomctl::new("--")
        .args(words)
        .env("ROOMCTL_COMPLETE", "bash")
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_INDEX", last.to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true")
}

#[test]
fn completing_sends_no_request_and_runs_no_command() {
    let (home, port) = (home(), UntouchedPort::new());
    let config = home.config(&format!("{PROFILES}endpoint = \"{}\"\n", port.endpoint()));
    let ask = || completion("roomctl kick --profile pr").home(&home);
    let done = ask().stdout(has(["prod", "private"])).exits(0);
    assert_eq!(done.stdout.split_whitespace().count(), 2, "{done}");
    assert!(!home.path().join("ran").exists());
    let other = home.file("other.toml", "[profiles.present]\n");
    let named = completion("roomctl kick --config other.toml --profile pr").home(&home);
    named.stdout(has(["present"])).exits(0);
    let by_variable = ask().env("ROOMCTL_CONFIG", other).stdout(has(["present"]));
    by_variable.exits(0);
    std::fs::write(config, "no TOML at all").expect("written");
    ask().exits(0);
}

#[test]
fn an_unknown_shell_is_an_error_and_another_programs_variable_is_ignored() {
    let bad = Roomctl::new("").env("ROOMCTL_COMPLETE", "bsh");
    bad.stderr(has(["ROOMCTL_COMPLETE", "did you mean bash?"]))
        .exits(2);
    for (name, value) in [("COMPLETE", "xyz"), ("ROOMCTL_COMPLETE", "")] {
        Roomctl::new("-V").env(name, value).stdout(any()).exits(0);
    }
    let slip = Roomctl::new("completions fihs");
    slip.stderr(has(["'fihs'", "did you mean fish?"])).exits(2);
    let none = Roomctl::new("completions");
    none.stderr(has(["SHELL is one of bash, elvish, fish, powershell, zsh"]))
        .exits(2);
}

#[test]
fn a_normal_command_is_never_taken_for_a_completion_request() {
    let port = UntouchedPort::new();
    let kick = Roomctl::new("kick --room r --user u --reason spam --endpoint")
        .args(&port.endpoint())
        .env("ROOMCTL_COMPLETE", "bash")
        .stderr(has([
            "ROOMCTL_COMPLETE is set",
            "hint: unset ROOMCTL_COMPLETE",
        ]));
    kick.exits(2);
    let version = Roomctl::new("-V").env("ROOMCTL_COMPLETE", "zsh");
    version.stderr(has(["ROOMCTL_COMPLETE"])).exits(2);
}

#[test]
fn a_failed_answer_to_a_shell_is_an_error_unless_the_pipe_was_closed() {
    let script = || Roomctl::new("").env("ROOMCTL_COMPLETE", "bash");
    for ask in [script, || completion("roomctl kick --re")] {
        let full = ask().in_shell("exec \"$0\" \"$@\" > /dev/full");
        full.stderr(has(["cannot write results"])).exits(7);
        let closed = ask().in_shell("{ \"$0\" \"$@\"; echo $? >&2; } | true");
        closed.stderr(is("0\n")).exits(0);
    }
}

#[test]
fn completing_does_not_wait_for_a_configuration_that_is_a_pipe() {
    let home = home();
    let made = Command::new("mkfifo")
        .arg(home.path().join("pipe"))
        .status();
    assert!(made.expect("mkfifo").success());
    let named = completion("roomctl kick --config pipe --profile pr").home(&home);
    named.exits(0);
    let by_variable = completion("roomctl kick --profile pr").home(&home);
    by_variable.env("ROOMCTL_CONFIG", "pipe").exits(0);
}
