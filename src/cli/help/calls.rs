//! Help of the commands that make calls of either service.

/// Puts the explanation of PATH and ITEM in front of a call's examples.
macro_rules! call {
    ($examples:literal) => {
        concat!(
            "\
Paths:
  /machines/          MAAS: below the API root. Macrometa: from the host root
  machines            MAAS: the same. Macrometa: below the profile's fabric
  /MAAS/…             MAAS: from the host root, like a `resource_uri`
  https://…           a link from a response, used as is; other origins are
                      refused
  '/machines/@node18/'  MAAS: a name where the API requires an id: hosts, MAC
                      and IP addresses, pools, subnets, …

Items:
  k=v                 GET, HEAD, DELETE: query. POST, PUT, PATCH: form field
                      (MAAS) or JSON string (Macrometa)
  k:=json             typed JSON (in forms and queries: its JSON text)
  k==v                query parameter, on any method
  Name:value, Name:   set a header; remove a header
  k=@file, k:=@file   the value is read from a text file / a JSON file
  k=@@name            the id of the thing called that (MAAS): machines,
                      subnets, VLANs, pools, …
  k@file              a file part (multipart); `;type=TYPE` sets its type
  'a[b][]=v'          nested JSON (in forms and queries the name is sent as
                      written)
  @file, -            the complete body, from a file or standard input

Pages:
  --paginate          follows MAAS's events (back, or forward from after=ID),
                      Macrometa's cursors (POST cursor, cursor/sql,
                      restql/execute/NAME), and the lists kv/NAME/keys,
                      kv/NAME/values and export/NAME; for other calls it has no
                      effect. If a page fails, so does the command; `--timeout`
                      covers all pages

`--as` prints a program that sends the same request. Nothing is sent and no key
is read; the program takes the key from $APICALL_KEY and other secrets from the
variables named in its first lines.

Examples:
",
            $examples
        )
    };
}

pub const GET: &str = call!(
    "  apicall get /machines/ --op list_allocated
  apicall get /machines/ hostname=node18 hostname=node19
  apicall get '/machines/?pool=lab' -o compact
  apicall get /machines/ --arg pool lab -r \\
      --jq '.[] | select(.pool.name == $pool) | .system_id'
  apicall get /machines/ --each --jq '{hostname, zone: .zone.name}' -o compact
  apicall get /events/ --op query level=ERROR --paginate --max-items 500
  apicall get /machines/ pool=lab --as python > machines.py
  apicall get collection -p play
  apicall get /machines/ -p 'prod-*' --columns hostname,status_name
  apicall get /_api/key -p play -i"
);

pub const POST: &str = call!(
    "  apicall post /machines/ --op allocate pool=lab tags=gpu tags=nvme
  apicall post '/machines/@node18/' --op deploy distro_series=noble --wait
  apicall post /machines/4y3h7n/ --op deploy 'user_data=@cloud-init.b64'
  apicall post /files/ filename=notes.txt 'file@notes.txt'
  apicall post /files/ filename=notes.txt 'file@notes.txt' --as curl > notes.sh
  apicall post collection name=orders 'keyOptions[type]=autoincrement' -p play
  apicall post document/orders --body '[{\"n\":1},{\"n\":2}]' -p play
  apicall post cursor 'query=FOR d IN orders RETURN d' -p play --paginate"
);

pub const PUT: &str = call!(
    "  apicall put /tags/gpu/ comment='has a GPU'
  apicall put document/orders/17 n:=2 -p play"
);

pub const PATCH: &str = call!("  apicall patch document/orders/17 state=paid keepNull==0 -p play");

pub const DELETE: &str = call!(
    "  apicall delete /tags/gpu/
  apicall delete document/orders --json '[]=17' '[]=18' -p play"
);

pub const HEAD: &str = call!("  apicall head document/orders/17 -p play");

pub const OPTIONS: &str = call!("  apicall options /machines/");

pub const CALL: &str = call!(
    "  apicall call GET /machines/
  apicall call PROPFIND /_api/x -p play"
);

pub const WAIT: &str = "\
Prints the object that was waited for; if several were named, the list of those
that reached the state. With `-o ndjson` each change is a line as it happens:
`time`, `id`, `hostname`, `from`, `to`, `result` (`pending`, `reached`,
`failed`). In other formats changes are reported on stderr.

