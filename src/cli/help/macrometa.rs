//! Help of the commands that only Macrometa has.

pub const QUERY: &str = "\
Runs C8QL, or SQL with `--sql`, below the profile's fabric, and prints the rows
as one list. The next page is fetched while one prints, and none twice. If a
page fails, the command fails and says how many rows were printed. The cursor is
deleted when the reader closes the pipe, and on Ctrl-C.

Warnings of the server are reported on stderr; `-v` adds its statistics. On a
protected profile a query with words like INSERT or REMOVE, and every query
worker, prompts first.

Bind variables:
  -b n=text           a string
  -b n:=17            typed JSON
  -b 'n=@file'        the content of a file as a string; `n:=@file` its JSON
  -b '@c=orders'      the collection `@@c`

Examples:
  apicall query 'FOR d IN orders RETURN d' -p play
  apicall query 'FOR d IN @@c FILTER d.n > @n RETURN d' -b '@c=orders' -b n:=3
  apicall query --file report.c8ql -b day=2026-11-22 -o csv > report.csv
  apicall query --sql 'SELECT name FROM orders' -o table --max-items 20
  apicall query --worker top_orders -b n:=10 --fabric sales
  apicall query 'FOR d IN orders RETURN d' --as javascript > orders.js
  apicall query --explain 'FOR d IN orders RETURN d' --jq '.plan.nodes[].type'";

pub const IMPORT: &str = "\
Documents are read as they arrive and sent in batches of at most 10,000
documents and 4 MiB. JSON documents can follow each other on separate lines, on
one line, or pretty-printed; a JSON array and the response of a list are read as
well. CSV cells are strings unless `--types` or `--guess-types` is given; an
empty cell of another type is null. TSV has the escapes of `-o tsv`, or the
quotes of spreadsheets.

Rejected or unreadable documents do not stop the import: they are counted,
reported, and written to the `--rejects` file as {\"line\", \"error\", \"errorNum\",
\"document\"}, or \"base64\" if it is not UTF-8; the exit code is then 11. If the
server rejects a complete batch, the batch is split until the documents that
cause it are found.

With `--journal`, a run that failed or was killed continues with `--resume`. A
batch whose response was lost is sent again, and documents refused the second
time are compared with what is stored, so no document with a key is lost or
stored twice. Documents without a key stay uncertain: the rest is stored, the
exit code is 11, and only `--resend` sends them again.

Examples:
  apicall import orders orders.ndjson -p play
  apicall import orders orders.csv.gz --types 'n=number,paid=bool'
  apicall import orders sheet.csv --separator ';' --guess-types
  apicall import orders big.ndjson -j 4 --journal run.jsonl --rejects bad.ndjson
  apicall import orders big.ndjson -j 4 --journal run.jsonl \\
      --rejects bad.ndjson --resume
  apicall export orders -p play | apicall import orders -p test --replace";

pub const EXPORT: &str = "\
The number of documents is compared with the collection's own count; if they
differ, the command fails and no file is written. With `--by offset --to FILE`,
an interrupted export continues with `--resume`. The name of FILE selects the
format (.ndjson, .json, .csv, .tsv, each also .gz) unless `-o` is given. ndjson
and json keep documents complete; what csv and tsv lose is reported.

Examples:
  apicall export orders -p play > orders.ndjson
  apicall export orders -p play -o csv --columns _key,total,address.city
  apicall export orders -p play --to orders.json.gz
  apicall export orders -p play --to orders.ndjson --by offset --resume";
