"""The running program: what it is sent, and what lies in its database afterwards."""

import http.client
import os
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

ADDRESS = os.environ['TUINA_PROGRAM']


class Program:
    """One kept connection to the program."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(urlsplit(ADDRESS).netloc, timeout=20)

    def post(self, path, body, headers):
        """Status and body of the answer."""
        self.connection.request('POST', path, body.encode() if isinstance(body, str) else body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def get(self, path):
        """Status and body of the answer."""
        self.connection.request('GET', path)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def rows(statement, *parameters):
    """What the database says, read beside the running program."""
    with closing(sqlite3.connect(f"file:{os.environ['TUINA_DATABASE']}?mode=ro", uri=True)) as database:
        return database.execute(statement, parameters).fetchall()
