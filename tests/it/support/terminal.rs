//! A terminal with nobody in front of it.

use std::fs::{File, OpenOptions};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Both ends; without the first the second is no terminal any more.
pub(crate) struct Terminal {
    _screen: OwnedFd,
    line: File,
}

impl Terminal {
    pub(super) fn open() -> Self {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&screen).expect("granted");
        unlockpt(&screen).expect("unlocked");
        let name = ptsname(&screen, Vec::new()).expect("a name");
        let name = name.into_string().expect("UTF-8");
        let line = OpenOptions::new().read(true).write(true).open(name);
        Self {
            _screen: screen,
            line: line.expect("its other end"),
        }
    }

    pub(super) fn stdin(&self) -> Stdio {
        self.line.try_clone().expect("a descriptor").into()
    }
}
