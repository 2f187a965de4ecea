//! The gateway before the room service: may this caller make this call?
//!
//! Checks method, path, query, `UserSig`, app and administrator, in this
//! order, and refuses with the gateway's codes (api.md, section 5). It looks
//! neither at the body nor at any room.

use crate::secret::{SecretKey, UserSig};
use crate::usersig;

use super::answer::Refusal;
use super::calls::Command;
use super::query::{self, Caller};

/// Where the calls live; each is one name below it.
const SERVICE: &str = "/v4/room_engine_http_srv/";

/// Whom the sandbox knows: one app with one administrator.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// The only app.
    pub(super) sdkappid: u32,
    /// Its only administrator.
    pub(super) identifier: String,
    /// What its signatures are made with.
    pub(super) secret_key: SecretKey,
}

/// One request as it came in, not judged yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    /// As sent; methods are case-sensitive.
    pub(super) method: &'a str,
    /// Path and query.
    pub(super) target: &'a str,
    /// All of it.
    pub(super) body: &'a [u8],
}

/// The call asked for, if `account` lets the caller make it at `now` (unix
/// seconds).
pub(super) fn authorize(
    account: &Account,
    now: u64,
    request: &Request,
) -> Result<Command, Refusal> {
    if request.method != "POST" {
        return Err(Refusal::new(60_002, "only POST is served"));
    }
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((request.target, ""));
    let command = command(path)?;
    let caller = query::parse(query)?;
    check_signature(account, now, &caller)?;
    check_rights(account, &caller)?;
    Ok(command)
}

/// The call that a target asks for, for the log: it wants to know even where
/// the gate refuses.
pub(super) fn command_of(target: &str) -> Option<Command> {
    let path = target.split('?').next().unwrap_or_default();
    command(path).ok()
}

fn command(path: &str) -> Result<Command, Refusal> {
    let name = path.strip_prefix(SERVICE);
    name.and_then(Command::from_name)
        .ok_or_else(|| Refusal::new(60_009, "no such call at this URL"))
}

/// What is signed must be what the URL says, proved by the app's key, and
/// still alive.
fn check_signature(account: &Account, now: u64, caller: &Caller) -> Result<(), Refusal> {
    let sig = UserSig::new(caller.usersig.as_str());
    let decoded = match usersig::decode(&sig) {
        Ok(decoded) if decoded.version == "2.0" => decoded,
        Ok(_) => return Err(Refusal::new(70_003, "the UserSig's version is not 2.0")),
        Err(why) => return Err(Refusal::new(70_003, format!("the UserSig: {why}"))),
    };
    let claims = &decoded.claims;
    if claims.identifier != caller.identifier {
        return Err(Refusal::new(70_013, "the UserSig is another identifier's"));
    }
    if claims.sdkappid != caller.sdkappid {
        return Err(Refusal::new(70_014, "the UserSig is another SDKAppID's"));
    }
    if !decoded.is_signed_with(&account.secret_key) {
        return Err(Refusal::new(
            70_009,
            "the UserSig is not made with this app's key",
        ));
    }
    if claims.is_expired(now) {
        return Err(Refusal::new(70_001, "the UserSig has expired"));
    }
    Ok(())
}

fn check_rights(account: &Account, caller: &Caller) -> Result<(), Refusal> {
    if caller.sdkappid != account.sdkappid {
        return Err(Refusal::new(70_020, "this SDKAppID is unknown here"));
    }
    if caller.identifier != account.identifier {
        return Err(Refusal::new(
            60_010,
            "only an App administrator may call this",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usersig::{Claims, sign};

    const NOW: u64 = 1_700_000_000;

    fn account() -> Account {
        Account {
            sdkappid: 1_400_000_001,
            identifier: "administrator".into(),
            secret_key: SecretKey::new("key"),
        }
    }

    /// A call whose signature says `signed` and whose URL says `url`.
    fn code(signed: (&str, u32, &str, u64), url: (&str, u32)) -> u32 {
        let claims = Claims {
            identifier: signed.0.into(),
            sdkappid: signed.1,
            time: signed.3,
            expire: 60,
            userbuf: None,
        };
        let sig = sign(&claims, &SecretKey::new(signed.2));
        code_of_sig(sig.expose(), url)
    }

    fn code_of_sig(sig: &str, url: (&str, u32)) -> u32 {
        let (identifier, sdkappid) = url;
        let target = format!(
            "/v4/room_engine_http_srv/kick_user_out?sdkappid={sdkappid}&identifier={identifier}&usersig={sig}&random=1&contenttype=json"
        );
        code_of("POST", &target)
    }

    fn code_of(method: &str, target: &str) -> u32 {
        let body = b"{}";
        let request = Request {
            method,
            target,
            body,
        };
        authorize(&account(), NOW, &request).map_or_else(|refusal| refusal.code, |_| 0)
    }

    const ADMIN: (&str, u32) = ("administrator", 1_400_000_001);

    #[test]
    fn the_administrator_with_a_live_signature_passes() {
        assert_eq!(code((ADMIN.0, ADMIN.1, "key", NOW), ADMIN), 0);
        assert_eq!(
            code((ADMIN.0, ADMIN.1, "key", NOW + 500), ADMIN),
            0,
            "future"
        );
    }

    #[test]
    fn only_post_and_only_known_paths() {
        assert_eq!(
            code_of("GET", "/v4/room_engine_http_srv/kick_user_out"),
            60_002
        );
        assert_eq!(
            code_of("post", "/v4/room_engine_http_srv/kick_user_out"),
            60_002
        );
        for path in [
            "/",
            "/v4/room_engine_http_srv/",
            "/v4/room_engine_http_srv/Kick_User_Out",
        ] {
            assert_eq!(code_of("POST", path), 60_009, "{path}");
        }
        assert_eq!(
            code_of("POST", "/v4/live_engine_http_srv/kick_user_out"),
            60_009
        );
        assert_eq!(
            code_of("POST", "/v4/room_engine_http_srv/kick_user_out"),
            60_012
        );
    }

    #[test]
    fn unparsable_signatures_are_70003() {
        assert_eq!(code_of_sig("eJ-truncated", ADMIN), 70_003);
    }

    #[test]
    fn what_is_signed_must_be_what_the_url_says() {
        assert_eq!(code(("other", ADMIN.1, "key", NOW), ADMIN), 70_013);
        assert_eq!(code(("Administrator", ADMIN.1, "key", NOW), ADMIN), 70_013);
        assert_eq!(code((ADMIN.0, 14, "key", NOW), ADMIN), 70_014);
    }

    #[test]
    fn the_proof_comes_before_the_age() {
        assert_eq!(code((ADMIN.0, ADMIN.1, "other", NOW - 61), ADMIN), 70_009);
        assert_eq!(code((ADMIN.0, ADMIN.1, "key", NOW - 61), ADMIN), 70_001);
        assert_eq!(code((ADMIN.0, ADMIN.1, "key", NOW - 60), ADMIN), 0);
    }

    #[test]
    fn strangers_are_told_apart() {
        assert_eq!(
            code(("administrator", 14, "key", NOW), ("administrator", 14)),
            70_020
        );
        assert_eq!(
            code(("user1", ADMIN.1, "key", NOW), ("user1", ADMIN.1)),
            60_010
        );
    }
}
