"""The AWS emulator: moto with our corrections, on a free port of the loopback interface.

Prints one line of JSON, {"port": N}, when it listens, and ends when its standard input is closed: it can't outlive the
process that started it, however that one ends. Requests are answered one at a time, since moto isn't made for threads.
Beside AWS's own calls it answers

  POST /emulator/reset      an empty account, default settings, and the same random ids again
  POST /emulator/settings   JSON: quotas, pace, page size, health of targets (corrections/settings.py)
"""

import json
import os
import sys
import threading

# Policies of IAM and images of EC2 take seconds to load, and nobody asks for them.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "false"
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

from moto.core.base_backend import BackendDict  # noqa: E402
from moto.moto_api._internal import mock_random  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402

import corrections  # noqa: E402


class QuietHandler(MotoRequestHandler):
    """Only what goes wrong is logged: successful requests are recorded by the proxy."""

    def log_request(self, code="-", size="-"):
        if str(code).startswith("5"):
            super().log_request(code, size)


def emulator(moto):
    """The WSGI application: control requests, or moto, under one lock."""
    lock = threading.Lock()

    def answer(environ, start_response):
        with lock:
            path = environ.get("PATH_INFO", "")
            if not path.startswith("/emulator/"):
                return list(moto(environ, start_response))
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, text = control(path, body)
            start_response(status, [("Content-Type", "application/json")])
            return [text.encode()]

    return answer


def control(path, body):
    if path == "/emulator/reset":
        reset()
        return "200 OK", "{}"
    if path == "/emulator/settings":
        try:
            corrections.settings.change(json.loads(body))
        except (ValueError, KeyError, TypeError) as error:
            return "400 Bad Request", json.dumps({"error": str(error)})
        return "200 OK", "{}"
    return "404 Not Found", "{}"


def reset():
    BackendDict.reset()
    corrections.reset()
    mock_random.seed(1)


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    reset()
    application = emulator(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()
