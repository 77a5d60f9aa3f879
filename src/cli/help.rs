//! The texts below the options in `--help`, and the tables that help and man pages share.
//!
//! A text is made of sections: a line that ends in `:` heads the indented lines below it; what
//! stands before the first heading describes. Man pages are drawn from the same sections, so they
//! hold nothing that `--help` does not say.

/// The variables that are read, and what they do. An empty one counts as unset.
pub const VARIABLES: [(&str, &str); 15] = [
    ("APICALL_PROFILE", "profile to use, as `-p` says it"),
    (
        "APICALL_URL",
        "with APICALL_KEY a profile of its own; alone, an anonymous one",
    ),
    (
        "APICALL_KEY",
        "the key; without APICALL_URL only `login` reads it",
    ),
    ("APICALL_SERVICE", "`maas` or `macrometa`"),
    ("APICALL_FABRIC", "as `--fabric`"),
    ("APICALL_CA_FILE", "as `--ca-file`"),
    ("APICALL_TIMEOUT", "as `--timeout`"),
    ("APICALL_CONFIG", "the config file"),
    (
        "XDG_CONFIG_HOME",
        "folder of `apicall/config.toml` where APICALL_CONFIG is not set",
    ),
    ("XDG_CACHE_HOME", "folder of `apicall/`, the cache"),
    ("NO_COLOR", "no color on a terminal"),
    ("CLICOLOR_FORCE", "color also where there is no terminal"),
    (
        "http_proxy, HTTPS_PROXY, ALL_PROXY",
        "proxies by scheme; loopback is always direct",
    ),
    ("NO_PROXY", "hosts without a proxy, as curl reads it"),
    (
        "SSL_CERT_FILE",
        "PEM file to trust instead of the system's store",
    ),
];

/// The files that are read, and what they hold.
pub const FILES: [(&str, &str); 2] = [
    (
        "~/.config/apicall/config.toml",
        "the profiles and their keys; `apicall profile path` prints where it is. Written 0600 in a \
         0700 folder, and refused where others can write to it or read a key in it",
    ),
    (
        "~/.cache/apicall/",
        "what servers say of their operations; it may be deleted at any time and holds no key",
    ),
];

/// The text below the options of `apicall --help`.
///
/// Written out, as joining the tables would cost every call 60,000 instructions; a test joins them.
pub(super) const MAIN: &str = "\
Examples:
  apicall login http://10.0.0.2:5240/MAAS
  apicall get /machines/ --op list_allocated
  apicall post /machines/4y3h7n/ --op deploy distro_series=noble
  apicall get collection -p play
  apicall get /machines/ hostname=node18 --jq '.[].system_id' -r

`apicall COMMAND --help` explains a command, its items and its examples.

Exit codes:
  0    final status 2xx; local command done
  1    anything else: file, filter, invalid JSON, broken gzip, bug
  2    usage
  3    final status 3xx
  4    final status 4xx
  5    final status 5xx
  6    timeout, of the connection too
  7    no connection, DNS, connection cut, not HTTP, proxy
  8    TLS
  9    config refused, no such profile, no default among several, no key, key command failed, key
       refused at login
  10   `wait`: a failure state was entered
  11   partly failed: some profiles, some documents inside a 2xx response
  129  SIGHUP
  130  Ctrl-C
  143  SIGTERM

Environment:
  APICALL_PROFILE  profile to use, as `-p` says it
  APICALL_URL      with APICALL_KEY a profile of its own; alone, an anonymous one
  APICALL_KEY      the key; without APICALL_URL only `login` reads it
  APICALL_SERVICE  `maas` or `macrometa`
  APICALL_FABRIC   as `--fabric`
  APICALL_CA_FILE  as `--ca-file`
  APICALL_TIMEOUT  as `--timeout`
  APICALL_CONFIG   the config file
  XDG_CONFIG_HOME  folder of `apicall/config.toml` where APICALL_CONFIG is not set
  XDG_CACHE_HOME   folder of `apicall/`, the cache
  NO_COLOR         no color on a terminal
  CLICOLOR_FORCE   color also where there is no terminal
  http_proxy, HTTPS_PROXY, ALL_PROXY
                   proxies by scheme; loopback is always direct
  NO_PROXY         hosts without a proxy, as curl reads it
  SSL_CERT_FILE    PEM file to trust instead of the system's store";

