//! A rehearsal stays one: with a sandbox's variables no setting leads to the real
//! service, and the journal of one sandbox is of no use to another.

use std::fs;

use crate::support::{Home, KEY, Roomctl, Sandbox, SandboxProcess, any, has};

/// A configuration whose default profile is the real service.
fn with_a_default_profile() -> Home {
    let home = Home::new();
    home.config(&format!(
        "default_profile = \"prod\"\n[profiles.prod]\nsdkappid = 7\nidentifier = \"a\"\n\
         secret_key = \"{KEY}\"\nregion = \"usa\"\ntls_roots = \"system\"\n"
    ));
    home
}

#[test]
fn with_a_default_profile_present_the_exported_variables_win() {
    let home = with_a_default_profile();
    for options in ["", "--tls"] {
        let served = SandboxProcess::with(options);
        for script in [
            r#"set -eu; . "$BOX"; exec "$0" "$@""#,
            r#"set -eu; set -a; . "$BOX"; set +a; exec "$0" "$@""#,
            r#"set -eu; eval "$(cat "$BOX")"; exec "$0" "$@""#,
        ] {
            let run = |words: &str| {
                let run = Roomctl::new(words).env("BOX", &served.env_file);
                let path = run.env("PATH", "/usr/bin:/bin").home(&home);
                path.secret(KEY).in_shell(script)
            };
            run("kick -r room-test -u user1 -m spam -q --ignore-absent")
                .stdout(has(["user1"]))
                .exits(0);
        }
    }
}

#[test]
fn no_flag_leads_a_command_away_from_the_machine() {
    let (home, served) = (with_a_default_profile(), SandboxProcess::with(""));
    for words in [
        "kick -r room-test -u user2 -m spam",
        "kick -r room-test -u user2 -m spam -n",
        "ban -r room-test -u user2 -m spam --for 1h",
        "unban -r room-test -u user2",
        "members -r room-test",
        "bans -r room-test",
        "info -r room-test",
        "doctor",
    ] {
        for away in [
            "--profile prod",
            "--region usa",
            "--endpoint https://h.example",
        ] {
            let run = served.roomctl(words).args(away).home(&home).secret(KEY);
            let run = run.env("https_proxy", "http://127.0.0.1:9");
            let done = run.stdout(any()).stderr(any()).exits(3);
            let said = done.stdout.clone() + &done.stderr;
            assert!(said.contains("ROOMCTL_SANDBOX is set"), "{done}");
        }
    }
}

#[test]
fn a_key_or_signature_of_the_callers_environment_does_not_contradict_the_exports() {
    let sandbox = Roomctl::new("sandbox").stderr(any());
    let sandbox = sandbox
        .env("ROOMCTL_SECRET_KEY_FILE", "/nowhere")
        .env("ROOMCTL_USERSIG", "x");
    let served = SandboxProcess::from(sandbox);
    let script = r#"set -eu; . "$BOX"; exec "$0" "$@""#;
    let kick = Roomctl::new("kick -r room-test -u user1 -m spam -q");
    kick.env("ROOMCTL_SECRET_KEY_FILE", "/nowhere")
        .env("ROOMCTL_USERSIG", "x")
        .env("BOX", &served.env_file)
        .in_shell(script)
        .stdout(has(["removed user1"]))
        .exits(0);
}

fn kick(home: &Home, sandbox: &Sandbox, words: &str) -> Roomctl {
    let kick = sandbox.kick("-r room-test -u user1 -m spam --journal j");
    kick.args(words).home(home).stdout(any()).stderr(any())
}

const OTHER_SANDBOX: [&str; 2] = [
    "journal j: it records a rehearsal in another sandbox",
    "hint: use a new file for --journal",
];

#[test]
fn a_journal_of_another_sandbox_is_refused_and_that_of_the_same_is_continued() {
    let (home, first) = (Home::new(), Sandbox::demo());
    kick(&home, &first, "").exits(0);
    let again = || kick(&home, &first, "").stderr(has(["1 of 1 already settled"]));
    again().exits(0);
    let before = fs::read(home.path().join("j")).expect("a journal");
    let other = Sandbox::untouched();
    for words in ["", "-n", "--again"] {
        let refused = kick(&home, &other, words).stderr(has(OTHER_SANDBOX));
        refused.exits(7);
    }
    let after = fs::read(home.path().join("j")).expect("a journal");
    assert_eq!(after, before);
    again().exits(0);
}

