//! The identity of every call, and a valid `UserSig` for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::first_answer::LazyRedactor;
use crate::clock::unix_seconds;
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig};
use crate::usersig::{self, Claims};

/// Where a signer gets its signatures from.
#[derive(Debug, Clone)]
pub enum SigningMaterial {
    /// Signatures are made when they are needed.
    Key {
        /// The app's secret key.
        key: SecretKey,
        /// How long each signature is valid.
        lifetime: Duration,
    },
    /// A ready-made signature, which cannot be renewed.
    UserSig(UserSig),
}

/// Signs for one identity of one app.
#[derive(Debug)]
pub struct Signer {
    pub(super) sdkappid: u32,
    /// An App administrator.
    pub(super) identifier: UserId,
    material: SigningMaterial,
    current: Mutex<Option<Arc<Signed>>>,
}

/// A signature in use.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) sig: UserSig,
    /// Removes it from answers.
    pub(super) redactor: LazyRedactor,
    /// Unix seconds.
    renew_at: u64,
}

impl Signer {
    /// A signer for this App administrator. It does not sign yet.
    pub fn new(sdkappid: u32, identifier: UserId, material: SigningMaterial) -> Self {
        Self {
            sdkappid,
            identifier,
            material,
            current: Mutex::new(None),
        }
    }

    /// A signature that is valid at `now`. A new one is made after nine tenths of
    /// the lifetime.
    pub fn usersig(&self, now: SystemTime) -> UserSig {
        self.signed(now).sig.clone()
    }

    pub(super) fn signed(&self, now: SystemTime) -> Arc<Signed> {
        let now = unix_seconds(now);
        let mut current = self.lock();
        match &*current {
            Some(signed) if now < signed.renew_at => Arc::clone(signed),
            _ => {
                let signed = Arc::new(self.sign(now));
                *current = Some(Arc::clone(&signed));
                signed
            }
        }
    }

    fn sign(&self, now: u64) -> Signed {
        let (sig, json, renew_at) = match &self.material {
            SigningMaterial::UserSig(sig) => {
                let json = usersig::content(sig).unwrap_or_default();
                (sig.clone(), json, u64::MAX)
            }
            SigningMaterial::Key { key, lifetime } => {
                let lifetime = lifetime.as_secs();
                let (sig, json) = usersig::sign_with_content(&self.claims(now, lifetime), key);
                (sig, json, now + lifetime - lifetime / 10)
            }
        };
        let identifier = self.identifier.as_str();
        let redactor = LazyRedactor::new(sig.clone(), json, identifier);
        Signed {
            sig,
            redactor,
            renew_at,
        }
    }

    pub(super) fn renew(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Signed>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claims(&self, time: u64, expire: u64) -> Claims {
        let identifier = self.identifier.as_str().to_owned();
        Claims {
            identifier,
            sdkappid: self.sdkappid,
            time,
            expire,
            userbuf: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn time_signed(signer: &Signer, now: u64) -> u64 {
        usersig::decode(&signer.usersig(at(now)))
            .expect("own signature")
            .claims
            .time
    }

    fn signer(material: SigningMaterial) -> Signer {
        Signer::new(1, UserId::parse("admin").expect("valid"), material)
    }

    #[test]
    fn it_signs_once_and_again_before_the_signature_expires() {
        let signer = signer(SigningMaterial::Key {
            key: SecretKey::new("k"),
            lifetime: Duration::from_secs(100),
        });
        assert_eq!(time_signed(&signer, 1000), 1000);
        assert_eq!(time_signed(&signer, 1089), 1000);
        assert_eq!(time_signed(&signer, 1090), 1090);
    }

    #[test]
    fn a_ready_made_signature_is_not_changed() {
        let signer = signer(SigningMaterial::UserSig(UserSig::new("given")));
        assert_eq!(signer.usersig(at(5)).expose(), "given");
    }
}
