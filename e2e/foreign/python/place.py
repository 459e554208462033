"""Where the sandbox is, what people do there, and a server that stands for a program of ours."""

import json
import os
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

with open(os.environ['TUINA_CREDENTIALS'], encoding='utf-8') as file:
    CREDENTIALS = json.load(file)

SANDBOX = CREDENTIALS['api']
APPID = CREDENTIALS['app_id']
BEIJING = timezone(timedelta(hours=8))


def openid(person):
    """The OpenID of a person of the sandbox."""
    return next(one['openid'] for one in CREDENTIALS['people'] if one['id'] == person)


def control(path, body=None):
    """Asks the sandbox's control API: posts a body, or gets without one."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f'{SANDBOX}/control/{path}', data, {'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def until(probe, words, seconds=15):
    """What `probe` gives once it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = probe()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(words)


def now_ms():
    """The sandbox's clock."""
    return datetime.fromisoformat(control('time', {})['now']).timestamp() * 1000


class Server:
    """Answers every POST with what `answer(headers, body, query)` gives: a status and a text."""

    def __init__(self, answer, port=0):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                status, text = answer(self.headers, body, self.path.partition('?')[2])
                self.send_response(status)
                data = text.encode()
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(('127.0.0.1', port), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
