    # The command line of `maas` is not clap's.
    if [[ ${service:t} == maas || ( $words[2] == maas && $CURRENT -gt 2 ) ]]; then
        _apicall_words
        return
    fi
