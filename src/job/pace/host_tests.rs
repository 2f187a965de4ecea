//! The file of a timeline: who may use it, what damages it, what survives.

use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::local::step_at;
use super::*;

/// A state folder, and a clock that the test sets.
struct Host {
    home: tempfile::TempDir,
    millis: Arc<AtomicU64>,
    boot: &'static str,
}

impl Host {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a folder"),
            millis: Arc::new(AtomicU64::new(1_000_000)),
            boot: "one",
        }
    }

    fn open_as(&self, endpoint: &str) -> Result<HostTimeline, Problem> {
        let millis = Arc::clone(&self.millis);
        let clock = HostClock {
            boot: self.boot.into(),
            now: Box::new(move || Duration::from_millis(millis.load(Ordering::Relaxed))),
        };
        let name = TimelineName {
            sdkappid: 1_400_000_001,
            endpoint: endpoint.into(),
            action: "kick",
        };
        let env = Env::from_pairs([("XDG_STATE_HOME", self.home.path())]);
        HostTimeline::open(&name, &env, clock)
    }

    fn open(&self) -> HostTimeline {
        self.open_as("https://one.example").expect("usable")
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("roomctl")
    }

    fn advance(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn want(slots: u32) -> Want {
    Want { slots, rate: 100.0 }
}

fn first(timeline: &mut HostTimeline, slots: u32) -> Duration {
    timeline.reserve(want(slots)).expect("reserved").first
}

#[test]
fn processes_of_one_machine_share_the_slots() {
    let host = Host::new();
    let (mut one, mut other) = (host.open(), host.open());
    assert_eq!(first(&mut one, 3), ms(0));
    assert_eq!(first(&mut other, 1), ms(30));
    host.advance(10);
    assert_eq!(first(&mut one, 1), ms(30));
    host.advance(1000);
    assert_eq!(first(&mut other, 1), ms(0));
}

#[test]
fn another_endpoint_or_boot_is_another_timeline() {
    let mut host = Host::new();
    first(&mut host.open(), 100);
    let mut sandbox = host.open_as("http://127.0.0.1:4000").expect("usable");
    assert_eq!(first(&mut sandbox, 1), ms(0));
    host.boot = "two";
    assert_eq!(first(&mut host.open(), 1), ms(0));
}

#[test]
fn a_slow_down_is_for_all_and_is_shown() {
    let host = Host::new();
    let (mut one, mut other) = (host.open(), host.open());
    first(&mut one, 1);
    one.slow_down(ms(0)).expect("written");
    let lease = other.reserve(want(1)).expect("reserved");
    assert_eq!(lease.step, step_at(50.0));
    let view = other.view().expect("readable");
    assert_eq!((view.rate, view.is_slowed), (Some(50.0), true));
    assert_eq!(view.ahead, ms(30));
    assert_eq!(
        other.view().expect("readable"),
        view,
        "nothing was reserved"
    );
}

#[test]
fn the_file_is_private_and_readable_for_people() {
    let host = Host::new();
    let mut timeline = host.open();
    first(&mut timeline, 1);
    let mode = |path: &Path| std::fs::metadata(path).expect("there").mode() & 0o777;
    assert_eq!((mode(&host.folder()), mode(&timeline.path)), (0o700, 0o600));
    let text = std::fs::read_to_string(&timeline.path).expect("text");
    assert!(text.contains("\napp 1400000001\naction kick\nendpoint https://one.example\n"));
    std::fs::set_permissions(&timeline.path, Permissions::from_mode(0o644)).expect("changed");
    assert_eq!(mode(&host.open().path), 0o600);
}

#[test]
fn a_damaged_file_starts_anew_and_only_a_note_says_so() {
    let host = Host::new();
    let mut timeline = host.open();
    first(&mut timeline, 50);
    let whole = std::fs::read(&timeline.path).expect("there");
    let far = String::from_utf8(whole.clone()).expect("text");
    let far = far.replace("next 1000.", "next 9000.").into_bytes();
    let short = &whole[..whole.len() / 2];
    for damaged in [b"garbage", short, &[0; 9000], &[0xff; 9000], &far] {
        assert_ne!(damaged, whole);
        std::fs::write(&timeline.path, damaged).expect("damaged");
        assert_eq!(first(&mut timeline, 1), ms(0));
        let note = timeline.take_note().expect("a note");
        assert!(
            note.ends_with(": damaged; the shared rate starts anew"),
            "{note}"
        );
        assert_eq!(first(&mut timeline, 1), ms(10), "usable again");
        assert_eq!(timeline.take_note(), None);
    }
    std::fs::write(&timeline.path, "").expect("emptied");
    assert_eq!(first(&mut timeline, 1), ms(0));
    assert_eq!(timeline.take_note(), None, "an empty file is a new one");
}

#[test]
fn a_file_that_was_removed_or_replaced_is_opened_anew() {
    let host = Host::new();
    let (mut one, mut other) = (host.open(), host.open());
    first(&mut one, 1);
    std::fs::remove_file(&one.path).expect("removed");
    assert_eq!(first(&mut one, 5), ms(0));
    assert_eq!(first(&mut other, 1), ms(50));
    std::fs::rename(&one.path, host.home.path().join("away")).expect("moved");
    assert_eq!(first(&mut other, 5), ms(0));
    assert_eq!(first(&mut one, 1), ms(50));
}

#[test]
fn a_folder_that_was_removed_is_made_again() {
    let host = Host::new();
    let (mut one, mut other) = (host.open(), host.open());
    first(&mut one, 1);
    std::fs::remove_dir_all(host.folder()).expect("removed");
    assert_eq!(first(&mut one, 5), ms(0));
    assert_eq!(first(&mut other, 1), ms(50));
}

#[test]
fn a_place_that_cannot_be_opened_again_is_not_called_locked() {
    let host = Host::new();
    let (mut one, mut other) = (host.open(), host.open());
    first(&mut one, 1);
    std::fs::remove_file(&one.path).expect("removed");
    std::fs::create_dir(&one.path).expect("in its place");
    for timeline in [&mut one, &mut other] {
        let problem = timeline.reserve(want(1)).expect_err("a folder");
        assert!(!problem.message.contains("has locked"), "{problem:?}");
    }
}

#[test]
fn a_lock_that_is_not_released_counts_as_out_of_reach_and_then_it_is_back() {
    let host = Host::new();
    let mut timeline = host.open();
    first(&mut timeline, 1);
    let holder = File::open(&timeline.path).expect("there");
    holder.lock().expect("free");
    let problem = timeline.reserve(want(1)).expect_err("locked");
    assert_eq!(problem.exit, Exit::Unreachable);
    assert!(problem.message.contains("has locked"), "{problem:?}");
    drop(holder);
    assert_eq!(first(&mut timeline, 1), ms(10));
}

#[test]
fn what_is_not_a_file_of_ones_own_is_refused_with_a_remedy() {
    let host = Host::new();
    let path = host.open().path;
    let target = host.home.path().join("target");
    let refusal = |what: &str| {
        let problem = host.open_as("https://one.example").expect_err(what);
        assert_eq!(problem.exit, Exit::Config);
        assert!(problem.message.contains(what), "{problem:?}");
        assert!(!problem.hint.is_empty());
    };
    let replace = |make: &dyn Fn()| {
        let _ = std::fs::remove_file(&path);
        make();
    };
    std::fs::write(&target, "mine").expect("written");
    replace(&|| symlink(&target, &path).expect("linked"));
    refusal("is a symbolic link");
    assert_eq!(std::fs::read_to_string(&target).expect("there"), "mine");
    replace(&|| {
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo runs").success());
    });
    refusal("is not a regular file");
    replace(&|| std::fs::create_dir(&path).expect("made"));
    refusal("cannot open");
    std::fs::remove_dir(&path).expect("removed");
    std::fs::set_permissions(host.folder(), Permissions::from_mode(0o777)).expect("changed");
    refusal("others can write into");
}

#[test]
fn what_the_system_refuses_has_a_remedy_that_fits() {
    let hint = |kind: io::ErrorKind| failed("write", Path::new("/x"), &kind.into()).hint;
    assert!(hint(io::ErrorKind::StorageFull).starts_with("free some space"));
    assert!(hint(io::ErrorKind::NotADirectory).starts_with("remove the file there"));
    assert!(hint(io::ErrorKind::PermissionDenied).starts_with("check its owner"));
}

#[test]
fn leases_are_some_slots_long() {
    let span = Host::new().open().lease_span();
    assert!((ms(10)..=ms(100)).contains(&span), "{span:?}");
}

#[test]
fn a_folder_that_cannot_be_made_is_refused_with_a_remedy() {
    let home = tempfile::NamedTempFile::new().expect("a file");
    let name = TimelineName {
        sdkappid: 1,
        endpoint: "https://x".into(),
        action: "ban",
    };
    let open = |env: Env| HostTimeline::open(&name, &env, HostClock::of_system());
    let problem = open(Env::from_pairs([("XDG_STATE_HOME", home.path())])).expect_err("a file");
    assert_eq!(problem.exit, Exit::Config);
    assert!(problem.hint.contains("--rate-scope process"), "{problem:?}");
    let problem = open(Env::default()).expect_err("no home");
    assert_eq!(problem.exit, Exit::Config);
    assert!(
        problem.hint.starts_with("set HOME or XDG_STATE_HOME"),
        "{problem:?}"
    );
}

#[test]
fn files_that_nobody_has_used_for_days_are_removed() {
    let host = Host::new();
    let path = host.open().path;
    let other = host.folder().join("notes");
    std::fs::write(&other, "mine").expect("written");
    let used = |path, hours: u64| {
        let file = File::options().write(true).open(path).expect("there");
        let age = Duration::from_secs(hours * 3600);
        file.set_modified(SystemTime::now().checked_sub(age).expect("long ago"))
            .expect("set");
    };
    used(&other, 49);
    used(&path, 47);
    host.open_as("http://127.0.0.1:1").expect("usable");
    assert!(path.exists(), "less than two days");
    used(&path, 49);
    host.open_as("http://127.0.0.1:2").expect("usable");
    assert!(!path.exists() && other.exists());
}

#[test]
fn the_clock_goes_on_and_is_the_same_for_all() {
    let clock = HostClock::of_system();
    let earlier = (clock.now)();
    thread::sleep(ms(2));
    let later = (HostClock::of_system().now)();
    assert!(later >= earlier + ms(2) && later < earlier + ms(60_000));
}
