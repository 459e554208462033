"""Runs the tests of the modules named and prints one line of JSON for each: name, whether it passed, the words when not."""

import json
import sys
import unittest


class Lines(unittest.TestResult):
    def _line(self, test, words):
        name = test.id().rpartition('.')[2].removeprefix('test_').replace('_', ' ')
        print(json.dumps({'name': name, 'passed': words is None, 'words': words}), flush=True)

    def addSuccess(self, test):
        self._line(test, None)

    def addFailure(self, test, err):
        self._line(test, self._exc_info_to_string(err, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self._line(test, f'A test must not be left out: {reason}')


unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]).run(Lines())
