# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_apicall_global_optspecs
    string join \n color= h/help V/version
end

function __fish_apicall_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_apicall_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_apicall_using_subcommand
    set -l cmd (__fish_apicall_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c apicall -n "__fish_apicall_needs_command" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_needs_command" -s V -l version -d 'Print version'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "login" -d 'Find out the service, ask for the key, verify it with the server, store the profile'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "logout" -d 'Forget a profile and its key'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "profile" -d 'Manage profiles; keys are always masked'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "whoami" -d 'Ask the server whose key this is'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "doctor" -d 'Look at config, network, TLS, clock and key, one line each'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "get" -d 'Send a GET: items are query parameters'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "post" -d 'Send a POST: items are form fields (MAAS) or members of a JSON object (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "put" -d 'Send a PUT: items go where POST puts them'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "patch" -d 'Send a PATCH: items go where POST puts them'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "delete" -d 'Send a DELETE: items are query parameters'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "head" -d 'Send a HEAD and print the response\'s head'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "options" -d 'Send an OPTIONS and print what is allowed'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "call" -d 'Send one signed call with any method'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "wait" -d 'Wait until a state is reached, or has failed'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "batch" -d 'Send one call for each row of a file: many at once, journaled, resumable'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "auth-header" -d 'Print a fresh `Authorization` line for another tool: whoever sees it has the key'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "ops" -d 'Find operations and their parameters'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "upload-image" -d 'Upload an image to MAAS, in chunks'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "maas" -d 'Take the arguments of the `maas` command line: same requests, output and exit codes'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "events" -d 'List the events of MAAS, or follow them (MAAS)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "query" -d 'Run a query and print its rows (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "import" -d 'Store documents in bulk: NDJSON, a JSON array or CSV (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "export" -d 'Print or save all documents of a collection (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand login" -s p -l profile -d 'Name of the profile; the host names it where it is not given' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-file -d 'Read the key from a file, and store it' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-env -d 'Store the name of a variable; the key is read from it when it is needed' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-command -d 'Store a shell command; the key is what it prints when it is needed' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l service -d 'Say which service it is instead of asking the server' -r -f -a "maas\t'Canonical MAAS'
macrometa\t'Macrometa GDN'"
complete -c apicall -n "__fish_apicall_using_subcommand login" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand login" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-stdin -d 'Read the key from standard input'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l anonymous -d 'Store a profile without a key'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l no-verify -d 'Store without asking the server, for one that is off'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l replace -d 'Replace a profile of that name; without URL, only its key'
complete -c apicall -n "__fish_apicall_using_subcommand login" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand logout" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand logout" -s p -l profile -d 'Name of the profile, as other commands take it' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "list" -d 'List the profiles; `*` marks the default'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "show" -d 'Show one profile, its key masked'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "use" -d 'Make a profile the default'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "set" -d 'Set, change or remove settings of a profile'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "rename" -d 'Give a profile another name'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "remove" -d 'Forget a profile and its key'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "import" -d 'Take profiles over from another program'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "path" -d 'Print the path of the config file'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format' -r -f -a "text\t'Columns: default, name, service, URL, where the key comes from'
json\t'JSON'
names\t'One name a line'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format' -r -f -a "text\t'A line each'
json\t'JSON'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from set" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from rename" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from import" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from import" -f -a "maas" -d 'From the `maas` command line: `~/.maascli.db`, which is only read'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from path" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` asks several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l rights -d 'Ask also what the key may see and what it was granted, some GETs more (Macrometa)'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s p -l profile -d 'Profile to look at; `eu,us` or `\'*\'` looks at several, a row each' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s o -l output -d 'Output form' -r -f -a "text\t'A line each'
json\t'JSON'"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l download -d 'Write the body to this file, as it came; it appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l max-items -d 'Print at most so many elements of a list, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l wait -d 'After an operation that takes its time, wait for the machine of the path and print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s O -l remote-name -d 'The same, into a new file here, named by the response, else by the path'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s c -l continue -d 'Continue a download that broke off, where the server allows it'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l until -d 'Filter of jq\'s language; the wait is over once it holds for what is at the path' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l op -d 'Operation of the calls for the paths (MAAS)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l fail-on -d 'Filter of jq\'s language; once it holds, the wait has failed' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l for -d 'State that the machines are to reach (MAAS)' -r -f -a "deployed\t''
ready\t''
commissioned\t''
released\t''
allocated\t''
on\t''
off\t''
tested\t''
broken\t''
rescue\t''
rescued\t''"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l interval -d 'Longest pause between two looks; the first ones are shorter' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l timeout -d 'Limit for the whole wait, as `10m` or `8h` (2 h)' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l from -d 'File with the rows; `-` for standard input' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l from-format -d 'Format of the rows [default: by name and first byte]' -r -f -a "json\t'A JSON array, or a response that holds one'
ndjson\t'JSON values one after another'
csv\t'Comma-separated values under a line of names'
tsv\t'Tab-separated values under a line of names'
lines\t'Plain lines; `{}` is the line'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l separator -d 'What stands between the cells of CSV, e.g. `;` or `\\t`' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l shard -d 'Take every N-th row from the K-th: the part of one of N machines' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s j -l jobs -d 'Calls at once' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l rate -d 'Start at most so many calls, e.g. `50/s`' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l max-fail -d 'Start no more calls after N failures, or above P % from 10 rows on' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l journal -d 'Record each call before and after it is made' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l body -d 'Whole body: a text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l resume -d 'Continue where the journal ends'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l resend -d 'Send rows again that may have been carried out'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l retry-failed -d 'Send rows again that the server has refused'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l ordered -d 'Print the results in the order of the rows'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l force -d 'Send what MAAS ignores: query parameters of a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l anonymous -d 'Do not sign'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l wait -d 'Wait for all machines at the end, where the operation takes its time (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l dry-run -d 'Print the requests instead of sending them'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l all -d 'Let a call that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -a "status" -d 'Merge journals and count the rows that are done, failed, uncertain and missing'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and __fish_seen_subcommand_from status" -s o -l output -d 'Output format' -r -f -a "text\t'A line each'
json\t'JSON'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and __fish_seen_subcommand_from status" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s o -l output -d 'Output format' -r -f -a "text\t'A line each; a single one with its parameters'
table\t'A line each, in columns with headings'
json\t'JSON, with parameters and examples'"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l show -d 'Print parameters and an example of the nearest operations, not only of a single one'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l refresh -d 'Take the description from the server anew'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s f -l field -d 'Parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l dry-run -d 'Print the announcement of the image instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand maas" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` asks several and merges their events' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l interval -d 'How often the server is asked for new events' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l level -d 'Events of this level and above (INFO); `audit` stands alone' -r -f -a "audit\t''
debug\t''
info\t''
warning\t''
error\t''
critical\t''"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l hostname -d 'Events of the machine with this name' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l since -d 'Events of the last minutes, hours or days, as `30m` or `2d`; all of them' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -s n -l max-items -d 'Print at most so many: the newest (100), or the first after `--after`' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l after -d 'Begin behind the event with this id' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l before -d 'End before the event with this id' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -s f -l follow -d 'Go on with events as they come, until Ctrl-C'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l all -d 'Begin with the oldest event there is'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l text -d 'Lines for people, also where stdout is no terminal'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -s p -l profile -d 'Profile to use; `eu,us` or `\'prod-*\'` asks several and merges their rows' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l file -d 'Read the query from a file; `-` is standard input' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -s b -l bind -d 'Bind variable: `k=v`, `k:=json`, `k=@file`, `k:=@file`; `@c=NAME` for `@@c`' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l worker -d 'Run the query worker (RESTQL) of this name' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l batch-size -d 'Rows of a page (1000)' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l ttl -d 'How long the server waits for the next page to be asked for (5m)' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l max-items -d 'Print at most so many rows, and fetch no page beyond them' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l as -d 'Print the request as a program that reads the key from `$APICALL_KEY`, instead of sending it' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'Elements as rows of comma-separated values (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'Elements as rows of a table for people'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l jq -d 'Filter of jq\'s language, run on the response; `--each`: on each element' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l arg -d 'Variable `$NAME` of the filter, a text' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l argjson -d 'Variable `$NAME` of the filter, typed JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l columns -d 'Columns of csv, tsv or a table, as `hostname,pool.name,N=.tags|length`' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l sort -d 'Sort elements by columns; `-COLUMN` puts the largest first' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l error-body -d 'Where the body of an error goes' -r -f -a "stderr\t'To stderr, where it says more than the error\'s line'
stdout\t'To stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l sql -d 'The query is SQL'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l explain -d 'Print how the query would be run'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l validate -d 'Print whether the query can be parsed, and what it uses'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l stream -d 'Let the server make rows only when they are fetched'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l count -d 'Report the number of rows, on stderr'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l full-count -d 'Report the number of rows that there were without the last LIMIT, on stderr'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l all -d 'Let a query that changes something go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s e -l exit-status -d 'Exit with 1 where the filter\'s last result is null or false, or there is none'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l each -d 'Print or filter each element of a list on its own, as it comes'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l no-header -d 'Leave the header of csv, tsv or a table out'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s r -l raw-output -d 'Print strings without quotes, where the response or the filter\'s result is one'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s i -l include -d 'Print the response\'s head, too'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand import" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand import" -l format -d 'Format of the documents; by name and first bytes where it is not given' -r -f -a "ndjson\t'JSON objects one after another, each on a line or over several'
json\t'A JSON array, or the response of a call that holds one'
csv\t'Comma-separated values under a line of names'
tsv\t'Tab-separated values under a line of names'"
complete -c apicall -n "__fish_apicall_using_subcommand import" -l separator -d 'What stands between the cells of CSV, e.g. `;` or `\\t`' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l types -d 'Types of CSV columns, as `age=number,active=bool`: text, number, bool, json' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l primary-key -d 'Member whose value becomes the document\'s key' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l batch-size -d 'The most documents of a call' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -s j -l jobs -d 'Calls side by side' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l rejects -d 'Write each document that is not stored to a file, with its line and the reason' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l journal -d 'Keep a journal, so that a run that breaks can be resumed' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand import" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l guess-types -d 'Make booleans, null and numbers of CSV cells whose spelling stays the same'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l replace -d 'Replace stored documents that have the same key'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l resume -d 'Go on where the journal ends'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l resend -d 'Send documents without a key again although an earlier call may have stored them'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s y -l yes -d 'Do not ask before changing something on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand export" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand export" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand export" -s o -l output -d 'Output format [default: by the name of `--to`, else ndjson]' -r -f -a "ndjson\t'A document on each line'
json\t'One JSON array'
csv\t'Comma-separated values'
tsv\t'Tab-separated values; tab, newline and `\\` are escaped'"
complete -c apicall -n "__fish_apicall_using_subcommand export" -l columns -d 'Columns of csv and tsv, as `_key,address.city`; those of the first documents where not given' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l to -d 'Write a file, packed where its name ends in `.gz`, which appears when it is complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l by -d 'How documents are fetched' -r -f -a "cursor\t'By a query: one state of the collection, with `_id` and `_rev`'
offset\t'Page by page, without `_id` and `_rev`; can be resumed, but sees changes meanwhile'"
complete -c apicall -n "__fish_apicall_using_subcommand export" -l page-size -d 'Documents of a page' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand export" -l ca-file -d 'Trust the certificates of this PEM file instead of the system\'s' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l client-cert -d 'Client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l client-key -d 'Key of the client certificate, a PEM file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l timeout -d 'Timeout of the complete call, e.g. `30s` or `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l connect-timeout -d 'Timeout for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l retries -d 'How often a call may be retried [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l resume -d 'Go on with a file that an export by offset left unfinished'
complete -c apicall -n "__fish_apicall_using_subcommand export" -s v -l verbose -d 'Heads and timing on stderr; twice: bodies too'
complete -c apicall -n "__fish_apicall_using_subcommand export" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand completions" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'

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

complete -c apicall -n "__fish_apicall_using_subcommand logout" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from use" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from set" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from rename" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from remove" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand events" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand import" -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand export" -f -a "(__fish_apicall_words)"
