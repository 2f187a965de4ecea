_roomctl() {
    local i cur prev opts cmd
    local at
    for ((at = 2; at < COMP_CWORD; at++)); do
        [[ "${COMP_WORDS[at]}" == "--" ]] || continue
        [[ " ${COMP_WORDS[*]:1:at-1} " == *" sandbox "* ]] || continue
        if declare -F _comp_command_offset > /dev/null; then
            _comp_command_offset $((at + 1))
        elif declare -F _command_offset > /dev/null; then
            _command_offset $((at + 1))
        elif ((COMP_CWORD == at + 1)); then
            COMPREPLY=($(compgen -c -- "$2"))
        elif [[ "${COMP_WORDS[at+1]##*/}" == roomctl ]]; then
            COMP_WORDS=("${COMP_WORDS[@]:at+1}")
            COMP_CWORD=$((COMP_CWORD - at - 1))
            _roomctl roomctl "$2" "$3"
        else
            COMPREPLY=($(compgen -f -- "$2"))
        fi
        return
    done
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    if [[ "${cur}" == "=" ]]; then
        cur=""
    elif [[ "${prev}" == "=" ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="roomctl"
                ;;
            roomctl,ban)
                cmd="roomctl__subcmd__ban"
                ;;
            roomctl,bans)
                cmd="roomctl__subcmd__bans"
                ;;
            roomctl,completions)
                cmd="roomctl__subcmd__completions"
                ;;
            roomctl,doctor)
                cmd="roomctl__subcmd__doctor"
                ;;
            roomctl,explain)
                cmd="roomctl__subcmd__explain"
                ;;
            roomctl,help)
                cmd="roomctl__subcmd__help"
                ;;
            roomctl,info)
                cmd="roomctl__subcmd__info"
                ;;
            roomctl,journal)
                cmd="roomctl__subcmd__journal"
                ;;
            roomctl,kick)
                cmd="roomctl__subcmd__kick"
                ;;
            roomctl,man)
                cmd="roomctl__subcmd__man"
                ;;
            roomctl,members)
                cmd="roomctl__subcmd__members"
                ;;
            roomctl,profile)
                cmd="roomctl__subcmd__profile"
                ;;
            roomctl,sandbox)
                cmd="roomctl__subcmd__sandbox"
                ;;
            roomctl,unban)
                cmd="roomctl__subcmd__unban"
                ;;
            roomctl,usersig)
                cmd="roomctl__subcmd__usersig"
                ;;
            roomctl__subcmd__journal,show)
                cmd="roomctl__subcmd__journal__subcmd__show"
                ;;
            roomctl__subcmd__journal,summary)
                cmd="roomctl__subcmd__journal__subcmd__summary"
                ;;
            roomctl__subcmd__profile,add)
                cmd="roomctl__subcmd__profile__subcmd__add"
                ;;
            roomctl__subcmd__profile,list)
                cmd="roomctl__subcmd__profile__subcmd__list"
                ;;
            roomctl__subcmd__profile,path)
                cmd="roomctl__subcmd__profile__subcmd__path"
                ;;
            roomctl__subcmd__profile,remove)
                cmd="roomctl__subcmd__profile__subcmd__remove"
                ;;
            roomctl__subcmd__profile,show)
                cmd="roomctl__subcmd__profile__subcmd__show"
                ;;
            roomctl__subcmd__profile,use)
                cmd="roomctl__subcmd__profile__subcmd__use"
                ;;
            roomctl__subcmd__usersig,inspect)
                cmd="roomctl__subcmd__usersig__subcmd__inspect"
                ;;
            roomctl__subcmd__usersig,sign)
                cmd="roomctl__subcmd__usersig__subcmd__sign"
                ;;
            roomctl__subcmd__usersig,verify)
                cmd="roomctl__subcmd__usersig__subcmd__verify"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        roomctl)
            opts="-q -v -h -V -o --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --color --quiet --verbose --help --version --output kick ban unban members bans info doctor journal usersig profile completions explain help man sandbox"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__ban)
            opts="-m -r -u -f -g -n -y -o -q -v -h --for --reason --reason-file --verify --room --user --from --all --match --format --columns --delimiter --stream --dry-run --max-members --protect --skip-protected --yes --rate --rate-scope --retries --concurrency --deadline --max-failures --journal --again --audit --failed-to --progress --include-admins --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --for)
                    COMPREPLY=($(compgen -W "10m 1h 24h 7d 30d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --reason)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -m)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --reason-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --user)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -u)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --from)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                -f)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --match)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -g)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "lines csv tsv json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --columns)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --delimiter)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --max-members)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --protect)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rate)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rate-scope)
                    COMPREPLY=($(compgen -W "process host" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --retries)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=($(compgen -W "1m 10m 30m 1h" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --max-failures)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --journal)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --audit)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --failed-to)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --progress)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__bans)
            opts="-r -o -q -v -h --room --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__completions)
            opts="-o -q -v -h --output --color --quiet --verbose --help bash elvish fish powershell zsh"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__doctor)
            opts="-o -q -v -h --rate-scope --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --rate-scope)
                    COMPREPLY=($(compgen -W "process host" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__explain)
            opts="-o -q -v -h --output --color --quiet --verbose --help 60002 60003 60004 60005 60006 60007 60008 60009 60010 60011 60012 60013 60014 60015 60016 60017 60018 60019 60020 60021 60025 60026 60027 60028 70001 70002 70003 70005 70009 70013 70014 70016 70020 70050 70051 70052 70107 70169 70202 70402 70403 70500 100001 100002 100003 100004 100005 100006 100007 100008 100009 100010 100011 100012 100013 100015 100016 100017 100018 100019 100020 100102 100200 100201 100202 100203 100204 100205 100206 100210 100211 100251 100400 100401 100402 100403 100404 100405 100411 100412 100413 100414 100415 100416 100417 100418 100419 100420 100421 100500 100501 100502 100503 100504 0 1 2 3 4 5 6 7 129 130 143"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__help)
            opts="-o -q -v -h --output --color --quiet --verbose --help kick ban unban members bans info doctor journal explain usersig profile sandbox help completions man exit-codes environment input output journal"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__info)
            opts="-r -o -q -v -h --room --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__journal)
            opts="-h --help show summary"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__journal__subcmd__show)
            opts="-u -r -o -q -v -h --user --room --outcome --since --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --user)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -u)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --outcome)
                    COMPREPLY=($(compgen -W "removed banned unbanned gone absent refused unknown unsent in-doubt" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --since)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__journal__subcmd__summary)
            opts="-o -q -v -h --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__kick)
            opts="-m -r -u -f -g -n -y -o -q -v -h --reason --reason-file --ignore-absent --check-room --verify --room --user --from --match --format --columns --delimiter --stream --dry-run --max-members --protect --skip-protected --yes --rate --rate-scope --retries --concurrency --deadline --max-failures --journal --again --audit --failed-to --progress --include-admins --all --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --reason)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -m)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --reason-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --check-room)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --user)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -u)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --from)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                -f)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --match)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -g)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "lines csv tsv json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --columns)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --delimiter)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --max-members)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --protect)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rate)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rate-scope)
                    COMPREPLY=($(compgen -W "process host" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --retries)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=($(compgen -W "1m 10m 30m 1h" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --max-failures)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --journal)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --audit)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --failed-to)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --progress)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__man)
            opts="-o -q -v -h --out --output --color --quiet --verbose --help kick ban unban members bans info doctor journal explain usersig profile sandbox help completions man roomctl.toml"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --out)
                    COMPREPLY=()
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o plusdirs
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__members)
            opts="-r -o -q -v -h --room --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile)
            opts="-h --help list show add use remove path"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile__subcmd__add)
            opts="-o -q -v -h --force --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile__subcmd__list)
            opts="-o -q -v -h --config --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile__subcmd__path)
            opts="-o -q -v -h --config --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile__subcmd__remove)
            opts="-y -o -q -v -h --yes --config --output --color --quiet --verbose --help $(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
            [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile__subcmd__show)
            opts="-o -q -v -h --profile --config --output --color --quiet --verbose --help $(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
            [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__profile__subcmd__use)
            opts="-o -q -v -h --config --output --color --quiet --verbose --help $(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)"
            [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__sandbox)
            opts="-o -q -v -h --port --room --rooms --format --columns --delimiter --latency --limit --absent --fault --tls --log --env-file --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --port)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rooms)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "lines csv tsv json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --columns)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --delimiter)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --latency)
                    COMPREPLY=($(compgen -W "10ms 30ms 100ms 1s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --limit)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --absent)
                    COMPREPLY=($(compgen -W "atomic partial" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --fault)
                    COMPREPLY=($(compgen -W "http502 http429 reset drop truncate slow:4s html close connect:200ms 100001=2% http502=2%" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --log)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --env-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__unban)
            opts="-r -u -f -g -n -y -o -q -v -h --room --user --from --match --format --columns --delimiter --stream --dry-run --max-members --skip-protected --yes --rate --rate-scope --retries --concurrency --deadline --max-failures --journal --again --audit --failed-to --progress --protect --all --profile --config --sdkappid --identifier --secret-key --secret-key-file --usersig --usersig-file --region --endpoint --ca-file --tls-roots --expire --timeout --connect-timeout --sandbox --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --room)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -r)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --user)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -u)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --from)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                -f)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --match)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -g)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "lines csv tsv json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --columns)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --delimiter)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --max-members)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rate)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --rate-scope)
                    COMPREPLY=($(compgen -W "process host" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --retries)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=($(compgen -W "1m 10m 30m 1h" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --max-failures)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --journal)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --audit)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --failed-to)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --progress)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --protect)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --usersig)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --usersig-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -W "singapore china usa jakarta seoul tokyo frankfurt riyadh" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ca-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --tls-roots)
                    COMPREPLY=($(compgen -W "bundled system" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -W "2s 5s 10s 30s" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__usersig)
            opts="-h --help sign inspect verify"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__usersig__subcmd__inspect)
            opts="-o -q -v -h --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__usersig__subcmd__sign)
            opts="-o -q -v -h --userbuf --userbuf-file --profile --config --sdkappid --identifier --secret-key --secret-key-file --expire --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --userbuf)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --userbuf-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --expire)
                    COMPREPLY=($(compgen -W "1h 24h 7d" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        roomctl__subcmd__usersig__subcmd__verify)
            opts="-o -q -v -h --profile --config --sdkappid --identifier --secret-key --secret-key-file --output --color --quiet --verbose --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(ROOMCTL_COMPLETE=fish roomctl -- roomctl profile use '' 2> /dev/null | grep -v '^-' | cut -f1)" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --config)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --sdkappid)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --identifier)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --secret-key-file)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    [[ "${BASH_VERSINFO[0]}" -lt 4 ]] || compopt +o bashdefault +o default
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _roomctl -o nosort -o bashdefault -o default roomctl
else
    complete -F _roomctl -o bashdefault -o default roomctl
fi