pub(super) const LOGIN: &str = "\
The address may be written as `host`, `host:5240`, `http://host:5240/MAAS`,
`http://host:5240/MAAS/api/2.0/`, `play.paas.macrometa.io` or `api-play…`. A key is never an
argument: it is asked for, or comes from a file, standard input, a variable or a command.

Examples:
  apicall login http://10.0.0.2:5240/MAAS
  maas apikey --username admin | apicall login 10.0.0.2 -p lab --key-stdin
  apicall login play.paas.macrometa.io -p play --key-file key.txt
  apicall login 10.0.0.2 -p lab --key-command 'pass show maas/lab' --replace
  apicall login --replace -p lab --key-file new.key";

pub(super) const LOGOUT: &str = "\
Examples:
  apicall logout
  apicall logout lab";

pub(super) const PROFILE: &str = "\
Examples:
  apicall profile list
  apicall profile show lab -o json
  apicall profile use lab
  apicall profile set lab timeout=30s
  apicall profile rename 10.0.0.2 lab";

pub(super) const PROFILE_LIST: &str = "\
Examples:
  apicall profile list
  apicall profile list -o json | jq -r '.[].url'
  for name in $(apicall profile list -o names); do apicall whoami -p \"$name\"; done";

pub(super) const PROFILE_SHOW: &str = "\
Examples:
  apicall profile show
  apicall profile show lab -o json";

pub(super) const PROFILE_USE: &str = "\
Examples:
  apicall profile use lab";

pub(super) const PROFILE_SET: &str = "\
What comes out is checked before anything is written; comments stay. Secret values (`headers.NAME`,
a proxy with a password) are never arguments: they are prompted for, or read. The key itself, and
another origin or service of a profile with a key, are set by `login --replace`.

Settings:
  service          `maas` or `macrometa`
  url              Address of the server
  fabric           Fabric for paths without a leading slash (Macrometa)
  key_file         File that holds the key
  key_env          Variable that holds the key
  key_command      Shell command that prints the key
  ca_file          Trust the certificates of this PEM file instead of the system's
  pin              Trust the server with this public key: `sha256//BASE64`, or 64 hex digits
  insecure         Do not verify the server's certificate
  client_cert      Client certificate, a PEM file
  client_key       Key of the client certificate, a PEM file
  proxy            Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none
  timeout          Timeout of the complete call, e.g. `30s` or `10m`
  connect_timeout  Timeout for connecting [default: 10s]
  retries          How often a call may be retried [default: 3]
  scheme           Word before a Macrometa key: `apikey`, `bearer` or empty
  protected        Ask before a call that changes something, or need `--yes`
  headers.NAME     Headers sent with every call

Examples:
  apicall profile set lab timeout=30s protected=true
  apicall profile set lab key_command='pass show maas/lab'
  apicall profile set lab headers.X-Team=@team.txt
  apicall profile set lab timeout=";

pub(super) const PROFILE_RENAME: &str = "\
Examples:
  apicall profile rename 10.0.0.2 lab";

pub(super) const PROFILE_REMOVE: &str = "\
Examples:
  apicall profile remove lab";

#[cfg(feature = "maascli")]
pub(super) const PROFILE_IMPORT: &str = "\
Addresses, keys and CA certificates come along; the source is only read.

Examples:
  apicall profile import maas
  apicall profile import maas lab --replace
  apicall profile import maas --dry-run";

pub(super) const PROFILE_PATH: &str = "\
Examples:
  \"$EDITOR\" \"$(apicall profile path)\"";

pub(super) const WHOAMI: &str = "\
Prints the user of a MAAS key. Of a Macrometa key: the tenant and whether the server confirms it,
the fabrics it can see, its name, the region that answers and its version. `--rights` adds whether
it may list keys, users, all fabrics and the billing account (null where the server does not say),
and what it was granted in each fabric, where it may look.

Examples:
  apicall whoami
  apicall whoami -p play
  apicall whoami -p play --rights --jq .rights";

pub(super) const DOCTOR: &str = "\
Ends with the exit code of the first failure; with several profiles it is 11.

Examples:
  apicall doctor
  apicall doctor -p play -o json
  apicall doctor -p '*'";

