//! Decodes the escapes that a text may have gone through: of URLs, JSON and HTML,
//! also several times.

/// A byte of a text after its escapes were decoded, and where it is in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) byte: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Unit {
    pub(super) fn lower_case(&self) -> Self {
        Self {
            byte: self.byte.to_ascii_lowercase(),
            ..*self
        }
    }
}

/// The bytes of a text, with its escapes decoded.
pub(super) fn units(text: &str) -> Vec<Unit> {
    let bytes = text.as_bytes();
    let mut units = Vec::with_capacity(bytes.len());
    let mut start = 0;
    while start < bytes.len() {
        let (byte, length) = decode(&bytes[start..]);
        let end = start + length;
        units.push(Unit { byte, start, end });
        start = end;
    }
    units
}

/// The first character and how many bytes it takes. All but ASCII counts byte by
/// byte.
fn decode(bytes: &[u8]) -> (u8, usize) {
    match bytes[0] {
        b'%' => percent(bytes),
        b'\\' => backslash(bytes),
        b'&' => entity(bytes),
        0xef if bytes.starts_with("：".as_bytes()) => (b':', 3),
        0xef if bytes.starts_with("＝".as_bytes()) => (b'=', 3),
        0xef => full_width(bytes).map_or((0xef, 1), |byte| (byte, 3)),
        byte => (byte, 1),
    }
}

/// A letter or digit in full width.
fn full_width(bytes: &[u8]) -> Option<u8> {
    let byte = match bytes.get(1..3)? {
        [0xbc, last] => last.checked_sub(0x60)?,
        [0xbd, last] => last.checked_sub(0x20)?,
        _ => return None,
    };
    byte.is_ascii_alphanumeric().then_some(byte)
}

/// `%2A`, or `%252A` and so on, which was encoded several times.
fn percent(bytes: &[u8]) -> (u8, usize) {
    let mut at = 1;
    while bytes[at..].starts_with(b"25") {
        at += 2;
    }
    match hex(bytes, at, 2) {
        Some(byte) => (ascii(byte), at + 2),
        None => (b'%', 1),
    }
}

/// `\u002a`, `\x2a`, `\n`, `\/`, also with several backslashes.
fn backslash(bytes: &[u8]) -> (u8, usize) {
    let slashes = bytes.iter().take_while(|byte| **byte == b'\\').count();
    let at = slashes + 1;
    match bytes.get(slashes) {
        Some(b'u') if hex(bytes, at, 4).is_some() => {
            (hex(bytes, at, 4).map_or(b' ', ascii), at + 4)
        }
        Some(b'x') if hex(bytes, at, 2).is_some() => {
            (hex(bytes, at, 2).map_or(b' ', ascii), at + 2)
        }
        Some(b'n' | b'r' | b't') => (b' ', at),
        Some(byte) if byte.is_ascii() && !matches!(byte, b'%' | b'&') => (*byte, at),
        _ => (b'\\', slashes),
    }
}

/// `&amp;`, `&quot;`, `&#43;`, `&#x2b;`
fn entity(bytes: &[u8]) -> (u8, usize) {
    let head = &bytes[..bytes.len().min(10)];
    let end = head.iter().position(|byte| *byte == b';').unwrap_or(0);
    let name = std::str::from_utf8(&head[..end]).unwrap_or_default();
    let name = name.strip_prefix('&').unwrap_or_default();
    let code = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
        (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) => digits.parse().ok(),
        (None, None) if name == "amp" => Some(u32::from(b'&')),
        (None, None) if name == "quot" => Some(u32::from(b'"')),
        (None, None) => None,
    };
    code.map_or((b'&', 1), |code| (ascii(code), end + 1))
}

/// So many hex digits as a number.
fn hex(bytes: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = std::str::from_utf8(bytes.get(at..at + digits)?).ok()?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// The character as a byte. Another than ASCII is in no signature.
fn ascii(code: u32) -> u8 {
    u8::try_from(code).unwrap_or(b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_keep_their_place() {
        for (text, decoded) in [
            ("%2A%2a%252A%25252a", "****"),
            (r"\u002a\\u002A\x2a\*\n", "**** "),
            ("&#42;&#x2A;&amp;&quot;&", "**&\"&"),
            ("：＝", ":="),
            ("%zz%2 \\", "%zz%2 \\"),
        ] {
            let units = units(text);
            let bytes: Vec<u8> = units.iter().map(|unit| unit.byte).collect();
            assert_eq!(String::from_utf8_lossy(&bytes), decoded, "{text}");
            let mut end = 0;
            for unit in units {
                assert_eq!(unit.start, end);
                end = unit.end;
            }
            assert_eq!(end, text.len());
        }
    }
}
