
# Names of profiles where an argument is one, all else as above.
_apicall_or_profiles() {
    local before="${COMP_WORDS[COMP_CWORD-2]}"
    case "$3" in
        -p | --profile | logout) ;;
        =) [[ "$before" == --profile ]] || { _apicall "$@"; return; } ;;
        show | use | rename | remove) [[ "$before" == profile ]] || { _apicall "$@"; return; } ;;
        *) _apicall "$@"; return ;;
    esac
    if [[ "$2" == -* ]]; then
        _apicall "$@"
    else
        COMPREPLY=($(compgen -W "$("$1" profile list -o names 2>/dev/null)" -- "$2"))
    fi
}

complete -F _apicall_or_profiles -o bashdefault -o default apicall
