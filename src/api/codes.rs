//! The error codes of the service's documents: the meaning of each, a remedy,
//! and the class, which decides what a job does next.
//!
//! The classes are ours; the vendor's documents have none. The engine, `explain`,
//! `doctor` and the shell completions all read this table.

use std::time::Duration;

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
    /// The check of the account failed, perhaps for a moment: send it once more
    /// after a second. The same answer again counts as
    /// `Credentials`.
    RetryOnce,
    /// This request cannot succeed.
    Never,
    /// The request may have taken effect: send it again. If the answer is then
    /// 100005, the members are gone.
    Doubt,
}

/// How long to wait before the one more try of [`Class::RetryOnce`].
pub(crate) const ACCOUNT_CHECK_PAUSE: Duration = Duration::from_secs(1);

impl Class {
    /// Whether a job ends with rejected credentials if the answer stays the same.
    pub(crate) fn rejects_credentials(self) -> bool {
        matches!(self, Self::Credentials | Self::RetryOnce)
    }
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

pub(crate) const NO_PERMISSION: i64 = 100_006;
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

/// What a code means and what helps, also for a code that no document names.
pub(crate) fn meaning_and_remedy(code: i64) -> (&'static str, &'static str) {
    match (row(code), class(code)) {
        (Some(row), _) => (row.meaning, row.remedy),
        (None, Class::Done) => ("success", ""),
        (None, Class::Credentials) => (
            "not listed; 60xxx and 70xxx are gateway codes about credentials and access",
            "check SDKAppID, identifier, key and region; ErrorInfo may have details",
        ),
        (None, _) => (
            "not listed; treated as final",
            "read ErrorInfo, and ask the service's support with the RequestId",
        ),
    }
}

/// Whether the `UserSig` has expired, so that a new one may help.
pub(crate) fn is_expired_signature(code: i64) -> bool {
    matches!(code, 70_001 | 70_052)
}

/// Whether this code, as the answer to several members, does not show which of them
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
const ACCOUNT: &str = "check identifier and key, or try again later; then contact the support";
const NEW_SIGNATURE: &str = "make a new one: roomctl usersig sign";
const EXPIRED: &str = "sign a new one; if it is new, check this machine's clock";
const ADMINISTRATOR: &str = "use an administrator account of the app as --identifier";
const REGION: &str =
    "usually the wrong region: try another --region (the console shows the app's data centre)";
const PAIR: &str = "SDKAppID and secret key must be of the same app: compare both in the console; \
    check that --region is the app's data centre";

use Class::{Credentials as Creds, Doubt, Never as No, Retry, RetryOnce as Once, Slow};

/// Every documented code, ascending.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    r(60_002, No, "the HTTP request could not be read", DEFECT),
    r(60_003, No, "the JSON body could not be read", DEFECT),
    r(60_004, Once, "the check of the account failed", ACCOUNT),
    r(60_005, Once, "the check of the account failed", ACCOUNT),
    r(60_006, Creds, "the SDKAppID is invalid", "check the SDKAppID in the console"),
    r(60_007, Slow, "too many requests for this API", SLOWER),
    r(60_008, Doubt, "the service timed out, or could not read the request", TRY_AGAIN),
    r(60_009, No, "the request URL is not known", DEFECT),
    r(60_010, Creds, "the identifier is not an App administrator", ADMINISTRATOR),
    r(60_011, Slow, "too many requests for this SDKAppID", SLOWER),
    r(60_012, No, "the SDKAppID is missing from the URL", DEFECT),
    r(60_013, Doubt, "the service could not read its own backend's answer", TRY_AGAIN),
    r(60_014, Retry, "the account check timed out", TRY_AGAIN),
    r(60_015, No, "the account type is wrong", DEFECT),
    r(60_016, Creds, "the SDKAppID is disabled", SUPPORT),
    r(60_017, Creds, "the request is disabled for this app", SUPPORT),
    r(60_018, Slow, "too many requests", SLOWER),
    r(60_019, Slow, "too many requests", SLOWER),
    r(60_020, Creds, "the package has expired or was not bought, or the account is in arrears",
        "buy the package or top up in the console; a purchase is active after 5 minutes"),
    r(60_021, Creds, "this machine's IP address is not allowed",
        "allow the address, or ask the service's support"),
    r(60_025, Creds, "sdkappid, identifier, usersig or contenttype is wrong in the URL",
        "check SDKAppID, identifier and UserSig"),
    r(60_026, Creds, "this region is not the SDKAppID's data centre", REGION),
    r(60_027, Creds, "the product does not match the app",
        "check in the console which product the app belongs to"),
    r(60_028, Creds, "the trial's quota of 24 hours is used up",
        "wait a day, or buy the full edition"),
    r(70_001, Creds, "the UserSig has expired", EXPIRED),
    r(70_002, Creds, "the UserSig is empty", NEW_SIGNATURE),
    r(70_003, Creds, "the UserSig cannot be parsed",
        "make a new one; often the end was lost when it was copied"),
    r(70_005, Creds, "the UserSig is invalid", NEW_SIGNATURE),
    r(70_009, Creds, "the UserSig was made with another app's key", PAIR),
    r(70_013, Creds, "the identifier differs from the signed one",
        "make the UserSig for exactly this --identifier"),
    r(70_014, Creds, "the SDKAppID differs from the signed one",
        "make the UserSig for exactly this --sdkappid"),
    r(70_016, Creds, "the key of this SDKAppID is unknown here", REGION),
    r(70_020, Creds, "the SDKAppID is unknown here", REGION),
    r(70_050, Creds, "verification failed too often and is throttled",
        "fix the credentials, then wait 60 seconds"),
    r(70_051, Creds, "the account is blocked", SUPPORT),
    r(70_052, Creds, "the UserSig has expired", EXPIRED),
    r(70_107, No, "the account was never imported into the app",
        "import it, or check the spelling of the UserID"),
    r(70_169, Retry, "the service timed out", TRY_AGAIN),
    r(70_202, Retry, "an internal time-out of the service", TRY_AGAIN),
    r(70_402, No, "a parameter of the signature check is invalid", DEFECT),
    r(70_403, Creds, "an App administrator is needed", ADMINISTRATOR),
    r(70_500, Retry, "an internal error of the signature service", TRY_AGAIN),
    r(100_001, Retry, "an internal error of the room service", TRY_AGAIN),
    r(100_002, No, "a parameter is invalid; ErrorInfo says which",
        "fix the room, the user or the reason"),
    r(100_003, No, "a room with this RoomId exists already", OTHER_CALLS),
    r(100_004, No, "the room does not exist or was dissolved",
        "check the RoomId (it is case-sensitive) and the region"),
    r(100_005, No, "not a member of the room",
        "nothing to remove; --ignore-absent counts it as success"),
    r(100_006, No, "no permission for this member",
        "the owner or a protected member cannot be removed"),
    r(100_007, No, "the app has no package for this feature", OTHER_CALLS),
    r(100_008, No, "the room is full", OTHER_CALLS),
    r(100_009, No, "too many tags", OTHER_CALLS),
    r(100_010, No, "the caller owns a room with this RoomId already", OTHER_CALLS),
    r(100_011, No, "a Chat group has this RoomId already", OTHER_CALLS),
    r(100_012, Slow, "too many requests for this room", "wait a second; use a lower --rate"),
    r(100_013, No, "more than the paid limit", OTHER_CALLS),
    r(100_015, No, "the room type is invalid", OTHER_CALLS),
    r(100_016, No, "the member is banned already",
        "roomctl bans --room ROOM lists who is banned"),
    r(100_017, No, "the member is muted", OTHER_CALLS),
    r(100_018, No, "the room needs a password", OTHER_CALLS),
    r(100_019, No, "the room's password is wrong", OTHER_CALLS),
    r(100_020, No, "the room has too many administrators", OTHER_CALLS),
    r(100_102, Retry, "another signalling request is under way", TRY_AGAIN),
    // Seats, connections between rooms, battles, metadata: one meaning for each range.
    seat(100_200), seat(100_201), seat(100_202), seat(100_203), seat(100_204), seat(100_205),
    seat(100_206), seat(100_210), seat(100_211), seat(100_251),
    connection(100_400), connection(100_401), connection(100_402), connection(100_403), connection(100_404), connection(100_405),
    battle(100_411), battle(100_412), battle(100_413), battle(100_414), battle(100_415),
    battle(100_416), battle(100_417), battle(100_418), battle(100_419), battle(100_420),
    battle(100_421),
    metadata(100_500), metadata(100_501), metadata(100_502), metadata(100_503), metadata(100_504),
];

