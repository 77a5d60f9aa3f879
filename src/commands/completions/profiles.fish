
function __fish_apicall_profiles
    apicall profile list -o names 2>/dev/null
end

complete -c apicall -n "__fish_apicall_using_subcommand logout" -f -a "(__fish_apicall_profiles)"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show use rename remove" -f -a "(__fish_apicall_profiles)"
