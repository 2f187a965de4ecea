//! Colour is for terminals, or on request; no meaning depends on colour alone.

use crate::support::{Done, Home, Roomctl, Sandbox, any};

fn kick(change: impl FnOnce(Roomctl) -> Roomctl) -> Done {
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick("-r room-test -u user1 -u nobody -m spam");
    change(kick).stdout(any()).stderr(any()).exits(6)
}

fn is_coloured(done: &Done) -> (bool, bool) {
    (
        done.stdout.contains('\u{1b}'),
        done.stderr.contains('\u{1b}'),
    )
}

#[test]
fn a_pipe_gets_no_colour() {
    assert_eq!(is_coloured(&kick(|kick| kick)), (false, false));
    let asked = kick(|kick| kick.args("--color never").env("CLICOLOR_FORCE", "1"));
    assert_eq!(is_coloured(&asked), (false, false));
    let no_color = kick(|kick| kick.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1"));
    assert_eq!(is_coloured(&no_color), (false, false));
}

#[test]
fn colour_always_colours_a_pipe() {
    for done in [
        kick(|kick| kick.args("--color always").env("NO_COLOR", "1")),
        kick(|kick| kick.env("ROOMCTL_COLOR", "always").env("TERM", "dumb")),
        kick(|kick| kick.env("CLICOLOR_FORCE", "1")),
    ] {
        assert_eq!(is_coloured(&done), (true, true), "{done}");
    }
}

#[test]
fn json_is_never_coloured() {
    let done = kick(|kick| kick.args("-o json --color always"));
    assert_eq!(is_coloured(&done), (false, false));
    assert!(done.error().is_some() && !done.results().is_empty());
}

#[test]
fn a_profile_or_variable_asks_for_json_as_the_flag_does() {
    let home = Home::new();
    home.config("[profiles.p]\noutput = \"json\"\n");
    for done in [
        kick(|kick| kick.home(&home).args("--profile p")),
        kick(|kick| kick.env("ROOMCTL_OUTPUT", "json")),
    ] {
        assert_eq!(done.summary()["ExitCode"], 6);
        assert_eq!(done.error().expect("an error")["ExitCode"], 6);
        assert!(!done.results().is_empty());
    }
    let over = kick(|kick| kick.env("ROOMCTL_OUTPUT", "json").args("-o text"));
    assert!(over.stdout.contains("ErrorCode: "), "{over}");
}

#[test]
fn errors_of_the_command_line_and_help_follow_the_flag_too() {
    for (words, code) in [
        ("kick --nope", 2),
        ("kick --rate x", 2),
        ("kick --help", 0),
        ("--help", 0),
        ("sandbox --fault x", 2),
    ] {
        let run = |color: &str| {
            let run = Roomctl::new(color).args(words);
            run.stdout(any()).stderr(any())
        };
        for done in [
            run("--color never").env("CLICOLOR_FORCE", "1").exits(code),
            run("")
                .env("ROOMCTL_COLOR", "never")
                .env("CLICOLOR_FORCE", "1")
                .exits(code),
            run("")
                .env("NO_COLOR", "1")
                .env("CLICOLOR_FORCE", "1")
                .exits(code),
        ] {
            assert_eq!(is_coloured(&done), (false, false), "{words}: {done}");
        }
        for done in [
            run("--color always").exits(code),
            run("--color=always").env("NO_COLOR", "1").exits(code),
            run("").env("ROOMCTL_COLOR", "always").exits(code),
            run("")
                .env("CLICOLOR_FORCE", "1")
                .env("TERM", "dumb")
                .exits(code),
        ] {
            assert_eq!(
                is_coloured(&done),
                (code == 0, code != 0),
                "{words}: {done}"
            );
        }
    }
}

#[test]
fn an_invalid_colour_is_an_error_in_the_requested_format() {
    for (words, value, code) in [("--color sometimes", "", 2), ("", "sometimes", 3)] {
        let kick = Roomctl::new("-o json kick -r r -u u -m x").args(words);
        let done = kick.env("ROOMCTL_COLOR", value).stderr(any()).exits(code);
        let error = done.error().expect("an error in JSON");
        assert!(error["error"]["message"].to_string().contains("sometimes"));
    }
}