/// The explanation of PATH and ITEM in front of a call's examples.
macro_rules! call {
    ($examples:literal) => {
        concat!(
            "\
Paths:
  /machines/          below the API root (MAAS), from the host root (Macrometa)
  machines            the same (MAAS), below the profile's fabric (Macrometa)
  /MAAS/…             from the host root (MAAS), as in a `resource_uri`
  https://…           a link from a response; another origin is refused
  '/machines/@node18/'  a name where the API wants an id: hosts, MAC and IP addresses, pools,
                      subnets (MAAS)

Items:
  k=v                 GET, HEAD, DELETE: query. POST, PUT, PATCH: form field (MAAS) or
                      JSON string (Macrometa)
  k:=json             typed JSON; its text in forms and queries
  k==v                query parameter, on any method
  Name:value, Name:   a header, no header
  k=@file, k:=@file   the value is a text file, a JSON file
  k=@@name            the id of what is called so (MAAS): machines, subnets, VLANs, pools, …
  k@file              a file part (multipart); `;type=TYPE` sets its type
  'a[b][]=v'          nested, in JSON; literal in forms and queries
  @file, -            the whole body, from a file or standard input

Pages:
  --paginate          follows MAAS's events (back, or forward from after=ID), Macrometa's
                      cursors (POST cursor, cursor/sql, restql/execute/NAME), and the lists
                      kv/NAME/keys, kv/NAME/values and export/NAME; other calls are plain.
                      A list that breaks off is an error; `--timeout` is for all pages

`--as` prints the call as a program that sends the same request: nothing is sent, and no key read.
The program takes the key from $APICALL_KEY, and what `--dry-run` masks from other variables, which
its first lines name.

Examples:
",
            $examples
        )
    };
}

pub(super) const GET: &str = call!(
    "  apicall get /machines/ --op list_allocated
  apicall get /machines/ hostname=node18 hostname=node19
  apicall get '/machines/?pool=lab' -o compact
  apicall get /machines/ --jq '.[] | select(.pool.name == $pool) | .system_id' --arg pool lab -r
  apicall get /machines/ --each --jq '{hostname, zone: .zone.name}' -o compact
  apicall get /events/ --op query level=ERROR --paginate --max-items 500
  apicall get /machines/ pool=lab --as python > machines.py
  apicall get collection -p play
  apicall get /machines/ -p 'prod-*' --columns hostname,status_name
  apicall get /_api/key -p play -i"
);

pub(super) const POST: &str = call!(
    "  apicall post /machines/ --op allocate pool=lab tags=gpu tags=nvme
  apicall post /machines/4y3h7n/ --op deploy distro_series=noble 'user_data=@cloud-init.b64'
  apicall post /files/ filename=notes.txt 'file@notes.txt'
  apicall post /files/ filename=notes.txt 'file@notes.txt' --as curl > notes.sh
  apicall post collection name=orders 'keyOptions[type]=autoincrement' -p play
  apicall post document/orders --body '[{\"n\":1},{\"n\":2}]' -p play
  apicall post cursor 'query=FOR d IN orders RETURN d' -p play --paginate -o ndjson"
);

pub(super) const PUT: &str = call!(
    "  apicall put /tags/gpu/ comment='has a GPU'
  apicall put document/orders/17 n:=2 -p play"
);

pub(super) const PATCH: &str =
    call!("  apicall patch document/orders/17 state=paid keepNull==0 -p play");

pub(super) const DELETE: &str = call!(
    "  apicall delete /tags/gpu/
  apicall delete document/orders --json '[]=17' '[]=18' -p play"
);

pub(super) const HEAD: &str = call!("  apicall head document/orders/17 -p play");

pub(super) const OPTIONS: &str = call!("  apicall options /machines/");

pub(super) const CALL: &str = call!(
    "  apicall call GET /machines/
  apicall call PROPFIND /_api/x -p play"
);

pub(super) const WAIT: &str = "\
Prints what was waited for: one object, or the list of those that reached the state where several
are named. With `-o ndjson` each change is a line, as it happens: `time`, `id`, `hostname`, `from`,
`to`, `result` (`pending`, `reached`, `failed`). Changes are reported on stderr otherwise.

All machines are waited for to an end; a poll asks for all that are left in one request. One that
enters a failure state, is called back, or can not get there any more, ends the command with 10;
its last events are shown, and the end of the log of what failed.
A server that can not be reached for a while, or answers 429 or 5xx, only delays the wait; at the
first look it is an error, as 401, 403 and 404 always are. After the limit of `--timeout` (2 h) the
code is 6.

