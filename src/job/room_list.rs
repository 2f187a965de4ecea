//! The member list of a room: the requests that read it, when reading it is worth
//! its requests, and whether it can be trusted.
//!
//! An answer of 100005 to a batch names nobody. To split the batch takes up to 39
//! requests, and if the service has removed the present members all the same, their
//! outcome is lost. The member list shows who is absent.

use std::collections::{HashMap, VecDeque};

use super::batch::{Batch, Tries};
use super::planned::{PlannedBatches, RoomIndex};
use crate::api::PageGuard;
pub(super) use crate::api::queries::member_count;
use crate::api::queries::{JsonObject, ListPage, MEMBER_LIST, MEMBERS_PER_PAGE, ROOM_INFO};
use crate::room::{MEMBERS_PER_REQUEST, RoomId, UserId};

/// What is sent.
#[derive(Debug)]
pub(crate) enum Request {
    /// Members are removed, banned or unbanned.
    Batch(Box<Batch>),
    /// A room is read. This changes nothing, so the journal has no record of it.
    Read(RoomRead),
}

impl Request {
    pub(crate) fn tries(&self) -> &Tries {
        match self {
            Self::Batch(batch) => &batch.tries,
            Self::Read(read) => &read.tries,
        }
    }

    pub(super) fn tries_mut(&mut self) -> &mut Tries {
        match self {
            Self::Batch(batch) => &mut batch.tries,
            Self::Read(read) => &mut read.tries,
        }
    }
}

/// One request that reads a room.
#[derive(Debug)]
pub(crate) struct RoomRead {
    pub(crate) room: RoomId,
    pub(crate) call: ReadCall,
    pub(crate) tries: Tries,
    /// Number of the room in the plan.
    pub(super) number: u32,
}

#[derive(Debug)]
pub(crate) enum ReadCall {
    /// How many members the room has.
    Info,
    /// A page of the member list. The cursor of the first one is empty.
    Page(String),
}

impl ReadCall {
    /// The last part of the URL's path.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Info => ROOM_INFO,
            Self::Page(_) => MEMBER_LIST,
        }
    }
}

/// What is still to be done in a room in which batches were answered 100005. They
/// are put aside, and not split, until it is decided whether the list is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RoomCost {
    /// Batches that are put aside.
    pub(super) aside: usize,
    /// Members in them.
    pub(super) aside_members: usize,
    /// Fewest requests that splitting them takes: see [`least_splitting`].
    pub(super) splitting: usize,
    /// Members that were not sent yet.
    pub(super) planned: usize,
}

/// Fewest requests that halving takes after a batch of so many members was answered
/// 100005: two for each level, if one member is absent. If several are, it is more;
/// single requests are as many as the members, which is more, too.
pub(super) fn least_splitting(members: usize) -> usize {
    2 * members.max(1).ilog2() as usize
}

impl RoomCost {
    /// The size of the room costs one request. It is asked for if the room takes at
    /// least this many requests without it, so that the one is about a tenth. One
    /// batch of 20 members with an absent one takes 9.
    const LEAST_TO_ASK: usize = 9;

    pub(super) fn is_size_worth_asking(self) -> bool {
        let requests = self.aside + self.splitting + self.planned.div_ceil(MEMBERS_PER_REQUEST);
        // A list of one page, the size before it and after it.
        let least = 3 + self.aside;
        least < self.splitting.max(1) + self.planned && requests >= Self::LEAST_TO_ASK
    }

    /// Members that cannot be in a room of so many members: each needs a request.
    pub(super) fn surely_absent(self, size: usize) -> usize {
        (self.planned + self.aside_members).saturating_sub(size)
    }

    /// How many pages may be read, so that the requests are surely not more than
    /// those of splitting. `size` is the number of members of the room.
    ///
    /// Splitting takes at least [`Self::splitting`] requests, or one for each absent
    /// member: no more members can be present than the room has. With a list, each
    /// batch that is aside takes one request at most, for its members on the list.
    /// So the list is read only when that surely saves requests: with 3,000 names in a room of
    /// 20,000 (402 requests), after 58 batches of 20 with an absent member.
    pub(super) fn pages_worth_reading(self, size: usize) -> usize {
        let absent = self.surely_absent(size);
        let batches = |members: usize| members.div_ceil(MEMBERS_PER_REQUEST);
        let by_splitting = batches(self.planned) + self.splitting.max(absent);
        let present = batches(self.planned.min(size));
        // One more for the size after the list.
        by_splitting.saturating_sub(self.aside + present + 1)
    }
}

