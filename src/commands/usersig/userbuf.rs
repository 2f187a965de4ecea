//! The caller's own bytes inside a signature: given as hex digits or in a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::config::StdinClaim;
use crate::error::Error;

/// The signature travels in the URL of every call, where servers end the line
/// at 8 KiB; base64 of base64 of this much is not there yet.
const MAX_BYTES: u64 = 4096;

const HINT: &str = "--userbuf takes hex digits, two a byte; --userbuf-file takes bytes as they are";

/// The bytes, if any are given.
pub(super) fn read(
    hex: Option<&str>,
    file: Option<&Path>,
    stdin: &mut StdinClaim,
) -> Result<Option<Vec<u8>>, Error> {
    let (flag, bytes) = match (hex, file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let message = "--userbuf and --userbuf-file are given together";
            return Err(Error::usage(message, "leave one of them out"));
        }
        (Some(hex), None) => ("--userbuf", digits(hex)?),
        (None, Some(file)) => ("--userbuf-file", content(file, stdin)?),
    };
    let length = bytes.len() as u64;
    if length == 0 {
        let message = format!("{flag}: is empty");
        return Err(Error::usage(message, format!("leave {flag} out")));
    }
    if length > MAX_BYTES {
        let message = format!("{flag}: more than {MAX_BYTES} bytes");
        return Err(Error::usage(message, "the UserSig is part of every URL"));
    }
    Ok(Some(bytes))
}

fn digits(hex: &str) -> Result<Vec<u8>, Error> {
    let bad = || Error::usage("--userbuf: is not hex digits, two a byte", HINT);
    let byte = |pair: &[u8]| {
        let both = pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
        let text = std::str::from_utf8(pair).ok().filter(|_| both)?;
        u8::from_str_radix(text, 16).ok()
    };
    let bytes: Option<Vec<u8>> = hex.trim().as_bytes().chunks(2).map(byte).collect();
    bytes.ok_or_else(bad)
}

fn content(file: &Path, stdin: &mut StdinClaim) -> Result<Vec<u8>, Error> {
    let unreadable = |why| {
        let message = format!("--userbuf-file {}: {why}", file.display());
        Error::usage(message, HINT)
    };
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        stdin.claim("--userbuf-file")?
    } else {
        Box::new(File::open(file).map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    let mut limited = input.take(MAX_BYTES + 1);
    limited.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Option<Vec<u8>> {
        let mut stdin = StdinClaim::new(std::io::empty(), false);
        read(Some(text), None, &mut stdin).ok().flatten()
    }

    #[test]
    fn two_hex_digits_are_a_byte_and_nothing_else_is() {
        assert_eq!(hex("00ffA1"), Some(vec![0, 255, 161]));
        for bad in ["", "0", "0x00", "+1", "zz", "é", "00 11"] {
            assert_eq!(hex(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn more_than_fits_is_refused() {
        assert!(hex(&"ab".repeat(4096)).is_some());
        assert_eq!(hex(&"ab".repeat(4097)), None);
    }
}
