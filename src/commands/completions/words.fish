
# What apicall itself knows to come next: profiles, paths, operations, items.
function __fish_apicall_words
    set -l before (commandline -opc)
    set -l word (commandline -ct)
    set -l found (apicall __complete -- $before[2..-1] "$word" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$word"
    end
end

