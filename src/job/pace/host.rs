//! A timeline in a file, for all processes of one user on one machine.
//!
//! The file is a few lines of text that a person can read, mode 0600, in
//! `$XDG_STATE_HOME/roomctl/`. Whoever reserves locks it (flock), reads it, writes it,
//! and unlocks it: a few microseconds. The system releases the lock of a process that
//! ends or is killed. A stopped one keeps it; then the timeline counts as out of reach.
//!
//! The clock is the time since boot, suspension included: the same for all processes,
//! and no change of the wall clock moves it. The id of the boot is in the name of the
//! file, so that a reboot starts anew, and machines that share a home directory do not
//! share the file. What cannot be read, or cannot be true, is void: the next slot is
//! free now.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::time::{ClockId, clock_gettime};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::process::geteuid;
use sha2::{Digest, Sha256};

use super::host_text::{parse, text};
use super::shared_timeline::{Lease, SharedTimeline, TimelineName, TimelineView, Want};
use super::timeline::Timeline;
use crate::config::Env;
use crate::error::Problem;
use crate::exit::Exit;
use crate::file_name::{display_path, shell_quoted};
use crate::secret::hex;

/// How long the lock may be held by others. A running process holds it for
/// microseconds.
const LOCK_LIMIT: Duration = Duration::from_secs(1);

/// From one try to lock the file to the next: at first, and at most.
const LOCK_RETRY: [Duration; 2] = [Duration::from_micros(100), Duration::from_millis(5)];

/// The file of an older timeline is removed when a new one is made.
const KEPT: Duration = Duration::from_secs(2 * 86_400);

/// Longer files were not written by roomctl.
const MAX_BYTES: u64 = 4096;

/// A reservation costs little, so leases are short.
const SPAN: Duration = Duration::from_millis(25);

/// The timeline of one app, endpoint and action.
pub(super) struct HostTimeline {
    path: PathBuf,
    /// The first lines of the file.
    head: String,
    file: File,
    clock: HostClock,
    note: Option<String>,
}

/// The clock that all processes of a machine share.
pub(super) struct HostClock {
    /// Differs from boot to boot; empty where the system has none.
    pub(super) boot: String,
    pub(super) now: Box<dyn Fn() -> Duration + Send>,
}

impl HostClock {
    pub(super) fn of_system() -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        Self {
            boot: boot.unwrap_or_default().trim().to_owned(),
            now: Box::new(since_boot),
        }
    }
}

/// The time since boot, suspension included where the system counts it.
fn since_boot() -> Duration {
    #[cfg(target_os = "linux")]
    let clock = ClockId::CLOCK_BOOTTIME;
    #[cfg(not(target_os = "linux"))]
    let clock = ClockId::CLOCK_MONOTONIC;
    // Every system has this clock.
    clock_gettime(clock).map_or(Duration::ZERO, Duration::from)
}

impl fmt::Debug for HostTimeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostTimeline({:?})", self.path)
    }
}

impl HostTimeline {
    /// Opens the file, or makes it. Does not wait for its lock.
    pub(super) fn open(name: &TimelineName, env: &Env, clock: HostClock) -> Result<Self, Problem> {
        let home = env.state_home().ok_or_else(no_home)?;
        let folder = home.join("roomctl");
        check_folder(&folder)?;
        let path = folder.join(file_name(name, &clock.boot));
        let is_new = !path.exists();
        let file = open_file(&path)?;
        if is_new {
            remove_old(&folder);
        }
        Ok(Self {
            head: head(name, &clock.boot),
            path,
            file,
            clock,
            note: None,
        })
    }

    /// Locks the file, reads it, and returns the state and the time.
    fn lock(&mut self) -> Result<(Timeline, Duration), Problem> {
        let begin = Instant::now();
        let mut pause = LOCK_RETRY[0];
        loop {
            match self.file.try_lock() {
                Ok(()) if self.is_in_place() => {
                    return self.read().inspect_err(|_| self.unlock());
                }
                // Somebody has removed it, and perhaps its folder; the others use its
                // successor.
                Ok(()) => {
                    self.unlock();
                    self.path.parent().map_or(Ok(()), check_folder)?;
                    self.file = open_file(&self.path)?;
                }
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(LOCK_RETRY[1]);
                }
                Err(TryLockError::Error(why)) => return Err(failed("lock", &self.path, &why)),
            }
            if begin.elapsed() > LOCK_LIMIT {
                return Err(locked(&self.path));
            }
        }
    }

    fn is_in_place(&self) -> bool {
        let id = |data: std::fs::Metadata| (data.dev(), data.ino());
        let here = std::fs::symlink_metadata(&self.path).map(id).ok();
        here.is_some() && here == self.file.metadata().map(id).ok()
    }

    /// The state. A file that is empty is new; another one that cannot be used is void.
    fn read(&mut self) -> Result<(Timeline, Duration), Problem> {
        let length = self.file.metadata().map(|data| data.len());
        let length = length.map_err(|why| failed("read", &self.path, &why))?;
        let now = (self.clock.now)();
        if length == 0 {
            return Ok((Timeline::default(), now));
        }
        let mut bytes = vec![0; usize::try_from(length.min(MAX_BYTES)).unwrap_or_default()];
        let read = self.file.read_exact_at(&mut bytes, 0);
        read.map_err(|why| failed("read", &self.path, &why))?;
        let timeline = parse(&bytes, &self.head).filter(|timeline| timeline.is_plausible(now));
        if timeline.is_none() {
            let path = display_path(&self.path);
            self.note = Some(format!("{path}: damaged; the shared rate starts anew"));
        }
        Ok((timeline.unwrap_or_default(), now))
    }

    /// Writes the state and releases the lock.
    fn write(&mut self, timeline: &Timeline) -> Result<(), Problem> {
        let text = text(&self.head, timeline);
        let length = text.len() as u64;
        let written = self.file.write_all_at(text.as_bytes(), 0).and_then(|()| {
            let is_longer = self.file.metadata()?.len() > length;
            if is_longer {
                self.file.set_len(length)
            } else {
                Ok(())
            }
        });
        self.unlock();
        written.map_err(|why| failed("write", &self.path, &why))
    }

    fn unlock(&self) {
        // The lock ends with the file at the latest.
        let _ = self.file.unlock();
    }
}