/// Requests for a list of so many members.
pub(super) fn pages(size: usize) -> usize {
    size.div_ceil(MEMBERS_PER_PAGE as usize).max(1)
}

/// A member list that is being read. Of its names, only those of members of this job
/// are kept, and a hash of each.
#[derive(Debug)]
pub(super) struct ListReader {
    guard: PageGuard,
    is_repeated: bool,
    /// Members that were not sent yet.
    pub(super) planned: RoomIndex,
    /// Members that were sent and are not settled: whether they are on the list.
    sent: HashMap<UserId, bool>,
    /// How many pages may be read.
    most_pages: usize,
    /// The room's size before the list was read, if it was asked for.
    size: Option<usize>,
}

impl ListReader {
    pub(super) fn new(
        planned: RoomIndex,
        sent: HashMap<UserId, bool>,
        size: Option<usize>,
        most_pages: usize,
    ) -> Self {
        let mut guard = PageGuard::new("");
        if let Some(size) = size {
            // Members may join while the list is read; twice as many are another room.
            guard.limit_items(2 * size + 100);
        }
        Self {
            guard,
            is_repeated: false,
            planned,
            sent,
            most_pages,
            size,
        }
    }

    /// Names on the list, also those that cannot be sent.
    pub(super) fn count(&self) -> usize {
        self.guard.entries()
    }

    /// Whether a member that was sent is on the list.
    pub(super) fn has_sent(&self, user: &UserId) -> bool {
        self.sent.get(user).is_some_and(|is_listed| *is_listed)
    }

    /// Whether these members were sent before the list was read.
    pub(super) fn knows_sent(&self, batch: &Batch) -> bool {
        let mut members = batch.members.iter();
        members.all(|user| self.sent.contains_key(user))
    }

    /// Requests that splitting would surely have taken, less those that these batches
    /// take with the complete list. `least` is the fewest that splitting them takes.
    pub(super) fn saved(&self, aside: &VecDeque<Batch>, least: usize) -> usize {
        let is_listed = |batch: &&Batch| batch.members.iter().any(|user| self.has_sent(user));
        let listed = aside.iter().filter(is_listed).count();
        let absent = self.sent.values().filter(|is_listed| !**is_listed).count();
        // Each absent member that was not sent takes a request of its own, too.
        least.max(absent).saturating_sub(listed) + self.planned.not_on_list()
    }

    /// Whether the list cannot be the whole room, which had at least so many members
    /// before it was read: some may have left meanwhile, but not a tenth. Then the size
    /// after it need not be asked for.
    pub(super) fn is_far_too_short(&self, size: usize) -> bool {
        self.count() * 10 < size * 9
    }

    /// Adds a page. Returns the cursor of the next one, or why the list cannot be
    /// read to its end or is not worth that.
    pub(super) fn add(
        &mut self,
        page: &ListPage<String>,
        batches: &PlannedBatches,
    ) -> Result<Option<String>, String> {
        for item in &page.items {
            let name = item.get("Member_Account").and_then(|name| name.as_str());
            self.mark(name.unwrap_or_default(), batches);
        }
        let before = self.guard.items();
        self.guard.add(&page.items, page.unusable.len());
        self.is_repeated |= self.guard.items() < before + page.items.len();
        let Some(next) = &page.next else {
            return Ok(None);
        };
        let followed = self.guard.follow(next);
        followed.map_err(|why| format!("its pages {why}"))?;
        self.check_cost(page.items.len())?;
        Ok(Some(next.clone()))
    }

    fn mark(&mut self, name: &str, batches: &PlannedBatches) {
        batches.mark_listed(&mut self.planned, name);
        if self.sent.is_empty() {
            return;
        }
        // Another name than a valid one is of no member of this job.
        let sent = UserId::parse(name).ok();
        if let Some(is_listed) = sent.and_then(|user| self.sent.get_mut(&user)) {
            *is_listed = true;
        }
    }

