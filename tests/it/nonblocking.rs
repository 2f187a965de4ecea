//! Streams that another program has set to non-blocking mode are waited for, in
//! every command: they are slow, and no error.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use roomctl::sandbox::Options;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};

use crate::support::{Done, Home, Roomctl, Running, Sandbox, Terminal, any, has, lines};

/// Both ends of a pipe of one page: the reader's and the writer's.
fn small_pipe() -> (File, File) {
    let (out, into) = pipe_with(PipeFlags::CLOEXEC).expect("a pipe");
    fcntl_setpipe_size(&into, 4096).expect("one page");
    (File::from(out), File::from(into))
}

fn set_nonblocking(file: &File) {
    let flags = fcntl_getfl(file).expect("its flags");
    fcntl_setfl(file, flags | OFlags::NONBLOCK).expect("set");
}

/// What a reader sees who takes a little now and then.
fn read_slowly(mut pipe: File) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let (mut all, mut some) = (Vec::new(), [0; 3000]);
        loop {
            thread::sleep(Duration::from_millis(1));
            match pipe.read(&mut some).expect("read") {
                0 => return String::from_utf8(all).expect("UTF-8"),
                bytes => all.extend(&some[..bytes]),
            }
        }
    })
}

/// Writes a part now and then, and ends the input.
fn write_slowly(mut pipe: File, text: impl Into<Vec<u8>>) {
    let text = text.into();
    thread::spawn(move || {
        for part in text.chunks(text.len() / 3 + 1) {
            thread::sleep(Duration::from_millis(30));
            match pipe.write_all(part) {
                Err(why) if why.kind() == ErrorKind::BrokenPipe => return,
                written => written.expect("written"),
            }
        }
    });
}

/// The run with stdout and stderr in non-blocking mode and slow readers; its exit
/// code, and what they read.
fn with_slow_readers(run: Roomctl) -> (Option<i32>, Done) {
    let [(out, stdout), (err, stderr)] = [small_pipe(), small_pipe()];
    set_nonblocking(&stdout);
    set_nonblocking(&stderr);
    let readers = [out, err].map(read_slowly);
    let run = run.start_between([Stdio::null(), stdout.into(), stderr.into()]);
    let [stdout, stderr] = readers.map(|reader| reader.join().expect("read"));
    (run.ended().0, Done { stdout, stderr })
}

/// Starts the run with a stdin in non-blocking mode, and this text from a slow
/// writer.
fn with_slow_writer(run: Roomctl, text: impl Into<Vec<u8>>) -> Running {
    let (stdin, into) = small_pipe();
    set_nonblocking(&stdin);
    write_slowly(into, text);
    run.start_between([stdin.into(), Stdio::piped(), Stdio::piped()])
}

/// The run as in a shell, and with slow readers: nothing is missing.
fn check_same(run: impl Fn() -> Roomctl) {
    let (code, plain) = run().start().ended();
    let (slow_code, slow) = with_slow_readers(run());
    assert_eq!(slow_code, code, "{slow}");
    // Times and request IDs differ.
    let shape = |text: &str| (text.lines().count(), text.chars().next());
    assert_eq!(shape(&slow.stdout), shape(&plain.stdout), "{slow}{plain}");
    assert_eq!(shape(&slow.stderr), shape(&plain.stderr), "{slow}{plain}");
}

#[test]
fn results_and_notes_of_a_long_job_are_whole() {
    let room = (
        String::from("r"),
        (0..2000).map(|n| format!("u{n}")).collect(),
    );
    let sandbox = Sandbox::with(Options {
        rooms: [room].into(),
        ..Options::default()
    });
    let home = Home::new();
    let list = home.file("list", lines("u", 0..2000));
    for format in ["text", "json"] {
        let kick = sandbox.kick("-r r -m spam --ignore-absent --check-room never -v -o");
        let kick = kick.arg(format).arg("--from").arg(&list);
        let (code, done) = with_slow_readers(kick);
        assert_eq!(code, Some(0), "{done}");
        let names = (0..2000).filter(|n| match format {
            "text" => done.stdout.contains(&format!("\tu{n}\t")),
            _ => done.stdout.contains(&format!("\"u{n}\"")),
        });
        assert_eq!(names.count(), 2000, "{format}");
        assert!(done.stderr.matches("> POST").count() >= 100, "{done}");
    }
}

