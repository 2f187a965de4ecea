//! What people see in a terminal of 80 columns and in one of 40, read back from
//! a real one and kept as files in `tests/data/terminal/`. After a change of the
//! look:
//!
//!     ROOMCTL_REWRITE=1 cargo test --test it terminal_look

use std::fs;
use std::path::Path;
use std::time::Duration;

use roomctl::sandbox::Options;
use serde_json::json;

use crate::support::{Home, Reply, Roomctl, Sandbox, Server, is_here, lines, rewrites};

/// A line without the figures that differ from run to run, and without the
/// picture that is made of them.
fn stable(line: &str) -> String {
    if line.starts_with("RequestId: ") {
        return "RequestId: Id".into();
    }
    let changes = ["time ", "latency ", "          p50"];
    let is_count = line.ends_with(" s") && line.contains(" retries, ");
    if !is_count && !changes.iter().any(|start| line.starts_with(start)) {
        return line.into();
    }
    let is_part = |c: char| ('▁'..='█').contains(&c);
    let words = line
        .split_whitespace()
        .filter(|word| !word.chars().all(is_part));
    let plain = words.map(|word| {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '<');
        if word.starts_with(digits) { "N" } else { word }
    });
    // A job that was over at once has no rate.
    plain
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" N requests/s", "")
}

fn looks_as_kept(name: &str, shown: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/terminal");
    let file = folder.join(format!("{name}.txt"));
    let shown: String = shown.lines().map(|line| stable(line) + "\n").collect();
    if rewrites() {
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(&file, &shown).expect("written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(shown == kept, "{name} is\n{shown}\nand was\n{kept}");
}

/// With colours in a wide terminal, without in a narrow one.
fn in_both(name: &str, run: impl Fn() -> Roomctl, is_silent: bool) {
    if !is_here("tmux") {
        return;
    }
    for columns in [80, 40] {
        let screen = run().on_screen(columns, is_silent);
        let shown = screen.at_the_end(columns == 80);
        looks_as_kept(&format!("{name}-{columns}"), &shown);
    }
}

#[test]
fn one_kick() {
    let sandbox = Sandbox::demo();
    let kick = || sandbox.kick("-r room-test -u nobody -m spam");
    if is_here("tmux") {
        looks_as_kept("one", &kick().on_screen(80, false).at_the_end(true));
    }
}

/// Three of every twenty have left already.
fn crowd(latency: u64) -> Sandbox {
    let there = (0..2000).filter(|n| n % 20 > 2).map(|n| format!("u{n}"));
    let options = Options {
        latency: Duration::from_millis(latency),
        ..Options::default()
    };
    Sandbox::with(options.room("r", there))
}

#[test]
fn a_bulk_job_at_its_end() {
    if !is_here("tmux") {
        return;
    }
    for columns in [80, 40] {
        let (sandbox, home) = (crowd(0), Home::new());
        home.file("list", lines("u", 0..60));
        let kick = sandbox.kick("-r r -m spam --from list").home(&home);
        let screen = kick.args("--yes").on_screen(columns, true);
        looks_as_kept(
            &format!("bulk-{columns}"),
            &screen.at_the_end(columns == 80),
        );
    }
}

#[test]
fn an_interrupt_leaves_nothing_of_the_bar() {
    if !is_here("tmux") {
        return;
    }
    for columns in [80, 50, 40] {
        let (sandbox, home) = (crowd(50), Home::new());
        home.file("list", lines("u", 0..2000));
        let kick = sandbox.kick("-r r -m spam --from list --yes").home(&home);
        let screen = kick.on_screen(columns, true);
        screen.wait_for("/2000");
        screen.press("C-c");
        let shown = screen.at_the_end(false);
        assert!(!shown.contains("/2000") && !shown.contains("^C"), "{shown}");
        assert!(shown.starts_with("error: stopped by SIG"), "{shown}");
    }
}

#[test]
fn the_bar_moves_within_one_line() {
    if !is_here("tmux") {
        return;
    }
    for columns in [80, 40] {
        let (sandbox, home) = (crowd(50), Home::new());
        home.file("list", lines("u", 0..2000));
        let kick = sandbox.kick("-r r -m spam --from list --yes").home(&home);
        let screen = kick.args("--rate 20").on_screen(columns, true);
        screen.wait_for("20/2000");
        let shown = screen.shown_now();
        let used = shown.lines().filter(|line| !line.trim().is_empty());
        assert_eq!(used.count(), 1, "{columns}: {shown}");
        screen.press("C-c");
        screen.at_the_end(false);
    }
}

#[test]
fn members_with_wide_names() {
    let member = |name: &str, role: &str, card: &str| json!({"Member_Account": name, "Role": role, "NameCard": card});
    let members = [
        member("alice", "RoomOwner", "主播 😀"),
        member("违规用户", "Member", "e\u{301}lan"),
        member("bob", "管理员", ""),
    ];
    let response = json!({"MemberList": members, "Next": ""});
    let answer = json!({"ErrorCode": 0, "ActionStatus": "OK", "ErrorInfo": "", "RequestId": "Id-1", "Response": response});
    if !is_here("tmux") {
        return;
    }
    let server = Server::answering([Reply::json(&answer.to_string())]);
    in_both(
        "members",
        || server.roomctl("members --room room-test"),
        false,
    );
}

#[test]
fn an_error_and_its_hint() {
    let kick = || Roomctl::new("kick -r r -u u -m spam --region singapor --rate 500");
    in_both("error", kick, false);
}
