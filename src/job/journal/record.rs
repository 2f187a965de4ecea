//! One line of the journal: written with its sequence number and a checksum as the
//! last keys, and parsed.
//!
//! The keys are those of the results, so that one `jq` filter works for both.
//! CRC-32 detects every error burst of up to 32 bits, and so every changed byte.
//! The sequence number is the number of the line, from 1. It detects lines that are
//! missing, doubled or out of order.

use std::borrow::Cow;
use std::io::Write;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::clock::rfc3339_of;
use crate::job::batch::Batch;
use crate::job::outcome::{Settled, SettledJson};
use crate::room::{Action, RoomId, UserId};
use crate::secret::{SecretKey, hex};

/// The format's version. A journal of another version is refused.
pub(super) const VERSION: u32 = 1;

/// How every journal begins.
pub(super) const BEGINNING: &[u8] = b"{\"Record\":\"journal\",\"Version\":";

const HEADER: &str = "journal";
const INTENT: &str = "intent";
const SETTLED: &str = "settled";

/// The text before the sequence number.
const SEQUENCE_START: &[u8] = b",\"Sequence\":";

/// The text before and after the checksum.
const CHECKSUM_START: &[u8] = b",\"Crc32\":\"";
const CHECKSUM_END: &[u8] = b"\"}";
const CHECKSUM_DIGITS: usize = 8;

/// Whose members a journal is about: one app, at the service or in one sandbox.
/// These do not share a journal, even with the same `SDKAppID`: their rooms are
/// different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalScope {
    /// The app.
    pub sdkappid: u32,
    /// The sandbox of a rehearsal, whose endpoint is on this machine. None for a
    /// job at the service.
    pub rehearsal: Option<SandboxId>,
}

/// What distinguishes one sandbox from another. Each one draws its secret key, so the
/// key's fingerprint identifies it. Where the key is not known (a ready-made
/// signature, a key command in a dry run), the port does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SandboxId {
    key: Option<[u8; 8]>,
    port: u16,
}

impl SandboxId {
    /// The sandbox at this port of this machine, with this key if it is known.
    pub(crate) fn new(key: Option<&SecretKey>, port: u16) -> Self {
        let key = key.map(SecretKey::fingerprint);
        Self { key, port }
    }

    /// Whether this sandbox wrote the header. A header without an identity was
    /// written by an earlier version, and may be of any sandbox.
    pub(super) fn wrote(self, header: &ParsedRecord<'_>) -> bool {
        let theirs = header.sandbox_key.as_ref().map(|key| &*key.0);
        match (theirs, self.key, header.sandbox_port) {
            (Some(theirs), Some(ours), _) => theirs == hex(&ours),
            (_, _, Some(port)) => port == self.port,
            _ => true,
        }
    }
}

/// Who writes the records. The key is never among these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Stands in the first line only: one journal holds one app.
    pub scope: JournalScope,
    /// One journal may hold several actions.
    pub action: Action,
    /// The calling account.
    pub identifier: String,
    /// The profile in use, if any.
    pub profile: Option<String>,
    /// How long a ban is, in seconds. No part of a member's identity.
    pub ban_seconds: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    record: &'static str,
    version: u32,
    sdk_app_id: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rehearsal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox_port: Option<u16>,
    time: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Intent<'a> {
    record: &'static str,
    action: &'static str,
    room_id: &'a RoomId,
    #[serde(rename = "MemberList_Account")]
    members: &'a [UserId],
    reason: Option<&'a str>,
    attempts: u32,
    time: String,
    identifier: &'a str,
    profile: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SettledRecord<'a> {
    record: &'static str,
    #[serde(flatten)]
    settled: SettledJson<'a>,
    identifier: &'a str,
    profile: Option<&'a str>,
    /// Of a ban, in seconds, as in the request. None in the records of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
}

/// The first line.
pub(super) fn header(scope: JournalScope, at: SystemTime) -> Vec<u8> {
    let header = Header {
        record: HEADER,
        version: VERSION,
        sdk_app_id: scope.sdkappid,
        rehearsal: scope.rehearsal.is_some(),
        sandbox_key: scope.rehearsal.and_then(|id| id.key.map(|key| hex(&key))),
        sandbox_port: scope.rehearsal.map(|id| id.port),
        time: rfc3339_of(at),
    };
    line(1, &header)
}

/// The line before a request is sent.
pub(super) fn intent(sequence: u64, author: &Author, batch: &Batch, at: SystemTime) -> Vec<u8> {
    let intent = Intent {
        record: INTENT,
        action: author.action.name(),
        room_id: &batch.room,
        members: &batch.members,
        reason: batch.reason.text(),
        attempts: batch.attempts(),
        time: rfc3339_of(at),
        identifier: &author.identifier,
        profile: author.profile.as_deref(),
    };
    line(sequence, &intent)
}

