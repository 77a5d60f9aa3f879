"""Pages of a query on one connection, one after the other: ask, print the rows, ask again."""

import http.client
import json
import sys

host, key = sys.argv[1:]
connection = http.client.HTTPConnection(host)
headers = {"Authorization": f"apikey {key}", "Content-Type": "application/json"}
path = "/_fabric/_system/_api/cursor"
method, target = "POST", path
body = json.dumps({"query": "FOR s IN sensors RETURN s", "batchSize": 1000})
while True:
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    page = json.loads(response.read())
    if response.status not in (200, 201):
        sys.exit(f"status {response.status}")
    for row in page["result"]:
        print(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.flush()
    if not page["hasMore"]:
        break
    method, target, body = "PUT", f"{path}/{page['id']}", None
