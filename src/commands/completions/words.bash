
# What apicall itself knows to come next (profiles, paths, operations, items), all else as above.
_apicall_or_words() {
    local IFS=$' \t\n' i rest word quoted=""
    local -a words=() found=()
    # bash has split at `=`, `:` and `@`, too: what stands together in the line is one word.
    rest=${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq 0 || $rest == [[:blank:]]* ]]; then
            rest=${rest#"${rest%%[![:blank:]]*}"}
            words+=("")
        fi
        # Of the word at the cursor counts what stands before it.
        [[ $rest == "$word"* ]] || word=$rest
        rest=${rest#"$word"}
        words[${#words[@]} - 1]+=$word
    done
    local cur=${words[${#words[@]} - 1]}
    # Quotes are not part of a word; what would have to be run to know the word is left as it is.
    for i in "${!words[@]}"; do
        words[i]=${words[i]//[\"\'\\]/}
    done
    local plain=${words[${#words[@]} - 1]}
    local end=${2//[\"\'\\]/} begin=""
    # Readline puts a response in the place of the part behind the last `=`, `:` or `@`.
    [[ $plain == --*=* && $plain != *=*=* ]] && plain=${plain#*=}
    [[ $plain == *"$end" ]] && begin=${plain%"$end"}
    # What is inserted is one word, whatever is in it; within quotes that is said of plain ones alone.
    local -a asked=("${words[@]:1}")
    [[ ${1##*/} == maas ]] && asked=(maas "${asked[@]}")
    while IFS=$'\t' read -r word _; do
        word=${word#"$begin"}
        printf -v quoted %q "$word"
        [[ $quoted != "$word" && $cur == *[\"\']* ]] || found+=("$quoted")
    done < <("$1" __complete -- "${asked[@]}" 2>/dev/null)
    if [[ ${#found[@]} -eq 0 && ${asked[0]} == maas && ${#asked[@]} -gt 1 ]]; then
        # A file of `k@=FILE`, which readline finds.
        COMPREPLY=()
        return
    fi
    if [[ ${#found[@]} -eq 0 ]]; then
        _apicall "$@"
        # Options are offered once a `-` is typed; else what all have in common would be put into the line.
        if [[ $plain != -* ]]; then
            for word in "${COMPREPLY[@]}"; do
                [[ $word == -* ]] || found+=("$word")
            done
            COMPREPLY=("${found[@]}")
        fi
        return
    fi
    COMPREPLY=("${found[@]}")
    # A path goes on behind its slash, and an item behind its sign.
    [[ ${found[0]} == *[/=@:] ]] && compopt -o nospace
}

complete -F _apicall_or_words -o bashdefault -o default apicall
# Under the name `maas` only where that is this program.
if [[ "$(type -P maas)" -ef "$(type -P apicall)" ]]; then
    complete -F _apicall_or_words -o bashdefault -o default maas
fi