#[test]
fn every_command_waits_for_a_slow_reader() {
    let sandbox = Sandbox::demo();
    for words in [
        "kick --help",
        "--help",
        "-h",
        "--version",
        "help environment",
        "man",
        "completions bash",
        "completions zsh",
        "explain",
        "explain -o json",
    ] {
        check_same(|| Roomctl::new(words));
    }
    for words in [
        "members -r room-test",
        "bans -r room-test",
        "info -r room-test",
        "doctor",
        "usersig sign",
        "profile show",
    ] {
        check_same(|| sandbox.roomctl(words));
    }
    // Help, errors and candidates that nobody asked for by name.
    check_same(|| Roomctl::new(""));
    let home = Home::new();
    let bad = home.file("bad.csv", format!("room,user\n{}", ",\n".repeat(300)));
    check_same(|| Roomctl::new("kick --sandbox -m spam --from").arg(&bad));
    let ask = || Roomctl::new("-- roomctl kick --").env("_CLAP_COMPLETE_INDEX", "2");
    check_same(|| ask().env("ROOMCTL_COMPLETE", "bash"));
}

#[test]
fn keys_and_signatures_from_stdin_are_waited_for() {
    let sandbox = Sandbox::demo();
    let sig = sandbox.usersig(3600);
    let kick = || {
        let kick = sandbox.kick("-r room-test -u user1 -m spam -q --ignore-absent");
        kick.env_remove("ROOMCTL_SECRET_KEY").stdout(any())
    };
    with_slow_writer(kick().args("--secret-key-file -"), sandbox.key()).ends(0);
    with_slow_writer(kick().args("--usersig-file -"), sig.clone()).ends(0);
    let inspect = Roomctl::new("usersig inspect -").stdout(has(["administrator"]));
    with_slow_writer(inspect, sig).ends(0);
    let kick = sandbox.kick("-r room-test -u user2 --reason-file - -q");
    with_slow_writer(kick.stdout(any()), "spam and more\n").ends(0);
}

#[test]
fn lists_and_feeds_are_waited_for() {
    let names = lines("user", 1..101);
    for words in ["", "--stream", "--dry-run", "--stream --format lines"] {
        let sandbox = if words.contains("dry") {
            Sandbox::untouched()
        } else {
            Sandbox::demo()
        };
        let kick = sandbox
            .kick("-r room-test -m spam -o json --from -")
            .args(words);
        let done = with_slow_writer(kick.stdout(any()).stderr(any()), names.clone()).ends(0);
        if words.contains("dry") {
            assert!(done.stdout.contains("100"), "{done}");
        } else {
            assert_eq!(done.members().len(), 100, "{done}");
        }
    }
    let rooms = Roomctl::new("sandbox --rooms - -- true");
    with_slow_writer(rooms, "{\"RoomId\":\"r\",\"Member_Account\":\"u\"}\n").ends(0);
}

#[test]
fn an_answer_on_a_terminal_is_waited_for() {
    let terminal = Terminal::new();
    let home = Home::new();
    let list = home.file("list", lines("user", 1..31));
    let sandbox = Sandbox::demo();
    let kick = sandbox
        .kick("-r room-test -m spam --ignore-absent --from")
        .arg(list);
    terminal.set_nonblocking();
    let running = kick.stdout(any()).start_on(&terminal);
    terminal.wait_for("?");
    thread::sleep(Duration::from_millis(50));
    terminal.types("y\n");
    running.ends(0);
}

#[test]
fn a_reader_who_leaves_a_nonblocking_pipe_ends_it_quietly() {
    let sandbox = Sandbox::demo();
    let (out, stdout) = small_pipe();
    set_nonblocking(&stdout);
    let (err, stderr) = small_pipe();
    drop(out);
    let reader = read_slowly(err);
    let kick = sandbox.kick("-r room-test -u user1 -m spam");
    let run = kick.start_between([Stdio::null(), stdout.into(), stderr.into()]);
    let notes = reader.join().expect("read");
    assert_eq!(run.ended().0, Some(0), "{notes}");
    assert!(!notes.contains("error"), "{notes}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_names_stdout() {
    let sandbox = Sandbox::demo();
    let full = |run: Roomctl| run.in_shell("exec \"$0\" \"$@\" >/dev/full");
    let says = || has(["cannot write results to stdout: ", "hint: "]);
    full(sandbox.kick("-r room-test -u user1 -m spam").stderr(says())).exits(7);
    full(sandbox.roomctl("members -r room-test").stderr(says())).exits(7);
    full(Roomctl::new("--help").stderr(says())).exits(7);
}
