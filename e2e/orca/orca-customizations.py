"""Loaded by Orca at its start: writes every utterance to $TUINA_SPEECH_LOG as one JSON line.

Orca's own --debug-file is block-buffered: utterances would seem late or missing. The line holds the time in
milliseconds since 1970 and the words.
"""

import json
import os
import time

from orca import debug

_PREFIX = "SPEECH OUTPUT:"
_log = open(os.environ["TUINA_SPEECH_LOG"], "a", buffering=1, encoding="utf-8")
_println = debug.println


def _words(text):
    """The words of `SPEECH OUTPUT: 'words' {voice}`; the words may themselves hold quotes."""
    body = text[len(_PREFIX):].strip()
    end_of_words = body.rfind("{") if "{" in body else len(body)
    first = body.find("'")
    last = body.rfind("'", 0, end_of_words)
    return body[first + 1:last].strip()


def _print_and_log(level, text="", *args, **kwargs):
    if isinstance(text, str) and text.startswith(_PREFIX):
        line = {"at": int(time.time() * 1000), "words": _words(text)}
        _log.write(json.dumps(line, ensure_ascii=False) + "\n")
    return _println(level, text, *args, **kwargs)


debug.println = _print_and_log
