//! The text of a key or of a ready-made signature: what it must be, and what to do
//! about another one. No error contains any part of it.

use super::pasted::{Expected, Pasted, is_address, is_hex, is_secret, trimmed};
use crate::clock;
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig, looks_secret};
use crate::usersig::{self, Claims, DecodeError};

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    #[error("the secret key is empty")]
    Empty,
    #[error("what is given as the secret key {0}")]
    Pasted(Pasted),
    #[error(
        "the secret key has a blank, a line break or another control character inside; a key is one line"
    )]
    Blank,
    #[error("the secret key has a character inside that is not ASCII; it may be invisible")]
    NotAscii,
}

impl KeyError {
    pub(super) fn hint(self) -> String {
        match self {
            Self::Empty => "copy the SDKSecretKey of the app from the TRTC console".into(),
            Self::Pasted(kind) => kind.hint(Expected::Key),
            Self::Blank | Self::NotAscii => {
                "keep nothing but the key's one line: 64 hex digits".into()
            }
        }
    }
}

/// The key in `text`, without white space around it.
pub(super) fn parse_key(text: &str) -> Result<SecretKey, KeyError> {
    let key = trimmed(text);
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    if key.is_empty() {
        Err(KeyError::Empty)
    } else if let Some(kind) = Pasted::in_place_of(Expected::Key, key) {
        Err(KeyError::Pasted(kind))
    } else if key.chars().any(is_blank) {
        Err(KeyError::Blank)
    } else if !key.is_ascii() {
        Err(KeyError::NotAscii)
    } else {
        Ok(SecretKey::new(key))
    }
}

/// A warning about a key with an unusual form. It may still be right.
pub(super) fn key_warning(key: &SecretKey) -> Option<String> {
    let count = key.expose().chars().count();
    (!key.has_usual_shape()).then(|| {
        format!(
            "the secret key has {count} characters and is not 64 lower-case hex digits, as all documented keys are: is it complete?"
        )
    })
}

/// Why a ready-made signature cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum UserSigError {
    #[error("this is not a UserSig: {0}")]
    Unreadable(#[from] DecodeError),
    #[error("what is given as the UserSig {0}")]
    Pasted(Pasted),
    /// The service would answer 70014.
    #[error("the UserSig is for the SDKAppID {signed}, and {configured} is configured")]
    OtherApp { signed: u32, configured: u32 },
    /// The service would answer 70013.
    #[error("the UserSig is for the identifier {signed:?}, and {configured:?} is configured")]
    OtherIdentifier { signed: String, configured: UserId },
    /// The service would answer 70001.
    #[error("the UserSig expired at {}", rfc3339(*.0))]
    Expired(u64),
}

impl UserSigError {
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Unreadable(_) => {
                "make a new one (roomctl usersig sign) and copy all of it, on one line".into()
            }
            Self::Pasted(kind) => kind.hint(Expected::UserSig),
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

/// The signature in `text` and its content. Only the service can check which
/// key made it.
pub(super) fn parse_usersig(text: &str) -> Result<(UserSig, Claims), UserSigError> {
    let text = trimmed(text);
    if let Some(kind) = Pasted::in_place_of(Expected::UserSig, text) {
        return Err(UserSigError::Pasted(kind));
    }
    let sig = UserSig::new(text);
    let claims = usersig::decode(&sig)?.claims;
    Ok((sig, claims))
}

/// What to do about a text that is not a signature, if its form is recognised.
pub(crate) fn hint_about_usersig(sig: &UserSig) -> Option<String> {
    let kind = Pasted::in_place_of(Expected::UserSig, sig.expose());
    let kind = kind.filter(|kind| *kind != Pasted::Key)?;
    Some(kind.hint(Expected::UserSig))
}

/// Whether the signature is for this app and account, and has not expired.
pub(super) fn check_claims(
    claims: &Claims,
    sdkappid: Option<u32>,
    identifier: Option<&UserId>,
    now_unix: u64,
) -> Result<(), UserSigError> {
    let signed = claims.sdkappid;
    if let Some(configured) = sdkappid.filter(|configured| *configured != signed) {
        return Err(UserSigError::OtherApp { signed, configured });
    }
    let differs = |configured: &&UserId| configured.as_str() != claims.identifier;
    if let Some(configured) = identifier.filter(differs) {
        return Err(UserSigError::OtherIdentifier {
            signed: claims.identifier.clone(),
            configured: configured.clone(),
        });
    }
    if claims.is_expired(now_unix) {
        return Err(UserSigError::Expired(claims.expires_at()));
    }
    Ok(())
}

/// Unix seconds as UTC.
pub(super) fn rfc3339(unix: u64) -> String {
    clock::rfc3339(unix).unwrap_or_else(|| "a time after the year 9999".into())
}

/// What is given as the name of a file that does not exist, if it is something
/// else: a URL, a PEM block, the secret itself.
pub(super) fn in_place_of_file(text: &str) -> Option<Pasted> {
    let lower = text.to_ascii_lowercase();
    let is_url = || text.contains("://") && !lower.starts_with("file:");
    if text.contains("-----BEGIN") {
        Some(Pasted::Pem)
    } else if lower.contains("usersig=") || lower.contains("usersig%3d") {
        Some(Pasted::Query)
    } else if is_address(text) {
        Some(Pasted::Address)
    } else if is_url() {
        Some(Pasted::Url)
    } else if is_secret(text) || is_padded(text) {
        Some(Pasted::Base64)
    } else {
        None
    }
}

/// A line from inside a PEM block.
pub(super) fn is_pem_line(text: &str) -> bool {
    const WIDTHS: [usize; 2] = [64, 76];
    WIDTHS.contains(&text.len()) && is_base64(text) && !is_hex(text) && !starts_signature(text)
}

fn starts_signature(text: &str) -> bool {
    looks_secret(text) && text.starts_with('e')
}

/// Base64 that ends with `=`, which names of files do not.
fn is_padded(text: &str) -> bool {
    const LEAST: usize = 12;
    text.len() >= LEAST && text.ends_with('=') && is_base64(text.trim_end_matches('='))
}

fn is_base64(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    text.chars().all(is_digit)
}

/// Whether the text can be nothing but a path: short, of usual characters, and it
/// begins as a path does.
pub(super) fn is_plain_path(text: &str) -> bool {
    const LONGEST: usize = 200;
    // Longer parts without a separator are digits of something.
    const LONGEST_WORD: usize = 40;
    let is_usual = |c: char| c.is_alphanumeric() || "/._-~@ ".contains(c);
    let mut words = text.split(|c: char| "/._- ".contains(c));
    ["/", "./", "../", "~/"]
        .into_iter()
        .any(|start| text.starts_with(start))
        && text.len() <= LONGEST
        && text.chars().all(is_usual)
        && words.all(|word| word.len() <= LONGEST_WORD)
}
