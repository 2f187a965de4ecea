//! What the library's scripts for bash do not see: bash cuts `--flag=value` into
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

/// Where roomctl is asked.
const ASKS: &str = "    COMPREPLY=( $( \\\n";

const WITHOUT_EQUALS: &str = "\
    local i
    for ((i = COMP_CWORD - 1; i > 1; i--)); do
        if [[ \"${COMP_WORDS[i]}\" == \"=\" && \"${COMP_WORDS[i-1]}\" == --* ]]; then
            unset \"words[i]\"
            ((_CLAP_COMPLETE_INDEX--))
        fi
    done
    words=(\"${words[@]}\")
";

/// The script that asks, with the value as the word after the flag.
pub(super) fn asking_without_equals(script: &str) -> String {
    script.replacen(ASKS, &format!("{WITHOUT_EQUALS}{ASKS}"), 1)
}