const fn seat(code: i64) -> Row {
    r(code, No, "an error of the seats in a room", OTHER_CALLS)
}

const fn connection(code: i64) -> Row {
    r(
        code,
        No,
        "an error of connections between rooms",
        OTHER_CALLS,
    )
}

const fn battle(code: i64) -> Row {
    r(code, No, "an error of battles between rooms", OTHER_CALLS)
}

const fn metadata(code: i64) -> Row {
    r(code, No, "an error of a room's metadata", OTHER_CALLS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_ascending_so_that_it_can_be_searched() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    /// The table of the documents, row by row.
    #[test]
    fn every_documented_code_has_its_class() {
        use std::ops::RangeInclusive as Codes;
        let rows: [(&[Codes<i64>], Class); 22] = [
            (&[100_001..=100_001], Class::Retry),
            (&[100_002..=100_002, 100_004..=100_006], Class::Never),
            (&[100_003..=100_003, 100_007..=100_011], Class::Never),
            (&[100_013..=100_013, 100_015..=100_020], Class::Never),
            (
                &[100_200..=100_206, 100_210..=100_211, 100_251..=100_251],
                Class::Never,
            ),
            (
                &[100_400..=100_405, 100_411..=100_421, 100_500..=100_504],
                Class::Never,
            ),
            (&[100_012..=100_012], Class::Slow),
            (&[100_102..=100_102], Class::Retry),
            (&[60_002..=60_003, 60_009..=60_009], Class::Never),
            (&[60_012..=60_012, 60_015..=60_015], Class::Never),
            (&[60_004..=60_005], Class::RetryOnce),
            (&[60_006..=60_006, 60_016..=60_017], Class::Credentials),
            (&[60_007..=60_007, 60_011..=60_011], Class::Slow),
            (&[60_018..=60_019], Class::Slow),
            (&[60_008..=60_008, 60_013..=60_013], Class::Doubt),
            (&[60_010..=60_010, 60_020..=60_021], Class::Credentials),
            (&[60_014..=60_014], Class::Retry),
            (&[60_025..=60_028, 70_001..=70_003], Class::Credentials),
            (
                &[
                    70_005..=70_005,
                    70_009..=70_009,
                    70_013..=70_014,
                    70_016..=70_016,
                    70_020..=70_020,
                    70_050..=70_052,
                    70_403..=70_403,
                ],
                Class::Credentials,
            ),
            (&[70_107..=70_107, 70_402..=70_402], Class::Never),
            (&[70_169..=70_169, 70_202..=70_202], Class::Retry),
            (&[70_500..=70_500], Class::Retry),
        ];
        let mut documented = Vec::new();
        for (codes, class) in rows {
            for code in codes.iter().cloned().flatten() {
                assert_eq!(row(code).map(|row| row.class), Some(class), "{code}");
                documented.push(code);
            }
        }
        documented.sort_unstable();
        let table: Vec<i64> = TABLE.iter().map(|row| row.code).collect();
        assert_eq!(table, documented);
    }

    #[test]
    fn the_words_name_what_the_documents_name() {
        for (code, words) in [
            (60_004, "account"),
            (60_005, "try again later"),
            (60_020, "arrears"),
            (60_020, "5 minutes"),
            (60_020, "top up"),
            (70_002, "empty"),
            (70_005, "invalid"),
            (70_009, "--region"),
            (70_009, "key"),
            (70_016, "--region"),
            (70_052, "expired"),
            (70_052, "clock"),
            (70_202, "time-out"),
            (100_007, "package"),
            (100_008, "full"),
            (100_009, "tags"),
            (100_010, "owns"),
            (100_011, "Chat group"),
            (100_013, "paid limit"),
            (100_015, "room type"),
            (100_016, "banned already"),
            (100_016, "roomctl bans --room ROOM"),
            (100_017, "muted"),
            (100_018, "password"),
            (100_019, "password is wrong"),
            (100_020, "administrators"),
            (100_204, "seats"),
            (100_405, "connections"),
            (100_411, "battles"),
            (100_504, "metadata"),
        ] {
            let (meaning, remedy) = meaning_and_remedy(code);
            assert!(
                meaning.contains(words) || remedy.contains(words),
                "{code}: {meaning}; {remedy}"
            );
        }
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
    fn only_errors_of_credentials_and_accounts_reject_credentials() {
        let rejected = |code: i64| class(code).rejects_credentials();
        assert!([70_009, 70_001, 60_004, 60_099].into_iter().all(rejected));
        assert!(![0, 100_005, 100_001, 60_008, -1].into_iter().any(rejected));
        assert!(!Class::Doubt.rejects_credentials());
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
