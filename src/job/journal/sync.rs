//! Records to disk in groups: a sync takes milliseconds, a record microseconds.
//!
//! The writer only requests a sync. A separate thread syncs at once, then pauses,
//! and syncs again if there was a request meanwhile: a record reaches the disk at
//! most one interval late. A failed sync is reported at the next record or at the
//! end.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A power cut loses at most the records of this interval; their members are
/// processed again.
pub(super) const SYNC_INTERVAL: Duration = Duration::from_secs(1);

/// The writer's handle. Dropping it also waits for the last sync.
pub(super) struct Syncer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    request: Mutex<SyncRequest>,
    changed: Condvar,
}

#[derive(Default)]
struct SyncRequest {
    /// A record was written since the last sync began.
    is_wanted: bool,
    /// The writer is done.
    is_last: bool,
    failed: Option<io::Error>,
}

impl Syncer {
    /// Starts a thread that calls `sync` on request, at most once in `interval`.
    pub(super) fn start(
        interval: Duration,
        sync: impl FnMut() -> io::Result<()> + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let serving = Arc::clone(&shared);
        let builder = std::thread::Builder::new().name("journal-sync".into());
        let thread = builder.spawn(move || serving.serve(interval, sync))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Requests a sync of what has been written. Wakes the thread only at the
    /// first request since the last sync.
    pub(super) fn request(&self) {
        let mut request = self.shared.lock();
        if !request.is_wanted {
            request.is_wanted = true;
            self.shared.changed.notify_one();
        }
    }

    /// Why an earlier sync failed. Reported once.
    pub(super) fn check(&self) -> io::Result<()> {
        self.shared.lock().failed.take().map_or(Ok(()), Err)
    }

    /// Waits for the last sync.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end();
        self.check()
    }

    fn end(&mut self) {
        self.shared.lock().is_last = true;
        self.shared.changed.notify_one();
        let joined = self.thread.take().map_or(Ok(()), JoinHandle::join);
        if joined.is_err() {
            let defect = io::Error::other("not synced to the disk: a defect of roomctl");
            self.shared.lock().failed.get_or_insert(defect);
        }
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Syncer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Syncer")
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, SyncRequest> {
        self.request.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, interval: Duration, mut sync: impl FnMut() -> io::Result<()>) {
        let mut request = self.lock();
        loop {
            let is_idle = |request: &mut SyncRequest| !request.is_wanted && !request.is_last;
            let woken = self.changed.wait_while(request, is_idle);
            request = woken.unwrap_or_else(PoisonError::into_inner);
            if !std::mem::take(&mut request.is_wanted) {
                return;
            }
            drop(request);
            let synced = sync();
            request = self.lock();
            request.failed = request.failed.take().or(synced.err());
            // Lets the next records gather, unless this was the last sync.
            let goes_on = |request: &mut SyncRequest| !request.is_last;
            let paused = self.changed.wait_timeout_while(request, interval, goes_on);
            request = paused.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Instant;

    const LONG: Duration = Duration::from_secs(3600);

    /// What has not happened by then never will. Not a measure of speed.
    const HANG: Duration = Duration::from_secs(60);

    #[test]
    fn records_are_synced_in_groups_and_the_end_waits_for_the_last() {
        let (sender, syncs) = mpsc::channel();
        let sync = move || sender.send(()).map_err(io::Error::other);
        let syncer = Syncer::start(LONG, sync).expect("a thread");
        syncer.request();
        let first = syncs.recv_timeout(HANG);
        first.expect("the first one is synced at once");
        (0..1000).for_each(|_| syncer.request());
        syncer.finish().expect("finished");
        assert_eq!(syncs.iter().count(), 1, "a thousand in one group");
    }

    #[test]
    fn without_records_nothing_is_synced() {
        let syncer = Syncer::start(LONG, || Err(io::Error::other("never called")));
        syncer.expect("a thread").finish().expect("nothing to do");
    }

    #[test]
    fn a_failed_sync_is_reported_at_the_next_record_or_at_the_end() {
        let full = || Err(io::Error::from(io::ErrorKind::StorageFull));
        let syncer = Syncer::start(Duration::ZERO, full).expect("a thread");
        let begun = Instant::now();
        while syncer.check().is_ok() {
            syncer.request();
            assert!(begun.elapsed() < HANG, "at a later record");
            std::thread::yield_now();
        }

        let syncer = Syncer::start(LONG, full).expect("a thread");
        syncer.request();
        let why = syncer.finish().expect_err("at the end");
        assert_eq!(why.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_sync_that_panics_is_reported_at_the_end() {
        let syncer = Syncer::start(LONG, || panic!("of a test")).expect("a thread");
        syncer.request();
        let why = syncer.finish().expect_err("at the end");
        assert!(why.to_string().contains("not synced"), "{why}");
    }
}