States of machines:
  deployed            Deployed
  ready               Ready
  commissioned        Ready, or taken since
  released            Ready, New if never commissioned, or taken again since
  allocated           Allocated
  tested              the tests have passed
  broken              Broken
  rescue, rescued     in rescue mode, out of it again
  on, off             the power

Examples:
  apicall wait --for deployed 4y3h7n '@node18'
  apicall wait --for ready '@node18' '@node19' --timeout 30m -o ndjson
  apicall get /machines/ pool=lab --jq '.[].system_id' -r | apicall wait --for ready -
  apicall wait /machines/@node18/ --until '.power_state == \"on\"'
  apicall wait /machines/ mac_address=52:54:00:aa:bb:cc --until 'length == 1'
  apicall wait /boot-resources/ --op is_importing --until not
  apicall wait collection/orders -p play --until '.status == 3' --fail-on '.status == 5'
  apicall post /machines/@node18/ --op deploy distro_series=noble --wait";

pub(super) const AUTH_HEADER: &str = "\
Nothing is sent. The line is the key: it is printed unmasked, on purpose, and does not belong into
a log, a ticket or a screenshot. That of MAAS holds a nonce and the time, and is good for one call
within five minutes; that of Macrometa does not expire. Send it to the profile's server only.

As an argument of another program the line shows in the list of processes while that program runs;
curl reads it from standard input, too.

Examples:
  apicall auth-header | curl -H @- http://10.0.0.2:5240/MAAS/api/2.0/users/?op=whoami
  curl -H \"$(apicall auth-header -p lab)\" http://10.0.0.2:5240/MAAS/api/2.0/machines/
  apicall auth-header -p play | curl -H @- https://api-play.paas.macrometa.io/_api/key";

pub(super) const OPS: &str = "\
Every word has to be in the name, the path or the help; the nearest come first. A single hit is
shown with its parameters and an example. The operations of Macrometa are in this program. The
description of a MAAS is kept in the user's cache folder and compared with the server's once an
hour; without a network what is kept is shown.

Examples:
  apicall ops deploy
  apicall ops machine power
  apicall ops /machines/4y3h7n/ post
  apicall ops list_allocated --show
  apicall ops -p play collection/orders/count
  apicall ops -o json | jq -r '.[].path' | sort -u";

pub(super) const UPLOAD_IMAGE: &str = "\
Hashes the file, announces the image, sends it in chunks of 4 MiB and prints the image as MAAS
describes it then. What MAAS has already is not sent again.

MAAS appends each chunk to what it has, so no chunk is simply repeated: where a response does not
come, the image is read, and the upload goes on where it is certain what has arrived. The same
command goes on with an upload that ended early. In doubt it stops and names the call that deletes
the broken image. `--timeout` limits each call, not the upload.

Items:
  name=…              name of the image; required
  architecture=…      as `amd64/generic`; required
  filetype=…          tgz (where it is not given), tbz, txz, ddtgz, ddtbz, ddtxz, ddtar, ddbz2,
                      ddgz, ddxz, ddraw
  title=…             title, for people
  base_image=…        image that a custom image builds on, as `ubuntu/noble`

Examples:
  apicall upload-image noble.tgz name=noble-lab architecture=amd64/generic
  apicall upload-image disk.img name=appliance architecture=arm64/generic filetype=ddraw
  apicall upload-image my.tgz name=custom/my architecture=amd64/generic base_image=ubuntu/noble";

pub(super) const MAAS: &str = "\
The same requests, output and exit codes as the `maas` command line, with the profiles of apicall
and those of ~/.maascli.db: scripts run unchanged, also where a symlink to apicall is named `maas`.
Exit codes are those of `maas`: 0 for 2xx, 1 for a pair without `=`, a certificate or a key that is
refused at login, 2 for everything else. `apicall maas --help`, and `--help` behind a profile, a
handler and an action, show more. What only the `maas` of a region host can do is handed to it:
the next `maas` on the path that is not this program.

Examples:
  apicall maas login lab http://10.0.0.2:5240/MAAS - < lab.key
  apicall maas lab machines read hostname=node18
  apicall maas lab machine deploy 4y3h7n distro_series=noble
  apicall maas lab machine deploy --help";

pub(super) const EVENTS: &str = "\
Prints the newest 100, the oldest of them first: as lines on a terminal (the times are UTC, and who
did something is named), else as JSON, one event a line. `--jq` runs on each event.
`--level audit` lists who did what.

