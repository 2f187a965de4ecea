//! `--progress`: a bar on a terminal, a line every ten seconds elsewhere, never
//! on stdout.

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Home, Sandbox, Terminal, any, lines};

fn list() -> String {
    lines("u", 0..2000)
}

#[test]
fn off_a_terminal_and_on_a_dumb_one_there_is_a_line_every_ten_seconds_on_stderr_only() {
    let (sandbox, terminal) = (Sandbox::crowd(10), Terminal::new());
    let kick = sandbox.kick("-r room-test -m spam --progress always --rate 1");
    let kick = kick
        .many("-u", "user", 20)
        .env("TERM", "dumb")
        .args("-r r --yes");
    let dumb = kick
        .many("-r", "room", 12)
        .stdout(any())
        .start_on(&terminal);
    let kick = sandbox.kick("-r r -m spam -o json --progress always --rate 9 --from -");
    let done = kick.stdin(list()).stdout(any()).stderr(any()).exits(0);
    assert_eq!(
        done.members().len(),
        2000,
        "stdout is results and nothing else"
    );
    let parse = |line| serde_json::from_str::<Value>(line).expect("JSON");
    let all = done.stderr.lines().map(parse);
    let lines: Vec<Value> = all.filter(|line| line.get("progress").is_some()).collect();
    let took = done.count("ElapsedMs") / 10_000;
    assert!((1..=took).contains(&(lines.len() as u64)), "{done}");
    let first = &lines[0]["progress"];
    assert_eq!(
        (&first["Total"], &first["Retries"]),
        (&2000.into(), &0.into())
    );
    let figures = ["Done", "PerSecond"].map(|key| first[key].as_u64());
    assert!(figures.iter().all(|figure| *figure > Some(0)), "{first}");
    assert!(first["EtaSeconds"].is_u64(), "{first}");
    terminal.wait_for("progress: ");
    dumb.signal_until_end(Signal::INT, 130);
}

#[test]
fn a_short_job_prints_no_line_off_a_terminal() {
    let sandbox = Sandbox::crowd(0);
    let kick = sandbox
        .kick("-r r -m spam -o json --progress always --from -")
        .stdin(list());
    let done = kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(done.stderr.lines().count(), 1, "{done}");
}

#[test]
fn on_a_terminal_a_bar_moves_and_is_gone_at_the_end() {
    let (sandbox, terminal) = (Sandbox::crowd(10), Terminal::new());
    let home = Home::new();
    let path = home.file("list", list());
    let kick = sandbox
        .kick("-r r -m spam --yes --from")
        .arg(path)
        .env("TERM", "xterm");
    let done = kick.stdout(any()).start_on(&terminal).ends(0);
    assert_eq!(done.stdout.lines().count(), 2000);
    let shown = terminal.wait_for("p99");
    assert!(shown.contains("/2000 ") && shown.contains("ETA"), "{shown}");
    let last = shown
        .rsplit('\r')
        .find(|part| part.contains("removed"))
        .expect("the summary");
    assert!(!last.contains("/2000"), "{last}");
}

#[test]
fn never_and_quiet_show_no_bar() {
    for words in ["--progress never", "--quiet --progress always"] {
        let (sandbox, terminal) = (Sandbox::crowd(10), Terminal::new());
        let home = Home::new();
        let path = home.file("list", list());
        let kick = sandbox
            .kick("-r r -m spam --yes --from")
            .arg(path)
            .args(words)
            .env("TERM", "xterm");
        kick.stdout(any()).start_on(&terminal).ends(0);
        assert!(!terminal.shown().contains("/2000"), "{words}");
    }
}
