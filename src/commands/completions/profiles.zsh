(( $+functions[_apicall_profiles] )) ||
_apicall_profiles() {
    local -a profiles
    profiles=(${(f)"$(_call_program profiles apicall profile list -o names 2>/dev/null)"})
    _describe -t profiles 'profile' profiles
}

