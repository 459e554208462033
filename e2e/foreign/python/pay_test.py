"""WeChat Pay of the sandbox, judged by wechatpayv3."""

import csv
import gzip
import hashlib
import io
import json
import tempfile
import time
import unittest
from datetime import datetime, timedelta
from unittest import mock
from urllib.parse import urlsplit

from wechatpayv3 import WeChatPay, WeChatPayType

from place import APPID, BEIJING, CREDENTIALS, SANDBOX, Server, control, openid, until

SUB = '1900000109'
PRICE = 12850


def client(partner=False, public_key=True):
    merchant = CREDENTIALS['partner' if partner else 'direct']
    platform = CREDENTIALS['platform']
    pay = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI, mchid=merchant['mchid'], private_key=merchant['private_key_pem'],
        cert_serial_no=merchant['serial'], appid=APPID, apiv3_key=merchant['api_v3_key'], partner_mode=partner,
        public_key=platform['public_key_pem'], public_key_id=platform['public_key_id'], timeout=(5, 20))
    pay._core._gate_way = SANDBOX
    if not public_key:
        pay._core._public_key = pay._core._public_key_id = None
    return pay


class Pay(unittest.TestCase):
    numbers = 0

    @classmethod
    def setUpClass(cls):
        cls.clients = [client(), client(partner=True)]
        cls.notices = []
        cls.statuses = []
        cls.server = Server(cls.judge)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def judge(cls, headers, body, _query):
        """204 when one of the two merchants can verify and open the notice."""
        for merchant in cls.clients:
            notice = merchant.callback(headers, body)
            if notice:
                cls.notices.append(notice)
                cls.statuses.append(204)
                return 204, ''
        cls.statuses.append(401)
        return 401, '{"code":"FAIL"}'

    def told(self, number, event):
        found = (lambda: next((one for one in self.notices if one['event_type'] == event
                               and one['resource']['out_trade_no'] == number), None))
        return until(found, f'no {event} of {number}')

    def number(self):
        Pay.numbers += 1
        return f'PY_{int(time.time() * 1000)}_{self.numbers}'

    def prepay(self, pay, **more):
        number = self.number()
        payer = {'sp_openid': openid('zhangli')} if more.get('sub_mchid') else {'openid': openid('zhangli')}
        code, text = pay.pay(description='全身推拿 60 分钟', out_trade_no=number, notify_url=f'{self.server.url}/notices',
                             amount={'total': PRICE, 'currency': 'CNY'}, payer=payer, **more)
        self.assertEqual(code, 200, text)
        return number, json.loads(text)['prepay_id']

    def paid(self, pay, **more):
        number, _ = self.prepay(pay, **more)
        control(f'payments/{number}', {'outcome': 'paid'})
        return number, self.told(number, 'TRANSACTION.SUCCESS')['resource']

    def answer(self, reply, code=200):
        self.assertEqual(reply[0], code, reply[1])
        return json.loads(reply[1])

    def test_an_order_is_made_with_escaped_words_opens_the_sheet_and_is_paid(self):
        pay = self.clients[0]
        number, prepay_id = self.prepay(pay, attach='备注', time_expire=soon())
        stamp, package = str(int(time.time())), f'prepay_id={prepay_id}'
        signed = pay.sign([APPID, stamp, 'nonce', package])
        sheet = control('people/zhangli/sheet', {
            'appId': APPID, 'timeStamp': stamp, 'nonceStr': 'nonce', 'package': package, 'signType': 'RSA',
            'paySign': signed})
        self.assertEqual((sheet['total'], sheet['description']), (PRICE, '全身推拿 60 分钟'))
        self.assertEqual(self.answer(pay.query(out_trade_no=number))['trade_state'], 'NOTPAY')
        control(f'payments/{number}', {'outcome': 'paid'})
        notice = self.told(number, 'TRANSACTION.SUCCESS')['resource']
        self.assertEqual((notice['trade_state'], notice['attach'], notice['amount']['total']), ('SUCCESS', '备注', PRICE))
        found = self.answer(pay.query(transaction_id=notice['transaction_id']))
        self.assertEqual((found['out_trade_no'], found['trade_state']), (number, 'SUCCESS'))

    def test_an_order_is_closed_and_a_paid_one_is_not(self):
        pay = self.clients[0]
        number, _ = self.prepay(pay)
        self.assertEqual(pay.close(number)[0], 204)
        self.assertEqual(self.answer(pay.query(out_trade_no=number))['trade_state'], 'CLOSED')
        number, _ = self.paid(pay)
        self.assertEqual(self.answer(pay.close(number), 400)['code'], 'ORDER_PAID')

    def test_money_goes_back_and_the_refund_is_told_and_found(self):
        pay = self.clients[0]
        number, paid = self.paid(pay)
        refund = self.answer(pay.refund(
            out_refund_no=f'R_{number}', transaction_id=paid['transaction_id'], reason='客户取消',
            amount={'refund': 850, 'total': PRICE, 'currency': 'CNY'}, notify_url=f'{self.server.url}/refunds'))
        self.assertEqual(refund['status'], 'PROCESSING')
        told = self.told(number, 'REFUND.SUCCESS')['resource']
        self.assertEqual((told['refund_id'], told['refund_status']), (refund['refund_id'], 'SUCCESS'))
        found = self.answer(pay.query_refund(f'R_{number}'))
        self.assertEqual((found['status'], found['amount']['refund']), ('SUCCESS', 850))

    def test_a_service_provider_acts_for_a_sub_merchant(self):
        pay = self.clients[1]
        number, paid = self.paid(pay, sub_mchid=SUB)
        self.assertEqual((paid['sp_mchid'], paid['sub_mchid'], paid['payer']['sp_openid']),
                         (CREDENTIALS['partner']['mchid'], SUB, openid('zhangli')))
        found = self.answer(pay.query(out_trade_no=number, sub_mchid=SUB))
        self.assertEqual(found['transaction_id'], paid['transaction_id'])
        refund = self.answer(pay.refund(
            out_refund_no=f'R_{number}', out_trade_no=number, sub_mchid=SUB,
            amount={'refund': PRICE, 'total': PRICE, 'currency': 'CNY'}, notify_url=f'{self.server.url}/refunds'))
        self.assertEqual(refund['amount']['refund'], PRICE)
        self.assertEqual(self.told(number, 'REFUND.SUCCESS')['resource']['sub_mchid'], SUB)
        self.assertEqual(self.answer(pay.query_refund(f'R_{number}', sub_mchid=SUB))['status'], 'SUCCESS')
        other, _ = self.prepay(pay, sub_mchid=SUB)
        self.assertEqual(pay.close(other, sub_mchid=SUB)[0], 204)

    def test_a_forged_notice_is_not_believed(self):
        control('faults', {'kind': 'notice_forged'})
        control('time', {'scale': 1000})
        before = len(self.statuses)
        self.paid(self.clients[0])
        control('time', {'scale': 1})
        self.assertEqual(self.statuses[before], 401)

    def test_a_probe_instead_of_a_signed_answer_is_refused_by_the_client(self):
        control('faults', {'kind': 'response_signtest'})
        with self.assertRaisesRegex(Exception, 'signature'):
            self.prepay(self.clients[0])

    def test_without_the_public_key_a_new_merchant_has_nothing_to_verify_with(self):
        pay = client(public_key=False)
        code, text = pay._core.request('/v3/certificates', skip_verify=True)
        self.assertEqual((code, json.loads(text)['code']), (404, 'RESOURCE_NOT_EXISTS'))

    def test_platform_certificates_are_fetched_and_followed_when_they_turn(self):
        control('keys', {'mode': 'certificate', 'rotate': False})
        try:
            pay = client(public_key=False)
            pay._core._init_certificates()
            number, _ = self.prepay(pay)
            control('keys', {'mode': 'certificate', 'rotate': True})
            self.assertEqual(self.answer(pay.query(out_trade_no=number))['trade_state'], 'NOTPAY')
        finally:
            control('keys', {'mode': 'public_key', 'rotate': False})

    def test_a_picture_is_uploaded_though_the_client_names_no_boundary(self):
        with tempfile.NamedTemporaryFile(suffix='.jpg') as file:
            file.write(bytes.fromhex('ffd8ffe000104a46494600010100000100010000ffd9'))
            file.flush()
            code, text = self.clients[1].image_upload(file.name, 'shop.jpg')
        self.assertEqual(code, 200, text)
        self.assertTrue(json.loads(text)['media_id'])

    def test_the_bills_of_a_day_are_asked_for_fetched_and_checked(self):
        pay = self.clients[0]
        number, paid = self.paid(pay)
        day = datetime.now(BEIJING)
        later = (day + timedelta(days=1)).replace(hour=10, minute=30)
        minutes = int((later - day).total_seconds() // 60) + 1
        real = time.time
        control('time', {'forward_minutes': minutes})
        try:
            with mock.patch('time.time', lambda: real() + minutes * 60):
                for kind, line in [(pay.trade_bill, f'`{number},'), (pay.fundflow_bill, f'`{paid["transaction_id"]},')]:
                    self.check_bill(pay, kind, f'{day:%Y-%m-%d}', line)
        finally:
            control('time', {'forward_minutes': -minutes})

    def check_bill(self, pay, kind, day, line):
        told = self.answer(kind(day))
        self.assertEqual(told['hash_type'], 'SHA1')
        self.assertEqual(urlsplit(told['download_url']).path, '/v3/billdownload/file')
        code, packed = pay.download_bill(told['download_url'])
        self.assertEqual(code, 200)
        packed = packed if isinstance(packed, bytes) else packed.encode()
        plain = gzip.decompress(packed)
        hashes = [hashlib.sha1(data).hexdigest() for data in (packed, plain)]
        self.assertIn(told['hash_value'].lower(), hashes)
        text = plain.decode('utf-8-sig')
        self.assertIn(line, text)
        rows = list(csv.reader(io.StringIO(text)))
        self.assertTrue(all(cell.startswith('`') for cell in rows[1]), rows[1])
        self.assertIn('`128.50', rows[1] if len(rows) == 4 else sum(rows, []))


def soon():
    return (datetime.now(BEIJING) + timedelta(minutes=30)).strftime('%Y-%m-%dT%H:%M:%S+08:00')
