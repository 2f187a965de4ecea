//! Long lists at the service's limit: every member exactly once, never faster
//! than the service allows, and the job stops at once if going on would do
//! harm.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::time::Duration;

use roomctl::sandbox::{AbsentMode, Options};

use crate::support::{Done, Home, Roomctl, Sandbox, any, has};

/// Rooms of equal size; no member is in two of them.
fn rooms(rooms: usize, members: usize) -> Options {
    (0..rooms).fold(Options::default(), |options, room| {
        let names = (0..members).map(|n| format!("u{room}-{n}"));
        options.room(format!("room{room}"), names)
    })
}

/// All members as csv, in a mixed order.
fn list(rooms: usize, members: usize) -> String {
    let mut csv = String::from("room,user\n");
    for n in 0..rooms * members {
        // A step that is coprime to the count reaches every number.
        let n = n * 7919 % (rooms * members);
        let (room, member) = (n / members, n % members);
        writeln!(csv, "room{room},u{room}-{member}").expect("a String");
    }
    csv
}

fn kick(sandbox: &Sandbox, home: &Home, csv: &str) -> Roomctl {
    let list = home.file("list.csv", csv);
    let kick = sandbox.kick("-m spam -o json --from").arg(list);
    kick.home(home).stdout(any()).stderr(any())
}

/// Every member is reported exactly once.
fn reports_each_once(done: &Done, members: usize) {
    let reported = done.members();
    let distinct: HashSet<_> = reported
        .iter()
        .map(|(room, user, _)| (room, user))
        .collect();
    assert_eq!((reported.len(), distinct.len()), (members, members));
}

/// Most arrivals in any second.
fn peak(sandbox: &Sandbox) -> usize {
    let arrivals = sandbox.arrivals();
    let until = |from: &u64| arrivals.partition_point(|at| *at < from + 1_000_000_000);
    let within = arrivals.iter().enumerate().map(|(n, from)| until(from) - n);
    within.max().unwrap_or(0)
}

#[test]
fn twenty_thousand_members_in_the_fewest_requests_and_never_above_the_limit() {
    const ROOMS: usize = 200;
    let mut peaks = Vec::new();
    // A wrong pace is wrong every time; a machine that stalls for a moment
    // moves some requests into the next second.
    while peaks.len() < 3 && peaks.last().is_none_or(|peak| *peak > 200) {
        let sandbox = Sandbox::with(Options {
            keep_arrivals: true,
            limit: 1000,
            latency: Duration::from_millis(100),
            ..rooms(ROOMS, 100)
        });
        let home = Home::new();
        let kick = kick(&sandbox, &home, &list(ROOMS, 100)).args("--rate 200");
        let done = kick.exits(0);
        reports_each_once(&done, ROOMS * 100);
        assert_eq!(sandbox.removed().len(), ROOMS * 100);
        let counts = ["removed", "Requests", "Retries"].map(|name| done.count(name));
        assert_eq!(counts, [20_000, 1000, 0]);
        assert_eq!(sandbox.arrivals().len(), 1000, "the least that can do it");
        peaks.push(peak(&sandbox));
    }
    assert!(peaks.last().is_some_and(|peak| *peak <= 200), "{peaks:?}");
}

#[test]
fn absent_members_are_found_among_many_and_all_others_are_removed() {
    for absent in [AbsentMode::Atomic, AbsentMode::Partial] {
        let sandbox = Sandbox::with(Options {
            absent,
            ..rooms(20, 50)
        });
        let home = Home::new();
        let strangers = "room3,nobody\nroom3,no-one\nroom17,nobody\n";
        let csv = list(20, 50) + strangers;
        let done = kick(&sandbox, &home, &csv).exits(6);
        reports_each_once(&done, 1003);
        let removed = sandbox.removed();
        assert_eq!(removed.len(), 1000, "{absent:?}");
        let mut doubtful = 0;
        for (room, user, outcome) in done.members() {
            let (ours, reported) = (removed.contains(&(room, user.clone())), outcome.as_str());
            assert!(
                reported == "absent" || (reported == "removed" && ours),
                "{user} {reported}"
            );
            doubtful += u32::from(reported == "absent" && ours);
        }
        let is_noted = done.stderr.contains("may have removed some");
        assert_eq!(
            (is_noted, doubtful > 0),
            (absent == AbsentMode::Partial, is_noted)
        );
    }
}