The command runs until every machine has reached the state or failed; each poll
is one request for all that remain. If a machine fails, the operation is
canceled, or the state cannot be reached any more, its last events and the end
of the failed log are shown and the exit code is 10.

If the server cannot be reached for a while, or responds with 429 or 5xx, the
wait only takes longer; on the first poll it is an error, as 401, 403 and 404
always are. When `--timeout` (2 h) expires, the exit code is 6.

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
  apicall get /machines/ pool=lab --jq '.[].system_id' -r |
      apicall wait --for ready -
  apicall wait '/machines/@node18/' --until '.power_state == \"on\"'
  apicall wait /machines/ mac_address=52:54:00:aa:bb:cc --until 'length == 1'
  apicall wait /boot-resources/ --op is_importing --until not
  apicall wait collection/orders -p play --until '.status == 3' \\
      --fail-on '.status == 5'
  apicall post '/machines/@node18/' --op deploy distro_series=noble --wait";

pub const BATCH: &str = "\
Sends one call for each row of FILE and prints one line of JSON for each as it
ends: `{\"row\",\"input\",\"method\",\"path\",\"status\",\"ms\",\"attempts\",\"body\"}`, plus
`\"error\"` and `\"exit\"` for one that failed. A binary body is Base64, and the line
has `\"encoding\":\"base64\"`. `-o`, `--columns`, `--jq` and `-r` apply to these
lines.

Rows are a JSON array, NDJSON, CSV or TSV with a header line, or plain lines. In
a path a field is encoded as one segment, elsewhere it is literal text; nothing
in a row is interpreted. A row that lacks a field is refused before anything is
sent. If a server responds with 429 or 503 and `Retry-After`, all calls pause
for that long. With `--journal`, an interrupted batch continues with `--resume`:
completed rows are not sent again, and rows that may have been carried out are
named but not sent again unless `--resend` is given.

Placeholders:
  {name}, {a.b}       a field of the row, in PATH, item values and `--op`
  {}                  the complete row: the line, the string, the JSON
  @{name}, k=@@{name}  the id of the thing called that (MAAS), looked up before
                      the first call
  k:={name}           the field's JSON
  {{ }}               braces

The name of an item, a file and `--body` are the same for all rows.

Without METHOD and PATH each row is a request with `op`, `body`, `headers` or
`items`:

  {\"method\":\"POST\",\"path\":\"/tags/\",\"items\":[\"name=a\"]}

The exit code is 0, 11 if a row failed or is uncertain, or 10 if, with `--wait`,
a machine failed.

Examples:
  apicall batch post '/machines/{system_id}/' --op release --from old.json
  apicall batch put '/machines/@{host}/' 'hostname={new}' --from names.csv -j 8
  cat ids.txt | apicall batch delete '/machines/{}/' --from -
  apicall batch delete '/machines/{}/' --from ids.txt --journal run.jsonl
  apicall batch delete '/machines/{}/' --from ids.txt --journal run.jsonl \\
      --resume
  apicall batch get '/machines/{}/' --from ids.txt \\
      --columns input,status,body.hostname
  apicall batch --from requests.ndjson --max-fail 5 -p play
  apicall batch --from requests.ndjson --shard 3/8 --journal shard-3.jsonl
  apicall batch status run-*.jsonl";

pub const BATCH_STATUS: &str = "\
Merges the journals of a batch, or of its shards, and counts its rows. The exit
code is 0 if all are done, else 11.

Examples:
  apicall batch status run.jsonl
  apicall batch status shard-*.jsonl -o json";

pub const OPS: &str = "\
Every word must occur in the name, path or description; best matches come first.
A single match is shown with its parameters and an example. Macrometa's
operations are built in. MAAS's are cached and checked against the server once
an hour; offline, the cache is used.

Examples:
  apicall ops deploy
  apicall ops machine power
  apicall ops /machines/4y3h7n/ post
  apicall ops list_allocated --show
  apicall ops -p play collection/orders/count
  apicall ops -o json | jq -r '.[].path' | sort -u";