#[test]
fn a_signature_in_place_of_the_key_is_for_the_same_sandbox() {
    let (home, first) = (Home::new(), Sandbox::demo());
    let signed = |sandbox: &Sandbox| {
        let sig = home.file_of_mode("sig", sandbox.usersig(3600), 0o600);
        let kick = kick(&home, sandbox, "--usersig-file").arg(sig);
        kick.env_remove("ROOMCTL_SECRET_KEY")
    };
    signed(&first).exits(0);
    signed(&first).exits(0);
    kick(&home, &first, "").exits(0);
    let other = Sandbox::untouched();
    signed(&other).stderr(has(OTHER_SANDBOX)).exits(7);
    kick(&home, &other, "").stderr(has(OTHER_SANDBOX)).exits(7);
}

#[test]
fn each_run_with_an_in_process_sandbox_needs_a_new_journal() {
    let home = Home::new();
    let words = "kick --sandbox -r room-test -u user1 -m spam --journal j";
    let kick = |more: &str| Roomctl::new(words).args(more).home(&home).stderr(any());
    kick("").stdout(has(["removed user1"])).exits(0);
    for more in ["", "-n"] {
        kick(more).stderr(has(OTHER_SANDBOX)).exits(7);
    }
}

#[test]
fn a_journal_of_a_rehearsal_by_an_earlier_version_is_continued() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let body = "{\"Record\":\"journal\",\"Version\":1,\"SdkAppId\":1400000001,\
                \"Rehearsal\":true,\"Time\":\"2026-03-01T02:11:09Z\",\"Sequence\":1";
    let sum = crc32fast::hash(body.as_bytes());
    home.file("j", format!("{body},\"Crc32\":\"{sum:08x}\"}}\n"));
    kick(&home, &sandbox, "").exits(0);
}

#[test]
fn the_key_is_not_in_the_journal() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    kick(&home, &sandbox, "").exits(0);
    let text = fs::read_to_string(home.path().join("j")).expect("a journal");
    assert!(!text.contains(&sandbox.key()[..16]), "{text}");
}

#[test]
fn a_fault_without_a_share_always_happens() {
    for fault in ["http502", "100001", "reset", "truncate", "html", "drop"] {
        let served = SandboxProcess::with(&format!("--fault {fault}"));
        let kick = served.roomctl("kick -r room-test -u user1 -m spam --retries 1");
        kick.stdout(any()).stderr(any()).exits(5);
    }
    for fault in ["close", "slow:1ms", "connect:1ms"] {
        let served = SandboxProcess::with(&format!("--fault {fault}"));
        let kick = served.roomctl("kick -r room-test -u user1 -m spam");
        kick.stdout(any()).stderr(any()).exits(0);
    }
}

#[test]
fn the_audit_marks_what_is_a_rehearsal_and_journal_says_so_among_other_outcomes() {
    let (home, sandbox) = (Home::new(), Sandbox::demo());
    let audit = |words: &str| {
        let kick = sandbox.kick("-r room-test -m spam --audit a").args(words);
        kick.home(&home).stdout(any()).stderr(any()).exits(0);
    };
    audit("-u user1");
    audit("-u user2 -u user3");
    let text = fs::read_to_string(home.path().join("a")).expect("an audit");
    assert_eq!(text.matches(",\"Rehearsal\":true}\n").count(), 2, "{text}");
    let journal = |words: &str| {
        Roomctl::new("journal")
            .args(words)
            .home(&home)
            .stdout(any())
    };
    journal("show a").exits(0);
    journal("summary a").exits(0);
    let real = text.replace(",\"Rehearsal\":true", "");
    home.file("real", &real);
    journal("summary real").exits(0);
    home.file("mixed", real + &text);
    let note = [
        "3 of the 6 outcomes",
        "rehearsals",
        "jq -c 'select(.Rehearsal | not)' FILE",
    ];
    for words in [
        "show mixed",
        "summary mixed",
        "show a real",
        "summary real a",
    ] {
        let done = journal(words).stderr(any()).exits(0);
        let stderr = done.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(note.iter().all(|part| stderr.contains(part)), "{done}");
        assert!(done.stdout.contains("removed"), "{done}");
    }
}
