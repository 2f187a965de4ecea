//! `info`: the fields of a room.

use crate::support::{Sandbox, Terminal, any};

const INFO: &str = "info --room room-test";

#[test]
fn json_is_the_services_own_fields() {
    let sandbox = Sandbox::demo();
    let done = sandbox.roomctl(INFO).args("-o json").stdout(any()).exits(0);
    let info = done.result();
    assert!(
        done.stdout
            .starts_with("{\"RoomId\":\"room-test\",\"RoomName\":")
    );
    assert_eq!(info["MemberCount"], 100);
    assert_eq!(info["Owner_Account"], "administrator");
}

#[test]
fn text_is_one_name_and_value_per_line() {
    let sandbox = Sandbox::demo();
    let done = sandbox.roomctl(INFO).stdout(any()).exits(0);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines[0], "RoomId\troom-test");
    for line in [
        "MemberCount\t100",
        "RoomStatus\tRunning",
        "CustomInfo\t-",
        "IsSeatEnabled\tfalse",
        "ScheduleStartTime\t-",
    ] {
        assert!(lines.contains(&line), "{line} in {done}");
    }
}

#[test]
fn a_terminal_gets_aligned_values() {
    let sandbox = Sandbox::demo();
    let terminal = Terminal::new();
    let script = format!("exec \"$0\" \"$@\" > {}", terminal.path());
    sandbox.roomctl(INFO).in_shell(&script).exits(0);
    let shown = terminal.wait_for("CreateTime");
    assert!(
        shown.contains("RoomStatus                Running\r\n"),
        "{shown}"
    );
}
