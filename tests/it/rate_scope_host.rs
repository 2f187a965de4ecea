//! `--rate-scope host`: what a service sees of several processes on one machine.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::process::Signal;

use crate::support::{Home, Roomctl, Sandbox, any, has, is, lacks, lines};

/// A request removes this many.
const PER_REQUEST: usize = 20;

/// A sandbox whose limit is not the test, with rooms `r1`, `r2`, …, of so many requests
/// each.
fn rooms(count: usize, requests: usize) -> Sandbox {
    let names = |_| (0..requests * PER_REQUEST).map(|n| format!("u{n}"));
    let options = Options {
        limit: 10_000,
        ..Options::default()
    };
    let with_room = |options: Options, n| options.room(format!("r{n}"), names(n));
    Sandbox::with((1..=count).fold(options, with_room))
}

/// The list of everyone in one of these rooms.
fn list(home: &Home, requests: usize) -> String {
    home.file("list", lines("u", 0..requests * PER_REQUEST))
}

/// A kick of a whole room with the shared rate.
fn kick(sandbox: &Sandbox, home: &Home, room: usize, list: &str) -> Roomctl {
    let kick = sandbox.kick(&format!(
        "-r r{room} -m x --rate-scope host --progress never -o json"
    ));
    kick.args("--from").arg(list).home(home).stdout(any())
}

/// When each request came, in nanoseconds, and its room.
fn arrivals(sandbox: &Sandbox) -> Vec<(u64, String)> {
    let lines = sandbox.log().into_iter();
    let one = |line: serde_json::Value| {
        let at = line["ArrivalNs"].as_u64().expect("a time");
        (at, line["RoomId"].as_str().unwrap_or_default().to_owned())
    };
    let mut all: Vec<_> = lines.map(one).collect();
    all.sort();
    all
}

fn most_in_a_second(arrivals: &[(u64, String)]) -> usize {
    let within = |(index, (from, _)): (usize, &(u64, String))| {
        arrivals.partition_point(|(at, _)| *at <= from + 1_000_000_000) - index
    };
    arrivals.iter().enumerate().map(within).max().unwrap_or(0)
}

/// The one file of a shared rate in this home.
fn state_file(home: &Home) -> PathBuf {
    let folder = fs::read_dir(home.path().join(".local/state/roomctl")).expect("made");
    let mut files = folder.map(|entry| entry.expect("readable").path());
    let file = files.next().expect("a file");
    assert_eq!(files.next(), None);
    file
}

#[test]
fn four_processes_keep_the_limit_together_and_none_starves() {
    const REQUESTS: usize = 250;
    let sandbox = rooms(4, REQUESTS);
    let home = Home::new();
    let list = list(&home, REQUESTS);
    let kicks = (1..=4).map(|room| kick(&sandbox, &home, room, &list).stderr(any()).start());
    let kicks: Vec<_> = kicks.collect();
    for kick in kicks {
        assert_eq!(
            kick.ends(0).count("removed"),
            (REQUESTS * PER_REQUEST) as u64
        );
    }
    let arrivals = arrivals(&sandbox);
    assert_eq!(arrivals.len(), 4 * REQUESTS);
    // 190, and what a busy machine reads late. Each for itself they would start 760.
    let most = most_in_a_second(&arrivals);
    assert!(most <= 230, "{most} requests in a second");
    // While all four are at work: a busy machine starts them one after the other.
    let rooms: Vec<&str> = arrivals.iter().map(|(_, room)| room.as_str()).collect();
    let ends = [1, 2, 3, 4].map(|room| ends_of(&format!("r{room}"), &rooms));
    let begin = ends.iter().map(|(first, _)| *first).max().expect("four");
    let end = ends.iter().map(|(_, last)| *last).min().expect("four");
    let mut shares: BTreeMap<&str, usize> = BTreeMap::new();
    for room in &rooms[begin..end] {
        *shares.entry(room).or_default() += 1;
    }
    let (fewest, most) = (shares.values().min(), shares.values().max());
    assert!(
        shares.len() == 4 && fewest.map(|fewest| fewest * 10) >= most.map(|most| most * 7),
        "{shares:?}"
    );
}

/// The first and the last arrival for a room.
fn ends_of(room: &str, arrivals: &[&str]) -> (usize, usize) {
    let first = arrivals.iter().position(|other| *other == room);
    let last = arrivals.iter().rposition(|other| *other == room);
    first.zip(last).expect("an arrival")
}

#[test]
fn killed_and_stopped_processes_block_nobody() {
    const REQUESTS: usize = 150;
    let sandbox = rooms(4, REQUESTS);
    let home = Home::new();
    let list = list(&home, REQUESTS);
    let start = |room| kick(&sandbox, &home, room, &list).stderr(any()).start();
    let (killed, other_killed, stopped) = (start(1), start(2), start(3));
    sandbox.wait_for(60);
    let newcomer = start(4);
    sandbox.wait_for(120);
    killed.killed();
    other_killed.killed();
    stopped.signal(Signal::STOP);
    newcomer.ends(0);
    stopped.signal(Signal::CONT);
    stopped.ends(0);
    assert!(most_in_a_second(&arrivals(&sandbox)) <= 230);
}

