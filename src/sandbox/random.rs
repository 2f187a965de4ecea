//! The random that decide which request or connection meets a fault.
//!
//! They are seeded, so that a test or a rehearsal can be repeated.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::fault::{Fault, FaultKind};

/// Shares are of all requests: `reset=50%` and `drop=50%` leave none
/// unharmed.
#[derive(Debug)]
pub(super) struct Faults {
    requests: Vec<Fault>,
    connections: Vec<Fault>,
    random: StdRng,
}

impl Faults {
    /// `None` when more than everything shall fail.
    pub(super) fn new(faults: Vec<Fault>, seed: u64) -> Option<Self> {
        let connects = |fault: &Fault| matches!(fault.kind, FaultKind::Connect(_));
        let (connections, requests): (Vec<_>, Vec<_>) = faults.into_iter().partition(connects);
        let fits = |faults: &[Fault]| {
            let sum: f64 = faults.iter().map(|fault| fault.share).sum();
            // A hair more, for sums like 0.1 + 0.2 + 0.7.
            faults.iter().all(|fault| fault.share >= 0.0) && sum <= 1.0 + 1e-9
        };
        (fits(&requests) && fits(&connections)).then(|| Self {
            requests,
            connections,
            random: StdRng::seed_from_u64(seed),
        })
    }

    /// What the next request meets.
    pub(super) fn for_request(&mut self) -> Option<FaultKind> {
        draw(&self.requests, &mut self.random)
    }

    /// How long the next connection waits before it is read.
    pub(super) fn for_connection(&mut self) -> Option<Duration> {
        match draw(&self.connections, &mut self.random) {
            Some(FaultKind::Connect(time)) => Some(time),
            _ => None,
        }
    }
}

fn draw(faults: &[Fault], random: &mut StdRng) -> Option<FaultKind> {
    if faults.is_empty() {
        return None;
    }
    let mut left: f64 = random.random();
    for fault in faults {
        if left < fault.share {
            return Some(fault.kind.clone());
        }
        left -= fault.share;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse().expect(text)
    }

    #[test]
    fn shares_of_one_connection_or_request_fill_at_most_the_whole() {
        let faults = |texts: &[&str]| texts.iter().map(|text| fault(text)).collect::<Vec<_>>();
        assert!(Faults::new(faults(&["reset=60%", "drop=41%"]), 0).is_none());
        assert!(Faults::new(faults(&["reset=0.1", "drop=0.2", "html=0.7"]), 0).is_some());
        assert!(Faults::new(faults(&["reset=1", "connect:1s=1"]), 0).is_some());
    }

    #[test]
    fn shares_come_out_as_asked_and_seeds_repeat() {
        let list = vec![fault("reset=25%"), fault("html=50%")];
        let drawn = |seed| {
            let mut faults = Faults::new(list.clone(), seed).expect("75%");
            (0..4_000).map(|_| faults.for_request()).collect::<Vec<_>>()
        };
        let first = drawn(1);
        assert_eq!(first, drawn(1));
        assert_ne!(first, drawn(2));
        let count = |kind: Option<FaultKind>| first.iter().filter(|drawn| **drawn == kind).count();
        assert!((900..1_100).contains(&count(Some(FaultKind::Reset))));
        assert!((1_900..2_100).contains(&count(Some(FaultKind::Html))));
        assert!((900..1_100).contains(&count(None)));
    }

    #[test]
    fn a_share_of_one_strikes_always() {
        let mut faults =
            Faults::new(vec![fault("connect:1s=1"), fault("drop=0")], 3).expect("fits");
        assert!((0..100).all(|_| faults.for_connection() == Some(Duration::from_secs(1))));
        assert!((0..100).all(|_| faults.for_request().is_none()));
    }
}
