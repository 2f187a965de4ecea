//! The service's error codes (api.md, section 5): the meaning of each, a remedy,
//! and the class, which decides what a job does next.
//!
//! The classes are ours; the vendor's documents have none. The engine, `explain`,
//! `doctor` and the shell completions all read this table.

/// What a job does after an answer or an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request took effect.
    Done,
    /// The request had no effect: wait and send it again.
    Retry,
    /// As `Retry`, and the whole job continues at a lower rate.
    Slow,
    /// Every request will be refused: stop the job before the service blocks the
    /// caller.
    Credentials,
    /// This request cannot succeed.
    Never,
    /// The request may have taken effect: send it again. If the answer is then
    /// [`NOT_A_MEMBER`], the members are gone.
    Doubt,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// `ErrorCode` of the answer.
    pub code: i64,
    /// What it means.
    pub meaning: &'static str,
    /// What the user can do.
    pub remedy: &'static str,
    /// What a job does.
    pub class: Class,
}

/// A member is not in the room. The code stands for the whole request.
pub(crate) const NOT_A_MEMBER: i64 = 100_005;
/// A parameter was refused; `ErrorInfo` names it.
pub(crate) const INVALID_PARAMETER: i64 = 100_002;
/// The `UserSig` has expired.
pub(crate) const SIGNATURE_EXPIRED: i64 = 70_001;

const NO_PERMISSION: i64 = 100_006;
const ACCOUNT_UNKNOWN: i64 = 70_107;

/// The row of a documented code.
pub fn row(code: i64) -> Option<&'static Row> {
    TABLE
        .binary_search_by_key(&code, |row| row.code)
        .ok()
        .map(|at| &TABLE[at])
}

/// The class of an `ErrorCode`. Undocumented gateway codes (60xxx, 70xxx) count as
/// credentials, because the service blocks callers that repeat such requests.
/// Every other undocumented code is final.
pub fn class(code: i64) -> Class {
    match (code, row(code)) {
        (0, _) => Class::Done,
        (_, Some(row)) => row.class,
        (60_000..=60_999 | 70_000..=70_999, None) => Class::Credentials,
        (_, None) => Class::Never,
    }
}

/// Whether this code, as the answer to several members, does not say which of them
/// caused it, so that smaller requests are worth sending. Never true for codes of
/// the gateway and of credentials.
pub(crate) fn is_batch_level_code(code: i64) -> bool {
    matches!(
        code,
        NOT_A_MEMBER | INVALID_PARAMETER | NO_PERMISSION | ACCOUNT_UNKNOWN
    )
}

const fn r(code: i64, class: Class, meaning: &'static str, remedy: &'static str) -> Row {
    Row {
        code,
        meaning,
        remedy,
        class,
    }
}

const DEFECT: &str = "roomctl sent a malformed request: please report it with the RequestId";
const TRY_AGAIN: &str = "try again in a moment";
const SLOWER: &str = "use a lower --rate; other programs share the limit of 200 requests a second";
const OTHER_CALLS: &str = "an error of other calls; not expected here";
const SUPPORT: &str = "contact the service's support with the RequestId";
const PAIR: &str = "SDKAppID and secret key must be of the same app: compare both in the console";
const REGION: &str =
    "usually the wrong region: try another --region (the console shows the app's data centre)";

use Class::{Credentials, Doubt, Never, Retry, Slow};

