"""Compares the filters of `--jq` with jq 1.8 itself, by its library on PyPI.

Usage: jq_compare.py PROGRAM TABLE…

PROGRAM runs filters (`cargo build --example filters`); a TABLE has a filter and an input on each
line, as JSON. With `--generated`, filters are also made: each function on values of each kind.
Ends with `N agree, N differ`, and with 1 where something differs that is not known to, or where
something known to differ has ceased to.
"""

import decimal
import functools
import itertools
import json
import re
import subprocess
import sys
from decimal import Decimal

import jq

# Filters whose results depend on the time, the environment or the program.
VARYING = ("now", "localtime", "strflocaltime", "env", "$ENV", "input_filename", "debug", "stderr")

VALUES = [
    "null", "true", "false", "0", "1", "-1", "2.5", "-0.5", "1e3", "100000000000000000001", "1.10",
    '""', '"a"', '"abc"', '"1"', '"a,b"', '"éa😀"', '"2015-03-05T23:51:47Z"', '" x "', "[]", "[1]",
    '[1,"a",null]', "[3,1,2]", "[[1,2],[3]]", '["a","b"]', '[{"key":"a","value":1}]',
    '[{"name":"b","value":null}]', "{}", '{"a":1}', '{"b":[1,2],"a":null}', "[2015,2,5,23,51,47,4,63]",
]

ARGUMENTS = [
    "null", "true", "0", "1", "-1", "1.5", '""', '"a"', '"%Y"', "[]", '["a"]', "[0]", "{}", '{"a":1}',
    ".", ".[]?", "empty", "(1,2)",
]

# Never ending, or not a function of its input.
NOT_GENERATED = {
    "repeat/1", "while/2", "until/2", "recurse/1", "recurse/2", "range/3", "input/0", "inputs/0",
    "debug/0", "debug/1", "stderr/0", "now/0", "env/0", "halt/0", "halt_error/0", "halt_error/1",
    "localtime/0", "strflocaltime/1", "input_line_number/0", "get_search_list/0", "input_filename/0",
    "modulemeta/0", "builtins/0", "get_prog_origin/0", "get_jq_origin/0", "combinations/1",
}

# What is known to differ, as users read in tests/cmd/jq.md: filters, inputs, and why.
KNOWN = [
    ("modulemeta", "null", "filters read no files: it is refused, where jq fails as it runs"),
    (r".*\b[jy]n\(.*", "100000000000000000001", "an order beyond 2^31 is an error"),
]


def known(row):
    """Why a row may differ, or nothing."""
    for filters, inputs, why in KNOWN:
        if re.fullmatch(filters, row["filter"]) and row["input"] == inputs:
            return why
    return None


def on_values(filter, step=1):
    """The filter with each value; with every third only, where there are many filters."""
    for value in VALUES[::step]:
        yield filter, value


def generated():
    for name in sorted(jq.compile("builtins").input_text("null").first()):
        if name in NOT_GENERATED or name.startswith("_"):
            continue
        name, count = name.split("/")
        if count == "0":
            yield from on_values(name)
        elif count == "1":
            for argument in ARGUMENTS:
                yield from on_values(f"[limit(20; {name}({argument}))]")
        elif count == "2":
            for pair in itertools.product(ARGUMENTS[::2], ARGUMENTS[1::2]):
                yield from on_values(f"[limit(20; {name}({pair[0]}; {pair[1]}))]", 3)
    for sign in ["+", "-", "*", "/", "%", "==", "<", "<=", "//", "and", "or"]:
        for argument in ARGUMENTS:
            yield from on_values(f"[limit(20; . {sign} {argument})]")
            yield from on_values(f"[limit(20; {argument} {sign} .)]")
    for path in [".a", ".[0]", ".[-1]", ".[1:]", ".[:-1]", ".[]", "..", ".a.b", ".[0].a", ".a[1]?",
                 ".[\"a\",0]", "first", "last", "getpath([\"a\",0])", "first(.[]?)", "empty",
                 ".[1:][0]", ".[.]", "select(.)", "(.a,.b)", "recurse(.[]?)", "limit(1;.[]?)"]:
        for change in ["= 1", "|= 1", "|= empty", "+= 1", "//= 2", "|= (.,.)", "= (1,2)", "|= tojson"]:
            yield from on_values(f"{path} {change}")
        for filter in [path, f"[paths({path}?)]", f"del({path})", f"[path({path})]", f"pick({path})",
                       f"try ({path}) catch .", f"to_entries? // {path}", f"[.[]? | {path}?]"]:
            yield from on_values(filter)
    for format in ["text", "json", "csv", "tsv", "html", "uri", "urid", "sh", "base64", "base64d", "x"]:
        yield from on_values(f"@{format}")
        yield from on_values(f'@{format} "v=\\(.)"')


