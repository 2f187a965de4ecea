//! The identity behind every call, and a `UserSig` for it that is never stale.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::clock::unix_seconds;
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig};
use crate::usersig::{self, Claims};

/// What a signer makes or takes its signatures from.
#[derive(Debug, Clone)]
pub enum SigningMaterial {
    /// Signatures are made as needed, each living so long.
    Key(SecretKey, Duration),
    /// A ready-made one; it cannot be renewed here.
    UserSig(UserSig),
}

/// Who calls, on which app.
#[derive(Debug)]
pub struct Signer {
    /// The app.
    pub sdkappid: u32,
    /// An App administrator.
    pub identifier: UserId,
    material: SigningMaterial,
    current: Mutex<Option<Signed>>,
}

#[derive(Debug)]
struct Signed {
    sig: UserSig,
    /// Unix seconds from which on a new one is made.
    renew_at: u64,
}

impl Signer {
    /// A signer that has not signed yet.
    pub fn new(sdkappid: u32, identifier: UserId, material: SigningMaterial) -> Self {
        Self {
            sdkappid,
            identifier,
            material,
            current: Mutex::new(None),
        }
    }

    /// A signature that holds at `now`; made anew when nine tenths of its life
    /// are over.
    pub fn usersig(&self, now: SystemTime) -> UserSig {
        let (key, life) = match &self.material {
            SigningMaterial::UserSig(sig) => return sig.clone(),
            SigningMaterial::Key(key, life) => (key, life.as_secs()),
        };
        let now = unix_seconds(now);
        let mut current = self.lock();
        match &*current {
            Some(signed) if now < signed.renew_at => signed.sig.clone(),
            _ => {
                let sig = usersig::sign(&self.claims(now, life), key);
                *current = Some(Signed {
                    sig: sig.clone(),
                    renew_at: now + life - life / 10,
                });
                sig
            }
        }
    }

    /// The next signature is a new one.
    pub fn renew(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Signed>> {
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
    fn it_signs_once_and_again_before_the_end() {
        let signer = signer(SigningMaterial::Key(
            SecretKey::new("k"),
            Duration::from_secs(100),
        ));
        assert_eq!(time_signed(&signer, 1000), 1000);
        assert_eq!(time_signed(&signer, 1089), 1000);
        assert_eq!(time_signed(&signer, 1090), 1090);
    }

    #[test]
    fn a_ready_made_signature_is_used_as_it_is() {
        let signer = signer(SigningMaterial::UserSig(UserSig::new("given")));
        assert_eq!(signer.usersig(at(5)).expose(), "given");
    }
}
