//! What the library's script for bash does not see: bash cuts `--flag=value` into
//! three words.

/// The line after which the word and the one before it are known.
const KNOWN: &str = "    cmd=\"\"\n";

const WITH_EQUALS: &str = "\
    if [[ \"${cur}\" == \"=\" ]]; then
        cur=\"\"
    elif [[ \"${prev}\" == \"=\" ]]; then
        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"
    fi
";

/// The script, with the flag before `=` as the word that asks for the value.
pub(super) fn with_equals(script: &str) -> String {
    script.replacen(KNOWN, &format!("{WITH_EQUALS}{KNOWN}"), 1)
}