/// The line after members reached their outcome.
pub(super) fn settled(sequence: u64, author: &Author, settled: &Settled) -> Vec<u8> {
    let settled = SettledRecord {
        record: SETTLED,
        settled: settled.to_json(),
        identifier: &author.identifier,
        profile: author.profile.as_deref(),
        duration: author.ban_seconds,
    };
    line(sequence, &settled)
}

/// The JSON line with its sequence number, its checksum and its line feed.
fn line(sequence: u64, record: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(record).expect("strings and numbers serialise");
    line.pop();
    line.extend(SEQUENCE_START);
    // Writing to a Vec cannot fail.
    let _ = write!(line, "{sequence}");
    let checksum = checksum(&line);
    line.extend(CHECKSUM_START);
    line.extend(checksum);
    line.extend(CHECKSUM_END);
    line.push(b'\n');
    line
}

/// Whether a line, without its line feed, is the one that was written.
pub(super) fn has_valid_checksum(line: &[u8]) -> bool {
    let parts = line.strip_suffix(CHECKSUM_END).and_then(|line| {
        let (line, sum) = line.split_last_chunk::<CHECKSUM_DIGITS>()?;
        Some((line.strip_suffix(CHECKSUM_START)?, sum))
    });
    parts.is_some_and(|(line, sum)| checksum(line) == *sum)
}

/// In lower-case hex digits only, so that a changed letter case is found as well.
fn checksum(line: &[u8]) -> [u8; CHECKSUM_DIGITS] {
    let mut digits = [0; CHECKSUM_DIGITS];
    // Eight digits fit.
    let _ = write!(&mut digits[..], "{:08x}", crc32fast::hash(line));
    digits
}

/// A parsed line with the keys that replaying needs of any kind of record.
/// Unknown keys are ignored, so that later versions can add some.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ParsedRecord<'a> {
    #[serde(borrow)]
    record: Cow<'a, str>,
    pub(super) version: Option<u32>,
    pub(super) sdk_app_id: Option<u32>,
    #[serde(default)]
    pub(super) rehearsal: bool,
    /// None at the service, and in rehearsals of earlier versions.
    #[serde(borrow)]
    sandbox_key: Option<BorrowedText<'a>>,
    sandbox_port: Option<u16>,
    #[serde(borrow)]
    pub(super) action: Option<BorrowedText<'a>>,
    #[serde(borrow)]
    pub(super) room_id: Option<BorrowedText<'a>>,
    #[serde(borrow, rename = "MemberList_Account", default)]
    pub(super) members: Vec<BorrowedText<'a>>,
    #[serde(borrow)]
    pub(super) outcome: Option<BorrowedText<'a>>,
    pub(super) attempts: Option<u32>,
    #[serde(borrow)]
    pub(super) time: Option<BorrowedText<'a>>,
    /// Of a ban, in seconds. None in the records of earlier versions.
    pub(super) duration: Option<u32>,
    /// None in the records of earlier versions.
    pub(super) sequence: Option<u64>,
}

/// A string that is not copied unless it holds escapes.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct BorrowedText<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordKind {
    Header,
    Intent,
    Settled,
}

impl RecordKind {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            HEADER => Some(Self::Header),
            INTENT => Some(Self::Intent),
            SETTLED => Some(Self::Settled),
            _ => None,
        }
    }
}

impl ParsedRecord<'_> {
    pub(super) fn kind(&self) -> Option<RecordKind> {
        RecordKind::named(&self.record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_last_key_and_covers_all_before_it() {
        let scope = JournalScope {
            sdkappid: 1_400_000_000,
            rehearsal: None,
        };
        let line = header(scope, SystemTime::UNIX_EPOCH);
        assert!(line.starts_with(BEGINNING));
        let text = String::from_utf8(line).expect("UTF-8");
        assert_eq!(
            text,
            "{\"Record\":\"journal\",\"Version\":1,\"SdkAppId\":1400000000,\
             \"Time\":\"1970-01-01T00:00:00Z\",\"Sequence\":1,\"Crc32\":\"241acbff\"}\n"
        );
        assert!(has_valid_checksum(text.trim_end().as_bytes()));
        assert!(!has_valid_checksum(text.as_bytes()), "with its line feed");
        for other in ["", "\"}", "{}", "00000000\"}"] {
            assert!(!has_valid_checksum(other.as_bytes()));
        }
    }
}
