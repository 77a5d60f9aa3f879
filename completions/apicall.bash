_apicall() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="apicall"
                ;;
            apicall,auth-header)
                cmd="apicall__subcmd__auth__subcmd__header"
                ;;
            apicall,batch)
                cmd="apicall__subcmd__batch"
                ;;
            apicall,call)
                cmd="apicall__subcmd__call"
                ;;
            apicall,completions)
                cmd="apicall__subcmd__completions"
                ;;
            apicall,delete)
                cmd="apicall__subcmd__delete"
                ;;
            apicall,doctor)
                cmd="apicall__subcmd__doctor"
                ;;
            apicall,events)
                cmd="apicall__subcmd__events"
                ;;
            apicall,export)
                cmd="apicall__subcmd__export"
                ;;
            apicall,get)
                cmd="apicall__subcmd__get"
                ;;
            apicall,head)
                cmd="apicall__subcmd__head"
                ;;
            apicall,import)
                cmd="apicall__subcmd__import"
                ;;
            apicall,login)
                cmd="apicall__subcmd__login"
                ;;
            apicall,logout)
                cmd="apicall__subcmd__logout"
                ;;
            apicall,maas)
                cmd="apicall__subcmd__maas"
                ;;
            apicall,ops)
                cmd="apicall__subcmd__ops"
                ;;
            apicall,options)
                cmd="apicall__subcmd__options"
                ;;
            apicall,patch)
                cmd="apicall__subcmd__patch"
                ;;
            apicall,post)
                cmd="apicall__subcmd__post"
                ;;
            apicall,profile)
                cmd="apicall__subcmd__profile"
                ;;
            apicall,put)
                cmd="apicall__subcmd__put"
                ;;
            apicall,query)
                cmd="apicall__subcmd__query"
                ;;
            apicall,upload-image)
                cmd="apicall__subcmd__upload__subcmd__image"
                ;;
            apicall,wait)
                cmd="apicall__subcmd__wait"
                ;;
            apicall,whoami)
                cmd="apicall__subcmd__whoami"
                ;;
            apicall__subcmd__batch,status)
                cmd="apicall__subcmd__batch__subcmd__status"
                ;;
            apicall__subcmd__profile,import)
                cmd="apicall__subcmd__profile__subcmd__import"
                ;;
            apicall__subcmd__profile,list)
                cmd="apicall__subcmd__profile__subcmd__list"
                ;;
            apicall__subcmd__profile,path)
                cmd="apicall__subcmd__profile__subcmd__path"
                ;;
            apicall__subcmd__profile,remove)
                cmd="apicall__subcmd__profile__subcmd__remove"
                ;;
            apicall__subcmd__profile,rename)
                cmd="apicall__subcmd__profile__subcmd__rename"
                ;;
            apicall__subcmd__profile,set)
                cmd="apicall__subcmd__profile__subcmd__set"
                ;;
            apicall__subcmd__profile,show)
                cmd="apicall__subcmd__profile__subcmd__show"
                ;;
            apicall__subcmd__profile,use)
                cmd="apicall__subcmd__profile__subcmd__use"
                ;;
            apicall__subcmd__profile__subcmd__import,maas)
                cmd="apicall__subcmd__profile__subcmd__import__subcmd__maas"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        apicall)
            opts="-h -V --color --help --version login logout profile whoami doctor get post put patch delete head options call wait batch auth-header ops upload-image maas events query import export completions"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__auth__subcmd__header)
            opts="-p -h --color --profile --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__batch)
            opts="-p -j -f -F -H -y -e -r -q -v -k -o -i -h --color --profile --from --from-format --separator --shard --jobs --rate --max-fail --journal --resume --resend --retry-failed --ordered --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --yes --jq-file --arg --argjson --exit-status --columns --sort --no-header --raw-output --quiet --verbose --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --wait --dry-run --output --jq --each --include --error-body --as --all --help status"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --from-format)
                    COMPREPLY=($(compgen -W "json ndjson csv tsv lines" -- "${cur}"))
                    return 0
                    ;;
                --separator)
                    COMPREPLY=()
                    return 0
                    ;;
                --shard)
                    COMPREPLY=()
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=()
                    return 0
                    ;;
                -j)
                    COMPREPLY=()
                    return 0
                    ;;
                --rate)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-fail)
                    COMPREPLY=()
                    return 0
                    ;;
                --journal)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__batch__subcmd__status)
            opts="-o -h --output --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__call)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__completions)
            opts="-h --color --help bash elvish fish powershell zsh"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__delete)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__doctor)
            opts="-p -o -k -h --color --profile --output --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__events)
            opts="-p -f -n -o -e -r -i -q -v -k -h --color --profile --follow --interval --level --hostname --since --max-items --after --before --all --text --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --interval)
                    COMPREPLY=()
                    return 0
                    ;;
                --level)
                    COMPREPLY=($(compgen -W "audit debug info warning error critical" -- "${cur}"))
                    return 0
                    ;;
                --hostname)
                    COMPREPLY=()
                    return 0
                    ;;
                --since)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                -n)
                    COMPREPLY=()
                    return 0
                    ;;
                --after)
                    COMPREPLY=()
                    return 0
                    ;;
                --before)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__export)
            opts="-p -o -v -k -h --color --profile --output --columns --to --by --resume --page-size --verbose --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "ndjson json csv tsv" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "ndjson json csv tsv" -- "${cur}"))
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --by)
                    COMPREPLY=($(compgen -W "cursor offset" -- "${cur}"))
                    return 0
                    ;;
                --page-size)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__get)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__head)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__import)
            opts="-p -j -y -v -k -h --color --profile --format --separator --types --guess-types --primary-key --replace --batch-size --jobs --rejects --journal --resume --resend --yes --verbose --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "ndjson json csv tsv" -- "${cur}"))
                    return 0
                    ;;
                --separator)
                    COMPREPLY=()
                    return 0
                    ;;
                --types)
                    COMPREPLY=()
                    return 0
                    ;;
                --primary-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --batch-size)
                    COMPREPLY=()
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=()
                    return 0
                    ;;
                -j)
                    COMPREPLY=()
                    return 0
                    ;;
                --rejects)
                    COMPREPLY=()
                    return 0
                    ;;
                --journal)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__login)
            opts="-p -k -h --color --profile --key-stdin --key-file --key-env --key-command --anonymous --service --no-verify --replace --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --key-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --key-env)
                    COMPREPLY=()
                    return 0
                    ;;
                --key-command)
                    COMPREPLY=()
                    return 0
                    ;;
                --service)
                    COMPREPLY=($(compgen -W "maas macrometa" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__logout)
            opts="-p -h --color --profile --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__maas)
            opts="--color"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__ops)
            opts="-o -p -k -h --color --show --output --refresh --profile --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "text table json" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text table json" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__options)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__patch)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__post)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile)
            opts="-h --color --help list show use set rename remove import path"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__import)
            opts="-h --color --help maas"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__import__subcmd__maas)
            opts="-h --file --replace --dry-run --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --file)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__list)
            opts="-o -h --output --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json names" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json names" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__path)
            opts="-h --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__remove)
            opts="-h --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__rename)
            opts="-h --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__set)
            opts="-h --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__show)
            opts="-o -h --output --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__profile__subcmd__use)
            opts="-h --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__put)
            opts="-p -f -F -H -y -o -e -r -i -q -v -O -c -k -h --color --profile --op --query --field --json-field --header --body --json --form --multipart --force --anonymous --wait --yes --all --dry-run --as --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --download --remote-name --continue --paginate --max-items --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --query)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --json-field)
                    COMPREPLY=()
                    return 0
                    ;;
                -F)
                    COMPREPLY=()
                    return 0
                    ;;
                --header)
                    COMPREPLY=()
                    return 0
                    ;;
                -H)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --download)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__query)
            opts="-p -b -y -o -e -r -i -q -v -k -h --color --profile --file --bind --sql --worker --explain --validate --batch-size --ttl --stream --count --full-count --max-items --yes --dry-run --as --all --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --file)
                    COMPREPLY=()
                    return 0
                    ;;
                --bind)
                    COMPREPLY=()
                    return 0
                    ;;
                -b)
                    COMPREPLY=()
                    return 0
                    ;;
                --worker)
                    COMPREPLY=()
                    return 0
                    ;;
                --batch-size)
                    COMPREPLY=()
                    return 0
                    ;;
                --ttl)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-items)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    COMPREPLY=($(compgen -W "curl httpie fish python ruby javascript" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__upload__subcmd__image)
            opts="-p -f -y -o -e -r -i -q -v -k -h --color --profile --field --yes --dry-run --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --field)
                    COMPREPLY=()
                    return 0
                    ;;
                -f)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__wait)
            opts="-p -o -e -r -i -q -v -k -h --color --until --op --fail-on --for --interval --profile --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --connect-timeout --retries --scheme --timeout --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --until)
                    COMPREPLY=()
                    return 0
                    ;;
                --op)
                    COMPREPLY=()
                    return 0
                    ;;
                --fail-on)
                    COMPREPLY=()
                    return 0
                    ;;
                --for)
                    COMPREPLY=($(compgen -W "deployed ready commissioned released allocated on off tested broken rescue rescued" -- "${cur}"))
                    return 0
                    ;;
                --interval)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        apicall__subcmd__whoami)
            opts="-p -o -e -r -i -q -v -k -h --color --rights --profile --output --jq --jq-file --arg --argjson --exit-status --each --columns --sort --no-header --raw-output --include --quiet --verbose --error-body --fabric --ca-file --pin --insecure --client-cert --client-key --proxy --timeout --connect-timeout --retries --scheme --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                -p)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "json compact raw yaml ndjson csv tsv table" -- "${cur}"))
                    return 0
                    ;;
                --jq)
                    COMPREPLY=()
                    return 0
                    ;;
                --jq-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --arg)
                    COMPREPLY=()
                    return 0
                    ;;
                --argjson)
                    COMPREPLY=()
                    return 0
                    ;;
                --columns)
                    COMPREPLY=()
                    return 0
                    ;;
                --sort)
                    COMPREPLY=()
                    return 0
                    ;;
                --error-body)
                    COMPREPLY=($(compgen -W "stderr stdout none" -- "${cur}"))
                    return 0
                    ;;
                --fabric)
                    COMPREPLY=()
                    return 0
                    ;;
                --ca-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --pin)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-cert)
                    COMPREPLY=()
                    return 0
                    ;;
                --client-key)
                    COMPREPLY=()
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=()
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=()
                    return 0
                    ;;
                --retries)
                    COMPREPLY=()
                    return 0
                    ;;
                --scheme)
                    COMPREPLY=()
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
    complete -F _apicall -o nosort -o bashdefault -o default apicall
else
    complete -F _apicall -o bashdefault -o default apicall
fi

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
