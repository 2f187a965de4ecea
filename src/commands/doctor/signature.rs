//! The link from key to signature: one is made as for a call, or the ready-made
//! one is looked at. Whether it is the app's key, only the service knows.

use std::time::{Duration, UNIX_EPOCH};

use super::checklist::CheckList;
use super::settings::failed_setting;
use crate::api::{Signer, SigningMaterial};
use crate::clock::rfc3339;
use crate::config::{CheckedSettings, Credential};
use crate::exit::Exit;
use crate::output::{Check, Status};
use crate::usersig::{self, Claims};

const NAME: &str = "signature";

/// What a signature is made of.
const NEEDS: [&str; 4] = ["sdkappid", "identifier", "credential", "timeouts"];

/// A ready-made signature that ends sooner is soon in somebody's way; no key is
/// here to make the next one.
const WARN_BELOW: u64 = 3600;

/// Whether there is a signature, and until when it is good.
pub(super) fn check(checked: &CheckedSettings, now_unix: u64, checks: &CheckList) -> Check {
    if let Err(error) = &checked.usersig_matches {
        return failed_setting(NAME, error);
    }
    if let Some(skipped) = checks.skip_if_failed(NAME, &NEEDS) {
        return skipped;
    }
    let Some((claims, by_key)) = claims(checked, now_unix) else {
        let check = Check::new(NAME, Status::Fail(Exit::Config), "it cannot be made");
        return check.with_remedy("this is a defect of roomctl: please checks it".to_owned());
    };
    let Claims {
        identifier,
        sdkappid,
        ..
    } = &claims;
    let until = rfc3339(claims.expires_at());
    let until = until.as_deref().unwrap_or("a time after the year 9999");
    let made = if by_key { "made here" } else { "ready-made" };
    let apart = apart(checked).unwrap_or_default();
    let found = format!("{made} for {identifier} of {sdkappid}, good until {until}{apart}");
    if by_key || claims.expires_at().saturating_sub(now_unix) >= WARN_BELOW {
        return Check::new(NAME, Status::Ok, found);
    }
    Check::new(NAME, Status::Warn, found).with_remedy(
        "it ends soon: make a new one (roomctl usersig sign), or give the key".to_owned(),
    )
}

/// What the signature says, and whether it was made here; none where a fresh one
/// does not prove itself.
fn claims(checked: &CheckedSettings, now_unix: u64) -> Option<(Claims, bool)> {
    let sdkappid = checked.sdkappid.as_ref().ok()?.value;
    let identifier = &checked.identifier.as_ref().ok()?.value;
    let life = checked.timeouts.as_ref().ok()?.expire.value;
    match &checked.credential.as_ref().ok()?.value {
        Credential::UserSig { claims, .. } => Some((claims.clone(), false)),
        Credential::KeyCommand(_) => None,
        Credential::Key(key) => {
            let material = SigningMaterial::Key {
                key: key.clone(),
                lifetime: life,
            };
            let signer = Signer::new(sdkappid, identifier.clone(), material);
            let now = UNIX_EPOCH + Duration::from_secs(now_unix);
            let decoded = usersig::decode(&signer.usersig(now)).ok()?;
            let is_proved = decoded.is_signed_with(key);
            is_proved.then_some((decoded.claims, true))
        }
    }
}

/// App and key from different places are normal, and the commonest mix-up: good
/// to know, nothing to warn of.
fn apart(checked: &CheckedSettings) -> Option<String> {
    let app = &checked.sdkappid.as_ref().ok()?.source;
    let proof = &checked.credential.as_ref().ok()?.source;
    let differ = !app.is_beside(proof);
    differ.then(|| "; SDKAppID and credential come from different places".into())
}
