//! Batches that wait for their time, in the order of it.

use std::time::Duration;

use crate::job::batch::Batch;

/// A batch that waits for its time.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) at: Duration,
    pub(super) batch: Batch,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
impl Eq for Due {}
