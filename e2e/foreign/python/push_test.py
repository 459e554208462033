"""Pushes that wechatpy wrote and encrypted, and what the program answers, opened by wechatpy."""

import itertools
import time
import unittest
from urllib.parse import urlencode

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from place import APPID, CREDENTIALS, openid
from program import ADDRESS, Program, rows

TOKEN = CREDENTIALS['callback_token']
SAFE = WeChatCrypto(TOKEN, CREDENTIALS['encoding_aes_key'], APPID)
FROM = openid('zhangli')
NUMBERS = itertools.count(24_000_000_000_000_000)


def signature(*parts):
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def text_push(content):
    return (f'<xml><ToUserName><![CDATA[gh_7a9b2c41d8e0]]></ToUserName><FromUserName><![CDATA[{FROM}]]></FromUserName>'
            f'<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>'
            f'<Content><![CDATA[{content}]]></Content><MsgId>{next(NUMBERS)}</MsgId></xml>')


def event_push(event, person=FROM, more=''):
    return (f'<xml><ToUserName>gh_7a9b2c41d8e0</ToUserName><FromUserName>{person}</FromUserName>'
            f'<CreateTime>{int(time.time())}</CreateTime><MsgType>event</MsgType><Event>{event}</Event>{more}</xml>')


class Push(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def send(self, plain, crypto=SAFE, nonce='415670741', changed=()):
        """Encrypts as WeChat does and posts; `changed` replaces parameters of the address afterwards."""
        stamp = str(int(time.time()))
        sealed = xmltodict.parse(crypto.encrypt_message(plain, nonce, stamp))['xml']
        body = f"<xml><ToUserName>gh_7a9b2c41d8e0</ToUserName><Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt></xml>"
        query = {'signature': signature(TOKEN, stamp, nonce), 'timestamp': stamp, 'nonce': nonce, 'openid': FROM,
                 'encrypt_type': 'aes', 'msg_signature': sealed['MsgSignature'], **dict(changed)}
        return self.program.post(f'/wechat/callback?{urlencode(query)}', body, {'Content-Type': 'text/xml'})

    def opened(self, answer):
        """The reply in an answer, verified and decrypted by wechatpy."""
        status, body = answer
        self.assertEqual(status, 200, body)
        sealed = xmltodict.parse(body)['xml']
        plain = SAFE.decrypt_message(body, sealed['MsgSignature'], sealed['TimeStamp'], sealed['Nonce'])
        return xmltodict.parse(plain)['xml']

    def understood(self, content):
        reply = self.opened(self.send(text_push(content)))
        self.assertEqual((reply['ToUserName'], reply['MsgType']), (FROM, 'text'), content)
        self.assertIn(f'{ADDRESS}/', reply['Content'])
        return reply['Content']

    def test_the_address_is_verified(self):
        stamp, nonce = '1714036504', '1514711492'
        query = {'signature': signature(TOKEN, stamp, nonce), 'timestamp': stamp, 'nonce': nonce, 'echostr': '4375120948'}
        self.assertEqual(self.program.get(f'/wechat/callback?{urlencode(query)}'), (200, b'4375120948'))
        query['nonce'] = '1'
        self.assertEqual(self.program.get(f'/wechat/callback?{urlencode(query)}')[0], 401)

    def test_texts_of_1_to_300_bytes_are_answered(self):
        for length in range(1, 301):
            self.understood('店' * (length // 3) + 'a' * (length % 3))

    def test_texts_of_1_to_300_letters_are_answered(self):
        for length in range(1, 301):
            self.understood('x' * length)

    def test_emoji_and_marks_of_xml_are_answered(self):
        for content in ['😀', '👨‍👩‍👧‍👦' * 8, 'é', '你好 & <b>', '&amp;&#x4f60;', '𠮷' * 70, ']]', '\t \n ', '"\'']:
            self.understood(content)
        self.assertIn('/bookings', self.understood('😀我要退款😀'))

    def test_plaintexts_of_1_to_300_bytes_that_are_no_push_are_refused(self):
        for length in range(1, 301):
            self.assertEqual(self.send('x' * length)[0], 400, length)
        for plain in ['<xml/>', '<xml><MsgType>text</MsgType></xml>', '<!DOCTYPE x [<!ENTITY e "1">]><xml>&e;</xml>']:
            self.assertEqual(self.send(plain)[0], 400, plain)

    def test_an_event_is_heard_once_however_often_it_comes(self):
        person = 'o' + 'F' * 27
        follow, leave = event_push('subscribe', person, '<EventKey></EventKey>'), event_push('unsubscribe', person)
        first = self.opened(self.send(follow))
        self.assertEqual(self.send(leave), (200, b'success'))
        # The first delivery again: late, and already heard.
        again = self.opened(self.send(follow, nonce='another'))
        self.assertEqual(first['Content'], again['Content'])
        self.assertEqual(rows('SELECT follows FROM alert_follower WHERE openid = ?', person), [(0,)])
        self.assertEqual(rows('SELECT COUNT(*) FROM alert_push WHERE key LIKE ?', f'{person}|%'), [(2,)])

    def test_what_wechat_did_not_sign_is_refused_and_leaves_nothing(self):
        before = rows('SELECT COUNT(*) FROM alert_push')
        push = event_push('subscribe', 'o' + 'G' * 27)
        for changed in [{'msg_signature': '0' * 40}, {'timestamp': '1'}, {'nonce': '1'}, {'msg_signature': ''}]:
            self.assertEqual(self.send(push, changed=changed)[0], 401, changed)
        plain = self.program.post('/wechat/callback?signature=' + signature(TOKEN, '1', '2') + '&timestamp=1&nonce=2', push,
                                  {'Content-Type': 'text/xml'})
        self.assertEqual(plain[0], 400)
        stranger = WeChatCrypto(TOKEN, CREDENTIALS['encoding_aes_key'], 'wx0000000000000000')
        self.assertEqual(self.send(push, stranger)[0], 400)
        other_key = WeChatCrypto(TOKEN, 'A' * 43, APPID)
        self.assertEqual(self.send(push, other_key)[0], 400)
        self.assertEqual(rows('SELECT COUNT(*) FROM alert_push'), before)