`--follow` goes on until Ctrl-C. A server that does not answer for a while is reported once and asked
again; each event is printed once.

Filters:
  hostname=NAME       also `--hostname NAME`, and `@NAME` or `@NAME.DOMAIN`
  mac_address=MAC     also `@MAC`; `@IP` asks for the machine first
  id=SYSTEM_ID, zone=NAME, domain=NAME, agent_name=NAME, owner=USER
  level=LEVEL         also `--level`: AUDIT, DEBUG, INFO, WARNING, ERROR, CRITICAL

Examples:
  apicall events
  apicall events '@node18' --level warning -n 20
  apicall events --since 1h --level audit
  apicall events --follow hostname=node18 hostname=node19
  apicall events --follow --jq 'select(.type == \"Deployed\") | .hostname' -r | head -1
  apicall events --all -o csv > events.csv";

pub(super) const BATCH: &str = "\
Sends one call for each row of FILE and prints one line of JSON for each as it ends:
`{\"row\",\"input\",\"method\",\"path\",\"status\",\"ms\",\"attempts\",\"body\"}`, and `\"error\"` and
`\"exit\"` for one that failed. `-o`, `--columns`, `--jq` and `-r` apply to these lines.

Rows are a JSON array, NDJSON, CSV or TSV under a line of names, or plain lines:
  {name}, {a.b}       a member of the row, in PATH, values of items and `--op`
  {}                  the complete row: the line, the string, the JSON
  @{name}, k=@@{name} the id of what is called so (MAAS), looked up before the first call
  k:={name}           the member's JSON
  {{ }}               braces