/// Every documented code, ascending.
pub const TABLE: &[Row] = &[
    r(60_002, Never, "the HTTP request could not be read", DEFECT),
    r(60_003, Never, "the JSON body could not be read", DEFECT),
    r(
        60_004,
        Credentials,
        "the account or signature check failed",
        "check identifier and key",
    ),
    r(
        60_005,
        Credentials,
        "the account or signature check failed",
        "check identifier and key",
    ),
    r(
        60_006,
        Credentials,
        "the SDKAppID is invalid",
        "check the SDKAppID in the console",
    ),
    r(60_007, Slow, "too many requests for this API", SLOWER),
    r(
        60_008,
        Doubt,
        "the service timed out, or could not read the request",
        TRY_AGAIN,
    ),
    r(60_009, Never, "the request URL is not known", DEFECT),
    r(
        60_010,
        Credentials,
        "the identifier is not an App administrator",
        "use an administrator account of the app as --identifier",
    ),
    r(60_011, Slow, "too many requests for this SDKAppID", SLOWER),
    r(
        60_012,
        Never,
        "the SDKAppID is missing from the URL",
        DEFECT,
    ),
    r(
        60_013,
        Doubt,
        "the service could not read its own backend's answer",
        TRY_AGAIN,
    ),
    r(60_014, Retry, "the account check timed out", TRY_AGAIN),
    r(60_015, Never, "the account type is wrong", DEFECT),
    r(60_016, Credentials, "the SDKAppID is disabled", SUPPORT),
    r(
        60_017,
        Credentials,
        "the request is disabled for this app",
        SUPPORT,
    ),
    r(60_018, Slow, "too many requests", SLOWER),
    r(60_019, Slow, "too many requests", SLOWER),
    r(
        60_020,
        Credentials,
        "the package has expired or was not bought",
        "buy it in the console; it takes effect within 5 minutes",
    ),
    r(
        60_021,
        Credentials,
        "this machine's IP address is not allowed",
        "allow the address, or ask the service's support",
    ),
    r(
        60_025,
        Credentials,
        "sdkappid, identifier, usersig or contenttype is wrong in the URL",
        "check SDKAppID, identifier and UserSig",
    ),
    r(
        60_026,
        Credentials,
        "this region is not the SDKAppID's data centre",
        REGION,
    ),
    r(
        60_027,
        Credentials,
        "the product does not match the app",
        "check in the console which product the app belongs to",
    ),
    r(
        60_028,
        Credentials,
        "the trial's quota of 24 hours is used up",
        "wait a day, or buy the full edition",
    ),
    r(
        70_001,
        Credentials,
        "the UserSig has expired",
        "sign a new one; if it is new, check this machine's clock",
    ),
    r(
        70_003,
        Credentials,
        "the UserSig cannot be parsed",
        "make a new one; often the end was lost when it was copied",
    ),
    r(
        70_009,
        Credentials,
        "the UserSig was made with another app's key",
        PAIR,
    ),
    r(
        70_013,
        Credentials,
        "the identifier differs from the signed one",
        "make the UserSig for exactly this --identifier",
    ),
    r(
        70_014,
        Credentials,
        "the SDKAppID differs from the signed one",
        "make the UserSig for exactly this --sdkappid",
    ),
    r(
        70_016,
        Credentials,
        "the key of this SDKAppID is unknown here",
        REGION,
    ),
    r(70_020, Credentials, "the SDKAppID is unknown here", REGION),
    r(
        70_050,
        Credentials,
        "verification failed too often and is throttled",
        "fix the credentials, then wait 60 seconds",
    ),
    r(70_051, Credentials, "the account is blocked", SUPPORT),
    r(
        70_107,
        Never,
        "the account was never imported into the app",
        "import it, or check the spelling of the UserID",
    ),
    r(70_169, Retry, "the service timed out", TRY_AGAIN),
    r(
        70_402,
        Never,
        "a parameter of the signature check is invalid",
        DEFECT,
    ),
    r(
        70_403,
        Credentials,
        "an App administrator is needed",
        "use an administrator account of the app as --identifier",
    ),
    r(
        70_500,
        Retry,
        "an internal error of the signature service",
        TRY_AGAIN,
    ),
    r(
        100_001,
        Retry,
        "an internal error of the room service",
        TRY_AGAIN,
    ),
    r(
        100_002,
        Never,
        "a parameter is invalid; ErrorInfo says which",
        "fix the room, the user or the reason",
    ),
    r(
        100_003,
        Never,
        "a room with this RoomId exists already",
        OTHER_CALLS,
    ),
    r(
        100_004,
        Never,
        "the room does not exist or was dissolved",
        "check the RoomId (it is case-sensitive) and the region",
    ),
    r(
        100_005,
        Never,
        "not a member of the room",
        "nothing to remove; --ignore-absent counts it as success",
    ),
    r(
        100_006,
        Never,
        "no permission for this member",
        "the owner or a protected member cannot be removed",
    ),
    r(100_007, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_008, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_009, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_010, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_011, Never, "a payment or room-state error", OTHER_CALLS),
    r(
        100_012,
        Slow,
        "too many requests for this room",
        "wait a second; use a lower --rate",
    ),
    r(100_013, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_015, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_016, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_017, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_018, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_019, Never, "a payment or room-state error", OTHER_CALLS),
    r(100_020, Never, "a payment or room-state error", OTHER_CALLS),
    r(
        100_102,
        Retry,
        "another signalling request is under way",
        TRY_AGAIN,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_ascending_so_that_it_can_be_searched() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn unlisted_codes_have_a_class_by_family() {
        assert_eq!(class(60_099), Class::Credentials);
        assert_eq!(class(70_099), Class::Credentials);
        assert_eq!(class(100_099), Class::Never);
        assert_eq!(class(-1), Class::Never);
        assert_eq!(class(0), Class::Done);
    }

    #[test]
    fn only_member_errors_are_split() {
        let split: Vec<i64> = TABLE
            .iter()
            .map(|row| row.code)
            .filter(|code| is_batch_level_code(*code))
            .collect();
        assert_eq!(split, [70_107, 100_002, 100_005, 100_006]);
    }
}
