"""Notices of WeChat Pay made with Python's cryptography: the true ones are taken, the others leave nothing behind."""

import base64
import json
import os
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from place import APPID, BEIJING, CREDENTIALS, now_ms, openid, until
from program import Program, rows

PARTNER = CREDENTIALS['partner']
SUB = '1900000109'
AHEAD_S = now_ms() / 1000 - time.time()
with open(os.environ['TUINA_PLATFORM_KEY'], 'rb') as file:
    PLATFORM = serialization.load_pem_private_key(file.read(), None)
PATHS = {'transaction': '/wechat/pay/notices/payment', 'refund': '/wechat/pay/notices/refund'}


def moment():
    return datetime.fromtimestamp(time.time() + AHEAD_S, BEIJING).isoformat(timespec='seconds')


def payment(**changed):
    return {
        'sp_appid': APPID, 'sp_mchid': PARTNER['mchid'], 'sub_mchid': SUB, 'out_trade_no': f'X{uuid.uuid4().hex[:24]}',
        'transaction_id': f'4200{time.time_ns()}', 'trade_type': 'JSAPI', 'trade_state': 'SUCCESS',
        'trade_state_desc': '支付成功', 'bank_type': 'OTHERS', 'attach': '', 'success_time': moment(),
        'payer': {'sp_openid': openid('zhangli')},
        'amount': {'total': 12850, 'payer_total': 12850, 'currency': 'CNY', 'payer_currency': 'CNY'}, **changed}


def refund(**changed):
    return {
        'sp_mchid': PARTNER['mchid'], 'sub_mchid': SUB, 'out_trade_no': 'X1234567', 'transaction_id': f'4200{time.time_ns()}',
        'out_refund_no': f'R{uuid.uuid4().hex[:24]}', 'refund_id': f'5030{time.time_ns()}', 'refund_status': 'SUCCESS',
        'success_time': moment(), 'user_received_account': '支付用户零钱',
        'amount': {'total': 12850, 'refund': 12850, 'payer_total': 12850, 'payer_refund': 12850}, **changed}


def envelope(kind, content, key=PARTNER['api_v3_key'], **changed):
    nonce = uuid.uuid4().hex[:12]
    plain = (content if isinstance(content, str) else json.dumps(content)).encode()
    sealed = AESGCM(key.encode()).encrypt(nonce.encode(), plain, kind.encode())
    return {
        'id': str(uuid.uuid4()), 'create_time': moment(), 'resource_type': 'encrypt-resource',
        'event_type': 'REFUND.SUCCESS' if kind == 'refund' else 'TRANSACTION.SUCCESS', 'summary': '成功',
        'resource': {'original_type': kind, 'algorithm': 'AEAD_AES_256_GCM', 'ciphertext': base64.b64encode(sealed).decode(),
                     'associated_data': kind, 'nonce': nonce}, **changed}


def signed(body, key=PLATFORM, ahead_s=0, **changed):
    """The headers over a body; `changed` replaces or, when None, removes one."""
    stamp, nonce = str(int(time.time() + AHEAD_S + ahead_s)), uuid.uuid4().hex
    signature = key.sign(f'{stamp}\n{nonce}\n'.encode() + body + b'\n', padding.PKCS1v15(), hashes.SHA256())
    headers = {
        'Content-Type': 'application/json', 'Wechatpay-Timestamp': stamp, 'Wechatpay-Nonce': nonce,
        'Wechatpay-Signature': base64.b64encode(signature).decode(), 'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
        'Wechatpay-Serial': CREDENTIALS['platform']['public_key_id'],
        **{name.replace('_', '-'): value for name, value in changed.items()}}
    return {name: value for name, value in headers.items() if value is not None}


def tables():
    """How many rows everything has that money or notices touch, once the notices before are worked through."""
    until(lambda: rows('SELECT COUNT(*) FROM payment_notice WHERE done_at IS NULL') == [(0,)], 'a notice was not acted upon')
    return [rows(f'SELECT COUNT(*) FROM {table}') for table in
            ['payment_notice', 'payment_payment', 'payment_refund', 'payment_step', 'payment_quarantine', 'ledger_transfer']]


