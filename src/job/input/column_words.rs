//! Words in the headers of tables: which names of columns mean a user, and which a
//! room. By rule, because exports have more names than a list could hold.

use super::not_a_name::is_blank;

/// Words for a person or an account. With one of [`ENDINGS`] or alone they are the
/// name of a column.
const PEOPLE: [&str; 48] = [
    "user",
    "player",
    "member",
    "memberlist",
    "account",
    "customer",
    "client",
    "guest",
    "viewer",
    "login",
    "email",
    "mail",
    "nick",
    "nickname",
    "identifier",
    "identity",
    "participant",
    "attendee",
    "visitor",
    "subscriber",
    "follower",
    "audience",
    "sender",
    "speaker",
    "streamer",
    "benutzer",
    "nutzer",
    "mitglied",
    "teilnehmer",
    "spieler",
    "konto",
    "usuario",
    "utilisateur",
    "membre",
    "utente",
    "jugador",
    "cuenta",
    "compte",
    "kicked",
    "banned",
    "blocked",
    "spammer",
    "abuser",
    "reported",
    "offender",
    "violator",
    "muted",
    "target",
];

/// Words that are the name of a column only with an ending.
const WITH_ENDING: [&str; 21] = [
    "open", "union", "to", "from", "im", "tim", "trtc", "rtc", "host", "anchor", "owner", "admin",
    "author", "person", "employee", "student", "device", "wechat", "display", "screen", "full",
];

const ENDINGS: [&str; 20] = [
    "s",
    "id",
    "ids",
    "name",
    "names",
    "account",
    "accounts",
    "accountid",
    "accountids",
    "no",
    "nr",
    "num",
    "number",
    "key",
    "uid",
    "uuid",
    "guid",
    "identifier",
    "address",
    "login",
];

/// Names of columns that are one word.
const WORDS: [&str; 17] = [
    "id", "ids", "uid", "uids", "uuid", "uuids", "guid", "name", "names", "phone", "mobile",
    "alias", "handle", "value", "values", "column", "column1",
];

/// Last words of names of columns: `player_id`, `wechatOpenId`.
const LAST_WORDS: [&str; 15] = [
    "id",
    "ids",
    "uid",
    "uids",
    "name",
    "names",
    "account",
    "accounts",
    "email",
    "mail",
    "login",
    "uuid",
    "guid",
    "identifier",
    "nickname",
];

/// Those of them that are hardly the end of a name.
const ID_WORDS: [&str; 4] = ["id", "ids", "uid", "uids"];

/// The name in lower case without `_`, `-` and blanks.
pub(super) fn normalized(name: &str) -> String {
    let kept = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-') && !is_blank(*c));
    kept.flat_map(char::to_lowercase).collect()
}

/// Whether the text is the name of a column with users, and as the first row of
/// a list therefore its header.
pub(super) fn is_user_column(text: &str) -> bool {
    let Some(name) = column(text).filter(|name| has_few_digits(name)) else {
        return false;
    };
    let plain = normalized(name);
    let is_user = WORDS.contains(&plain.as_str())
        || PEOPLE.contains(&plain.as_str())
        || has_ending(&plain)
        || has_last_word(name, &LAST_WORDS);
    is_user && !has_room_word(name)
}

/// Cheap for the million names that are no columns: only `column1` has a digit.
fn has_few_digits(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    digits == 0 || (digits == 1 && name.contains('1'))
}

/// Whether it can hardly be a member's name: `user_id`, `To_Account`, `openid`.
pub(super) fn is_clearly_column(text: &str) -> bool {
    // Cheap for the million names that are not.
    let may_end = matches!(
        text.as_bytes().last().map(u8::to_ascii_lowercase),
        Some(b'd' | b's' | b'e' | b't' | b'l' | b'r' | b'"')
    );
    let Some(name) = column(text).filter(|_| may_end) else {
        return false;
    };
    if text.bytes().any(|byte| byte.is_ascii_digit()) || has_room_word(name) {
        return false;
    }
    let plain = normalized(name);
    let is_plural = |plain: &str| {
        plain
            .strip_suffix('s')
            .is_some_and(|stem| PEOPLE.contains(&stem))
    };
    matches!(plain.as_str(), "email" | "nickname")
        || (has_ending(&plain) && !is_plural(&plain))
        || has_last_word(name, &ID_WORDS)
}

/// The name of the column: `u.user_id` is that of a table.
fn column(text: &str) -> Option<&str> {
    let is_around = |c: char| matches!(c, '"' | '`' | '\'') || c.is_whitespace();
    let name = text.rsplit('.').next()?.trim_matches(is_around);
    (text.is_ascii() && (2..=40).contains(&name.len())).then_some(name)
}

fn has_ending(plain: &str) -> bool {
    ENDINGS.iter().any(|ending| {
        plain.strip_suffix(ending).is_some_and(|stem| {
            PEOPLE.contains(&stem) || (*ending != "s" && WITH_ENDING.contains(&stem))
        })
    })
}

