//! The frequency limit: so many calls of one command in any second.
//!
//! The second slides: 200 at the end of one calendar second and 200 at the
//! start of the next are 200 too many. Refused calls do not count, so a client
//! that hammers still gets its 200.

use std::collections::VecDeque;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(1);

/// The arrivals of the last second that were let through; never more than the
/// limit, however long it runs.
#[derive(Debug)]
pub(super) struct RateWindow {
    limit: usize,
    admitted: VecDeque<Duration>,
}

impl RateWindow {
    /// Lets `limit` calls through in any second.
    pub(super) fn new(limit: u32) -> Self {
        Self {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            admitted: VecDeque::new(),
        }
    }

    /// Whether a call arriving at `at` (monotonic) may pass; counts it if so.
    pub(super) fn admit(&mut self, at: Duration) -> bool {
        let gone = |first: &Duration| at.saturating_sub(*first) >= WINDOW;
        while self.admitted.front().is_some_and(gone) {
            self.admitted.pop_front();
        }
        let room = self.admitted.len() < self.limit;
        if room {
            self.admitted.push_back(at);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_second_slides() {
        let mut limit = RateWindow::new(2);
        assert!(limit.admit(ms(900)) && limit.admit(ms(950)));
        assert!(!limit.admit(ms(1_100)), "two within 200 ms");
        assert!(!limit.admit(ms(1_899)));
        assert!(limit.admit(ms(1_900)), "the first is a second old");
        assert!(!limit.admit(ms(1_949)));
    }

    #[test]
    fn refused_calls_do_not_count() {
        let mut limit = RateWindow::new(1);
        assert!(limit.admit(ms(0)));
        assert!((1..1_000).all(|at| !limit.admit(ms(at))));
        assert!(limit.admit(ms(1_000)));
    }

    #[test]
    fn any_200_in_a_second_pass_and_the_201st_does_not() {
        let mut limit = RateWindow::new(200);
        assert!((0..200).all(|at| limit.admit(ms(at))));
        assert!(!limit.admit(ms(200)));
        assert_eq!(limit.admitted.len(), 200);
    }
}
