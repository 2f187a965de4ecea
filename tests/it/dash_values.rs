//! Names, reasons and patterns may begin with a dash. A forgotten value stays an
//! error where the next word is a flag of the command.

use crate::support::{OK, Reply, Roomctl, Sandbox, Server, any, has};

#[test]
fn a_name_or_a_reason_with_a_dash_in_front_is_sent_as_it_is() {
    for (words, room, user, reason) in [
        (
            "--room -1001234 --user -alice --reason=-",
            "-1001234",
            "-alice",
            "-",
        ),
        ("-r -1001234 -u -alice -m -x", "-1001234", "-alice", "-x"),
        ("-r -room -u -user1 -m --x", "-room", "-user1", "--x"),
        ("-r -_- -u --bob -m -5", "-_-", "--bob", "-5"),
        ("-r--user -u=-u --reason=--yes", "--user", "-u", "--yes"),
    ] {
        let server = Server::answering([Reply::json(OK)]);
        let kick = server.kick(words).stdout(any()).stderr(any());
        kick.exits(0);
        let sent = server.requests().remove(0).json_body();
        assert_eq!(sent["RoomId"], room, "{words}");
        assert_eq!(sent["MemberList_Account"][0], user, "{words}");
        assert_eq!(sent["Reason"], reason, "{words}");
    }
    let server = Server::answering([Reply::json(OK)]);
    let kick = server.kick("-r r -u a --reason").arg("--- spam");
    kick.stdout(any()).stderr(any()).exits(0);
    assert_eq!(
        server.requests().remove(0).json_body()["Reason"],
        "--- spam"
    );
}

#[test]
fn patterns_identifiers_and_rooms_of_other_commands_may_begin_with_a_dash() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("-r r -m x -u -bot7 --protect -bot*");
    kick.stderr(has(["-bot*", "-bot7"])).exits(2);
    let kick = sandbox.kick("-r r -m x -u a -n -v --identifier -x");
    kick.stdout(any()).stderr(has(["identifier: -x"])).exits(0);
    for command in ["members", "bans", "info"] {
        let run = Roomctl::new(command).args("--sandbox --room -100");
        run.stdout(any()).stderr(any()).exits(1);
    }
}

#[test]
fn a_forgotten_value_is_exit_2_with_both_ways_out() {
    let sandbox = Sandbox::untouched();
    for (words, message, hint) in [
        (
            "--room --user alice -m x",
            "--room has no value: the next word is --user",
            "--room=--user",
        ),
        (
            "-r -u alice -m x",
            "-r has no value: the next word is -u",
            "--room=-u",
        ),
        (
            "-r r -u alice --reason --yes",
            "--reason has no value",
            "--reason=--yes",
        ),
        (
            "-r r -u -m spam",
            "-u has no value: the next word is -m",
            "--user=-m",
        ),
        (
            "-r r -u alice -m x --protect --skip-protected",
            "--protect has no value",
            "give --protect GLOB",
        ),
        (
            "-r r -u alice -m --dry-rum",
            "looks like the flag --dry-run",
            "give -m TEXT",
        ),
        (
            "-r r -u a -m x --identifier --region usa",
            "--identifier has no value",
            "give --identifier ID",
        ),
    ] {
        let kick = sandbox.kick(words);
        kick.stderr(has(["error: ", message, "hint: ", hint]))
            .exits(2);
    }
}
