//! SIGHUP, SIGINT and SIGTERM: the first asks a job to drain, the second ends the
//! process at once.
//!
//! The first calls a closure on a separate thread. The second is handled inside
//! the signal handler, so that it works while the program is blocked in a write.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use memchr::memmem;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
use signal_hook::low_level::emulate_default_handler;
use signal_hook::{flag, iterator::Signals};

/// A signal within this time of the first counts as the same one: `timeout` sends
/// one to its child and one to its group. Nobody presses Ctrl-C twice so fast.
const SAME_SIGNAL: Duration = Duration::from_millis(50);

/// The same for SIGHUP: when a terminal closes, the system and the shell send one
/// each.
const SAME_HANGUP: Duration = Duration::from_secs(1);

/// A signal that ends a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal was closed.
    Hup,
    /// Ctrl-C.
    Int,
    /// From a supervisor or from `kill`.
    Term,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Hup, Self::Int, Self::Term];

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Hup => 1,
            Self::Int => 2,
            Self::Term => 15,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hup => "SIGHUP",
            Self::Int => "SIGINT",
            Self::Term => "SIGTERM",
        }
    }

    /// Within this time another one is not a second signal.
    fn same_signal_time(self) -> Duration {
        match self {
            Self::Hup => SAME_HANGUP,
            Self::Int | Self::Term => SAME_SIGNAL,
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

/// Calls `on_first` when one of the signals arrives; the second one ends the
/// process with 128 + its number. A signal that was ignored when the program
/// started (`nohup`) stays ignored.
///
/// # Errors
/// When the system does not let handlers be installed.
pub(crate) fn on_signal(on_first: impl Fn(Signal) + Send + 'static) -> io::Result<()> {
    let ignored = *IGNORED_AT_START;
    let watched = Signal::ALL
        .into_iter()
        .filter(|s| ignored & (1 << (s.number() - 1)) == 0);
    let watched: Vec<Signal> = watched.collect();
    // Registered first: from here on no signal is lost.
    let mut arrivals = Signals::new(watched.iter().map(|s| s.raw()))?;
    let second = Arc::new(AtomicBool::new(false));
    for signal in &watched {
        let code = 128 + i32::from(signal.number());
        flag::register_conditional_shutdown(signal.raw(), code, Arc::clone(&second))?;
    }
    let receive = move || {
        for raw in &mut arrivals {
            for signal in watched.iter().filter(|signal| signal.raw() == raw) {
                arm_second_later(Arc::clone(&second), signal.same_signal_time());
                on_first(*signal);
            }
        }
    };
    thread::Builder::new()
        .name("signals".into())
        .spawn(receive)?;
    Ok(())
}

/// Passes the first signal to what is running at its time. A second one ends the
/// process at once.
#[derive(Clone)]
pub(crate) struct SignalRelay(Arc<Mutex<Option<SignalReceiver>>>);

/// What is done at a signal.
type SignalReceiver = Box<dyn Fn(Signal) + Send>;

impl SignalRelay {
    /// Signals go to `receive`.
    ///
    /// # Errors
    /// When the system does not let handlers be installed.
    pub(crate) fn install(receive: impl Fn(Signal) + Send + 'static) -> io::Result<Self> {
        let receiver: SignalReceiver = Box::new(receive);
        let relay = Self(Arc::new(Mutex::new(Some(receiver))));
        let receivers = relay.clone();
        on_signal(move |signal| match &*receivers.lock() {
            Some(receive) => receive(signal),
            // Does not return.
            None => drop(emulate_default_handler(signal.raw())),
        })?;
        Ok(relay)
    }

    /// From now on signals go to `receive`.
    pub(crate) fn pass_to(&self, receive: impl Fn(Signal) + Send + 'static) {
        *self.lock() = Some(Box::new(receive));
    }

    /// From now on a signal ends the process in the usual way.
    pub(crate) fn release(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<SignalReceiver>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SignalRelay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignalRelay")
    }
}

/// After `wait`, another signal is the second one.
fn arm_second_later(second: Arc<AtomicBool>, wait: Duration) {
    let arm = move || {
        thread::sleep(wait);
        second.store(true, Ordering::SeqCst);
    };
    // Without a thread there is no second signal, and the drain goes on.
    let _ = thread::Builder::new().name("signals".into()).spawn(arm);
}

/// From now on, calls `undo` before a signal ends the process. The signal then
/// ends it in the usual way.
///
/// # Errors
/// When the system does not let handlers be installed.
pub(crate) fn before_exit_by_signal(undo: impl Fn() + Send + 'static) -> io::Result<()> {
    let ignored = *IGNORED_AT_START;
    let handled = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]
        .into_iter()
        .filter(|raw| ignored & (1 << (raw - 1)) == 0);
    let mut arrivals = Signals::new(handled)?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for raw in &mut arrivals {
                undo();
                // Does not return.
                let _ = emulate_default_handler(raw);
            }
        })?;
    Ok(())
}

/// From now on, Ctrl-C does not end this process. A program that it runs, and that
/// uses the terminal, decides.
pub(crate) fn ignore_interrupts() {
    // Without a handler, the signal ends the process.
    let _ = flag::register(SIGINT, Arc::default());
}

/// Makes a write fail at the file size limit (`ulimit -f`), as at a full disk,
/// instead of ending the process in the middle of a job.
pub(crate) fn ignore_sigxfsz() {
    if *IGNORED_AT_START & (1 << (SIGXFSZ - 1)) == 0 {
        // Without a handler, the signal ends the process.
        let _ = flag::register(SIGXFSZ, Arc::default());
    }
}

/// The mask of signals that were ignored when the program started, bit `n-1` for
/// signal `n`. Only Linux shows it without unsafe code; on other systems it counts
/// as empty. Read once, because the file takes a good part of the program's start.
static IGNORED_AT_START: LazyLock<u64> = LazyLock::new(|| {
    let status = std::fs::read("/proc/self/status").unwrap_or_default();
    let line = memmem::find(&status, b"\nSigIgn:").map(|at| &status[at + 8..]);
    let mask = line.and_then(|line| line.split(|byte| *byte == b'\n').next());
    let mask = mask.and_then(|hex| str::from_utf8(hex).ok());
    mask.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok())
        .unwrap_or(0)
});
