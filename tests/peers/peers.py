"""Calls a running sandbox as the services' documentation says, and as it must not be done.

Takes the file with the sandbox's printed lines. Every function named `check_*` is one check; each starts from its own session.
"""

import re
import subprocess
import sys
import time
import traceback
import uuid

import requests
from oauthlib.oauth1 import SIGNATURE_PLAINTEXT
from requests_oauthlib import OAuth1, OAuth1Session

EXPORTS = re.findall(r"^export APICALL_URL=(\S+) APICALL_KEY=(\S+)$", open(sys.argv[1], encoding="utf-8").read(), re.M)
(MAAS_URL, MAAS_KEY), (GDN_URL, GDN_KEY) = EXPORTS
API = f"{MAAS_URL}/api/2.0/"
CONSUMER, TOKEN, SECRET = MAAS_KEY.split(":")


def session(consumer=CONSUMER, token=TOKEN, secret=SECRET):
    """MAAS's documented client: the consumer has no secret, the signature is PLAINTEXT."""
    return OAuth1Session(consumer, resource_owner_key=token, resource_owner_secret=secret, signature_method=SIGNATURE_PLAINTEXT)


def is_(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


def contains(text, part):
    assert part in text, f"{part!r} is not in {text!r}"


# MAAS, as documented


def check_maas_whoami():
    response = session().get(f"{API}users/", params={"op": "whoami"})
    is_((response.status_code, response.json()["username"]), (200, "admin"))
    is_(response.headers["Content-Type"], "application/json; charset=utf-8")
    assert response.text.startswith('{\n    "') and not response.text.endswith("\n")


def check_maas_list_and_filter():
    client = session()
    is_(len(client.get(f"{API}machines/").json()), 5)
    two = client.get(f"{API}machines/", params=[("hostname", "node17"), ("hostname", "node18")]).json()
    is_([machine["hostname"] for machine in two], ["node17", "node18"])
    allocated = client.get(f"{API}machines/?op=list_allocated").json()
    is_([machine["owner"] for machine in allocated], ["admin"])


def check_maas_post_form_and_multipart():
    client, name = session(), f"peer-{uuid.uuid4().hex[:8]}"
    made = client.post(f"{API}tags/", data={"name": name, "comment": "a b&c"})
    is_((made.status_code, made.json()["comment"]), (200, "a b&c"))
    again = client.post(f"{API}tags/", files={"name": (None, name)})
    is_((again.status_code, again.json()), (400, {"name": ["Tag with this Name already exists."]}))
    is_(client.delete(f"{API}tags/{name}/").status_code, 204)
    is_(client.get(f"{API}tags/{name}/").status_code, 404)


def check_maas_file():
    client, data = session(), bytes(range(256))
    is_(client.post(f"{API}files/", data={"filename": "dir/blob"}, files={"file": ("blob", data)}).status_code, 201)
    response = client.get(f"{API}files/", params={"op": "get", "filename": "dir/blob"})
    is_((response.content, response.headers["Content-Type"]), (data, "text/html; charset=utf-8"))
    is_(client.delete(f"{API}files/dir%2Fblob/").status_code, 204)


def check_maas_post_ignores_its_query():
    response = session().post(f"{API}tags/?name=in-query")
    is_((response.status_code, response.json()), (400, {"name": ["This field is required."]}))


def check_maas_slash_op_and_method():
    client = session()
    response = client.get(f"{API}tags")
    is_((response.status_code, response.text), (404, "Unknown API endpoint: /MAAS/api/2.0/tags."))
    is_(client.get(f"{API}nodes/?op=list").status_code, 400)
    is_(client.post(f"{API}users/?op=whoami").text, "Unrecognised signature: method=POST op=whoami")
    refused = client.patch(f"{API}machines/")
    is_((refused.status_code, refused.headers["Allow"]), (405, "GET, POST"))
    is_(client.get(f"{API}users/op-whoami").json()["username"], "admin")
    is_(client.get(f"{API}machines/", params={"limit": 1}).json(), {"limit": ["No such constraint."]})


# MAAS, refusals


def refused(response, text):
    is_(response.status_code, 401)
    contains(response.text, text)


def check_maas_wrong_secret():
    refused(session(secret="wrong").get(f"{API}machines/"), f"Invalid signature. Expected signature base string: &{SECRET}")


def check_maas_unknown_consumer():
    refused(session(consumer="nobody").get(f"{API}machines/"), "Authorization Error: Invalid API key.")


def check_maas_unknown_token():
    refused(session(token="nothing").get(f"{API}machines/"), "Invalid access token: nothing")


def check_maas_old_time():
    old = str(int(time.time()) - 301)
    auth = OAuth1(CONSUMER, "", TOKEN, SECRET, signature_method=SIGNATURE_PLAINTEXT, timestamp=old)
    refused(requests.get(f"{API}machines/", auth=auth), f"Expired timestamp: given {old} and now ")


def check_maas_future_time_passes():
    auth = OAuth1(CONSUMER, "", TOKEN, SECRET, signature_method=SIGNATURE_PLAINTEXT, timestamp=str(int(time.time()) + 900))
    is_(requests.get(f"{API}users/?op=whoami", auth=auth).status_code, 200)


def check_maas_used_nonce():
    nonce = uuid.uuid4().hex
    auth = OAuth1(CONSUMER, "", TOKEN, SECRET, signature_method=SIGNATURE_PLAINTEXT, nonce=nonce)
    is_(requests.get(f"{API}users/?op=whoami", auth=auth).status_code, 200)
    refused(requests.get(f"{API}users/?op=whoami", auth=auth), f"Nonce already used: {nonce}")


def check_maas_unsigned():
    is_(requests.get(f"{API}version/").json()["version"], "3.8.0")
    response = requests.get(f"{API}machines/")
    is_((response.status_code, response.text), (400, "Unrecognised signature: method=GET op=None"))
    refused(requests.get(f"{API}users/?op=whoami"), "Forbidden")
    address = "52:54:00:ff:" + ":".join(re.findall("..", uuid.uuid4().hex[:4]))
    enlisted = requests.post(f"{API}machines/", data={"architecture": "amd64/generic", "mac_addresses": address})
    is_((enlisted.status_code, enlisted.json()["status_name"]), (200, "New"))
    is_(session().delete(f"{API}machines/{enlisted.json()['system_id']}/").status_code, 204)


# MAAS with curl and the header that its documentation builds by hand


def curl(secret=SECRET, nonce=None, stamp=None, scheme="OAuth", path="users/?op=whoami", more=()):
    header = (
        f'Authorization: {scheme} oauth_version=1.0, oauth_signature_method=PLAINTEXT, oauth_consumer_key={CONSUMER}, '
        f"oauth_token={TOKEN}, oauth_signature=&{secret}, oauth_nonce={nonce or uuid.uuid4()}, oauth_timestamp={stamp or int(time.time())}"
    )
    done = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", "--header", header, *more, API + path], capture_output=True, text=True, check=True)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), body


def check_curl():
    status, body = curl()
    is_(status, 200)
    contains(body, '"username": "admin"')
    is_(curl(path="tags/", more=["-F", "comment=x"]), (400, '{"name":["This field is required."]}'))


def check_curl_refusals():
    is_(curl(secret="wrong")[0], 401)
    is_(curl(stamp=int(time.time()) - 400)[0], 401)
    is_(curl(stamp="yesterday")[0], 400)
    is_(curl(scheme="oauth"), (401, "Forbidden"))
    nonce = str(uuid.uuid4())
    is_([curl(nonce=nonce)[0], curl(nonce=nonce)[0]], [200, 401])


def check_curl_hears_early_refusals():
    post = ["-H", "Expect: 100-continue", "--data-binary", "x" * 1000]
    is_(curl(secret="wrong", path="files/", more=post)[0], 401)
    is_(curl(path="files/", more=post), (400, "Filename not supplied"))


# Macrometa, as documented

GDN = {"content-type": "application/json", "Authorization": f"apikey {GDN_KEY}"}


def check_macrometa_collections_and_documents():
    fabric, name = f"{GDN_URL}/_fabric/_system/_api", f"peer{uuid.uuid4().hex[:8]}"
    made = requests.post(f"{fabric}/collection", json={"name": name}, headers=GDN)
    is_((made.status_code, made.json()["name"], made.json()["error"]), (200, name, False))
    is_(requests.post(f"{fabric}/collection", json={"name": name}, headers=GDN).json()["errorNum"], 1207)
    one = requests.post(f"{fabric}/document/{name}", json={"_key": "a%b", "n": 1}, headers=GDN)
    is_((one.status_code, one.headers["ETag"]), (202, f'"{one.json()["_rev"]}"'))
    is_(requests.get(f"{fabric}/document/{name}/a%25b", headers=GDN).json()["n"], 1)
    many = requests.post(f"{fabric}/document/{name}", json=[{"_key": "a%b"}, {"n": 2}], headers=GDN)
    is_((many.status_code, many.headers["X-C8-Error-Codes"], many.json()[0]["errorNum"]), (202, '{"1210":1}', 1210))
    is_(requests.post(f"{fabric}/document/{name}?waitForSync=true", json={}, headers=GDN).status_code, 201)
    stale = requests.put(f"{fabric}/document/{name}/a%25b", json={}, headers=GDN | {"If-Match": '"_old"'})
    is_((stale.status_code, stale.json()["errorNum"]), (412, 1200))
    is_(requests.get(f"{fabric}/collection/{name}/count", headers=GDN).json()["count"], 3)
    is_(requests.delete(f"{fabric}/collection/{name}", headers=GDN).status_code, 200)
    is_(requests.get(f"{fabric}/collection/{name}", headers=GDN).json()["errorNum"], 1203)


def check_macrometa_query_pages():
    cursor = f"{GDN_URL}/_fabric/_system/_api/cursor"
    first = requests.post(cursor, json={"query": "FOR d IN addresses RETURN d", "batchSize": 2}, headers=GDN)
    is_((first.status_code, first.json()["hasMore"], len(first.json()["result"])), (201, True, 2))
    last = requests.put(f"{cursor}/{first.json()['id']}", headers=GDN)
    is_((last.status_code, last.json()["hasMore"], "id" in last.json()), (200, False, False))


def check_macrometa_login_and_token():
    wrong = requests.post(f"{GDN_URL}/_open/auth", json={"email": "demo@example.com", "password": "no"})
    is_((wrong.status_code, wrong.json()["errorMessage"]), (401, "Wrong credentials"))
    right = requests.post(f"{GDN_URL}/_open/auth", json={"email": "demo@example.com", "password": "correct-horse"})
    token = {"Authorization": f"bearer {right.json()['jwt']}"}
    is_(requests.get(f"{GDN_URL}/_api/user", headers=token).status_code, 200)


def check_macrometa_refusals():
    url = f"{GDN_URL}/_fabric/_system/_api/database/user"
    good = requests.get(url, headers=GDN)
    is_([fabric["name"] for fabric in good.json()["result"]], ["_system", "shop"])
    assert good.headers["x-gdn-requestid"] and good.headers["x-gdn-region"]
    for credential in [f"apikey {GDN_KEY}x", GDN_KEY, f"Apikey {GDN_KEY}", "bearer x.y.z", ""]:
        response = requests.get(url, headers={"Authorization": credential})
        is_((response.status_code, response.json()["message"], "errorNum" in response.json()), (401, "Unauthorized", False))
        assert response.headers["x-gdn-requestid"]
    is_(requests.get(f"{GDN_URL}/_fabric/nope/_api/collection", headers=GDN).json()["errorNum"], 1228)
    is_(requests.get(f"{GDN_URL}/_fabric/shop/_api/document/orders/x", headers=GDN).json()["errorNum"], 1202)


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
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
