//! A service that fails in every way it can: each reported outcome is compared
//! with the sandbox's log of the members that it removed.

use std::collections::HashMap;
use std::fmt::Write as _;

use roomctl::sandbox::{AbsentMode, Options};

use crate::support::{Done, Home, Sandbox, any};

const ROOMS: usize = 4;
const MEMBERS: usize = 100;

fn sandbox(absent: AbsentMode, faults: &[&str]) -> Sandbox {
    let options = Options {
        absent,
        faults: faults
            .iter()
            .map(|fault| fault.parse().expect(fault))
            .collect(),
        seed: Some(7),
        ..Options::default()
    };
    let with_room = |options: Options, room| {
        let names = (0..MEMBERS).map(|n| format!("u{n}"));
        options.room(format!("room{room}"), names)
    };
    Sandbox::with((0..ROOMS).fold(options, with_room))
}

/// Kicks all members, and as many absent ones.
fn kick(sandbox: &Sandbox, strangers: usize, words: &str, exits: &[i32]) -> Done {
    let home = Home::new();
    let mut csv = String::from("user,room\n");
    for n in 0..ROOMS * MEMBERS {
        writeln!(csv, "u{},room{}", n / ROOMS, n % ROOMS).expect("a String");
    }
    for n in 0..strangers {
        writeln!(csv, "nobody{n},room{}", n % ROOMS).expect("a String");
    }
    let list = home.file("list.csv", csv);
    let kick = sandbox.kick("-m spam -o json --from").arg(list).args(words);
    let done = kick.home(&home).stdout(any()).stderr(any()).ends(exits);
    assert_eq!(done.members().len(), ROOMS * MEMBERS + strangers);
    check(sandbox, &done);
    done
}

/// Each reported outcome agrees with the log, and the summary with both.
fn check(sandbox: &Sandbox, done: &Done) {
    let removed = sandbox.removed();
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut doubtful = 0;
    for (room, user, outcome) in done.members() {
        let (ours, is_in) = (
            removed.contains(&(room.clone(), user.clone())),
            sandbox.has(&room, &user),
        );
        let is_true = match outcome.as_str() {
            "removed" => ours && !is_in,
            "gone" => !is_in,
            "absent" => {
                doubtful += u64::from(ours);
                !is_in
            }
            "refused" | "unsent" => !ours,
            "unknown" => true,
            _ => false,
        };
        assert!(
            is_true,
            "{user} of {room} is {outcome}; ours: {ours}, is in: {is_in}"
        );
        *counts.entry(outcome).or_default() += 1;
    }
    for outcome in ["removed", "gone", "absent", "refused", "unknown", "unsent"] {
        let count = counts.get(outcome).copied().unwrap_or_default();
        assert_eq!(done.count(outcome), count, "{outcome}");
    }
    let note = done
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("note: "));
    let noted: u64 = note.map_or(0, |note| {
        note.split(' ')
            .next()
            .expect("a number")
            .parse()
            .expect("a number")
    });
    assert!(
        doubtful <= noted,
        "{doubtful} absent were removed by us, {noted} are noted"
    );
    assert_eq!(done.count("Requests"), sandbox.log().len() as u64);
}

/// With one fault alone every member ends removed, or gone if an answer is
/// lost.
fn check_single_fault(fault: &str, words: &str, may_be_gone: bool) {
    let sandbox = sandbox(AbsentMode::Atomic, &[fault]);
    let done = kick(&sandbox, 0, words, &[0]);
    let (removed, gone) = (done.count("removed"), done.count("gone"));
    assert_eq!(removed + gone, (ROOMS * MEMBERS) as u64, "{fault}: {done}");
    assert_eq!(gone > 0, may_be_gone, "{fault}");
    assert!(done.count("Retries") > 0, "{fault} did not strike");
    assert_eq!(sandbox.removed().len(), ROOMS * MEMBERS);
}

#[test]
fn a_fault_before_the_effect_costs_only_retries() {
    for fault in [
        "100001=20%",
        "60008=20%",
        "http502=20%",
        "http429=10%",
        "html=20%",
    ] {
        check_single_fault(fault, "--retries 20", false);
    }
}

#[test]
fn a_connection_closed_before_the_effect_costs_only_retries() {
    for fault in ["drop=20%", "close=30%", "60007=10%"] {
        check_single_fault(fault, "--retries 20", false);
    }
}

#[test]
fn a_fault_after_the_effect_leaves_members_gone() {
    for fault in ["reset=20%", "truncate=20%"] {
        check_single_fault(fault, "--retries 20", true);
    }
    check_single_fault("slow:4s=20%", "--retries 20 --timeout 500ms", true);
}

#[test]
fn slow_connections_cost_no_retry() {
    let sandbox = sandbox(AbsentMode::Atomic, &["connect:200ms=50%"]);
    let done = kick(&sandbox, 0, "", &[0]);
    assert_eq!(
        ["removed", "Retries"].map(|name| done.count(name)),
        [400, 0]
    );
}

const ALL: [&str; 11] = [
    "100001=3%",
    "60007=1%",
    "60008=3%",
    "http502=3%",
    "http429=1%",
    "reset=4%",
    "drop=4%",
    "truncate=4%",
    "html=2%",
    "close=5%",
    "slow:2s=2%",
];

#[test]
fn with_all_faults_and_absent_members_every_result_is_true() {
    for absent in [AbsentMode::Atomic, AbsentMode::Partial] {
        let sandbox = sandbox(absent, &ALL);
        // An absent member whose batch lost an answer is `gone`.
        let done = kick(&sandbox, 3, "--retries 20 --timeout 500ms", &[0, 6]);
        assert_eq!(done.count("unknown") + done.count("unsent"), 0, "{done}");
        let code = if done.count("absent") > 0 { 6 } else { 0 };
        assert_eq!(done.summary()["ExitCode"], code, "{done}");
    }
}

#[test]
fn with_few_retries_every_result_is_true() {
    for absent in [AbsentMode::Atomic, AbsentMode::Partial] {
        for retries in ["0", "1"] {
            let sandbox = sandbox(absent, &ALL);
            let words = format!("--timeout 500ms --retries {retries}");
            let done = kick(&sandbox, 3, &words, &[5]);
            assert!(done.count("unknown") > 0, "{done}");
        }
    }
}

#[test]
fn an_occasional_refusal_is_reported_for_the_members_it_concerns() {
    let sandbox = sandbox(AbsentMode::Atomic, &["100004=30%", "reset=20%"]);
    let done = kick(&sandbox, 0, "--retries 20", &[5, 6]);
    assert!(done.count("refused") > 0, "{done}");
}
