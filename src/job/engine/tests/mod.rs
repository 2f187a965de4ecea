//! The rules together, in virtual time. One file per subject.

#![allow(
    clippy::unchecked_time_subtraction,
    reason = "a test that gets its times wrong may panic"
)]

mod answers;
mod feed;
mod outcomes;
mod pace;
mod room_chaos;
mod room_costs;
mod room_faults;
mod rooms;
mod splitting;
mod stops;
mod verify;
mod virtual_time;
mod world;

use std::collections::HashSet;

use crate::api::{Answer, Error};
use crate::job::Batch;
use virtual_time::code;

/// The nth member of [`virtual_time::Job::of`].
fn name(n: usize) -> String {
    format!("u{n:07}")
}

fn names(batch: &Batch) -> Vec<String> {
    batch.members.iter().map(ToString::to_string).collect()
}

/// A service that removes nobody if a member of the batch is absent.
fn atomic(absent: &[&str]) -> impl FnMut(&Batch) -> Result<Answer, Error> {
    let absent: HashSet<String> = absent.iter().map(ToString::to_string).collect();
    move |batch| {
        let any = names(batch).iter().any(|user| absent.contains(user));
        code(if any { 100_005 } else { 0 })
    }
}

/// A service that removes the members that are present, and answers 100005 if
/// another was absent.
fn partial(absent: &[&str]) -> impl FnMut(&Batch) -> Result<Answer, Error> {
    let mut gone: HashSet<String> = absent.iter().map(ToString::to_string).collect();
    move |batch| {
        let missing = names(batch).iter().any(|user| gone.contains(user));
        gone.extend(names(batch));
        code(if missing { 100_005 } else { 0 })
    }
}
