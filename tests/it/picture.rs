//! The picture at the top of the README: a real run in a real terminal. After a
//! change of what it shows:
//!
//!     ROOMCTL_REWRITE=1 cargo test --test it picture

use std::fs;
use std::path::Path;

use anstyle_svg::Term;

use crate::support::{Home, Roomctl, is_installed, is_rewriting, lines};

const FILE: &str = "tests/data/roomctl.svg";

const COLUMNS: u16 = 118;

/// The commands, in order.
const TYPED: &str = r#"
show() { printf '\033[2m$\033[0m %s\n' "$1"; eval "$1"; echo; }
roomctl() { "$program" "$@"; }
show 'roomctl kick --room room-test --user user1 --reason spam'
bulk='roomctl kick --room lobby --from abusers.txt --reason spam --ignore-absent --journal night'
show "$bulk --yes > results.tsv"
show "$bulk --yes"
"#;

/// A line without what differs from run to run: figures of time, repeated
/// requests, the answer's identity, and the histogram.
fn stable(line: &str) -> String {
    let starts = ["RequestId:", "requests", "time", "latency", "          p50"];
    if let Some(start) = starts.iter().find(|start| line.starts_with(*start)) {
        return format!("{start} …");
    }
    let ends = ["1 removed;", "already settled in night, last at"];
    match ends
        .iter()
        .find_map(|end| line.split_once(end).map(|(before, _)| (before, end)))
    {
        Some((before, end)) => format!("{before}{end} …"),
        None => line.trim_end().into(),
    }
}

fn drawn() -> String {
    let home = Home::new();
    home.file("abusers.txt", lines("u", 0..2000));
    let there = home.file("there.csv", there());
    let script = home.file("typed.sh", format!("program=$1\n{TYPED}"));
    let sandbox = Roomctl::new("sandbox --latency 40ms --fault slow:120ms=9% --fault 100001=2%")
        .args(&format!("--rooms {there} -- /bin/sh {script}"))
        .args(env!("CARGO_BIN_EXE_roomctl"))
        .home(&home);
    let shown = sandbox.on_screen(COLUMNS, false).at_the_end(true);
    Term::new().render_svg(shown.trim_end())
}

/// The picture's text without what differs from run to run.
fn text(picture: &str) -> Vec<String> {
    let rows = picture
        .lines()
        .filter(|row| row.trim_start().starts_with("<tspan x="));
    let without_tags = |row: &str| {
        let parts = row.split('<').filter_map(|part| part.split_once('>'));
        let text: String = parts.map(|(_, text)| text).collect();
        stable(&text)
    };
    // The faults are random, so they may hit the single kick as well.
    let is_retry = |row: &String| row.starts_with("retry ");
    rows.map(without_tags)
        .filter(|row| !is_retry(row))
        .collect()
}

/// The members of the rooms: nearly all of the list, and `room-test`.
fn there() -> String {
    let lobby = (0..2000).filter(|n| n % 80 != 3);
    let rows = lobby.map(|n| format!("lobby,u{n}\n"));
    let rows: String = rows.collect();
    format!("room,user\nroom-test,user1\n{rows}")
}

#[test]
fn the_readmes_picture_is_what_a_terminal_shows() {
    if !is_installed("tmux") {
        return;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let drawn = drawn();
    if is_rewriting() {
        fs::write(&file, &drawn).expect("written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text(&kept), text(&drawn));
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
        .expect("the README");
    assert!(
        readme.contains(&format!("]({FILE})")),
        "{FILE} is not shown"
    );
}
