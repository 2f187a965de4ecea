//! What can be said of a ready-made `UserSig` before any request: that it is
//! one, whose it is, until when it lives. Whether the key made it, only the
//! service knows.

use std::time::Duration;

use super::error::{Error, Problem};
use crate::clock;
use crate::room::UserId;
use crate::secret::UserSig;
use crate::usersig::{self, Claims, DecodeError};

/// Why a signature cannot be used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum UserSigError {
    /// Damaged, cut, or something else.
    #[error("this is no UserSig: {0}")]
    Unreadable(#[from] DecodeError),
    /// 70014 otherwise.
    #[error("the UserSig is for the SDKAppID {signed}, and {asked} is configured")]
    OtherApp {
        /// What the signature says.
        signed: u32,
        /// What the settings say.
        asked: u32,
    },
    /// 70013 otherwise.
    #[error("the UserSig is for the identifier {signed:?}, and {asked:?} is configured")]
    OtherIdentifier {
        /// What the signature says.
        signed: String,
        /// What the settings say.
        asked: UserId,
    },
    /// 70001 otherwise.
    #[error("the UserSig expired at {}", rfc3339(*.0))]
    Expired(u64),
}

impl UserSigError {
    /// What to do about it.
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Unreadable(_) => {
                "make a new one (roomctl usersig sign) and copy all of it, on one line".into()
            }
            Self::OtherApp { signed, .. } => {
                format!("--sdkappid {signed}, or a UserSig made for the app that is configured")
            }
            Self::OtherIdentifier { .. } => {
                "give the --identifier that the UserSig was made for, or a UserSig made for this one"
                    .into()
            }
            Self::Expired(_) => {
                "make a new one (roomctl usersig sign); if it should still be good, check this machine's clock"
                    .into()
            }
        }
    }
}

/// The signature inside `text` and what it says.
pub(super) fn parse(text: &str) -> Result<(UserSig, Claims), UserSigError> {
    let sig = UserSig::new(text.trim_start_matches('\u{feff}').trim());
    let claims = usersig::decode(&sig)?.claims;
    Ok((sig, claims))
}

/// Whether the signature is for this app and caller, and not over.
pub(super) fn check(
    claims: &Claims,
    sdkappid: Option<u32>,
    identifier: Option<&UserId>,
    now_unix: u64,
) -> Result<(), UserSigError> {
    let signed = claims.sdkappid;
    if let Some(asked) = sdkappid.filter(|asked| *asked != signed) {
        return Err(UserSigError::OtherApp { signed, asked });
    }
    let other = |asked: &&UserId| asked.as_str() != claims.identifier;
    if let Some(asked) = identifier.filter(other) {
        return Err(UserSigError::OtherIdentifier {
            signed: claims.identifier.clone(),
            asked: asked.clone(),
        });
    }
    if claims.is_expired(now_unix) {
        return Err(UserSigError::Expired(claims.expires_at()));
    }
    Ok(())
}

/// Exit 3 when a job that starts now and takes `job` would still be running
/// when the ready-made signature ends; nobody can re-sign it here.
pub fn outlives(claims: &Claims, now_unix: u64, job: Duration) -> Result<(), Error> {
    let job_ends = now_unix
        .saturating_add(job.as_secs())
        .saturating_add(u64::from(job.subsec_nanos() > 0));
    if !claims.is_expired(job_ends) {
        return Ok(());
    }
    let ends = rfc3339(claims.expires_at());
    let message = format!(
        "the UserSig ends at {ends}, before the job would (at {} or later)",
        rfc3339(job_ends)
    );
    let hint =
        "make a UserSig that lives longer, or give the secret key, so that roomctl can sign again";
    Err(Problem::config(message).hint(hint).into())
}

/// Unix seconds as UTC; what is beyond the year 9999 is said so.
pub(super) fn rfc3339(unix: u64) -> String {
    clock::rfc3339(unix).unwrap_or_else(|| "a time after the year 9999".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use crate::secret::SecretKey;

    const START: u64 = 1_700_000_000;

    fn claims() -> Claims {
        Claims {
            identifier: "administrator".into(),
            sdkappid: 1_400_000_000,
            time: START,
            expire: 3600,
            userbuf: None,
        }
    }

    fn fault(sdkappid: u32, identifier: &str, now: u64) -> Option<UserSigError> {
        let identifier = UserId::parse(identifier).expect("an identifier");
        check(&claims(), Some(sdkappid), Some(&identifier), now).err()
    }

    #[test]
    fn white_space_around_a_signature_is_no_part_of_it() {
        let sig = usersig::sign(&claims(), &SecretKey::new("key"));
        let (_, read) = parse(&format!(" {}\n", sig.expose())).expect("own signature");
        assert_eq!(read, claims());
        let cut = parse(&sig.expose()[..40]).expect_err("cut");
        assert!(cut.to_string().starts_with("this is no UserSig: "));
    }

    #[test]
    fn each_mismatch_has_its_own_message() {
        assert_eq!(fault(1_400_000_000, "administrator", START), None);
        let said = |fault: Option<UserSigError>| fault.expect("a fault").to_string();
        assert!(said(fault(1, "administrator", START)).contains("SDKAppID 1400000000, and 1 is"));
        assert!(
            said(fault(1_400_000_000, "bob", START)).contains("\"administrator\", and \"bob\"")
        );
    }

    #[test]
    fn its_end_is_said_in_utc() {
        let expired = fault(1_400_000_000, "administrator", START + 3601);
        let said = expired.expect("expired").to_string();
        assert_eq!(said, "the UserSig expired at 2023-11-14T23:13:20Z");
        assert_eq!(rfc3339(u64::MAX), "a time after the year 9999");
    }

    #[test]
    fn a_job_longer_than_the_signature_is_refused_before_it_starts() {
        let job = Duration::from_secs;
        assert_eq!(outlives(&claims(), START, job(3600)), Ok(()));
        let fraction = Duration::from_nanos(1);
        assert_eq!(outlives(&claims(), START, job(3599) + fraction), Ok(()));
        assert!(outlives(&claims(), START, job(3600) + fraction).is_err());
        let error = outlives(&claims(), START, job(3601)).expect_err("too long");
        assert_eq!(error.exit(), Exit::Config);
        assert!(error.hint().is_some());
    }
}
