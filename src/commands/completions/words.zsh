(( $+functions[_apicall_words] )) ||
_apicall_words() {
    local line value program=apicall
    local -a above before ends end_texts goes_on texts
    # Below `profile`, the words begin with its subcommand.
    if [[ $curcontext == *:apicall-*-command-* ]]; then
        above=(${(s:-:)${curcontext#*:apicall-}%%-command-*})
    fi
    # Of the word at the cursor counts what stands before it.
    before=($above "${(@Q)words[1,CURRENT-1]}" "${(Q)IPREFIX}${(Q)PREFIX}")
    if [[ ${service:t} == maas ]]; then
        program=maas before=(maas "${(@)before[2,-1]}")
    elif [[ $words[2] == maas ]]; then
        before=("${(@)before[2,-1]}")
    fi
    for line in ${(f)"$(_call_program words $program __complete -- ${(q)before} 2>/dev/null)"}; do
        value=${line%%$'\t'*}
        [[ $line == *$'\t'* ]] && line="$value -- ${line#*$'\t'}"
        # A percent sign in what is shown begins a color.
        line=${line//\%/%%}
        # A path goes on behind its slash, and an item behind its sign.
        if [[ $value == *[/=@:] ]]; then
            goes_on+=("$value") texts+=("$line")
        else
            ends+=("$value") end_texts+=("$line")
        fi
    done
    (( $#goes_on + $#ends )) || { _default; return }
    (( $#goes_on )) && compadd -l -S '' -d texts -a goes_on
    (( $#ends )) && compadd -l -d end_texts -a ends
}

# Under the name `maas` only where that is this program, and nothing else completes it.
[[ -z ${_comps[maas]} && $commands[maas] -ef $commands[apicall] ]] && compdef _apicall maas