class Notice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def send(self, letter, kind='transaction', **how):
        body = letter if isinstance(letter, bytes) else json.dumps(letter, ensure_ascii=False).encode()
        sent = how.pop('sent', body)
        return self.program.post(PATHS[kind], sent, signed(body, **how))[0]

    def lies_in_the_inbox(self, letter):
        return rows('SELECT kind FROM payment_notice WHERE notice_id = ?', letter['id'])

    def refused(self, status, letter, kind='transaction', **how):
        before = tables()
        self.assertEqual(self.send(letter, kind, **how), status, how)
        self.assertEqual(tables(), before, how)

    def test_a_payment_is_taken_and_one_that_nobody_asked_for_is_set_aside(self):
        content = payment()
        letter = envelope('transaction', content)
        self.assertEqual(self.send(letter), 204)
        self.assertEqual(self.lies_in_the_inbox(letter), [('payment',)])
        until(lambda: rows('SELECT 1 FROM payment_quarantine WHERE out_trade_no = ?', content['out_trade_no']),
              'the strange payment was not set aside')

    def test_a_refund_is_taken(self):
        letter = envelope('refund', refund())
        self.assertEqual(self.send(letter, 'refund'), 204)
        self.assertEqual(self.lies_in_the_inbox(letter), [('refund',)])

    def test_what_is_unknown_is_taken_too(self):
        letter = envelope('complaint', {'complaint_id': '200201820200101080076610000'}, event_type='COMPLAINT.CREATE')
        self.assertEqual(self.send(letter), 204)
        self.assertEqual(self.lies_in_the_inbox(letter), [('other',)])

    def test_a_notice_that_comes_again_and_at_once_lies_there_once(self):
        letter = envelope('transaction', payment())
        body = json.dumps(letter).encode()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: Program().post(PATHS['transaction'], body, signed(body))[0], range(24)))
        self.assertEqual(set(answers), {204})
        self.assertEqual(len(self.lies_in_the_inbox(letter)), 1)

    def test_any_bytes_that_were_signed_are_verified_as_they_came(self):
        for body in [json.dumps(envelope('transaction', payment()), indent=3).encode(),
                     json.dumps(envelope('transaction', payment(attach='😀 "')), ensure_ascii=False).encode(),
                     b' ' + json.dumps(envelope('transaction', payment())).encode() + b'\r\n ']:
            self.assertEqual(self.send(body), 204)

    def test_another_key_is_refused(self):
        stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        for kind, content in [('transaction', payment()), ('refund', refund())]:
            self.refused(401, envelope(kind, content), kind, key=stranger)

    def test_a_body_that_was_changed_is_refused(self):
        letter = envelope('transaction', payment())
        body = json.dumps(letter).encode()
        for sent in [body + b' ', body.replace(b'SUCCESS', b'SUCCESs', 1), b'', body[:-1], json.dumps(letter, indent=1).encode()]:
            self.refused(401, body, sent=sent)

    def test_an_old_or_early_stamp_is_refused(self):
        for ahead_s in [-360, -301, 302, 360, 10**9]:
            self.refused(401, envelope('transaction', payment()), ahead_s=ahead_s)
        for ahead_s in [-280, 280]:
            self.assertEqual(self.send(envelope('transaction', payment()), ahead_s=ahead_s), 204)

    def test_headers_that_are_missing_or_strange_are_refused(self):
        for changed in [{'Wechatpay_Signature': None}, {'Wechatpay_Timestamp': None}, {'Wechatpay_Nonce': None},
                        {'Wechatpay_Serial': None}, {'Wechatpay_Serial': 'PUB_KEY_ID_0000'}, {'Wechatpay_Signature': 'AAAA'},
                        {'Wechatpay_Signature': '*'}, {'Wechatpay_Timestamp': 'now'}, {'Wechatpay_Nonce': 'other'},
                        {'Wechatpay_Signature_Type': 'WECHATPAY2-SHA256-SM2'},
                        {'Wechatpay_Signature': 'WECHATPAY/SIGNTEST/' + 'A' * 325}]:
            self.refused(401, envelope('transaction', payment()), **changed)

    def test_signed_but_not_readable_is_refused(self):
        wrong = [envelope('transaction', payment(), key='0' * 32), envelope('transaction', 'no JSON'), envelope('transaction', {}),
                 envelope('transaction', payment(sp_mchid='1230000110')), envelope('refund', refund(sp_mchid='1')), b'{}', b'',
                 b'[]', b'\xff', envelope('transaction', payment(amount={'total': 1.5}))]
        cut = envelope('transaction', payment())
        cut['resource']['nonce'] = 'short'
        for letter in [*wrong, cut]:
            self.refused(400, letter)
