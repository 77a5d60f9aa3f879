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

complete -c apicall -n "__fish_apicall_needs_command" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_needs_command" -s V -l version -d 'Print version'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "login" -d 'Detect the service, prompt for the key, verify it and save a profile'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "logout" -d 'Delete a profile and its key'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "profile" -d 'Manage profiles; keys are always masked'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "whoami" -d 'Ask the server whose key this is'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "doctor" -d 'Check config, network, TLS, clock and key, one line each'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "get" -d 'Send a GET request; items are query parameters'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "post" -d 'Send a POST request; items are form fields or JSON members'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "put" -d 'Send a PUT request; items as in POST'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "patch" -d 'Send a PATCH request; items as in POST'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "delete" -d 'Send a DELETE request; items are query parameters'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "head" -d 'Send a HEAD request and print the response headers'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "options" -d 'Send an OPTIONS request and print the allowed methods'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "call" -d 'Send one signed call with any method'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "wait" -d 'Wait until a state is reached, or stop at a failure'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "batch" -d 'Send one call per row of a file: parallel, journaled, resumable'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "auth-header" -d 'Print an `Authorization` header for another tool'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "ops" -d 'Find operations and their parameters'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "upload-image" -d 'Upload a boot image in chunks (MAAS)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "maas" -d 'Run a `maas` command line with the same output and exit codes'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "events" -d 'Show or follow the event log (MAAS)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "query" -d 'Run a query and print its rows (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "import" -d 'Import documents in bulk (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "export" -d 'Print or save all documents of a collection (Macrometa)'
complete -c apicall -n "__fish_apicall_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand login" -s p -l profile -d 'Profile name [default: the host]' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-file -d 'Read the key from a file and save it' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-env -d 'Save the name of a variable that holds the key' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-command -d 'Save a shell command that prints the key' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l service -d 'Service, instead of detecting it' -r -f -a "maas\t'Canonical MAAS'
macrometa\t'Macrometa GDN'"
complete -c apicall -n "__fish_apicall_using_subcommand login" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand login" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand login" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand login" -l key-stdin -d 'Read the key from standard input'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l anonymous -d 'Save a profile without a key'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l no-verify -d 'Save without contacting the server'
complete -c apicall -n "__fish_apicall_using_subcommand login" -l replace -d 'Replace an existing profile; without URL, only its key'
complete -c apicall -n "__fish_apicall_using_subcommand login" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand logout" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand logout" -s p -l profile -d 'Profile name, like other commands take it' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "list" -d 'List the profiles; `*` marks the default'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "show" -d 'Show one profile, its key masked'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "use" -d 'Make a profile the default'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "set" -d 'Set, change or remove settings of a profile'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "rename" -d 'Give a profile another name'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "remove" -d 'Delete a profile and its key'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "import" -d 'Import profiles from another program'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and not __fish_seen_subcommand_from list show use set rename remove import path" -f -a "path" -d 'Print the path of the config file'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'Output format' -r -f -a "text\t'Columns: default, name, service, URL, where the key comes from'
json\t'JSON'
names\t'One name per line'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'Output format' -r -f -a "text\t'Lines of text'
json\t'JSON'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from set" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from rename" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from import" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from import" -f -a "maas" -d 'Import profiles of the `maas` command line (`~/.maascli.db`)'
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from path" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand profile; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` asks several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l rights -d 'Also print the key\'s rights and grants (some more requests; Macrometa)'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s p -l profile -d 'Profile to check; `eu,us` or `\'*\'` checks several, one row each' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s o -l output -d 'Output format' -r -f -a "text\t'Lines of text'
json\t'JSON'"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand get" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand get" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand get" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand get" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand post" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand post" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand post" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand post" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand post" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand put" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand put" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand put" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand put" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand put" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand patch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand head" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand head" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand head" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand head" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand head" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand options" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand options" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand options" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand options" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand options" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` calls several and merges their responses' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l download -d 'Save the body unchanged; FILE appears only when complete' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l max-items -d 'Stop after N elements, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand call" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand call" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand call" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l wait -d 'After a long operation, wait for the machine in the path, then print it (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s O -l remote-name -d 'Save to a new file here, named by the response (or the path)'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s c -l continue -d 'Resume an interrupted `--download`, if the server supports it'
complete -c apicall -n "__fish_apicall_using_subcommand call" -l paginate -d 'Fetch all pages of a list and print their elements as one'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand call" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l until -d 'jq filter; done once it is true for the object at PATH' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l op -d 'Operation of each call (MAAS)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l fail-on -d 'jq filter; failed once it is true' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l for -d 'State that the machines should reach (MAAS)' -r -f -a "deployed\t''
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
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l interval -d 'Longest pause between polls (the first are shorter)' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l timeout -d 'Time limit for the complete wait, e.g. `10m`, `8h` [default: 2h]' -r
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l from -d 'File with the rows; `-` for standard input' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l from-format -d 'Format of the rows [default: by name and first byte]' -r -f -a "json\t'A JSON array, or a response that contains one'
ndjson\t'JSON values one after another'
csv\t'Comma-separated values with a header line'
tsv\t'Tab-separated values with a header line'
lines\t'Plain lines; `{}` is the line'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l separator -d 'CSV separator, e.g. `;` or `\\t` [default: `,`]' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l shard -d 'Take every N-th row from the K-th, the share of one of N hosts' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s j -l jobs -d 'Parallel requests' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l rate -d 'Maximum rate of calls, e.g. `50/s`' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l max-fail -d 'Stop after N failures, or above P % from 10 rows on' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l journal -d 'Record each call before and after it is made' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l op -d 'Operation (MAAS): the query parameter `op`' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l query -d 'Query parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s f -l field -d 'Field, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s F -l json-field -d 'Field with typed JSON, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s H -l header -d 'Header, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l body -d 'Complete body: text, `@FILE`, or `-` for standard input' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s o -l output -d 'Output format [default: ndjson]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l jq -d 'jq filter for each result' -r
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
httpie\t'POSIX shell with HTTPie 3 or newer'
fish\t'fish with curl'
python\t'Python 3, its standard library only'
ruby\t'Ruby, its standard library only'
javascript\t'JavaScript for Node 18 or newer, without packages'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l resume -d 'Continue where the journal ends'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l resend -d 'Also send rows again that may have been carried out'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l retry-failed -d 'Also send rows again that the server has rejected'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l ordered -d 'Print the results in the order of the rows'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l json -d 'Send items as a JSON body, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l form -d 'Send items as an urlencoded form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l multipart -d 'Send items as a multipart form, whatever the method'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l force -d 'Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l anonymous -d 'Send the request unsigned'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l wait -d 'After a long operation, wait for all machines (MAAS)'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l dry-run -d 'Print the requests instead of sending them'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -l all -d 'Allow a call that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and not __fish_seen_subcommand_from status" -a "status" -d 'Merge journals and count done, failed, uncertain and missing rows'
complete -c apicall -n "__fish_apicall_using_subcommand batch; and __fish_seen_subcommand_from status" -s o -l output -d 'Output format' -r -f -a "text\t'Lines of text'
json\t'JSON'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and __fish_seen_subcommand_from status" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand batch; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand auth-header" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s o -l output -d 'Output format' -r -f -a "text\t'One line per operation; a single match with its parameters'
table\t'A table with a header row'
json\t'JSON, with parameters and examples'"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l show -d 'Print parameters and an example even of several matches'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -l refresh -d 'Fetch the description again'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand ops" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s f -l field -d 'Parameter, taken literally' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l dry-run -d 'Print the announcement of the image instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand upload-image" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand maas" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` asks several and merges their events' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l interval -d 'Pause between polls for new events' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l level -d 'Minimum level [default: INFO]; `audit` shows audit events only' -r -f -a "audit\t''
debug\t''
info\t''
warning\t''
error\t''
critical\t''"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l hostname -d 'Events of the machine with this name' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l since -d 'All events of the last minutes, hours or days, e.g. `30m`, `2d`' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -s n -l max-items -d 'Print at most N events: the newest [default: 100], or the first N after `--after`' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l after -d 'Start after the event with this id' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l before -d 'End before the event with this id' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -s o -l output -d 'Output format [default: by Content-Type]' -r -f -a "json\t'Pretty-printed JSON, two spaces'
compact\t'JSON on one line, without whitespace'
raw\t'Byte for byte, unchecked'
yaml\t'YAML 1.2 in block style'
ndjson\t'One JSON element per line'
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand events" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand events" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand events" -s f -l follow -d 'Keep printing new events until Ctrl-C'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l all -d 'Start with the oldest event'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l text -d 'Human-readable lines even when stdout is not a terminal'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand events" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -s p -l profile -d 'Profile; `eu,us` or `\'prod-*\'` asks several and merges their rows' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l file -d 'Read the query from a file; `-` is standard input' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -s b -l bind -d 'Bind variable: `k=v`, `k:=json`, `k=@file`, `k:=@file`; `@c=NAME` for `@@c`' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l worker -d 'Run the query worker (RESTQL) of this name' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l batch-size -d 'Rows per page [default: 1000]' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l ttl -d 'How long the server keeps the cursor between pages [default: 5m]' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l max-items -d 'Stop after N rows, and fetch no further page' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l as -d 'Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)' -r -f -a "curl\t'POSIX shell with curl 7.76 or newer'
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
csv\t'One row per element (RFC 4180), lines end with LF'
tsv\t'Tab-separated; tab, newline and `\\` are escaped'
table\t'One row per element, aligned for people'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l jq -d 'jq filter for the response; with `--each`, for every element' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l jq-file -d 'Read the filter from a file' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l arg -d 'Set `$NAME` in the filter to a string' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l argjson -d 'Set `$NAME` in the filter to JSON' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l columns -d 'Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l sort -d 'Sort elements by columns; `-COLUMN` sorts descending' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l error-body -d 'Where to print the body of an error response' -r -f -a "stderr\t'On stderr, if it says more than the error line'
stdout\t'On stdout, always'
none\t'Nowhere'"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand query" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand query" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand query" -l sql -d 'The query is SQL'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l explain -d 'Print the execution plan'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l validate -d 'Check the syntax, and print what the query uses'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l stream -d 'Let the server produce rows on demand'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l count -d 'Report the row count on stderr'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l full-count -d 'Report the row count before the last LIMIT'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l dry-run -d 'Print the request instead of sending it'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l all -d 'Allow a query that changes something to go to several profiles'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s e -l exit-status -d 'Exit with 1 if the filter\'s last result is null, false or missing'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l each -d 'Print or filter list elements one by one as they arrive'
complete -c apicall -n "__fish_apicall_using_subcommand query" -l no-header -d 'Omit the header row (csv, tsv, table)'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s r -l raw-output -d 'Print strings without quotes'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s i -l include -d 'Also print the response headers'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s q -l quiet -d 'Print no body and no progress; warnings and errors stay'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand query" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand import" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand import" -l format -d 'Format of the documents [default: by name and first bytes]' -r -f -a "ndjson\t'JSON objects, one per line or pretty-printed'
json\t'A JSON array, or a response that contains one'
csv\t'Comma-separated values with a header line'
tsv\t'Tab-separated values with a header line'"
complete -c apicall -n "__fish_apicall_using_subcommand import" -l separator -d 'CSV separator, e.g. `;` or `\\t` [default: `,`]' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l types -d 'Types of CSV columns, e.g. `age=number,ok=bool`: text, number, bool, json' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l primary-key -d 'Field whose value becomes the document\'s key' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l batch-size -d 'Maximum number of documents per request' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -s j -l jobs -d 'Parallel requests' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l rejects -d 'Write each rejected document to FILE, with its line and the reason' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l journal -d 'Keep a journal, so that an interrupted run can be resumed' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand import" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand import" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand import" -l guess-types -d 'Read CSV cells as booleans, null and numbers if no spelling changes'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l replace -d 'Replace stored documents that have the same key'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l resume -d 'Continue where the journal ends'
complete -c apicall -n "__fish_apicall_using_subcommand import" -l resend -d 'Resend documents without a key that may already be stored'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s y -l yes -d 'Do not prompt before a change on a protected profile'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand export" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
always\t'Always'
never\t'Never'"
complete -c apicall -n "__fish_apicall_using_subcommand export" -s p -l profile -d 'Profile to use' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand export" -s o -l output -d 'Output format [default: by the name of `--to`, else ndjson]' -r -f -a "ndjson\t'One document per line'
json\t'One JSON array'
csv\t'Comma-separated values'
tsv\t'Tab-separated values; tab, newline and `\\` are escaped'"
complete -c apicall -n "__fish_apicall_using_subcommand export" -l columns -d 'Columns of csv and tsv, e.g. `_key,address.city` [default: those of the first documents]' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l to -d 'Write FILE, which appears only when complete; `.gz` compresses' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l by -d 'How documents are fetched' -r -f -a "cursor\t'With a query: one state of the collection, with `_id` and `_rev`'
offset\t'Page by page, without `_id` and `_rev`; resumable, but sees later changes'"
complete -c apicall -n "__fish_apicall_using_subcommand export" -l page-size -d 'Documents per page' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l fabric -d 'Fabric for paths without a leading slash (Macrometa)' -r -f -a "(__fish_apicall_words)"
complete -c apicall -n "__fish_apicall_using_subcommand export" -l ca-file -d 'Trust the certificates in this PEM file instead of the system store' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l pin -d 'Trust the server with this public key: `sha256//BASE64`, or 64 hex digits' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l client-cert -d 'Client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l client-key -d 'Private key of the client certificate (PEM)' -r -F
complete -c apicall -n "__fish_apicall_using_subcommand export" -l proxy -d 'Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l timeout -d 'Time limit for the complete call, e.g. `30s`, `10m`' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l connect-timeout -d 'Time limit for connecting [default: 10s]' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l retries -d 'Maximum number of retries [default: 3]' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l scheme -d 'Word before a Macrometa key: `apikey`, `bearer` or empty' -r
complete -c apicall -n "__fish_apicall_using_subcommand export" -l resume -d 'Continue an interrupted `--by offset` export'
complete -c apicall -n "__fish_apicall_using_subcommand export" -s v -l verbose -d 'Print headers and timing on stderr (-vv: bodies too)'
complete -c apicall -n "__fish_apicall_using_subcommand export" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c apicall -n "__fish_apicall_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c apicall -n "__fish_apicall_using_subcommand completions" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` or `TERM=dumb` is set'
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
