//! What the rows of the table are used for.

use super::*;

#[test]
fn a_hint_names_flag_variable_and_profile_key() {
    assert_eq!(
        SDKAPPID.places("a profile"),
        "--sdkappid, ROOMCTL_SDKAPPID or `sdkappid` in a profile"
    );
    assert_eq!(
        SECRET_KEY_COMMAND.places("profile prod"),
        "`secret_key_command` in profile prod"
    );
}

#[test]
fn flag_variable_and_key_of_a_row_have_one_name() {
    for spec in SETTINGS {
        let key = spec.flag.map(|flag| flag[2..].replace('-', "_"));
        if let (Some(name), Some(variable)) = (&key, spec.variable) {
            assert_eq!(
                variable.strip_prefix(concat!("ROOMCTL", "_")),
                Some(&*name.to_uppercase())
            );
        }
        if let (Some(name), Some(key)) = (&key, spec.key) {
            assert_eq!(key, name);
        }
    }
}

#[test]
fn the_flags_of_the_connection_have_their_help() {
    for spec in SETTINGS.iter().filter(|spec| spec.flag.is_some()) {
        assert_eq!(spec.is_connection(), !spec.help.is_empty(), "{spec:?}");
    }
    assert_eq!(
        TIMEOUT.flag_help(),
        "Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]"
    );
}
