//! Records to disk in groups: a sync takes milliseconds, a record microseconds.
//!
//! The writer only asks; a thread of its own syncs at once, and then not again
//! before a pause has passed, so that what is asked in between is late by at
//! most that. A sync that failed is told at the next record or at the end.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A power cut costs at most the records of so long, and only repeats.
pub(super) const SYNC_INTERVAL: Duration = Duration::from_secs(1);

/// The writer's end. Dropped without [`Syncer::finish`] it waits for the last
/// sync all the same.
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
    sync: bool,
    end: bool,
    failed: Option<io::Error>,
}

impl Syncer {
    /// A thread that calls `sync` when asked, with pauses of `every`.
    pub(super) fn start(
        every: Duration,
        sync: impl FnMut() -> io::Result<()> + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let its = Arc::clone(&shared);
        let builder = std::thread::Builder::new().name("journal-sync".into());
        let thread = builder.spawn(move || its.serve(every, sync))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Asks for a sync of what has been written; wakes the thread only when
    /// nobody has asked since the last one.
    pub(super) fn request(&self) -> io::Result<()> {
        let mut request = self.shared.lock();
        if let Some(why) = request.failed.take() {
            return Err(why);
        }
        if !request.sync {
            request.sync = true;
            self.shared.changed.notify_one();
        }
        Ok(())
    }

    /// Waits for the last sync.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end();
        self.shared.lock().failed.take().map_or(Ok(()), Err)
    }

    fn end(&mut self) {
        self.shared.lock().end = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does not panic; if it did, there is no sync to wait for.
            let _ = thread.join();
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

    fn serve(&self, every: Duration, mut sync: impl FnMut() -> io::Result<()>) {
        let mut request = self.lock();
        loop {
            while !request.sync && !request.end {
                let woken = self.changed.wait(request);
                request = woken.unwrap_or_else(PoisonError::into_inner);
            }
            if !std::mem::take(&mut request.sync) {
                return;
            }
            drop(request);
            let synced = sync();
            request = self.lock();
            request.failed = request.failed.take().or(synced.err());
            request = self.pause(request, every);
        }
    }

    /// Lets the next group gather, unless the end has come.
    fn pause<'a>(
        &'a self,
        mut request: MutexGuard<'a, SyncRequest>,
        every: Duration,
    ) -> MutexGuard<'a, SyncRequest> {
        let until = Instant::now() + every;
        while !request.end {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let woken = self.changed.wait_timeout(request, left);
            request = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const LONG: Duration = Duration::from_secs(3600);

    /// What has not happened by then never will. Not a measure of speed.
    const HANG: Duration = Duration::from_secs(60);

    #[test]
    fn records_are_synced_in_groups_and_the_end_waits_for_the_last() {
        let (told, syncs) = mpsc::channel();
        let sync = move || told.send(()).map_err(io::Error::other);
        let syncer = Syncer::start(LONG, sync).expect("a thread");
        syncer.request().expect("asked");
        let first = syncs.recv_timeout(HANG);
        first.expect("the first one is synced at once");
        (0..1000).for_each(|_| syncer.request().expect("asked"));
        syncer.finish().expect("finished");
        assert_eq!(syncs.iter().count(), 1, "a thousand in one group");
    }

    #[test]
    fn without_records_nothing_is_synced() {
        let syncer = Syncer::start(LONG, || Err(io::Error::other("never called")));
        syncer.expect("a thread").finish().expect("nothing to do");
    }

    #[test]
    fn a_failed_sync_is_told_at_the_next_record_or_at_the_end() {
        let full = || Err(io::Error::from(io::ErrorKind::StorageFull));
        let syncer = Syncer::start(Duration::ZERO, full).expect("a thread");
        let begun = Instant::now();
        while syncer.request().is_ok() {
            assert!(begun.elapsed() < HANG, "at a later record");
            std::thread::yield_now();
        }

        let syncer = Syncer::start(LONG, full).expect("a thread");
        syncer.request().expect("not known yet");
        let why = syncer.finish().expect_err("at the end");
        assert_eq!(why.kind(), io::ErrorKind::StorageFull);
    }
}
