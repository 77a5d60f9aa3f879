
# What apicall itself knows to come next: profiles, paths, operations, items.
function __fish_apicall_words
    set -l before (commandline -opc)
    set -l word (commandline -ct)
    set -l asked $before[2..-1]
    set -l program apicall
    if test (string replace -r '.*/' '' -- $before[1]) = maas
        set program maas
        set -p asked maas
    end
    set -l found ($program __complete -- $asked "$word" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$word"
    end
end

complete -c apicall -n "__fish_apicall_using_subcommand maas" -f -a "(__fish_apicall_words)"
# Under the name `maas` only where that is this program.
if command -q maas; and command -q apicall; and test (realpath (command -s maas)) = (realpath (command -s apicall))
    complete -c maas -f -a "(__fish_apicall_words)"
end

