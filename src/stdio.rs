//! Standard input, output and error, without a buffer. All of roomctl reads and
//! writes them through this file.
//!
//! A stream may be inherited in non-blocking mode: a program that shares it (an
//! event loop, `ssh`, a CI runner) has set that mode for all of them. Where a
//! read or a write would have to wait, the system then reports an error. Here it is
//! waited for. The mode is not changed, because the other program relies on it.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// The pause before the next try where the system cannot wait for a stream: macOS
/// does not for a terminal.
const PAUSE: Duration = Duration::from_millis(10);

/// Standard input. What is not read stays for other programs.
#[derive(Debug)]
pub(crate) struct Stdin;

/// Standard output: each text is one write, if the system takes it whole.
#[derive(Debug)]
pub(crate) struct Stdout;

/// Standard error, the same.
#[derive(Debug)]
pub(crate) struct Stderr;

impl Read for Stdin {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let stdin = io::stdin();
        when_ready(&stdin, PollFlags::IN, || {
            rustix::io::read(&stdin, &mut *bytes)
        })
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(io::stdout(), bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(io::stderr(), bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write(stream: impl AsFd, bytes: &[u8]) -> io::Result<usize> {
    when_ready(&stream, PollFlags::OUT, || {
        rustix::io::write(&stream, bytes)
    })
}

/// Whether reading would not wait longer than `limit`. True also where the system cannot
/// wait for the stream.
pub(crate) fn is_ready(stream: impl AsFd, limit: Duration) -> bool {
    let limit = Timespec::try_from(limit).ok();
    loop {
        let mut polled = [PollFd::new(&stream, PollFlags::IN)];
        match poll(&mut polled, limit.as_ref()) {
            Err(Errno::INTR) => {}
            ready => return ready != Ok(0),
        }
    }
}

/// The result of `act`, which is tried again whenever the stream is ready, until
/// it need not wait.
fn when_ready<T>(
    stream: impl AsFd,
    event: PollFlags,
    mut act: impl FnMut() -> rustix::io::Result<T>,
) -> io::Result<T> {
    loop {
        match act() {
            Err(Errno::AGAIN) => wait(&stream, event),
            Err(Errno::INTR) => {}
            done => return done.map_err(io::Error::from),
        }
    }
}

/// Waits for the event, or for what makes the next try fail for good.
fn wait(stream: impl AsFd, event: PollFlags) {
    let mut polled = [PollFd::new(&stream, event)];
    let waited = poll(&mut polled, None);
    let is_over = polled[0]
        .revents()
        .intersects(event | PollFlags::HUP | PollFlags::ERR);
    if waited != Err(Errno::INTR) && !is_over {
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::pipe::{PipeFlags, pipe_with};

    #[test]
    fn a_write_waits_for_the_reader_and_a_read_for_the_writer() {
        const BYTES: usize = 1024 * 1024;
        let (out, into) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let writer = thread::spawn(move || {
            thread::sleep(PAUSE);
            let mut written = 0;
            while written < BYTES {
                written += write(&into, &vec![b'x'; 100_000]).expect("written");
            }
            written
        });
        let mut read = 0;
        let mut buffer = [0; 4096];
        loop {
            let some = when_ready(&out, PollFlags::IN, || {
                rustix::io::read(&out, &mut buffer[..])
            });
            match some.expect("read") {
                0 => break,
                bytes => read += bytes,
            }
        }
        assert_eq!(read, writer.join().expect("written"));
    }

    #[test]
    fn a_pipe_is_ready_when_it_has_bytes_or_is_closed() {
        let (out, into) = pipe_with(PipeFlags::empty()).expect("a pipe");
        assert!(!is_ready(&out, PAUSE));
        write(&into, b"x").expect("written");
        assert!(is_ready(&out, PAUSE));
        rustix::io::read(&out, &mut [0]).expect("read");
        assert!(!is_ready(&out, PAUSE));
        drop(into);
        assert!(is_ready(&out, PAUSE));
    }

    #[test]
    fn a_reader_that_closes_ends_the_wait() {
        let (out, into) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let reader = thread::spawn(move || {
            thread::sleep(PAUSE);
            drop(out);
        });
        let mut last = Ok(1);
        while last.is_ok() {
            last = write(&into, &vec![b'x'; 100_000]);
        }
        let why = last.expect_err("closed");
        assert_eq!(why.kind(), io::ErrorKind::BrokenPipe);
        reader.join().expect("gone");
    }
}
