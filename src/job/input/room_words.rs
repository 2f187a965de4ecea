//! Names of columns and keys that speak of a room in words of their own.

/// Words for a room, alone or with one of the endings.
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
const ENDINGS: [&str; 9] = ["", "s", "id", "ids", "no", "nr", "num", "name", "number"];

/// Whether one of the words in the name means a room: `target_room`, `Room Nr`,
/// `ChatRoomId`. Words are letters; they end also where camel case begins another.
pub(super) fn has_room_word(name: &str) -> bool {
    name.contains("房间") || words(name).iter().any(|word| is_room(word))
}

fn is_room(word: &str) -> bool {
    ENDINGS.iter().any(|ending| {
        word.strip_suffix(ending)
            .is_some_and(|stem| ROOMS.contains(&stem) || stem.ends_with("room"))
    })
}

/// The words in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_next_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (before.is_lowercase() || is_next_lower);
        if begins || !letter.is_alphabetic() {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

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
