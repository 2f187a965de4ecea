//! A terminal for one test: what a program shows on it, and what a person
//! types.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::{HANG, wait_until};

/// The person's side.
pub(crate) struct Terminal {
    person: File,
    path: String,
    shown: Arc<(Mutex<String>, Condvar)>,
    /// Kept open, or the terminal would hang up before a program opens it.
    program: File,
    reader: JoinHandle<()>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&person).expect("a terminal");
        unlockpt(&person).expect("a terminal");
        let path = ptsname(&person, Vec::new()).expect("its name");
        let path = path.into_string().expect("UTF-8");
        let person = File::from(person);
        let shown = Arc::<(Mutex<String>, Condvar)>::default();
        let (reader, seen) = (person.try_clone().expect("a handle"), Arc::clone(&shown));
        let reader = thread::spawn(move || read(reader, &seen));
        let program = open(&path);
        Self {
            person,
            path,
            shown,
            program,
            reader,
        }
    }

    /// The program's side.
    pub(super) fn end(&self) -> Stdio {
        // A handle of its own would have a mode of its own.
        let program = self.program.try_clone();
        program.expect("the terminal").into()
    }

    /// Where a shell finds the program's side.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Waits until this is shown; returns everything so far.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        let (shown, changed) = &*self.shown;
        let shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(shown, HANG, |shown| !shown.contains(text));
        let (shown, _) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(shown.contains(text), "{text} is not shown: {shown}");
        shown.clone()
    }

    /// Everything so far.
    pub(crate) fn shown(&self) -> String {
        let (shown, _) = &*self.shown;
        shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything that was shown, when the programs have ended.
    pub(crate) fn shown_at_the_end(self) -> String {
        let Self {
            shown,
            program,
            reader,
            ..
        } = self;
        // Without the program's side there is nothing more to read.
        drop(program);
        wait_until("all is read", || reader.is_finished());
        let shown = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.clone()
    }

    /// Makes it so many columns wide.
    pub(crate) fn resize(&self, columns: u16) {
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&self.program, size).expect("resized");
    }

    /// Lets no program wait for this terminal.
    pub(crate) fn set_nonblocking(&self) {
        let flags = fcntl_getfl(&self.program).expect("its flags");
        fcntl_setfl(&self.program, flags | OFlags::NONBLOCK).expect("set");
    }

    /// Whether what is typed is shown.
    pub(crate) fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.program).expect("a terminal");
        modes.local_modes.contains(LocalModes::ECHO)
    }

    pub(crate) fn types(&self, text: &str) {
        (&self.person).write_all(text.as_bytes()).expect("typed");
    }
}

fn open(path: &str) -> File {
    let mut options = OpenOptions::new();
    // It must not become the controlling terminal of the tests: its hangup
    // would end them.
    let flags = OFlags::NOCTTY.bits().cast_signed();
    let options = options.read(true).write(true).custom_flags(flags);
    options.open(path).expect("the terminal")
}

fn read(mut reader: File, seen: &(Mutex<String>, Condvar)) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let text = String::from_utf8_lossy(&buffer[..count]);
        let mut shown = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.push_str(&text);
        seen.1.notify_all();
    }
}
