# Functions of jq's manual, said in the language itself.
def recurse(f; cond): recurse(f | select(cond));
def paths: path(..) | select(length > 0);
def paths(f): path(.. | select(f)) | select(length > 0);
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def from_entries: reduce (map(.) | .[]) as $e ({};
  . + ($e | {(.key // .Key // .name // .Name): (if has("value") then .value else .Value end)}));
def with_entries(f): to_entries | map(f) | from_entries;
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def nulls: select(. == null);
def values: select(. != null);
def scalars: select(type != "array" and type != "object");
def finites: select(isfinite);
def normals: select(isnormal);
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $rest | [$x] + $rest end;
def combinations(n): . as $list | [range(n) | $list] | combinations;
def walk(f): def inner: if type == "object" then map_values(inner) elif type == "array" then map(inner) else . end | f; inner;
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def pick(f): . as $whole | reduce path(f) as $p (null; setpath($p; $whole | getpath($p)));
def tostream: path(def inner: (.[]? | inner), .; inner) as $p | getpath($p)
  | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def fromstream(f): {x: null, e: false} as $start
  | foreach f as $i ($start;
      if .e then $start else . end
      | if $i | length == 2
        then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1])
        else setpath(["e"]; $i[0] | length == 1) end;
      if .e then .x else empty end);
def truncate_stream(stream): . as $n | null | stream | . as $input
  | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] = $row);
def INDEX(f): INDEX(.[]; f);
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def JOIN($idx; f): [.[] | [., $idx[f]]];
def JOIN($idx; stream; f): stream | [., $idx[f]];
def JOIN($idx; stream; f; join): stream | [., $idx[f]] | join;
def match(re; flags): _match(re; flags; false) | .[];
def test(re; flags): _match(re; flags; true);
def match($val): ($val | type) as $t
  | if $t == "string" then match($val; null)
    elif $t == "array" and ($val | length) > 1 then match($val[0]; $val[1])
    elif $t == "array" and ($val | length) > 0 then match($val[0]; null)
    else error($t + " not a string or array") end;
def test($val): ($val | type) as $t
  | if $t == "string" then test($val; null)
    elif $t == "array" and ($val | length) > 1 then test($val[0]; $val[1])
    elif $t == "array" and ($val | length) > 0 then test($val[0]; null)
    else error($t + " not a string or array") end;
def capture(re; flags): match(re; flags) | _captured;
def capture($val): match($val) | _captured;
def scan($re; $flags): match($re; "g" + $flags)
  | if .captures | length > 0 then [.captures[].string] else .string end;
def scan($re): scan($re; null);
def splits($re; $flags): . as $s
  | foreach ((match($re; $flags + "g") | [.offset, .length]), null) as $m ([0, null];
      if $m == null then [0, $s[.[0]:]] else [$m[0] + $m[1], $s[.[0]:$m[0]]] end; .[1]);
def splits($re): splits($re; null);
def split($re; $flags): [splits($re; $flags)];
def sub($re; str; $flags): . as $in
  | (reduce match($re; $flags) as $m ({done: 0, made: []};
        $in[.done:$m.offset] as $gap
        | [$m | _captured | str] as $new
        | reduce range($new | length) as $i (.; .made[$i] += $gap + $new[$i])
        | .done = $m.offset + $m.length)
      | .made[] + $in[.done:]) // $in;
def sub($re; str): sub($re; str; "");
def gsub($re; str; $flags): sub($re; str; $flags + "g");
def gsub($re; str): sub($re; str; "g");
def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 else . end) | implode;
def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 else . end) | implode;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
