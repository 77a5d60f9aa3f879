//! Help of the commands that only MAAS has.

pub const UPLOAD_IMAGE: &str = "\
Hashes the file, announces the image, uploads it in chunks of 4 MiB and prints
the image as MAAS then describes it. Content that MAAS already has is not sent
again.

MAAS appends each chunk to what it has, so no chunk is simply retried: if a
response is lost, the image is read, and the upload continues where it is
certain what has arrived. The same command resumes an interrupted upload. If in
doubt it stops and names the call that deletes the broken image. `--timeout`
limits each call, not the upload.

Items:
  name=…              name of the image; required
  architecture=…      e.g. `amd64/generic`; required
  filetype=…          tgz (default), tbz, txz, ddtgz, ddtbz, ddtxz, ddtar,
                      ddbz2, ddgz, ddxz, ddraw
  title=…             human-readable title
  base_image=…        image that a custom image builds on, e.g. `ubuntu/noble`

Examples:
  apicall upload-image noble.tgz name=noble-lab architecture=amd64/generic
  apicall upload-image disk.img name=appliance architecture=arm64/generic \\
      filetype=ddraw
  apicall upload-image my.tgz name=custom/my architecture=amd64/generic \\
      base_image=ubuntu/noble";

pub const MAAS: &str = "\
Sends the same requests as the `maas` command line, with the same output and
exit codes, and uses the profiles of apicall and of ~/.maascli.db. Scripts run
unchanged, also if a symlink to apicall is named `maas`. Exit codes are those of
`maas`: 0 for 2xx, 1 for a pair without `=` or for a certificate or key that is
refused at login, 2 for everything else.

`apicall maas --help`, and `--help` after a profile, a handler and an action,
explain more. Commands that exist only on a region controller are passed to the
next `maas` on PATH.

Examples:
  apicall maas login lab http://10.0.0.2:5240/MAAS - < lab.key
  apicall maas lab machines read hostname=node18
  apicall maas lab machine deploy 4y3h7n distro_series=noble
  apicall maas lab machine deploy --help";

pub const EVENTS: &str = "\
Prints the newest 100 events, oldest first: on a terminal as lines (times are
UTC, and the user who did something is named), otherwise as JSON, one event per
line. `--jq` runs on each event. `--level audit` shows who did what.

`--follow` keeps printing new events until Ctrl-C. A server that does not
respond for a while is reported once and polled again; each event is printed
once.

Filters:
  hostname=NAME       also `--hostname NAME`, `@NAME` and `@NAME.DOMAIN`
  mac_address=MAC     also `@MAC`; `@IP` looks up the machine first
  id=SYSTEM_ID        the machine with this id
  zone=NAME, domain=NAME  its zone, its domain
  agent_name=NAME, owner=USER  its agent name, its owner
  level=LEVEL         also `--level`: AUDIT, DEBUG, INFO, WARNING, ERROR,
                      CRITICAL

Examples:
  apicall events
  apicall events '@node18' --level warning -n 20
  apicall events --since 1h --level audit
  apicall events --follow hostname=node18 hostname=node19
  apicall events --follow -r --jq 'select(.type == \"Deployed\") | .hostname'
  apicall events --all -o csv > events.csv";