#[test]
fn a_service_limited_to_60_a_second_still_gets_every_member() {
    let sandbox = Sandbox::with(Options {
        limit: 60,
        latency: Duration::from_millis(20),
        ..rooms(10, 400)
    });
    let home = Home::new();
    let done = kick(&sandbox, &home, &list(10, 400)).exits(0);
    reports_each_once(&done, 4000);
    assert_eq!(
        (done.count("removed"), sandbox.removed().len()),
        (4000, 4000)
    );
    let (requests, retries) = (done.count("Requests"), done.count("Retries"));
    assert_eq!(requests - retries, 200);
    assert!(retries > 0, "the limit was met");
}

#[test]
fn a_rejected_key_stops_a_job_of_two_thousand_at_once() {
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(100),
        ..rooms(10, 200)
    });
    let home = Home::new();
    let wrong = "0".repeat(64);
    let kick = kick(&sandbox, &home, &list(10, 200)).env("ROOMCTL_SECRET_KEY", wrong);
    let done = kick.args("--concurrency 8").exits(4);
    reports_each_once(&done, 2000);
    let (requests, refused) = (done.count("Requests"), done.count("refused"));
    assert!((1..=16).contains(&requests), "{requests} requests");
    assert_eq!(sandbox.log().len() as u64, requests);
    assert_eq!(refused, requests * 20);
    assert_eq!(refused + done.count("unsent"), 2000);
    assert!(sandbox.removed().is_empty());
}

#[test]
fn text_is_one_line_per_member_and_the_counts() {
    let sandbox = Sandbox::with(rooms(3, 30));
    let home = Home::new();
    let path = home.file("list.csv", list(3, 30));
    let kick = sandbox.kick("-m spam --from").arg(path).home(&home);
    let done = kick
        .stdout(any())
        .stderr(has(["90 removed; 6 requests, 0 retries"]))
        .exits(0);
    assert_eq!(done.stdout.lines().count(), 90);
    for line in done.stdout.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [outcome, room, user, code, request_id, status, info] = cells[..] else {
            panic!("{line}");
        };
        assert_eq!((outcome, code, status, info), ("removed", "0", "OK", "-"));
        assert!(room.starts_with("room") && user.starts_with('u') && request_id.starts_with("Id-"));
    }
}

#[test]
fn a_reader_that_closes_after_one_line_ends_the_job_quietly() {
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(50),
        ..rooms(100, 20)
    });
    let home = Home::new();
    let kick = kick(&sandbox, &home, &list(100, 20));
    let done = kick.in_shell("\"$0\" \"$@\" | head -n 1").exits(0);
    assert_eq!(done.stdout.lines().count(), 1);
    assert!(!done.stderr.contains("roken pipe"), "{done}");
    let removed = sandbox.removed().len() as u64;
    assert_eq!(
        done.count("removed"),
        removed,
        "what was in flight is counted"
    );
    assert!(removed < 2000, "and nothing more is sent");
    assert_eq!(removed + done.count("unsent"), 2000);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_stdout_stops_a_long_job_with_exit_7() {
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(50),
        ..rooms(100, 20)
    });
    let home = Home::new();
    let kick = kick(&sandbox, &home, &list(100, 20));
    let done = kick.in_shell("exec \"$0\" \"$@\" > /dev/full").exits(7);
    let (removed, unsent) = (done.count("removed"), done.count("unsent"));
    assert_eq!(
        (removed, removed + unsent),
        (sandbox.removed().len() as u64, 2000)
    );
    assert!(unsent > 0);
}

#[test]
fn the_plan_of_a_hundred_thousand_rows_is_one_object() {
    let home = Home::new();
    let sandbox = Sandbox::untouched();
    let mut csv = list(1000, 100);
    csv.push_str("room1,u1-1\nroom1,u1-2\n");
    let done = kick(&sandbox, &home, &csv)
        .args("--dry-run")
        .stderr(any())
        .exits(0);
    let plan = done.result();
    let number = |name: &str| plan[name].as_u64().expect(name);
    let numbers = ["Rooms", "Members", "Duplicates", "Requests"].map(number);
    assert_eq!(numbers, [1000, 100_000, 2, 5000]);
    // Half a second more than 5000 at 190/s: the ramp.
    let least = plan["LeastSeconds"].as_f64().expect("a number");
    assert!((26.5..27.5).contains(&least), "{least}");
}
