//! Changes to the text of the configuration file that keep its comments, its
//! order and its way of writing tables.

use toml_edit::{Decor, DocumentMut, Item, Table, TableLike, Value, value};

const DEFAULT: &str = "default_profile";
const PROFILES: &str = "profiles";

/// Adds the profile, or sets these values in an existing one and removes those of
/// `keys` that have no value. Its other keys stay, and so does every comment: what
/// stood above or beside a removed key goes to the one that is `an_alternative` to
/// it, or to the key after it.
pub(super) fn put(
    document: &mut DocumentMut,
    name: &str,
    values: &[(&'static str, Value)],
    keys: &[&str],
    an_alternative: impl Fn(&str, &str) -> bool,
) {
    let is_first = document.as_table().is_empty();
    let profiles = document.entry(PROFILES).or_insert_with(|| {
        let mut implicit = Table::new();
        implicit.set_implicit(true);
        Item::Table(implicit)
    });
    // It is a table, because the file is checked before it is edited.
    let Some(profiles) = profiles.as_table_like_mut() else {
        return;
    };
    if let Some(table) = profiles.get_mut(name).and_then(Item::as_table_like_mut) {
        let is_new = |key: &str| values.iter().any(|(given, _)| *given == key);
        let mut freed = Vec::new();
        for key in keys.iter().filter(|key| !is_new(key)) {
            let stays = |name: &str| is_new(name) || !keys.contains(&name);
            let next = key_after(table, key, stays);
            freed.extend(remove_key(table, key).map(|comments| (*key, next, comments)));
        }
        let added: Vec<&str> = values.iter().map(|(key, _)| *key).collect();
        let added: Vec<&str> = added
            .into_iter()
            .filter(|key| !table.contains_key(key))
            .collect();
        for (key, new) in values {
            set(table, key, new);
        }
        let mut homeless = String::new();
        for (key, next, comments) in freed.into_iter().rev() {
            let heir = added.iter().find(|heir| an_alternative(key, heir));
            if let Some(heir) = heir {
                comments.give_to(table, heir);
            } else if let Some(below) = next.as_deref().or(added.first().copied()) {
                put_above(table, below, &comments.lines());
            } else {
                homeless.insert_str(0, &comments.lines());
            }
        }
        let position = profiles.get(name).and_then(Item::as_table);
        let position = position.and_then(Table::position);
        move_comment(document, position, &homeless);
        return;
    }
    let mut table = Table::new();
    if !is_first {
        table.decor_mut().set_prefix("\n");
    }
    for (key, new) in values {
        table.insert(key, value(new.clone()));
    }
    profiles.insert(name, Item::Table(table));
}

/// Sets `default_profile`. A new line for it goes below the file's first comment.
pub(super) fn set_default(document: &mut DocumentMut, name: &str) {
    let is_new = !document.contains_key(DEFAULT);
    set(document.as_table_mut(), DEFAULT, &Value::from(name));
    if !is_new {
        return;
    }
    let Some(first) = heading_after(document, None) else {
        return;
    };
    let prefix = prefix(first);
    let (head, own) = split(&prefix);
    first.set_prefix(format!("\n{}", own.trim_start_matches('\n')));
    if let Some(mut key) = document.key_mut(DEFAULT) {
        key.leaf_decor_mut().set_prefix(head);
    }
}

/// Removes `default_profile`.
pub(super) fn clear_default(document: &mut DocumentMut) {
    if let Some((key, _)) = document.remove_entry(DEFAULT) {
        let comment = prefix(key.leaf_decor());
        move_comment(document, None, &comment);
        if let Some(first) = heading_after(document, None) {
            let text = prefix(first);
            first.set_prefix(text.trim_start_matches('\n'));
        }
    }
}

/// Removes the profile and the comment right above it. A comment above a blank
/// line belongs to the file and stays.
pub(super) fn remove(document: &mut DocumentMut, name: &str) {
    let profiles = document.get_mut(PROFILES).and_then(Item::as_table_like_mut);
    if let Some(Item::Table(table)) = profiles.and_then(|profiles| profiles.remove(name)) {
        let prefix = prefix(table.decor());
        move_comment(document, table.position(), split(&prefix).0);
    }
}

/// What stood above a key, and after its value.
struct Comments {
    above: String,
    beside: String,
}

impl Comments {
    /// Both as lines above a key.
    fn lines(&self) -> String {
        match self.beside.trim() {
            "" => self.above.clone(),
            beside => format!("{}{beside}\n", self.above),
        }
    }

    /// Adds them to another key, each in its place.
    fn give_to(&self, table: &mut dyn TableLike, key: &str) {
        put_above(table, key, &self.above);
        if let Some(value) = table.get_mut(key).and_then(Item::as_value_mut) {
            let decor = value.decor_mut();
            let own = decor.suffix().and_then(|raw| raw.as_str());
            if own.unwrap_or_default().trim().is_empty() {
                decor.set_suffix(self.beside.clone());
            }
        }
    }
}

/// Removes a key. Returns its comments if it has any.
fn remove_key(table: &mut dyn TableLike, key: &str) -> Option<Comments> {
    let above = table.key(key).map(|key| prefix(key.leaf_decor()));
    let item = table.remove(key)?;
    let beside = item.as_value().and_then(|value| value.decor().suffix());
    let beside = beside.and_then(|raw| raw.as_str()).unwrap_or_default();
    let comments = Comments {
        above: above.unwrap_or_default(),
        beside: beside.to_owned(),
    };
    comments.lines().contains('#').then_some(comments)
}

/// The next key that stays.
fn key_after(table: &dyn TableLike, key: &str, stays: impl Fn(&str) -> bool) -> Option<String> {
    let after = table.iter().skip_while(|(name, _)| *name != key).skip(1);
    let mut names = after.map(|(name, _)| name);
    names.find(|name| stays(name)).map(str::to_owned)
}

fn put_above(table: &mut dyn TableLike, key: &str, text: &str) {
    if let Some(mut key) = table.key_mut(key) {
        let own = prefix(key.leaf_decor());
        key.leaf_decor_mut().set_prefix(format!("{text}{own}"));
    }
}

/// Sets a value in its old place, and keeps the comment after it.
fn set(table: &mut dyn TableLike, key: &str, new: &Value) {
    let mut new = new.clone();
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = value(new),
        None => drop(table.insert(key, value(new))),
    }
}

/// Moves a text in front of the first heading after `position`, or to the end.
fn move_comment(document: &mut DocumentMut, position: Option<isize>, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    if let Some(next) = heading_after(document, position) {
        let own = prefix(next);
        next.set_prefix(format!("{text}{}", own.trim_start_matches('\n')));
    } else {
        let end = document.trailing().as_str().unwrap_or_default();
        let end = format!("{text}{end}");
        document.set_trailing(end);
    }
}

/// The text above the first heading (`[profiles.NAME]`) after a position.
fn heading_after(document: &mut DocumentMut, position: Option<isize>) -> Option<&mut Decor> {
    let table = document.get_mut(PROFILES)?.as_table_mut()?;
    let is_after = |table: &Table| {
        let has_heading = !table.is_implicit() && !table.is_dotted();
        has_heading && table.position() > position
    };
    if is_after(table) {
        return Some(table.decor_mut());
    }
    let children = table.iter_mut().filter_map(|(_, item)| item.as_table_mut());
    let next = children
        .filter(|table| is_after(table))
        .min_by_key(|table| table.position())?;
    Some(next.decor_mut())
}

fn prefix(decor: &Decor) -> String {
    let raw = decor.prefix().and_then(|raw| raw.as_str());
    raw.unwrap_or_default().to_owned()
}

/// The text up to the last blank line, and the text after it.
fn split(prefix: &str) -> (&str, &str) {
    let at = prefix.rfind("\n\n").map_or(0, |at| at + 2);
    prefix.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# Ours; ask ops before you change it.

default_profile = \"a\" # the usual one

# the live app
[profiles.a]
# from the console
sdkappid = 1 # do not change
reason = \"spam\"

# the other one
[profiles.b]
region = \"usa\"
# the end
";

    fn edited(text: &str, edit: impl Fn(&mut DocumentMut)) -> String {
        let mut document: DocumentMut = text.parse().expect("TOML");
        edit(&mut document);
        document.to_string()
    }

    #[test]
    fn nothing_changed_is_the_same_text() {
        assert_eq!(edited(FILE, |_| {}), FILE);
    }

    #[test]
    fn another_default_keeps_the_comment_after_it() {
        let text = edited(FILE, |document| set_default(document, "b"));
        assert_eq!(text, FILE.replace("\"a\" #", "\"b\" #"));
    }

    #[test]
    fn a_new_default_goes_below_the_files_first_comment() {
        let text = "# Ours.\n\n# the app\n[profiles.a]\n";
        let text = edited(text, |document| set_default(document, "a"));
        assert_eq!(
            text,
            "# Ours.\n\ndefault_profile = \"a\"\n\n# the app\n[profiles.a]\n"
        );
    }

    #[test]
    fn values_that_are_replaced_keep_their_comments_and_other_keys_stay() {
        let values = [("sdkappid", Value::from(7)), ("region", Value::from("usa"))];
        let text = edited(FILE, |document| {
            let keys = ["sdkappid", "identifier"];
            put(document, "a", &values, &keys, |_, _| false);
        });
        let expected = FILE
            .replace("sdkappid = 1 #", "sdkappid = 7 #")
            .replace("\"spam\"\n", "\"spam\"\nregion = \"usa\"\n");
        assert_eq!(text, expected);
    }

    #[test]
    fn the_comments_of_a_removed_key_stay() {
        let text = "\
[profiles.a]
sdkappid = 1
# ours
secret_key_file = \"k\" # on the vault host
# far away
region = \"usa\" # by ops
timeout = \"9s\" # slow line
reason = \"spam\"

# another
[profiles.b]
";
        let keys = [
            "sdkappid",
            "secret_key",
            "secret_key_file",
            "region",
            "timeout",
        ];
        let alternative =
            |old: &str, new: &str| old.starts_with("secret") && new.starts_with("secret");
        let put_values = |values: &[(&'static str, Value)]| {
            edited(text, |document| {
                put(document, "a", values, &keys, alternative);
            })
        };
        let values = [
            ("sdkappid", Value::from(7)),
            ("secret_key", Value::from("x")),
        ];
        assert_eq!(
            put_values(&values),
            "\
[profiles.a]
sdkappid = 7
# far away
# by ops
# slow line
reason = \"spam\"
# ours
secret_key = \"x\" # on the vault host

# another
[profiles.b]
"
        );
        let last = text.replace("reason = \"spam\"\n", "");
        let text = edited(&last, |document| {
            put(
                document,
                "a",
                &[("sdkappid", Value::from(7))],
                &keys,
                alternative,
            );
        });
        assert_eq!(
            text.matches('#').count(),
            last.matches('#').count(),
            "{text}"
        );
    }

    #[test]
    fn a_new_profile_comes_last() {
        let values = [("sdkappid", Value::from(7))];
        let text = edited(FILE, |document| {
            put(document, "c.d", &values, &[], |_, _| false);
        });
        let expected = FILE.replace(
            "# the end\n",
            "\n[profiles.\"c.d\"]\nsdkappid = 7\n# the end\n",
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn removing_takes_its_own_comment_along_and_leaves_the_files() {
        let text = edited(FILE, |document| {
            remove(document, "a");
            clear_default(document);
        });
        assert_eq!(
            text,
            "# Ours; ask ops before you change it.\n\n# the other one\n[profiles.b]\nregion = \"usa\"\n# the end\n"
        );
        let text = "# Ours.\n\n# the app\n[profiles.a]\nsdkappid = 1\n";
        assert_eq!(
            edited(text, |document| remove(document, "a")),
            "# Ours.\n\n"
        );
    }

    #[test]
    fn an_empty_file_and_other_ways_of_writing_tables_work() {
        let values = [("sdkappid", Value::from(7))];
        let add = |text| {
            edited(text, |document| {
                put(document, "n", &values, &[], |_, _| false);
            })
        };
        assert_eq!(add(""), "[profiles.n]\nsdkappid = 7\n");
        for text in [
            "profiles = { a = { sdkappid = 1 } }\n",
            "profiles.a.sdkappid = 1\n",
            "[profiles]\na = { sdkappid = 1 }\n",
        ] {
            let more: toml_edit::DocumentMut = add(text).parse().expect("TOML");
            let number = |name: &str| more["profiles"][name]["sdkappid"].as_integer();
            assert_eq!((number("a"), number("n")), (Some(1), Some(7)), "{text}");
            let less = edited(&add(text), |document| remove(document, "a"));
            let less: toml_edit::DocumentMut = less.parse().expect("TOML");
            assert!(less["profiles"].get("a").is_none(), "{text}");
        }
    }
}
