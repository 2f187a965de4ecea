//! How many requests `--check-room auto` may spend on member lists.
//!
//! Whether a list is complete is known only after its last page, and how many members
//! are absent only after all are settled. So the decision is made with what is known:
//! a job whose lists are all worthless must not take more than a tenth, and
//! [`ALLOWANCE`], more than splitting alone. Splitting goes on until that is so. What it has
//! taken, and surely will take, grows with every absent member that is found; so a list
//! that is too expensive now may be read later. What complete lists have saved may be
//! spent again. What was read for nothing stays spent: it counts against later rooms.

/// Of so many requests without lists, one may be spent to read lists: lists that turn out
/// to be worthless make a job a tenth longer at most, besides [`ALLOWANCE`].
const PART: usize = 10;

/// Requests that may be spent besides that. A batch of 20 members takes 9 requests
/// by splitting at least. The shortest reading is one page and the size after it: with
/// less than two no room with one such batch could be read, although that may save 35
/// requests.
const ALLOWANCE: usize = 2;

/// After so many lists in a row that could not be trusted, `auto` reads no more: the
/// service does not seem to list rooms completely.
const MOST_UNTRUSTED: u32 = 3;

#[derive(Debug, Default)]
pub(super) struct ReadingBudget {
    /// Requests that have read rooms.
    spent: usize,
    /// Requests that the lists may still take that are being read.
    reserved: usize,
    /// Requests that complete lists have surely saved.
    saved: usize,
    /// Of `spent`, what was read for nothing since the last complete list.
    lost: usize,
    complete_lists: u32,
    /// Lists since the last one that could be trusted.
    untrusted_lists: u32,
}

impl ReadingBudget {
    /// Requests that may be spent, also those that are reserved. The job takes at least
    /// `splitting` requests without more lists.
    fn left_with_reserved(&self, splitting: usize) -> usize {
        // What was saved would be part of `splitting`.
        let part = (splitting + self.saved) / PART;
        (ALLOWANCE + part + self.saved).saturating_sub(self.spent + self.lost)
    }

    /// Requests that may be spent on one more list.
    pub(super) fn left(&self, splitting: usize) -> usize {
        self.left_with_reserved(splitting)
            .saturating_sub(self.reserved)
    }

    /// Requests that may be spent on one more list when those that are read now are done
    /// and have taken nothing of what is reserved for them.
    pub(super) fn left_later(&self, splitting: usize) -> usize {
        self.left_with_reserved(splitting)
    }

    pub(super) fn may_read(&self) -> bool {
        self.untrusted_lists < MOST_UNTRUSTED
    }

    /// Whether no list has shown yet whether the service lists rooms completely. Then
    /// one list is read at a time.
    pub(super) fn is_untested(&self) -> bool {
        self.complete_lists == 0
    }

    pub(super) fn spent(&self) -> usize {
        self.spent
    }

    pub(super) fn reserve(&mut self, requests: usize) {
        self.reserved += requests;
    }

    pub(super) fn release(&mut self, requests: usize) {
        self.reserved -= requests;
    }

    pub(super) fn spend(&mut self) {
        self.spent += 1;
    }

    /// Splitting would have taken this many requests more.
    pub(super) fn add_complete(&mut self, saved: usize) {
        self.complete_lists += 1;
        self.untrusted_lists = 0;
        self.lost = 0;
        self.saved += saved;
    }

    /// A list was read for nothing, with so many requests.
    pub(super) fn add_untrusted(&mut self, requests: usize) {
        self.untrusted_lists += 1;
        self.lost += requests;
    }

    /// What was read for nothing since the last complete list. It is taken from the
    /// budget twice, and the next list must save as much: after one list that is not
    /// complete, another one is likely.
    pub(super) fn lost(&self) -> usize {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_splitting_and_two_requests_may_be_spent() {
        let mut budget = ReadingBudget::default();
        assert_eq!(
            [0, 9, 10, 99, 1000].map(|n| budget.left(n)),
            [2, 2, 3, 11, 102]
        );
        budget.reserve(20);
        assert_eq!((budget.left(1000), budget.left_later(1000)), (82, 102));
        budget.spend();
        budget.release(1);
        assert_eq!((budget.left(1000), budget.left_later(1000)), (82, 101));
        budget.release(19);
        assert_eq!(budget.left(1000), 101);
        assert_eq!(budget.left(0), 1);
    }

    #[test]
    fn what_lists_have_saved_may_be_spent_and_three_bad_ones_end_the_reading() {
        let mut budget = ReadingBudget::default();
        assert!(budget.is_untested());
        budget.add_untrusted(3);
        budget.add_untrusted(4);
        assert_eq!((budget.lost(), budget.left(240)), (7, 19));
        budget.add_complete(30);
        assert_eq!((budget.left(0), budget.lost()), (35, 0));
        budget.add_untrusted(3);
        budget.add_untrusted(3);
        assert!(budget.may_read() && !budget.is_untested());
        budget.add_untrusted(3);
        assert!(!budget.may_read());
    }
}
