//! SIGHUP, SIGINT and SIGTERM as messages: the first asks a job to drain, the
//! second leaves at once.
//!
//! The caller says what the first one does, by a closure that runs on a thread
//! of its own. The second is handled inside the signal handler, so that it
//! works while the rest of the program is stuck in a write.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
use signal_hook::low_level::emulate_default_handler;
use signal_hook::{flag, iterator::Signals};

/// So long after the first signal another one is the same: `timeout` sends one to
/// its child and one to its group. Shorter than a hand presses Ctrl-C twice.
const ONE_SIGNAL: Duration = Duration::from_millis(50);

/// A terminal that goes away sends SIGHUP twice, the system's and the shell's.
const ONE_HANGUP: Duration = Duration::from_secs(1);

/// A signal that ends a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal went away.
    Hup,
    /// Ctrl-C.
    Int,
    /// Asked to end, by a supervisor or by `kill`.
    Term,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Hup, Self::Int, Self::Term];

    /// The system's number for it.
    pub fn number(self) -> u8 {
        match self {
            Self::Hup => 1,
            Self::Int => 2,
            Self::Term => 15,
        }
    }

    /// The system's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hup => "SIGHUP",
            Self::Int => "SIGINT",
            Self::Term => "SIGTERM",
        }
    }

    /// Within this time it is no second one.
    fn once(self) -> Duration {
        match self {
            Self::Hup => ONE_HANGUP,
            Self::Int | Self::Term => ONE_SIGNAL,
        }
    }

    fn raw(self) -> i32 {
        match self {
            Self::Hup => SIGHUP,
            Self::Int => SIGINT,
            Self::Term => SIGTERM,
        }
    }
}

/// Calls `on_first` when one of the signals arrives; at the second the process
/// ends with 128 + its number. A signal that was ignored when the program
/// started (`nohup`) stays ignored.
///
/// # Errors
/// When the system does not let handlers be installed.
pub fn watch(on_first: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    let ignored = *IGNORED_AT_START;
    let watched = Signal::ALL
        .into_iter()
        .filter(|s| ignored & (1 << (s.number() - 1)) == 0);
    let watched: Vec<Signal> = watched.collect();
    // First of all: from here on none is lost.
    let mut arrivals = Signals::new(watched.iter().map(|s| s.raw()))?;
    let second = Arc::new(AtomicBool::new(false));
    for signal in &watched {
        let code = 128 + i32::from(signal.number());
        flag::register_conditional_shutdown(signal.raw(), code, Arc::clone(&second))?;
    }
    let hear = move || {
        for raw in &mut arrivals {
            for signal in watched.iter().filter(|signal| signal.raw() == raw) {
                arm_later(Arc::clone(&second), signal.once());
                on_first(*signal);
            }
        }
    };
    thread::Builder::new().name("signals".into()).spawn(hear)?;
    Ok(())
}

/// From then on a signal is the second.
fn arm_later(second: Arc<AtomicBool>, wait: Duration) {
    let arm = move || {
        thread::sleep(wait);
        second.store(true, Ordering::SeqCst);
    };
    // No thread to be had: no second one is heard, and the drain goes on.
    let _ = thread::Builder::new().name("signals".into()).spawn(arm);
}

/// Before a signal ends the process, does what must not be left undone; then
/// the signal ends it, as if nobody had listened. For as long as it runs.
///
/// # Errors
/// When the system does not let handlers be installed.
pub fn before_end(undo: impl Fn() + Send + 'static) -> io::Result<()> {
    let ignored = *IGNORED_AT_START;
    let heard = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]
        .into_iter()
        .filter(|raw| ignored & (1 << (raw - 1)) == 0);
    let mut arrivals = Signals::new(heard)?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for raw in &mut arrivals {
                undo();
                // It does not come back.
                let _ = emulate_default_handler(raw);
            }
        })?;
    Ok(())
}

/// A file that reaches its size limit (`ulimit -f`) fails the write, as a full
/// disk does, instead of ending the process in the middle of a job.
pub fn ignore_sigxfsz() {
    if *IGNORED_AT_START & (1 << (SIGXFSZ - 1)) == 0 {
        // Where no handler can be installed, the system's own way stays.
        let _ = flag::register(SIGXFSZ, Arc::default());
    }
}

/// The mask of signals that were ignored when the program started, bit `n-1`
/// for signal `n`. Only Linux tells it without unsafe code; elsewhere it is
/// taken for empty. Asked for once: to write all that out costs the system a
/// good part of a start.
static IGNORED_AT_START: LazyLock<u64> = LazyLock::new(|| {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok())
        .unwrap_or(0)
});