    /// The service may send smaller pages than asked for, which makes the list
    /// more expensive.
    fn check_cost(&self, page: usize) -> Result<(), String> {
        let Some(size) = self.size else {
            return Ok(());
        };
        let rest = size.saturating_sub(self.guard.items());
        let expected = self.guard.pages() + rest.div_ceil(page.max(1)).max(1);
        if expected > self.most_pages {
            return Err(format!(
                "its pages are small: {expected} requests would cost more than they save"
            ));
        }
        Ok(())
    }

    /// Whether the pages so far can show that a member is absent. Else why not; the
    /// names that they have are in the room all the same.
    pub(super) fn check_pages(&self) -> Result<(), String> {
        if self.is_repeated {
            return Err("a member is on it twice".into());
        }
        check_names(self.guard.nameless())
    }

    /// Whether the list can be trusted, by its pages and by the room's properties that
    /// were read after them. Else why not.
    pub(super) fn check_complete(&self, info: &JsonObject) -> Result<(), String> {
        self.check_pages()?;
        check_complete(self.count(), info)
    }
}

/// Whether a list with so many entries that name nobody can show that a member is
/// absent. Else why not: such an entry may be the member.
pub(crate) fn check_names(nameless: usize) -> Result<(), String> {
    match nameless {
        0 => Ok(()),
        1 => Err("1 of its entries has no usable name".into()),
        more => Err(format!("{more} of its entries have no usable name")),
    }
}

/// Whether a list of so many names can be the whole room, by its properties that
/// were read after it. Else why not.
pub(crate) fn check_complete(names: usize, info: &JsonObject) -> Result<(), String> {
    let Some(members) = member_count(info) else {
        return Err("the service does not say how many members the room has".into());
    };
    if names < members {
        return Err(too_short(names, members));
    }
    Ok(())
}

/// Why the list of a room is not complete.
pub(super) fn too_short(names: usize, members: usize) -> String {
    let (names, members) = (counted(names, "name"), counted(members, "member"));
    format!("it has {names}, and the room {members}")
}

/// `1 name`, `2 names`
pub(super) fn counted(count: usize, word: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {word}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_and_one_member_are_singular() {
        assert_eq!(too_short(1, 2), "it has 1 name, and the room 2 members");
        assert_eq!(too_short(0, 1), "it has 0 names, and the room 1 member");
    }

    fn aside(batches: usize, members: usize, planned: usize) -> RoomCost {
        RoomCost {
            aside: batches,
            aside_members: batches * members,
            splitting: batches * least_splitting(members),
            planned,
        }
    }

    fn is_read(cost: RoomCost, size: usize) -> bool {
        pages(size) <= cost.pages_worth_reading(size)
    }

    /// Requests that halving takes if this member of a batch is absent.
    fn halving(members: usize, absent: usize) -> usize {
        let half = members.div_ceil(2);
        match members {
            1 => 0,
            _ if absent < half => 2 + halving(half, absent),
            _ => 2 + halving(members - half, absent - half),
        }
    }

    #[test]
    fn no_batch_is_halved_with_fewer_requests_than_the_least() {
        for members in 1..=20 {
            let all = (0..members).map(|absent| halving(members, absent));
            assert_eq!(all.min(), Some(least_splitting(members)), "{members}");
        }
    }

    #[test]
    fn a_list_is_read_only_if_splitting_surely_takes_more() {
        assert!(is_read(aside(1, 20, 9980), 3000), "7,000 are surely absent");
        assert!(is_read(aside(1, 20, 0), 250));
        assert!(!is_read(aside(1, 20, 0), 400), "8 pages for 8 requests");
        assert!(!is_read(aside(1, 20, 9980), 10_000), "one absent of 10,000");
        assert!(is_read(aside(30, 20, 9400), 10_000));
        assert!(!is_read(aside(3, 20, 0), 1_000_000));
        assert!(!is_read(aside(1, 2, 0), 1));
    }

    #[test]
    fn the_size_is_asked_for_if_it_is_about_a_tenth_of_the_requests() {
        assert!(aside(1, 20, 0).is_size_worth_asking());
        assert!(aside(1, 20, 9980).is_size_worth_asking());
        assert!(!aside(1, 8, 0).is_size_worth_asking());
        assert!(!aside(2, 2, 0).is_size_worth_asking());
        assert!(!aside(1, 2, 40).is_size_worth_asking());
    }
}