#[test]
fn a_lock_that_stays_slows_a_job_to_a_tenth_until_it_is_released() {
    const REQUESTS: usize = 300;
    let sandbox = rooms(1, REQUESTS);
    let home = Home::new();
    let list = list(&home, REQUESTS);
    let parts = [
        "{\"warning\":\"the shared rate cannot be reached: ",
        "; continuing at 19 a second\"}",
        "{\"note\":\"the shared rate is reached again\"}",
    ];
    let kick = kick(&sandbox, &home, 1, &list).stderr(has(parts)).start();
    sandbox.wait_for(50);
    let file = File::open(state_file(&home)).expect("there");
    file.lock().expect("held for microseconds only");
    let before = sandbox.log().len();
    sleep(Duration::from_secs(3));
    let meanwhile = sandbox.log().len() - before;
    file.unlock().expect("locked");
    let done = kick.ends(0);
    assert!((1..150).contains(&meanwhile), "{meanwhile}");
    assert_eq!(done.stderr.matches("cannot be reached").count(), 1);
}

#[test]
fn a_lock_that_stays_at_the_start_is_exit_5_and_sends_nothing() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let kick = |words: &str| {
        let kick = sandbox
            .kick("-m x -r room-test --rate-scope host")
            .args(words);
        kick.home(&home)
    };
    kick("-u user1").stdout(any()).stderr(any()).exits(0);
    let file = File::open(state_file(&home)).expect("there");
    file.lock().expect("free");
    let hint = ["has locked", "hint: continue or end that process", "fuser"];
    kick("-u user2").stderr(has(hint)).exits(5);
    drop(file);
    assert!(sandbox.has("room-test", "user2"));
    kick("-u user2").stdout(any()).stderr(any()).exits(0);
}

#[test]
fn a_damaged_file_starts_anew_and_only_v_says_so() {
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let kick = |words: &str| {
        let kick = sandbox.kick("-m x -r room-test --ignore-absent -u user1 --rate-scope host");
        kick.args(words).home(&home).stdout(any())
    };
    kick("").stderr(any()).exits(0);
    let path = state_file(&home);
    let whole = fs::read(&path).expect("there");
    assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
    let text = String::from_utf8(whole.clone()).expect("text");
    let line = text
        .lines()
        .find(|line| line.starts_with("next "))
        .expect("a line");
    let far = text.replace(line, "next 99999999.000000000");
    for damaged in [
        &b"garbage"[..],
        &whole[..whole.len() - 3],
        &[0; 5000],
        far.as_bytes(),
    ] {
        fs::write(&path, damaged).expect("damaged");
        kick("").stderr(lacks(["damaged"])).exits(0);
        fs::write(&path, damaged).expect("damaged");
        kick("-v")
            .stderr(has(["damaged; the shared rate starts anew"]))
            .exits(0);
    }
    fs::remove_file(&path).expect("removed");
    let target = home.file("target", "mine");
    symlink(&target, &path).expect("linked");
    let part = has(["is a symbolic link", "hint: rm "]);
    kick("").stdout(is("")).stderr(part).exits(3);
    assert_eq!(fs::read_to_string(target).expect("there"), "mine");
}

#[test]
fn two_rehearsals_at_once_do_not_share_their_rate() {
    const REQUESTS: usize = 120;
    let (one, other) = (rooms(1, REQUESTS), rooms(1, REQUESTS));
    let home = Home::new();
    let list = list(&home, REQUESTS);
    let start = |sandbox| kick(sandbox, &home, 1, &list).stderr(any()).start();
    let kicks = [start(&one), start(&other)];
    for kick in kicks {
        kick.ends(0);
    }
    let folder = fs::read_dir(home.path().join(".local/state/roomctl")).expect("made");
    assert_eq!(folder.count(), 2);
}

#[test]
fn a_refusal_for_the_rate_is_remembered_for_all() {
    let sandbox = Sandbox::failing("60007=1");
    let home = Home::new();
    let kick = sandbox.kick("-m x -r room-test -u user1 --retries 1 --rate-scope host");
    kick.home(&home).stdout(any()).stderr(any()).exits(5);
    let text = fs::read_to_string(state_file(&home)).expect("there");
    assert!(text.contains("\nslowed 95 at "), "{text}");
    let doctor = sandbox.roomctl("doctor --rate-scope host").home(&home);
    doctor
        .stdout(has(["slowed down to "]))
        .stderr(any())
        .ends(&[0, 5]);
}
