//! A terminal; nobody sits in front of it until [`super::TerminalSession`] does.

use std::fs::{File, OpenOptions};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

/// Both ends; without the first the second is no terminal any more.
pub(crate) struct Pty {
    screen: OwnedFd,
    line: File,
}

impl Pty {
    pub(super) fn open() -> Self {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&screen).expect("granted");
        unlockpt(&screen).expect("unlocked");
        let name = ptsname(&screen, Vec::new()).expect("a name");
        let name = name.into_string().expect("UTF-8");
        let line = OpenOptions::new().read(true).write(true).open(name);
        Self {
            screen,
            line: line.expect("its other end"),
        }
    }

    /// What is typed goes in, what is shown comes out.
    pub(super) fn front(&self) -> File {
        self.screen.try_clone().expect("a descriptor").into()
    }

    /// Whether it shows what is typed.
    pub(super) fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.line).expect("a terminal");
        modes.local_modes.contains(LocalModes::ECHO)
    }

    pub(super) fn stdin(&self) -> Stdio {
        self.line.try_clone().expect("a descriptor").into()
    }
}
