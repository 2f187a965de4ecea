//! Reading the rooms once more after the last answer.

use std::time::Duration;

use serde_json::{Value, json};

use super::name;
use super::virtual_time::code;
use super::world::{World, answer, counts, job, job_in_rooms, run_verified};
use crate::config::CheckRoom::{Always, Never};
use crate::interrupt::Signal;
use crate::job::room_list::ReadCall;
use crate::job::{ListCheck, Stop};

fn found(users: &[usize]) -> Vec<(String, String)> {
    let found = users.iter().map(|user| ("r".to_owned(), name(*user)));
    found.collect()
}

#[test]
fn members_that_are_out_are_not_found_and_the_list_is_complete() {
    for mode in [Never, Always] {
        let mut world = World::with(0..30, 120);
        let ran = run_verified(job(0..30, mode), &mut world);
        assert_eq!(counts(&ran)[0], 30);
        assert_eq!(ran.found, []);
        assert_eq!(ran.checks, [("r".to_owned(), ListCheck::Complete)]);
    }
}

#[test]
fn a_member_that_joins_before_the_list_is_read_is_found() {
    let mut world = World::with(0..30, 0);
    world.joins = vec![(1, name(7)), (1, name(3)), (1, "stranger".into())];
    let ran = run_verified(job(0..30, Never), &mut world);
    assert_eq!(counts(&ran)[0], 30, "all were removed");
    assert_eq!(ran.found, found(&[3, 7]), "in the order of the plan");
    assert_eq!(ran.checks, [("r".to_owned(), ListCheck::Complete)]);
    assert_eq!(world.reads, 2);
}

#[test]
fn members_beyond_the_first_batch_and_page_are_found_in_parts() {
    let mut world = World::with([], 500);
    world.joins = (0..45).map(|user| (1, name(user))).collect();
    let ran = run_verified(job(0..100, Never), &mut world);
    let all: Vec<usize> = (0..45).collect();
    assert_eq!(ran.found, found(&all));
}

#[test]
fn every_room_of_many_is_read_once() {
    let rooms: Vec<String> = (0..40).map(|n| format!("r{n}")).collect();
    let names: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let mut world = World::with([], 0);
    for room in &names {
        world.add(room, (0..3).map(name));
    }
    let ran = run_verified(job_in_rooms(&names, 3, Never), &mut world);
    assert_eq!(ran.checks.len(), 40);
    assert!(
        ran.checks
            .iter()
            .all(|(_, check)| *check == ListCheck::Complete)
    );
    let mut read: Vec<&str> = ran.checks.iter().map(|(room, _)| &**room).collect();
    read.sort_unstable();
    read.dedup();
    assert_eq!(read.len(), 40);
    assert_eq!(world.reads, 80);
}

#[test]
fn who_is_on_an_incomplete_list_is_found_and_who_is_not_proves_nothing() {
    let mut world = World::with([], 10);
    world.joins = vec![(1, name(0)), (1, name(1))];
    world.spoil = Some(Box::new(|_, call, mut response| {
        if let (ReadCall::Page(_), Some(list)) = (call, response["MemberList"].as_array_mut()) {
            list.pop();
        }
        answer(response)
    }));
    let ran = run_verified(job(0..2, Never), &mut world);
    assert_eq!(ran.found, found(&[0]));
    assert!(matches!(&ran.checks[..], [(_, ListCheck::NoProof(why))] if why.contains("11 names")));
}

/// A list of two pages; the first has this entry as well.
fn found_beside(entry: Value) -> (Vec<(String, String)>, ListCheck) {
    let mut world = World::with([], 60);
    world.joins = vec![(1, name(0)), (1, name(1))];
    world.spoil = Some(Box::new(move |read, _, mut response| {
        if let (1, Some(list)) = (read, response["MemberList"].as_array_mut()) {
            list.push(entry.clone());
        }
        answer(response)
    }));
    let ran = run_verified(job(0..2, Never), &mut world);
    let [(_, check)] = &ran.checks[..] else {
        panic!("{:?}", ran.checks);
    };
    (ran.found, check.clone())
}