impl SharedTimeline for HostTimeline {
    fn reserve(&mut self, want: Want) -> Result<Lease, Problem> {
        let (mut timeline, now) = self.lock()?;
        let lease = timeline.reserve(now, want);
        self.write(&timeline)?;
        Ok(lease)
    }

    fn slow_down(&mut self, age: Duration) -> Result<(), Problem> {
        let (mut timeline, now) = self.lock()?;
        timeline.slow_down(now, now.saturating_sub(age));
        self.write(&timeline)
    }

    fn view(&mut self) -> Result<TimelineView, Problem> {
        let (timeline, now) = self.lock()?;
        self.unlock();
        Ok(timeline.view(now, self.path.display().to_string()))
    }

    fn lease_span(&self) -> Duration {
        SPAN
    }

    fn take_note(&mut self) -> Option<String> {
        self.note.take()
    }
}

/// App and action in clear, for people; the rest as a hash, because an endpoint may
/// have characters that a name cannot have.
fn file_name(name: &TimelineName, boot: &str) -> String {
    let digest = Sha256::digest(format!("{}\n{boot}", name.endpoint));
    let hash = hex(&digest[..8]);
    format!("rate-{}-{}-{hash}", name.sdkappid, name.action)
}

/// The first lines of the file.
fn head(name: &TimelineName, boot: &str) -> String {
    let TimelineName {
        sdkappid,
        endpoint,
        action,
    } = name;
    format!("roomctl rate 1\napp {sdkappid}\naction {action}\nendpoint {endpoint}\nboot {boot}\n")
}

/// Makes the folder if it is missing. One that others can write is refused: they
/// could replace the file.
fn check_folder(folder: &Path) -> Result<(), Problem> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|why| failed("make the folder", folder, &why))?;
    let data = std::fs::metadata(folder).map_err(|why| failed("read", folder, &why))?;
    if data.uid() != geteuid().as_raw() {
        return Err(foreign(folder));
    }
    if data.mode() & 0o022 != 0 {
        let (shown, quoted) = (display_path(folder), shell_quoted(folder));
        let message = format!("--rate-scope host: others can write into {shown}");
        return Err(Problem::config(message, format!("chmod go-w {quoted}")));
    }
    Ok(())
}

/// Opens the file or makes it, mode 0600 from its first byte. Follows no symbolic link
/// and waits for no pipe.
fn open_file(path: &Path) -> Result<File, Problem> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path);
    let remove = || format!("rm {}", shell_quoted(path));
    let refused = |what| {
        let message = format!("--rate-scope host: {} {what}", display_path(path));
        Err(Problem::config(message, remove()))
    };
    let file = match file {
        Err(why) if Errno::from_io_error(&why) == Some(Errno::LOOP) => {
            return refused("is a symbolic link");
        }
        Err(why) => return Err(failed("open", path, &why)),
        Ok(file) => file,
    };
    let data = file.metadata().map_err(|why| failed("read", path, &why))?;
    if !data.is_file() {
        return refused("is not a regular file");
    }
    if data.uid() != geteuid().as_raw() {
        return Err(foreign(path));
    }
    if data.mode() & 0o077 != 0 {
        let private = file.set_permissions(Permissions::from_mode(0o600));
        private.map_err(|why| failed("protect", path, &why))?;
    }
    Ok(file)
}

/// Removes the files of timelines that nobody has used for days: those of earlier
/// boots, and of rehearsals, each of which has a port of its own.
fn remove_old(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with("rate-");
        let age = entry.metadata().and_then(|data| data.modified()).ok();
        let age = age.and_then(|time| SystemTime::now().duration_since(time).ok());
        if is_ours && age.is_some_and(|age| age > KEPT) {
            // A process that uses it notices that it is not in its place.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

const OTHERWISE: &str = "or name another folder with XDG_STATE_HOME, or use --rate-scope process";

fn no_home() -> Problem {
    Problem::config(
        "--rate-scope host keeps its state in the home directory, and neither HOME nor \
         XDG_STATE_HOME is set to a whole path",
        "set HOME or XDG_STATE_HOME to a whole path like /home/NAME, or use --rate-scope process",
    )
}

fn foreign(path: &Path) -> Problem {
    let message = format!(
        "--rate-scope host: {} belongs to another user",
        display_path(path)
    );
    Problem::config(message, format!("remove it, {OTHERWISE}"))
}

fn failed(what: &str, path: &Path, why: &io::Error) -> Problem {
    let message = format!("--rate-scope host: cannot {what} {}", display_path(path));
    let hint = match why.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "remove the file there",
        _ => "check its owner and its mode with ls -l",
    };
    Problem::config(message, format!("{hint}, {OTHERWISE}")).caused_by(why)
}

fn locked(path: &Path) -> Problem {
    let seconds = LOCK_LIMIT.as_secs();
    let message = format!(
        "--rate-scope host: another process has locked {} for more than {seconds} s",
        display_path(path)
    );
    let hint = format!(
        "continue or end that process, which may be stopped: fuser -v {}",
        shell_quoted(path)
    );
    Problem::new(Exit::Unreachable, message, hint)
}

#[cfg(test)]
#[path = "host_tests.rs"]
mod tests;
