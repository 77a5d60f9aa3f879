"""Calls a running sandbox with Macrometa's own Python SDK: collections, documents, queries in pages, imports, workers, streams.

Takes the file with the sandbox's printed lines. Every function named `check_*` is one check.
"""

import re
import sys
import traceback
import uuid
import warnings

from c8 import C8Client
from c8.exceptions import C8ServerError

EXPORTS = re.findall(r"^export APICALL_URL=(\S+) APICALL_KEY=(\S+)$", open(sys.argv[1], encoding="utf-8").read(), re.M)
URL, KEY = EXPORTS[1]
# The SDK calls its own deprecated parts and wants everybody to hear of it.
warnings.showwarning = lambda *_, **__: None


class Client(C8Client):
    """The SDK dials `api-HOST` on port 80 or 443 and no other; this is all that is changed of it."""

    def set_port(self):
        pass

    def set_url(self):
        self._url = URL


def client(**credential):
    host, port = URL.split("//")[1].split(":")
    return Client(protocol="http", host=host, port=port, **(credential or {"apikey": KEY}))


def fresh():
    """A client and a collection of its own."""
    c8, name = client(), f"c{uuid.uuid4().hex[:8]}"
    c8.create_collection(name)
    return c8, name


def is_(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


def refused(status, number, call, *args, **more):
    try:
        call(*args, **more)
    except C8ServerError as error:
        is_((error.http_code, error.error_code), (status, number))
    else:
        raise AssertionError("the call succeeded")


def check_collections():
    c8, name = fresh()
    assert c8.has_collection(name) and name in [known["name"] for known in c8.get_collections()]
    is_(c8.get_collection(name).count(), 0)
    refused(409, 1207, c8.create_collection, name)
    is_(c8.delete_collection(name), True)
    assert not c8.has_collection(name)


def check_documents():
    c8, name = fresh()
    is_(c8.insert_document(name, document={"_key": "k", "name": "Zoë"})["_key"], "k")
    refused(409, 1210, c8.insert_document, name, document={"_key": "k"})
    c8.update_document(name, {"_key": "k", "n": 1})
    is_({k: v for k, v in c8.get_document(name, "k").items() if k[0] != "_"}, {"name": "Zoë", "n": 1})
    is_(len(c8.insert_document(name, document=[{"_key": "l"}, {"_key": "m"}])), 2)
    assert c8.delete_document(name, "k")
    is_(c8.get_document(name, "k"), None)
    is_(c8.get_collection(name).count(), 2)


def check_query_pages():
    c8, name = fresh()
    c8.import_bulk(name, [{"_key": str(n), "n": n} for n in range(2500)])
    is_([row["n"] for row in c8.get_all_batches(f"FOR d IN {name} RETURN d")], list(range(2500)))
    query = c8._fabric.c8ql
    cursor = query.execute("FOR d IN @@c FILTER d.n < @most RETURN d.n", bind_vars={"@c": name, "most": 7}, batch_size=3, count=True, ttl=60)
    is_((cursor.count(), cursor.has_more(), list(cursor)), (7, True, list(range(7))))
    cursor = query.execute("FOR i IN 1..9 RETURN i", batch_size=3)
    is_((cursor.close(), cursor.close(ignore_missing=True)), (True, False))
    refused(404, 1600, cursor.fetch)
    is_(list(c8.execute_query(f"SELECT n FROM {name} LIMIT 1", sql=True)), [{"n": 0}])
    refused(400, 1501, c8.execute_query, "INVALID QUERY")
    refused(404, 1203, c8.execute_query, "FOR d IN nope RETURN d")
    is_(c8.validate_query("FOR d IN @@c RETURN d")["parsed"], True)
    is_(c8.explain_query(f"FOR d IN {name} RETURN d")["estimatedNrItems"], 2500)


def check_import_and_export():
    c8, name = fresh()
    done = c8.import_bulk(name, [{"_key": "a", "n": 1}, {"_key": "a"}, {"_key": "b"}], details=True)["result"]
    is_((done["created"], done["errors"], done["details"]["errors"][0]["errorNumber"]), (2, 1, 1210))
    is_(c8.import_bulk(name, [{"_key": "a", "n": 2}], replace=True)["result"]["errors"], 0)
    is_(c8.export(name, offset=0, limit=1, order="asc"), [{"_key": "a", "n": 2}])
    is_(c8.export_data_query(f"FOR d IN {name} RETURN d._key")["result"], ["a", "b"])
    gone = c8.get_collection(name)
    c8.delete_collection(name)
    refused(404, 1203, gone.import_bulk, [{}])


def check_key_values():
    c8, name = client(), f"kv{uuid.uuid4().hex[:8]}"
    c8.create_collection_kv(name)
    is_(len(c8.insert_key_value_pair(name, [{"_key": f"k{n}", "value": n} for n in range(25)])), 25)
    is_((c8.get_kv_count(name), len(c8.get_keys(name)), c8.get_keys(name, offset=20)), (25, 20, [f"k{n}" for n in range(20, 25)]))
    is_(c8.get_key_value_pairs(name, offset=24, limit=5)["result"], [{"_key": "k24", "value": 24, "expireAt": None}])
    is_(c8.get_value_for_key(name, "k3")["value"], 3)
    c8.delete_collection_kv(name)


def check_workers():
    c8, name = client(), f"w{uuid.uuid4().hex[:8]}"
    c8.create_restql({"query": {"name": name, "value": "FOR i IN 1..@n RETURN i"}})
    first = c8.execute_restql(name, {"bindVars": {"n": 3}, "batchSize": 2})
    is_((first["result"], first["hasMore"]), ([1, 2], True))
    is_(c8.read_next_batch_restql(first["id"])["result"], [3])
    assert c8.delete_restql(name)


def check_streams_and_login():
    c8, name = client(email="demo@example.com", password="correct-horse"), f"s{uuid.uuid4().hex[:8]}"
    is_(c8.create_stream(name)["stream-id"], f"c8globals.{name}")
    assert c8.has_stream(name) and c8.delete_stream(f"c8globals.{name}")
    assert not c8.has_stream(name)


def main():
    passed = failed = 0
    for name, check in list(globals().items()):
        if not name.startswith("check_"):
            continue
        try:
            check()
            passed += 1
        except Exception:
            failed += 1
            print(f"{name}: failed", file=sys.stderr)
            traceback.print_exc()
    print(f"pyC8: {passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