#[test]
fn a_list_that_proves_nothing_is_read_to_its_end() {
    for (entry, why) in [
        (
            json!({ "Member_Account": null }),
            "1 of its entries has no usable name",
        ),
        (
            json!({ "Member_Account": "other0" }),
            "a member is on it twice",
        ),
    ] {
        let expected = (found(&[0, 1]), ListCheck::NoProof(why.into()));
        assert_eq!(found_beside(entry), expected);
    }
}

#[test]
fn a_list_without_an_end_proves_nothing_after_thirty_pages() {
    let mut world = World::with(0..2, 0);
    world.spoil = Some(Box::new(|read, _, _| {
        let user = json!({ "Member_Account": format!("ghost{read}") });
        answer(json!({ "MemberList": [user], "Next": read.to_string() }))
    }));
    let ran = run_verified(job(0..2, Never), &mut world);
    let why = ListCheck::NoProof("its pages do not end: 30 pages came".into());
    assert_eq!(ran.checks, [("r".into(), why)]);
}

#[test]
fn a_read_is_retried_and_after_the_last_try_there_is_no_answer() {
    let mut world = World::with(0..2, 0);
    world.spoil = Some(Box::new(|read, _, response| match read {
        1 => code(100_001),
        _ => answer(response),
    }));
    let ran = run_verified(job(0..2, Never), &mut world);
    assert_eq!(ran.retries.len(), 1);
    assert_eq!(ran.checks, [("r".to_owned(), ListCheck::Complete)]);

    let mut world = World::with(0..2, 0);
    world.spoil = Some(Box::new(|_, _, _| code(100_001)));
    let ran = run_verified(job(0..2, Never), &mut world);
    assert_eq!((ran.retries.len(), counts(&ran)[0]), (5, 2));
    assert!(matches!(&ran.checks[..], [(_, ListCheck::NoAnswer(_))]));
}

#[test]
fn a_refused_read_proves_nothing_and_a_rejected_credential_stops_the_job() {
    for (error, stop) in [(100_004, None), (70_009, Some(Stop::Credentials))] {
        let mut world = World::with(0..2, 0);
        world.spoil = Some(Box::new(move |_, _, _| code(error)));
        let ran = run_verified(job(0..2, Never), &mut world);
        assert_eq!((ran.engine.stop(), counts(&ran)[0]), (stop, 2));
        let [(_, check)] = &ran.checks[..] else {
            panic!("{:?}", ran.checks);
        };
        match stop {
            None => assert!(matches!(check, ListCheck::NoProof(_)), "{check:?}"),
            Some(_) => assert_eq!(*check, ListCheck::Stopped),
        }
    }
}

#[test]
fn a_stop_while_the_rooms_are_read_reports_the_names_so_far() {
    let mut world = World::with(0..1, 20);
    // The list has 201 members: the first page has the one who joined again.
    world.joins = [name(0)]
        .into_iter()
        .chain((0..180).map(|n| format!("late{n}")))
        .map(|user| (1, user))
        .collect();
    let mut job = job(0..1, Never);
    job.stop = Some((Duration::from_millis(80), Stop::Signal(Signal::Int)));
    let ran = run_verified(job, &mut world);
    assert_eq!(ran.engine.stop(), Some(Stop::Signal(Signal::Int)));
    assert_eq!(ran.checks, [("r".to_owned(), ListCheck::Stopped)]);
    assert_eq!(ran.found, found(&[0]));
    assert_eq!(world.reads, 2, "the page in flight was the last one");
}

#[test]
fn a_stopped_job_reads_nothing() {
    let mut world = World::with(0..400, 0);
    let mut job = job(0..400, Never);
    job.stop = Some((Duration::from_millis(10), Stop::Signal(Signal::Int)));
    let ran = run_verified(job, &mut world);
    assert_eq!((world.reads, ran.checks.len()), (0, 0));
}

#[test]
fn a_large_room_is_verified() {
    let mut world = World::with([], 0);
    world.is_partial = true;
    world.add("r", (0..100_000).map(name));
    world.joins = vec![(1, name(99_999))];
    let ran = run_verified(job(0..100_000, Never), &mut world);
    assert_eq!(ran.found, found(&[99_999]));
    assert_eq!(ran.checks, [("r".to_owned(), ListCheck::Complete)]);
}