/// Whether it has several words, and the last is one of these.
fn has_last_word(name: &str, last: &[&str]) -> bool {
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | ' ');
    if !name.chars().all(is_word) {
        return false;
    }
    let ends = |word: &str| last.iter().any(|last| last.eq_ignore_ascii_case(word));
    words(name).count() > 1 && words(name).last().is_some_and(ends)
}

/// Words for a room in names of columns and keys, alone or with one of the endings.
const ROOMS: [&str; 8] = [
    "room",
    "chatroom",
    "liveroom",
    "raum",
    "chatraum",
    "channel",
    "group",
    "chatgroup",
];
const ROOM_ENDINGS: [&str; 9] = ["", "s", "id", "ids", "no", "nr", "num", "name", "number"];

/// Whether one of the words in the name means a room: `target_room`, `Room Nr`,
/// `ChatRoomId`. Words are letters; they end also where camel case begins another.
pub(super) fn has_room_word(name: &str) -> bool {
    name.contains("房间") || words(name).any(is_room)
}

fn is_room(word: &str) -> bool {
    ROOM_ENDINGS.iter().any(|ending| {
        without_ending(word, ending).is_some_and(|stem| {
            ROOMS.iter().any(|room| room.eq_ignore_ascii_case(stem))
                || without_ending(stem, "room").is_some()
        })
    })
}

fn without_ending<'a>(word: &'a str, ending: &str) -> Option<&'a str> {
    let at = word.len().checked_sub(ending.len())?;
    let (stem, last) = word.split_at_checked(at)?;
    last.eq_ignore_ascii_case(ending).then_some(stem)
}

/// The words, none of them empty.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphabetic())
        .flat_map(camel_words)
}

/// `ChatRoomId`, `IMGroupID`: a capital after a small letter or before one begins a word.
fn camel_words(mut letters: &str) -> impl Iterator<Item = &str> {
    let begins = |letters: &str, at: usize| {
        let mut from = letters[at..].chars();
        let is = |c: Option<char>, is: fn(char) -> bool| c.is_some_and(is);
        is(from.next(), char::is_uppercase)
            && (is(letters[..at].chars().next_back(), char::is_lowercase)
                || is(from.next(), char::is_lowercase))
    };
    std::iter::from_fn(move || {
        let mut starts = letters.char_indices().skip(1).map(|(at, _)| at);
        let end = starts.find(|at| begins(letters, *at));
        let (word, rest) = letters.split_at(end.unwrap_or(letters.len()));
        letters = rest;
        (!word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_columns_are_known_however_written() {
        for name in [
            "user",
            "USER",
            "User ID",
            "user-name",
            "Member_Account",
            "id",
            "uid",
            "Accounts",
            "player_id",
            "openid",
            "OpenID",
            "unionId",
            "To_Account",
            "u.user_id",
            "`u`.`user_id`",
            "Email",
            "E-Mail",
            "email_address",
            "Nickname",
            "login",
            "customer",
            "wechatOpenId",
            "CLIENT_ACCOUNT",
            "guest name",
            "From_Account",
            "some_other_id",
            "Benutzername",
        ] {
            assert!(is_user_column(name), "{name}");
        }
        for name in [
            "user1",
            "room",
            "identity1",
            "",
            "ida",
            "david",
            "room_id",
            "alice",
            "madrid",
            "player-7",
            "x",
            "mailbox7",
            "tom",
            "a.b",
        ] {
            assert!(!is_user_column(name), "{name}");
        }
    }

    #[test]
    fn names_of_columns_that_are_no_names_of_members() {
        for name in [
            "user_id",
            "UserID",
            "Member_Account",
            "MemberList_Account",
            "player_id",
            "openid",
            "To_Account",
            "u.user_id",
            "Email",
            "Nickname",
            "device_id",
        ] {
            assert!(is_clearly_column(name), "{name}");
        }
        for name in [
            "id", "ids", "users", "name", "member", "guest", "david", "no_name", "login", "room_id",
        ] {
            assert!(!is_clearly_column(name), "{name}");
        }
    }

    #[test]
    fn words_for_a_room_are_found_in_names() {
        for name in [
            "Room (ID)",
            "Room Nr",
            "Room #",
            "rooms.id",
            "r.room_id",
            "target_room",
            "live_room_id",
            "chatroom",
            "ChatRoomId",
            "CHATROOM_ID",
            "房间",
            "房间号",
            "channel",
            "group",
            "targetroom",
            "IMGroupID",
            "GroupId",
            "Raum",
        ] {
            assert!(has_room_word(name), "{name}");
        }
        for name in [
            "",
            "id",
            "name",
            "note",
            "roomy",
            "Zeitraum",
            "NameCard",
            "Role",
            "Outcome",
            "grouping",
            "MemberCount",
        ] {
            assert!(!has_room_word(name), "{name}");
        }
    }
}