def numbers(text):
    """JSON with numbers as decimals, to the precision of a double where there are more digits."""
    def number(spelling):
        value = Decimal(spelling)
        try:
            if value.copy_abs() > Decimal(sys.float_info.max):
                return Decimal(repr(sys.float_info.max)).copy_sign(value)
            return value if len(value.as_tuple().digits) > 17 else Decimal(repr(float(value)))
        except OverflowError:
            return value
    return json.loads(text, parse_float=number, parse_int=number)


def close(ours, theirs):
    """Whether two values are the same; what is computed may differ in the last digit."""
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        if ours == theirs:
            return True
        return abs(ours - theirs) <= abs(theirs) * Decimal("1e-15")
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(close, ours, theirs))
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(close(ours[k], theirs[k]) for k in ours)
    return ours == theirs


@functools.lru_cache(maxsize=16)
def compiled(filter):
    try:
        return jq.compile(filter)
    except ValueError as error:
        return error


def of_jq(filter, text):
    """The results of jq as texts, and its error."""
    program = compiled(filter)
    if isinstance(program, ValueError):
        return [], str(program), True
    results = []
    try:
        for result in program.input_text(text):
            results.append(result)
    except ValueError as error:
        return results, str(error), False
    return results, None, False


def plain(value):
    """A value of the library, with numbers as decimals."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        if value != value:
            return None
        if value in (float("inf"), float("-inf")):
            value = 1.7976931348623157e308 if value > 0 else -1.7976931348623157e308
        return numbers(repr(value))
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()}


def differs(row, ours):
    results, error, refused = of_jq(row["filter"], row["input"])
    mine = [numbers(text) for text in ours["results"]]
    if refused:
        return None if ours.get("refused") else f"jq refuses it: {error}"
    if ours.get("refused"):
        return f"refused: {ours['error']}; jq gives {results} {error or ''}"
    # jq's library has no word for an end that is none of an error.
    if "halt_error" in row["filter"]:
        return None
    # jq's library stands still before the results that come before an error.
    if error is not None and "error" in ours:
        return None
    if (error is None) != ("error" not in ours):
        return f"{mine} {ours.get('error', '')}; jq gives {results} {error or ''}"
    theirs = [plain(result) for result in results]
    if len(mine) == len(theirs) and all(map(close, mine, theirs)):
        return None
    return f"{mine}; jq gives {theirs}"


def main():
    decimal.setcontext(decimal.Context(prec=60, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[]))
    program, *tables = sys.argv[1:]
    rows = []
    for table in tables:
        if table == "--generated":
            rows += [{"filter": filter, "input": value} for filter, value in generated()]
        else:
            with open(table, encoding="utf-8") as lines:
                rows += [json.loads(line) for line in lines if line.strip()]
    asked = "".join(json.dumps(row) + "\n" for row in rows)
    reported = subprocess.run([program], input=asked, capture_output=True, text=True, check=True)
    different = 0
    # Whether what is known to differ was asked for, and whether it does.
    expected = {}
    for row, line in zip(rows, reported.stdout.strip("\n").split("\n"), strict=True):
        what = differs(row, json.loads(line))
        why = known(row)
        if why is not None:
            expected[why] = expected.get(why, 0) + (what is not None)
        elif what is not None:
            different += 1
            print(f"{row['filter']} of {row['input']}: {what}")
    for why, count in expected.items():
        print(f"known to differ ({count}): {why}" if count else f"no longer differs: {why}")
    excused = sum(expected.values())
    print(f"{len(rows) - different - excused} agree, {different} differ")
    return 1 if different or not all(expected.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
