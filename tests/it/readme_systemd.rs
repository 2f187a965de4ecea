//! The units of the README: systemd accepts them, and what the service starts does its work
//! with the folders, variables and exit codes of the unit.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::readme::{blocks, section};
use crate::readme_recipes::{DEAD, Ended, command, end, home};
use crate::support::{Home, Sandbox, report_skipped};

/// The service and the timer.
fn units() -> [String; 2] {
    let units = blocks(&section("systemd"), "ini");
    units.try_into().expect("two units")
}

/// The values of a key, in the order of the unit.
fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    let values = unit
        .lines()
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    values.collect()
}

#[test]
fn systemd_accepts_the_units() {
    let home = Home::new();
    let [service, timer] = units();
    let units = [
        ("roomctl-nightly.service", &service),
        ("roomctl-nightly.timer", &timer),
    ];
    let paths = units.map(|(name, unit)| home.file(name, unit));
    let checked = Command::new("systemd-analyze")
        .arg("verify")
        .args(paths)
        .output();
    let Ok(checked) = checked else {
        report_skipped("systemd-analyze is not installed; Debian's package systemd has it");
        return;
    };
    let said = String::from_utf8_lossy(&checked.stderr);
    // Faults of other units of this machine are not ours.
    let ours: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("roomctl-nightly"))
        .collect();
    assert!(ours.is_empty(), "{said}");
    for time in values(&timer, "OnCalendar") {
        let calendar = Command::new("systemd-analyze")
            .args(["calendar", time])
            .output();
        assert!(calendar.expect("it starts").status.success(), "{time}");
    }
}

/// Runs what the service starts, in the folders of the home.
fn start(home: &Home, sandbox: &Sandbox, endpoint: &str) -> Ended {
    let [service, _] = units();
    let state = home.path().join("state");
    fs::create_dir_all(&state).expect("a folder");
    let credential = values(&service, "LoadCredential").remove(0);
    let (name, _) = credential.split_once(":/etc/roomctl/key").expect("the key");
    home.file_of_mode(&format!("credentials/{name}"), sandbox.key(), 0o400);
    let etc = home.path().to_str().expect("UTF-8");
    let inside = |value: &str| {
        let value = value.replace("/etc/roomctl", etc);
        value.replace("%d", &format!("{etc}/credentials"))
    };
    let words = inside(values(&service, "ExecStart").remove(0));
    let words: Vec<&str> = words.split(' ').collect();
    let mut run = command(&words, &state, endpoint);
    for line in values(&service, "Environment") {
        for pair in inside(line).split(' ') {
            let (name, value) = pair.split_once('=').expect("NAME=value");
            run.env(name, value);
        }
    }
    run.env("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string());
    end(run)
}

#[test]
fn the_service_kicks_and_keeps_its_records() {
    let (sandbox, home) = (Sandbox::demo(), home(&["user1", "gone"]));
    for _ in 0..2 {
        let ended = start(&home, &sandbox, &sandbox.endpoint());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let is_journal = |path: &Path| path.extension().is_some_and(|suffix| suffix == "journal");
    let files = fs::read_dir(home.path().join("state")).expect("the folder");
    let journals = files.filter(|file| is_journal(&file.as_ref().expect("an entry").path()));
    assert_eq!(journals.count(), 1);
}

#[test]
fn the_service_is_started_again_only_after_codes_for_which_that_can_help() {
    let [service, _] = units();
    assert_eq!(values(&service, "Restart"), ["on-failure"]);
    let prevented = values(&service, "RestartPreventExitStatus").remove(0);
    let prevented: Vec<i32> = prevented
        .split(' ')
        .map(|code| code.parse().expect("a code"))
        .collect();
    let sandbox = Sandbox::untouched();
    let dead = start(&home(&["user1"]), &sandbox, DEAD);
    assert_eq!(dead.code, Some(75), "{}", dead.stderr);
    assert!(!prevented.contains(&75));
    let wrong = home(&["user1"]);
    wrong.file("abusers.csv", "room,user\nroom-test,\n");
    let wrong = start(&wrong, &sandbox, &sandbox.endpoint())
        .code
        .expect("a code");
    assert!(wrong == 2 && prevented.contains(&wrong));
    // All other codes of nightly.sh: 6 becomes 1, and 5 becomes 75.
    assert_eq!(prevented, [1, 2, 3, 4, 7]);
}
