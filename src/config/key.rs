//! Whether a text can be the app's secret key.
//!
//! Pure; the text appears in no fault. The rules are those of api.md,
//! section 2: a wrong key is refused by the service with 70009 only, which
//! tells nobody what is wrong with it.

use crate::secret::SecretKey;

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    /// Nothing but white space.
    #[error("the secret key is empty")]
    Empty,
    /// ECDSA, before August 2019.
    #[error("this is a PEM block, the private key of the old signature version 1")]
    Pem,
    /// A second line, a stray control code.
    #[error(
        "the secret key has a line break or another control character inside; a key is one line"
    )]
    Control,
}

impl KeyError {
    /// What to do about it.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Empty => "copy the SDKSecretKey of the app from the TRTC console",
            Self::Pem => {
                "in the TRTC console, switch the app to HMAC-SHA256 (version 2) and copy its SDKSecretKey: one line of 64 hex digits"
            }
            Self::Control => "keep nothing but the key's one line: 64 hex digits",
        }
    }
}

/// The key inside `text`: white space around it and a byte order mark, which
/// editors and `echo` leave there, are no part of it.
pub(super) fn parse(text: &str) -> Result<SecretKey, KeyError> {
    let key = text.trim_start_matches('\u{feff}').trim();
    if key.is_empty() {
        Err(KeyError::Empty)
    } else if key.contains("-----BEGIN") {
        Err(KeyError::Pem)
    } else if key.chars().any(char::is_control) {
        Err(KeyError::Control)
    } else {
        Ok(SecretKey::new(key))
    }
}

/// What is odd about the key, if anything; it may still be right.
pub(super) fn warning(key: &SecretKey) -> Option<String> {
    let count = key.expose().chars().count();
    (!key.has_usual_shape()).then(|| {
        format!(
            "the secret key has {count} characters and is not 64 lower-case hex digits, as all documented keys are: is it complete?"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_the_key_is_no_part_of_it() {
        let key = parse("\u{feff} \tkey\r\n").expect("a key");
        assert_eq!(key.expose(), "key");
    }

    #[test]
    fn what_cannot_be_a_key_says_why_and_what_to_do() {
        let error = |text| parse(text).err();
        assert_eq!(error(" \n"), Some(KeyError::Empty));
        assert_eq!(error("a\nb"), Some(KeyError::Control));
        let pem = "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n";
        assert_eq!(error(pem), Some(KeyError::Pem));
        assert!(KeyError::Pem.hint().contains("HMAC-SHA256"));
    }

    #[test]
    fn another_shape_is_a_warning_without_the_key() {
        let odd = parse("canary").expect("a key");
        let warning = warning(&odd).expect("odd");
        assert!(warning.contains("6 characters") && !warning.contains("canary"));
        let usual = SecretKey::new("0123456789abcdef".repeat(4));
        assert_eq!(super::warning(&usual), None);
    }
}