In a path a member is one segment, elsewhere literal text; nothing in a row is interpreted.
Without METHOD and PATH each row is a request:
  {\"method\":\"POST\",\"path\":\"/tags/\",\"items\":[\"name=a\"]}, with `op`, `body`, `headers`

A row that lacks a member is refused before anything is sent. A server that answers 429 or 503
with Retry-After stops all calls for as long as it asks. With `--journal` a batch that was broken
off continues with `--resume`: what is done is not sent again, and what may have been carried out
is named and not repeated, unless `--resend` says so.

Exit codes: 0, or 11 where a row failed or is uncertain.

Examples:
  apicall batch post '/machines/{system_id}/' --op release --from old.json
  apicall batch put '/machines/@{host}/' 'hostname={new}' --from names.csv -j 8
  cat ids.txt | apicall batch delete '/machines/{}/' --from - --journal run.jsonl
  apicall batch delete '/machines/{}/' --from ids.txt --journal run.jsonl --resume
  apicall batch get '/machines/{}/' --from ids.txt --columns input,status,body.hostname
  apicall batch --from requests.ndjson --max-fail 5 -p play
  apicall batch --from requests.ndjson --shard 3/8 --journal shard-3.jsonl
  apicall batch status run-*.jsonl";

pub(super) const BATCH_STATUS: &str = "\
Merges the journals of a batch, or of its shards, and counts its rows. Exit code 0 where all are
done, else 11.

Examples:
  apicall batch status run.jsonl
  apicall batch status shard-*.jsonl -o json";

pub(super) const QUERY: &str = "\
Runs C8QL, or SQL with `--sql`, below the profile's fabric, and prints the rows as one list; the
next page is fetched while one prints, and none twice. A list that breaks off is an error that
reports how many rows came. The cursor is deleted when the reader has seen enough, and on Ctrl-C.

Warnings of the server are reported on stderr, `-v` adds its statistics. On a protected profile a
query with words such as INSERT or REMOVE, and each query worker, is asked for first.

Bind variables:
  -b n=text           a string
  -b n:=17            typed JSON
  -b n=@file          the text of a file; `n:=@file` its JSON
  -b '@c=orders'      the collection `@@c`

Examples:
  apicall query 'FOR d IN orders RETURN d' -p play
  apicall query 'FOR d IN @@c FILTER d.n > @n RETURN d' -b '@c=orders' -b n:=3 -o ndjson
  apicall query --file report.c8ql -b day=2026-11-22 -o csv > report.csv
  apicall query --sql 'SELECT name FROM orders' -o table --max-items 20
  apicall query --worker top_orders -b n:=10 --fabric sales
  apicall query 'FOR d IN orders RETURN d' -p play --as javascript > orders.js
  apicall query --explain 'FOR d IN orders FILTER d.n == 1 RETURN d' --jq '.plan.nodes[].type'";

pub(super) const IMPORT: &str = "\
Documents are read as they come and sent in batches of at most 10,000 and 4 MiB. JSON documents may
follow each other on lines, on one line, or pretty-printed; a JSON array and the response of a list
are read as well. CSV cells are strings unless `--types` or `--guess-types` says otherwise; an empty
cell of another type is null. TSV has the escapes of `-o tsv`, or the quotes of spreadsheets.

What the server refuses, or what is no document, does not stop the rest: it is counted, reported,
and kept by `--rejects` as {\"line\", \"error\", \"errorNum\", \"document\"}, or \"base64\" where it is not
UTF-8. Where the server refuses a batch as a whole, the batch is split until the documents are found
that cause it. The exit code is 11 then.

With `--journal` a run that breaks off, or is killed, goes on with `--resume`. A batch whose response
was lost is sent again; what is refused then is compared with what is stored, so that nothing is
lost or stored twice that a key distinguishes. Documents without a key are sent again only with
`--resend`.

Examples:
  apicall import orders orders.ndjson -p play
  apicall import orders orders.csv.gz --types 'n=number,paid=bool' --rejects bad.ndjson
  apicall import orders sheet.csv --separator ';' --guess-types
  apicall import orders big.ndjson -j 4 --journal orders.journal --rejects bad.ndjson
  apicall import orders big.ndjson -j 4 --journal orders.journal --rejects bad.ndjson --resume
  apicall export orders -p play | apicall import orders -p test --replace";

pub(super) const EXPORT: &str = "\
The number of documents is compared with the collection's own count; where they differ, it is an
error and no file is written. `--by offset --to FILE` keeps what came of a run that breaks off, for
`--resume`. The name of FILE chooses the format (.ndjson, .json, .csv, .tsv, each also .gz) unless
`-o` says otherwise. ndjson and json keep all of a document; what csv and tsv lose is reported.

Examples:
  apicall export orders -p play > orders.ndjson
  apicall export orders -p play -o csv --columns _key,total,address.city
  apicall export orders -p play --to orders.json.gz
  apicall export orders -p play --to orders.ndjson --by offset --resume";

pub(super) const COMPLETIONS: &str = "\
In bash, zsh and fish the script knows the API: names of profiles, paths, operations behind `--op`,
items with what they mean, and ids and `@names` from the server. It reads the description that is
cached; what the server says is kept for a minute, and what takes longer than a second is left out.
A profile with a `key_command` completes without ids and names: the command is never run for them.

A link named `maas` is completed too, where the `maas` that a shell finds is this program. bash and
fish look for a script of that name, and zsh for a line behind compinit in ~/.zshrc:

  ln -s apicall ~/.local/share/bash-completion/completions/maas
  ln -s apicall.fish ~/.config/fish/completions/maas.fish
  compdef _apicall maas

Examples:
  apicall completions bash > ~/.local/share/bash-completion/completions/apicall
  apicall completions zsh > ~/.zfunc/_apicall
  apicall completions fish > ~/.config/fish/completions/apicall.fish";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    /// As wide as clap makes the rest of the help.
    const WIDTH: usize = 98;

    #[test]
    fn the_main_text_holds_both_tables() {
        let mut text = String::from("\n\nExit codes:\n");
        for exit in Exit::ALL {
            row(&mut text, 3, &exit.code().to_string(), exit.meaning());
        }
        text.push_str("\nEnvironment:\n");
        for (name, meaning) in VARIABLES {
            row(&mut text, 15, name, meaning);
        }
        let at = MAIN.find("\n\nExit codes:").unwrap();
        assert_eq!(MAIN[at..], *text.trim_end());
    }

    /// A row of two columns; the second is wrapped.
    fn row(text: &mut String, width: usize, first: &str, second: &str) {
        let indent = width + 4;
        text.push_str(&format!("  {first:<width$}  "));
        let mut column = first.len().max(width) + 4;
        if first.len() > width {
            column = WIDTH;
        }
        for (at, word) in second.split(' ').enumerate() {
            if column + 1 + word.len() > WIDTH {
                text.truncate(text.trim_end().len());
                text.push_str(&format!("\n{:indent$}", ""));
                column = indent;
            } else if at > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += word.len();
        }
        text.push('\n');
    }
}
