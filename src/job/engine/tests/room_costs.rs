//! What `--check-room auto` costs, compared with splitting alone: rooms of all sizes, and
//! lists of all kinds.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::name;
use super::virtual_time::{RunResult, code};
use super::world::{World, answer, counts, job_in_rooms, run};
use crate::api::{Answer, Error};
use crate::config::CheckRoom::{self, Auto, Never};
use crate::job::room_list::ReadCall;

/// Rooms, and names in each.
const SIZES: [(usize, usize); 5] = [(1, 20), (1, 100), (1, 1000), (4, 100), (30, 20)];

/// Present members of 100.
const PRESENT: [u32; 6] = [0, 5, 50, 90, 99, 100];

/// Members of each room that are not in the plan.
const OTHERS: [usize; 3] = [0, 100, 1000];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Good,
    /// A page has half of its members and is the last.
    Short,
    /// Each page names the first one as the next.
    Loop,
    /// Members are missing from the last page.
    LastPage,
    /// No page can be read, also not by a retry.
    Refused,
    Fails,
    /// The last page cannot be read.
    LastFails,
    NoResponse,
    /// Somebody joins while the list is read.
    Grows,
}

const KINDS: [Kind; 9] = [
    Kind::Good,
    Kind::Short,
    Kind::Loop,
    Kind::LastPage,
    Kind::Refused,
    Kind::Fails,
    Kind::LastFails,
    Kind::NoResponse,
    Kind::Grows,
];

fn spoil(kind: Kind, call: &ReadCall, mut response: Value) -> Result<Answer, Error> {
    let ReadCall::Page(_) = call else {
        return answer(response);
    };
    let is_last = response["Next"] == "";
    match kind {
        Kind::Refused => return code(100_006),
        Kind::Fails => return code(100_001),
        Kind::NoResponse => return answer(Value::Null),
        Kind::LastFails if is_last => return code(100_001),
        Kind::Loop => response["Next"] = "0".into(),
        Kind::LastPage if is_last => response["MemberList"] = json!([]),
        Kind::Good | Kind::Grows | Kind::LastFails | Kind::LastPage => {}
        Kind::Short => {
            if let Some(members) = response["MemberList"].as_array_mut() {
                members.truncate(members.len() / 2);
            }
            response["Next"] = "".into();
        }
    }
    answer(response)
}

struct Cell {
    rooms: usize,
    users: usize,
    present: u32,
    others: usize,
    is_partial: bool,
}

impl Cell {
    fn run(&self, mode: CheckRoom, kind: Kind) -> RunResult {
        let mut random = StdRng::seed_from_u64(u64::from(self.present));
        let rooms: Vec<String> = (0..self.rooms).map(|room| format!("r{room}")).collect();
        let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
        let mut world = World::with([], 0);
        world.is_partial = self.is_partial;
        for room in &rooms {
            let others = (0..self.others).map(|n| format!("other{n}"));
            let present = (0..self.users).filter(|_| random.random_ratio(self.present, 100));
            world.add(room, others.chain(present.map(name)));
        }
        if kind == Kind::Grows {
            let joins = (2..2000).map(|read| (read, format!("new{read}")));
            world.joins = joins.collect();
            world.joining = rooms.iter().map(ToString::to_string).collect();
        }
        world.spoil = Some(Box::new(move |_, call, response| {
            spoil(kind, call, response)
        }));
        let ran = run(job_in_rooms(&rooms, self.users, mode), &mut world);
        assert_eq!(
            counts(&ran).iter().sum::<u64>(),
            (self.rooms * self.users) as u64
        );
        for room in &rooms {
            let left = world.members(room);
            assert!(
                (0..self.users).all(|user| !left.contains(&name(user))),
                "{self}"
            );
        }
        ran
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            rooms,
            users,
            present,
            others,
            is_partial,
        } = self;
        write!(
            f,
            "{rooms} x {users}, {present} % present, {others} others, partial {is_partial}"
        )
    }
}

fn cells() -> impl Iterator<Item = Cell> {
    let cells = SIZES
        .into_iter()
        .flat_map(|size| PRESENT.map(|present| (size, present)));
    let cells = cells.flat_map(|(size, present)| OTHERS.map(|others| (size, present, others)));
    cells.map(|((rooms, users), present, others)| Cell {
        rooms,
        users,
        present,
        others,
        // Either kind of service, by turns.
        is_partial: (rooms + others / 100) % 2 == 0,
    })
}

/// Compares the cell with lists of these kinds. Returns those that cost too much.
fn too_expensive(cell: &Cell, kinds: &[Kind]) -> Vec<String> {
    let never = cell.run(Never, Kind::Good).starts.len();
    let most = never * 11 / 10 + 2;
    let auto = kinds
        .iter()
        .map(|kind| (kind, cell.run(Auto, *kind).starts.len()));
    let auto: Vec<_> = auto.collect();
    let expensive = auto.into_iter().filter(|(_, requests)| *requests > most);
    let text = |(kind, requests)| format!("{cell}, {kind:?}: {requests} for {never}");
    expensive.map(text).collect()
}

/// With two requests more the shortest list of a room can be read when the first batch
/// was answered, which takes 9 requests at least. All others are a tenth.
#[test]
fn auto_costs_at_most_a_tenth_and_two_requests_more_than_splitting_whatever_the_list() {
    let failures = cells().flat_map(|cell| too_expensive(&cell, &KINDS));
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn so_it_does_in_rooms_whose_lists_are_long() {
    for (rooms, users) in [(1, 20), (1, 1000), (4, 100)] {
        for present in [0, 50, 99] {
            let cell = Cell {
                rooms,
                users,
                present,
                others: 10_000,
                is_partial: false,
            };
            let failures = too_expensive(&cell, &[Kind::Good, Kind::LastPage]);
            assert!(failures.is_empty(), "{failures:?}");
        }
    }
}

#[test]
fn where_most_are_absent_complete_lists_save_most_requests() {
    for (rooms, users) in [(1, 100), (1, 1000), (4, 100), (30, 20)] {
        for present in [0, 5, 50] {
            for others in [0, 100] {
                let cell = Cell {
                    rooms,
                    users,
                    present,
                    others,
                    is_partial: false,
                };
                let [auto, never] = [Auto, Never].map(|mode| cell.run(mode, Kind::Good));
                let [auto, never] = [auto, never].map(|ran| ran.starts.len());
                assert!(auto * 4 <= never, "{cell}: {auto} for {never}");
            }
        }
    }
}

/// One in each batch is absent: splitting costs the least then.
#[test]
fn it_does_so_where_each_batch_has_one_absent_member() {
    for kind in KINDS {
        for others in [0, 100, 1000] {
            let requests = |mode| {
                let present = (0..600).filter(|user| user % 20 != 0);
                let mut world = World::with(present, others);
                world.spoil = Some(Box::new(move |_, call, page| spoil(kind, call, page)));
                run(super::world::job(0..600, mode), &mut world)
                    .starts
                    .len()
            };
            let (auto, never) = (requests(Auto), requests(Never));
            assert!(
                auto <= never * 11 / 10 + 2,
                "{kind:?} {others}: {auto} for {never}"
            );
        }
    }
}
