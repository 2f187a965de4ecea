//! The table of error codes, written out again: what roomctl does after each
//! code, and what the user sees.

use roomctl::api::codes::{Class, class};
use serde_json::Value;

use crate::support::{Reply, Server, any, fail};

/// Back off and send again.
const RETRY: [i64; 6] = [100_001, 100_102, 60_014, 70_169, 70_202, 70_500];

/// The same, and the whole job goes slower.
const SLOW: [i64; 5] = [100_012, 60_007, 60_011, 60_018, 60_019];

/// Stop the job: credentials or region are wrong.
const CREDS: [i64; 25] = [
    60_006, 60_016, 60_017, 60_010, 60_020, 60_021, 60_025, 60_026, 60_027, 60_028, 70_001, 70_002,
    70_003, 70_005, 70_052, 70_009, 70_013, 70_014, 70_016, 70_020, 70_050, 70_051, 70_403,
    // unlisted gateway codes
    70_999, 60_001,
];

/// Once more after a second, then as CREDS.
const ONCE: [i64; 2] = [60_004, 60_005];

/// This request will never succeed.
const NO: [i64; 22] = [
    100_002, 100_004, 100_006, 100_003, 100_007, 100_008, 100_009, 100_010, 100_011, 100_013,
    100_015, 100_016, 100_017, 100_018, 100_019, 100_020, 60_002, 60_003, 60_009, 60_012, 60_015,
    70_107,
];

/// Two more final codes: one listed, one not.
const NO_TOO: [i64; 6] = [70_402, 123_456, 100_200, 100_405, 100_411, 100_504];

/// It may have taken effect.
const DOUBT: [i64; 2] = [60_008, 60_013];

/// The result of a kick of one member when every answer is `reply`.
fn kick(reply: Reply, exit: i32) -> Value {
    let server = Server::answering([reply]);
    let kick = server.kick("-r room-test -u user1 -m spam -o json --retries 0");
    let done = kick.stdout(any()).stderr(any()).exits(exit);
    assert_eq!(done.summary()["ExitCode"], exit);
    assert_eq!(done.error().expect("an error")["ExitCode"], exit);
    done.result()
}

fn row(codes: &[i64], expected: Class, exit: i32, outcome: &str) {
    for code in codes {
        assert_eq!(class(*code), expected, "{code}");
        let result = kick(Reply::json(&fail(*code)), exit);
        assert_eq!(result["Outcome"], outcome, "{code}");
        assert_eq!(result["ErrorCode"], *code);
        assert_eq!(result["ErrorInfo"], "the text of the service");
        assert_eq!(result["ActionStatus"], "FAIL");
        assert_eq!(result["RequestId"], "Id-2");
        assert_eq!(result["Attempts"], 1);
    }
}

#[test]
fn retry_codes_end_unsent_with_exit_5() {
    row(&RETRY, Class::Retry, 5, "unsent");
}

#[test]
fn slow_codes_end_unsent_with_exit_5() {
    row(&SLOW, Class::Slow, 5, "unsent");
}

#[test]
fn credential_codes_end_refused_with_exit_4() {
    row(&CREDS, Class::Credentials, 4, "refused");
}

#[test]
fn a_failed_account_check_without_retries_ends_refused_with_exit_4() {
    row(&ONCE, Class::RetryOnce, 4, "refused");
}

#[test]
fn final_codes_end_refused_with_exit_1() {
    row(&NO, Class::Never, 1, "refused");
    row(&NO_TOO, Class::Never, 1, "refused");
}

#[test]
fn codes_in_doubt_end_unknown_with_exit_5() {
    row(&DOUBT, Class::Doubt, 5, "unknown");
}

#[test]
fn the_code_for_not_a_member_ends_absent_with_exit_1() {
    row(&[100_005], Class::Never, 1, "absent");
}

#[test]
fn unlisted_gateway_codes_count_as_credentials_and_all_others_as_final() {
    for code in [60_001, 60_022, 60_999, 70_000, 70_015, 70_998] {
        assert_eq!(class(code), Class::Credentials, "{code}");
    }
    for code in [
        -1, 1, 59_999, 61_000, 69_999, 71_000, 90_001, 100_000, 100_014,
    ] {
        assert_eq!(class(code), Class::Never, "{code}");
    }
    assert_eq!(class(0), Class::Done);
}

#[test]
fn http_429_means_nothing_took_effect() {
    let busy = Reply::http("429 Too Many Requests", "Retry-After: 1\r\n", "slow down");
    let result = kick(busy, 5);
    assert_eq!(result["Outcome"], "unsent");
    assert!(result["ErrorCode"].is_null() && result["ActionStatus"].is_null());
    assert!(
        result["ErrorInfo"]
            .as_str()
            .is_some_and(|info| info.contains("429"))
    );
}
