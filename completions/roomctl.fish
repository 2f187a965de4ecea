function __roomctl_program
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    contains sandbox $words; or return 1
    set -l at (contains -i -- -- $words); or return 1
    set -e words[1..$at]
    complete -C (string join ' ' -- (string escape -- $words) "$current")
end

# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_roomctl_global_optspecs
    string join \n profile= config= sdkappid= identifier= secret-key= secret-key-file= usersig= usersig-file= region= endpoint= ca-file= tls-roots= expire= timeout= connect-timeout= sandbox color= q/quiet v/verbose h/help V/version o/output=
end

function __fish_roomctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_roomctl_global_optspecs) -- $cmd 2>/dev/null
    or argparse -s (__fish_roomctl_global_optspecs) -- $cmd '' 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_roomctl_using_subcommand
    set -l cmd (__fish_roomctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c roomctl -n "__fish_roomctl_needs_command" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_needs_command" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_needs_command" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_needs_command" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_needs_command" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_needs_command" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_needs_command" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_needs_command" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_needs_command" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_needs_command" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_needs_command" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_needs_command" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_needs_command" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_needs_command" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_needs_command" -s h -l help -d 'Print help'
complete -c roomctl -n "__fish_roomctl_needs_command" -s V -l version -d 'Print version'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "kick" -d 'Remove members from rooms; they may join again: see ban'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "ban" -d 'Remove members from rooms and keep them out for a while'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "unban" -d 'Let members join again before their ban is over'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "members" -d 'List the members of a room'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "bans" -d 'List the bans of a room, and when they end'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "info" -d 'Show a room: its name, owner, size and state'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "doctor" -d 'Test whether everything is ready to kick; removes nobody'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "journal" -d 'Show what happened, from the journals and audit files of jobs'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "usersig" -d 'Make, decode or verify a UserSig, offline'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "profile" -d 'Manage the profiles of the configuration file; shows no secret'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "explain" -d 'Explain an error code of the service, or an exit code of roomctl'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "help" -d 'Print the help of a command, or a topic'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "man" -d 'Print the manual page, or write all of them to a folder'
complete -c roomctl -n "__fish_roomctl_needs_command" -f -a "sandbox" -d 'Run a Room Engine on this machine: for rehearsals, CI and tests'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s m -l reason -d 'Reason, shown to the members; at most 1000 bytes' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l reason-file -d 'File with the reason, - for stdin' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l check-room -d 'Read a room\'s member list to find who is absent: where that takes fewer requests than asking about each, before the first request of each room, or never [default: auto] [profile: check_room]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s r -l room -d 'Room, for members given without one; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s u -l user -d 'Member; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s f -l from -d 'File with more members, - for stdin; repeatable' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s g -l match -d 'Like --all, but only UserIDs that match GLOB (* and ? are wildcards); repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l format -d 'Format of the files [default: by suffix .csv .tsv .json .ndjson .jsonl, else json if the first character is { or [, else lines]' -r -f -a "lines\t''
csv\t''
tsv\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l columns -d 'Columns of csv or tsv without a header, like room,user,reason; - skips a column' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l delimiter -d 'Separator of csv or tsv: one ASCII character, or tab [default: the one of , ; and tab that the header has]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l max-members -d 'Refuse a plan with more members [profile: max_members]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l protect -d 'Never remove UserIDs that match GLOB (* and ? are wildcards); repeatable, adds to the profile\'s [profile: protect]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l rate -d 'Requests started per second, 1 to 200, retries included [default: 190] [profile: rate]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l rate-scope -d 'Who shares the rate: process, host (all roomctl processes of this user on this machine), or the URL of a Redis [env: ROOMCTL_RATE_SCOPE] [default: process] [profile: rate_scope]' -r -f -a "process\t''
host\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l retries -d 'Most retries of a failed request [default: 5]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l concurrency -d 'Most requests in flight; more threads and connections are opened only when answers are slow [default: 256]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l deadline -d 'Start no request after this time, like 30m' -r -f -a "1m\t''
10m\t''
30m\t''
1h\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l max-failures -d 'Stop when this many members were refused: a number, or a share like 5%' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l journal -d 'Record outcomes; run the same command again to continue' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l audit -d 'Append each outcome to FILE: who removed which member, when and why [env: ROOMCTL_AUDIT] [profile: audit]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l failed-to -d 'Write the members that were not removed to FILE (json, for --from)' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l progress -d 'Progress on stderr: a bar on a terminal, elsewhere a line every 10 s; with -o json only where it is always [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l ignore-absent -d 'Count a member who was not in the room as success'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l verify -d 'Read each room\'s member list once more after the last answer; members of this job that are still, or again, in the room are exit code 6'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l stream -d 'Send rows as they arrive, from one --from; a bad row is reported and counts as refused'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s n -l dry-run -d 'Show the plan and send nothing'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l skip-protected -d 'Skip protected members and continue, instead of refusing the whole plan'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s y -l yes -d 'Do not ask for confirmation'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l again -d 'Also process members that the journal counts as settled'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l include-admins -d 'With --all and --match, also owners and admins'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l all -d 'Everyone in each --room, by its member list'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand kick" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l for -d 'Length of the ban: 90s, 30m, 24h, 7d' -r -f -a "10m\t''
1h\t''
24h\t''
7d\t''
30d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s m -l reason -d 'Reason, shown to the members; at most 1000 bytes' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l reason-file -d 'File with the reason, - for stdin' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s r -l room -d 'Room, for members given without one; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s u -l user -d 'Member; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s f -l from -d 'File with more members, - for stdin; repeatable' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s g -l match -d 'Like --all, but only UserIDs that match GLOB (* and ? are wildcards); repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l format -d 'Format of the files [default: by suffix .csv .tsv .json .ndjson .jsonl, else json if the first character is { or [, else lines]' -r -f -a "lines\t''
csv\t''
tsv\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l columns -d 'Columns of csv or tsv without a header, like room,user,reason; - skips a column' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l delimiter -d 'Separator of csv or tsv: one ASCII character, or tab [default: the one of , ; and tab that the header has]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l max-members -d 'Refuse a plan with more members [profile: max_members]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l protect -d 'Never remove UserIDs that match GLOB (* and ? are wildcards); repeatable, adds to the profile\'s [profile: protect]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l rate -d 'Requests started per second, 1 to 200, retries included [default: 190] [profile: rate]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l rate-scope -d 'Who shares the rate: process, host (all roomctl processes of this user on this machine), or the URL of a Redis [env: ROOMCTL_RATE_SCOPE] [default: process] [profile: rate_scope]' -r -f -a "process\t''
host\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l retries -d 'Most retries of a failed request [default: 5]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l concurrency -d 'Most requests in flight; more threads and connections are opened only when answers are slow [default: 256]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l deadline -d 'Start no request after this time, like 30m' -r -f -a "1m\t''
10m\t''
30m\t''
1h\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l max-failures -d 'Stop when this many members were refused: a number, or a share like 5%' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l journal -d 'Record outcomes; run the same command again to continue' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l audit -d 'Append each outcome to FILE: who removed which member, when and why [env: ROOMCTL_AUDIT] [profile: audit]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l failed-to -d 'Write the members that were not removed to FILE (json, for --from)' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l progress -d 'Progress on stderr: a bar on a terminal, elsewhere a line every 10 s; with -o json only where it is always [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l verify -d 'Read each room\'s member list once more after the last answer; members of this job that are still, or again, in the room are exit code 6'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l all -d 'Everyone in each --room, by its member list'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l stream -d 'Send rows as they arrive, from one --from; a bad row is reported and counts as refused'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s n -l dry-run -d 'Show the plan and send nothing'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l skip-protected -d 'Skip protected members and continue, instead of refusing the whole plan'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s y -l yes -d 'Do not ask for confirmation'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l again -d 'Also process members that the journal counts as settled'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l include-admins -d 'With --all and --match, also owners and admins'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand ban" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s r -l room -d 'Room, for members given without one; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s u -l user -d 'Member; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s f -l from -d 'File with more members, - for stdin; repeatable' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s g -l match -d 'Like --all, but only UserIDs that match GLOB (* and ? are wildcards); repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l format -d 'Format of the files [default: by suffix .csv .tsv .json .ndjson .jsonl, else json if the first character is { or [, else lines]' -r -f -a "lines\t''
csv\t''
tsv\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l columns -d 'Columns of csv or tsv without a header, like room,user,reason; - skips a column' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l delimiter -d 'Separator of csv or tsv: one ASCII character, or tab [default: the one of , ; and tab that the header has]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l max-members -d 'Refuse a plan with more members [profile: max_members]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l rate -d 'Requests started per second, 1 to 200, retries included [default: 190] [profile: rate]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l rate-scope -d 'Who shares the rate: process, host (all roomctl processes of this user on this machine), or the URL of a Redis [env: ROOMCTL_RATE_SCOPE] [default: process] [profile: rate_scope]' -r -f -a "process\t''
host\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l retries -d 'Most retries of a failed request [default: 5]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l concurrency -d 'Most requests in flight; more threads and connections are opened only when answers are slow [default: 256]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l deadline -d 'Start no request after this time, like 30m' -r -f -a "1m\t''
10m\t''
30m\t''
1h\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l max-failures -d 'Stop when this many members were refused: a number, or a share like 5%' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l journal -d 'Record outcomes; run the same command again to continue' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l audit -d 'Append each outcome to FILE: who removed which member, when and why [env: ROOMCTL_AUDIT] [profile: audit]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l failed-to -d 'Write the members that were not removed to FILE (json, for --from)' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l progress -d 'Progress on stderr: a bar on a terminal, elsewhere a line every 10 s; with -o json only where it is always [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l protect -d 'Never unban UserIDs that match GLOB (* and ? are wildcards); repeatable; the profile\'s protect does not apply' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l stream -d 'Send rows as they arrive, from one --from; a bad row is reported and counts as refused'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s n -l dry-run -d 'Show the plan and send nothing'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l skip-protected -d 'Skip protected members and continue, instead of refusing the whole plan'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s y -l yes -d 'Do not ask for confirmation'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l again -d 'Also process members that the journal counts as settled'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l all -d 'Everyone banned from each --room, by its list of bans'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand unban" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -s r -l room -d 'Room to read' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand members" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -s r -l room -d 'Room to read' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand bans" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -s r -l room -d 'Room to read' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l rate-scope -d 'Also check the shared rate of this scope: host, or the URL of a Redis [env: ROOMCTL_RATE_SCOPE] [default: process] [profile: rate_scope]' -r -f -a "process\t''
host\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -l sandbox -d 'Run against a sandbox inside this process, with a demo room; needs no credentials'
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and not __fish_seen_subcommand_from show summary" -s h -l help -d 'Print help'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and not __fish_seen_subcommand_from show summary" -f -a "show" -d 'Show what happened to members, from journals and audit files'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and not __fish_seen_subcommand_from show summary" -f -a "summary" -d 'Count what journals and audit files record, per outcome, room and reason'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -s u -l user -d 'Only this member; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -s r -l room -d 'Only this room; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -l outcome -d 'Only members with this outcome; repeatable' -r -f -a "removed\t''
banned\t''
unbanned\t''
gone\t''
absent\t''
refused\t''
unknown\t''
unsent\t''
in-doubt\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -l since -d 'Only from this time on: 2h ago, or 2026-03-01T02:11:09Z' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from summary" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from summary" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from summary" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from summary" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand journal; and __fish_seen_subcommand_from summary" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and not __fish_seen_subcommand_from sign inspect verify" -s h -l help -d 'Print help'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and not __fish_seen_subcommand_from sign inspect verify" -f -a "sign" -d 'Make a signature, and print only the signature on stdout'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and not __fish_seen_subcommand_from sign inspect verify" -f -a "inspect" -d 'Show the account of a signature, and when it expires'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and not __fish_seen_subcommand_from sign inspect verify" -f -a "verify" -d 'Check with the key whether the service would accept a signature'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l userbuf -d 'Your own bytes to include, as hex digits; the Room Engine needs none' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l userbuf-file -d 'File with your own bytes to include, - for stdin' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from inspect" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from inspect" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand usersig; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -s h -l help -d 'Print help'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -f -a "list" -d 'List the profiles; the default one is marked with *'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -f -a "show" -d 'Show a profile\'s values with their lines; a key only as a fingerprint'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -f -a "add" -d 'Write a profile: flags are values to store; on a terminal, asks for the rest'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -f -a "use" -d 'Make a profile the default'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -f -a "remove" -d 'Remove a profile; on a terminal, asks first'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and not __fish_seen_subcommand_from list show add use remove path" -f -a "path" -d 'Print where the configuration file is or would be'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'Profile to use [env: ROOMCTL_PROFILE]' -r -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l sdkappid -d 'SDKAppID of the app [env: ROOMCTL_SDKAPPID]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l identifier -d 'The calling account, an App administrator [env: ROOMCTL_IDENTIFIER]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l secret-key -d 'The app\'s secret key; other users see it in the process list, so prefer --secret-key-file [env: ROOMCTL_SECRET_KEY]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l secret-key-file -d 'File with the secret key, - for stdin [env: ROOMCTL_SECRET_KEY_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l usersig -d 'A ready-made UserSig in place of the key; other users see it in the process list, so prefer --usersig-file [env: ROOMCTL_USERSIG]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l usersig-file -d 'File with a ready-made UserSig, - for stdin [env: ROOMCTL_USERSIG_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l region -d 'Data centre of the app [env: ROOMCTL_REGION] [default: singapore]' -r -f -a "singapore\t''
china\t''
usa\t''
jakarta\t''
seoul\t''
tokyo\t''
frankfurt\t''
riyadh\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l endpoint -d 'Base URL in place of the region\'s [env: ROOMCTL_ENDPOINT]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l ca-file -d 'PEM certificates to trust in addition to the built-in ones [env: ROOMCTL_CA_FILE]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l tls-roots -d 'Root certificates to trust; system is for networks that re-sign TLS [env: ROOMCTL_TLS_ROOTS] [default: bundled]' -r -f -a "bundled\t''
system\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l expire -d 'Lifetime of each UserSig made here [env: ROOMCTL_EXPIRE] [default: 24h]' -r -f -a "1h\t''
24h\t''
7d\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l timeout -d 'Longest wait for one try of a request [env: ROOMCTL_TIMEOUT] [default: 10s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l connect-timeout -d 'Longest wait for a connection [env: ROOMCTL_CONNECT_TIMEOUT] [default: 5s]' -r -f -a "2s\t''
5s\t''
10s\t''
30s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -l force -d 'Replace all values of a profile that exists: those that are not given are removed and named; keys that no flag here sets, like protect, stay'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Remove it without a question'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from path" -l config -d 'Configuration file [env: ROOMCTL_CONFIG] [default: $XDG_CONFIG_HOME/roomctl/config.toml]' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from path" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from path" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -l out -d 'Folder to write every page to; created if it does not exist' -r -f -a "(__fish_complete_directories)"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l port -d 'Port on 127.0.0.1; 0 takes a free one' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l room -d 'Room with members, NAME=USER,USER; repeatable' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l rooms -d 'File with rooms and members, as for kick --from' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l format -d 'Format of the files [default: by suffix .csv .tsv .json .ndjson .jsonl, else json if the first character is { or [, else lines]' -r -f -a "lines\t''
csv\t''
tsv\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l columns -d 'Columns of csv or tsv without a header, like room,user,reason; - skips a column' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l delimiter -d 'Separator of csv or tsv: one ASCII character, or tab [default: the one of , ; and tab that the header has]' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l latency -d 'Time between effect and answer' -r -f -a "10ms\t''
30ms\t''
100ms\t''
1s\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l limit -d 'Most requests per second of one API command; above it the answer is 60007' -r -f
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l absent -d 'What one absent member does to a batch' -r -f -a "atomic\t'One absent member fails the batch, and no member is removed'
partial\t'The present members are removed, and the answer is still 100005'"
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l fault -d 'Fault and how often, like 100001=2%; repeatable' -r -f -a "http502\t''
http429\t''
reset\t''
drop\t''
truncate\t''
slow:4s\t''
html\t''
close\t''
connect:200ms\t''
100001=2%\t''
http502=2%\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l log -d 'Write one JSON line per request to this file' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l env-file -d 'Also write the export lines to this file' -r -F
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -s o -l output -d 'How to print results' -r -f -a "text\t''
json\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l color -d 'When to use colour [env: ROOMCTL_COLOR] [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -l tls -d 'TLS with the sandbox\'s own certificate authority'
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -s q -l quiet -d 'Only errors on stderr; stdout is untouched'
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -s v -l verbose -d 'Report on stderr where every value came from, and each request (redacted)'
complete -c roomctl -n "__fish_roomctl_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from show" -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from use" -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand profile; and __fish_seen_subcommand_from remove" -f -a "(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -f -a "bash"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -f -a "elvish"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -f -a "fish"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -f -a "powershell"
complete -c roomctl -n "__fish_roomctl_using_subcommand completions" -f -a "zsh"
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60002" -d 'the HTTP request could not be read'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60003" -d 'the JSON body could not be read'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60004" -d 'the check of the account failed'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60005" -d 'the check of the account failed'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60006" -d 'the SDKAppID is invalid'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60007" -d 'too many requests for this API'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60008" -d 'the service timed out, or could not read the request'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60009" -d 'the request URL is not known'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60010" -d 'the identifier is not an App administrator'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60011" -d 'too many requests for this SDKAppID'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60012" -d 'the SDKAppID is missing from the URL'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60013" -d 'the service could not read its own backend\'s answer'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60014" -d 'the account check timed out'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60015" -d 'the account type is wrong'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60016" -d 'the SDKAppID is disabled'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60017" -d 'the request is disabled for this app'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60018" -d 'too many requests'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60019" -d 'too many requests'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60020" -d 'the package has expired or was not bought, or the account is in arrears'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60021" -d 'this machine\'s IP address is not allowed'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60025" -d 'sdkappid, identifier, usersig or contenttype is wrong in the URL'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60026" -d 'this region is not the SDKAppID\'s data centre'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60027" -d 'the product does not match the app'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "60028" -d 'the trial\'s quota of 24 hours is used up'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70001" -d 'the UserSig has expired'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70002" -d 'the UserSig is empty'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70003" -d 'the UserSig cannot be parsed'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70005" -d 'the UserSig is invalid'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70009" -d 'the UserSig was made with another app\'s key'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70013" -d 'the identifier differs from the signed one'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70014" -d 'the SDKAppID differs from the signed one'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70016" -d 'the key of this SDKAppID is unknown here'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70020" -d 'the SDKAppID is unknown here'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70050" -d 'verification failed too often and is throttled'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70051" -d 'the account is blocked'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70052" -d 'the UserSig has expired'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70107" -d 'the account was never imported into the app'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70169" -d 'the service timed out'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70202" -d 'an internal time-out of the service'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70402" -d 'a parameter of the signature check is invalid'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70403" -d 'an App administrator is needed'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "70500" -d 'an internal error of the signature service'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100001" -d 'an internal error of the room service'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100002" -d 'a parameter is invalid; ErrorInfo says which'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100003" -d 'a room with this RoomId exists already'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100004" -d 'the room does not exist or was dissolved'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100005" -d 'not a member of the room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100006" -d 'no permission for this member'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100007" -d 'the app has no package for this feature'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100008" -d 'the room is full'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100009" -d 'too many tags'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100010" -d 'the caller owns a room with this RoomId already'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100011" -d 'a Chat group has this RoomId already'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100012" -d 'too many requests for this room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100013" -d 'more than the paid limit'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100015" -d 'the room type is invalid'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100016" -d 'the member is banned already'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100017" -d 'the member is muted'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100018" -d 'the room needs a password'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100019" -d 'the room\'s password is wrong'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100020" -d 'the room has too many administrators'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100102" -d 'another signalling request is under way'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100200" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100201" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100202" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100203" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100204" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100205" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100206" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100210" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100211" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100251" -d 'an error of the seats in a room'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100400" -d 'an error of connections between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100401" -d 'an error of connections between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100402" -d 'an error of connections between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100403" -d 'an error of connections between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100404" -d 'an error of connections between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100405" -d 'an error of connections between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100411" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100412" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100413" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100414" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100415" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100416" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100417" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100418" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100419" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100420" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100421" -d 'an error of battles between rooms'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100500" -d 'an error of a room\'s metadata'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100501" -d 'an error of a room\'s metadata'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100502" -d 'an error of a room\'s metadata'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100503" -d 'an error of a room\'s metadata'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "100504" -d 'an error of a room\'s metadata'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "0" -d 'success for every member'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "1" -d 'the service refused; nobody is known to have been removed'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "2" -d 'wrong usage or input; nothing was sent'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "3" -d 'configuration or credentials missing, unreadable or unsafe; nothing sent'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "4" -d 'the service rejected the credentials or the region'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "5" -d 'unreachable or failing after all retries; run it again for the rest'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "6" -d 'partial: some removed, some not (or found in the room by --verify)'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "7" -d 'journal locked, foreign or damaged, or a record could not be written'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "129" -d 'interrupted by SIGHUP after finishing what was in flight'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "130" -d 'interrupted by SIGINT after finishing what was in flight'
complete -c roomctl -n "__fish_roomctl_using_subcommand explain" -f -a "143" -d 'interrupted by SIGTERM after finishing what was in flight'
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "kick"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "ban"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "unban"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "members"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "bans"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "info"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "doctor"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "journal"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "explain"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "usersig"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "profile"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "sandbox"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "help"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "completions"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "man"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "exit-codes"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "environment"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "input"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "output"
complete -c roomctl -n "__fish_roomctl_using_subcommand help" -f -a "journal"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "kick"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "ban"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "unban"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "members"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "bans"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "info"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "doctor"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "journal"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "explain"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "usersig"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "profile"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "sandbox"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "help"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "completions"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "man"
complete -c roomctl -n "__fish_roomctl_using_subcommand man" -f -a "roomctl.toml"
complete -c roomctl -n 'contains -- -- (commandline -opc)' -f -a '(__roomctl_program)'
