"""The official account of the sandbox, judged by wechatpy."""

import io
import os
import time
import unittest
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient, WeChatOAuth, create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatClientException, WeChatOAuthException

from place import APPID, CREDENTIALS, SANDBOX, Server, control, openid, until

REAL = 'https://api.weixin.qq.com'
MENU = {'button': [
    {'type': 'view', 'name': '附近的店', 'url': 'http://127.0.0.1/'},
    {'name': '我的', 'sub_button': [{'type': 'click', 'name': '我的预约', 'key': 'BOOKINGS'}]},
]}
PNG = bytes.fromhex(
    '89504e470d0a1a0a0000000d4948445200000001000000010806000000'
    '1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082')


class Rewrite(HTTPAdapter):
    """Sends to the sandbox what is meant for the real host."""

    def send(self, request, **kwargs):
        request.url = request.url.replace(REAL, SANDBOX, 1)
        return super().send(request, **kwargs)


def rewritten(client):
    client._http.mount(REAL, Rewrite())
    return client


class Account(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.crypto = WeChatCrypto(CREDENTIALS['callback_token'], CREDENTIALS['encoding_aes_key'], APPID)
        cls.heard = []
        cls.reply = None
        cls.server = Server(cls.receive, int(os.environ['TUINA_PUSH_PORT']))
        cls.client = rewritten(WeChatClient(APPID, CREDENTIALS['app_secret']))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def receive(cls, _headers, body, query):
        """A program that is written with wechatpy alone."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        xml = cls.crypto.decrypt_message(body, asked['msg_signature'], asked['timestamp'], asked['nonce'])
        message = parse_message(xml)
        cls.heard.append(message)
        if message.type != 'text' or cls.reply is None:
            return 200, 'success'
        return 200, cls.crypto.encrypt_message(create_reply(cls.reply, message).render(), asked['nonce'])

    def heard_of(self, person, event, key=None):
        def found():
            return next((one for one in self.heard if one.source == openid(person)
                         and getattr(one, 'event', one.type) == event and key in (None, getattr(one, 'key', None),
                                                                                getattr(one, 'scene_id', None))), None)
        return until(found, f'no {event} of {person}: {self.heard}')

    def refused(self, code, call, *args, **kwargs):
        with self.assertRaises((WeChatClientException, WeChatOAuthException)) as error:
            call(*args, **kwargs)
        self.assertEqual(error.exception.errcode, code)

    def follow(self, person):
        if openid(person) not in self.client.user.get_followers()['data']['openid']:
            control(f'people/{person}/follow', {})

    def test_a_dead_token_is_replaced_by_the_client(self):
        self.assertTrue(self.client.access_token)
        before = self.client.access_token
        control('token/revoke', {})
        self.assertIn(openid('liu'), self.client.user.get_followers()['data']['openid'])
        self.assertNotEqual(self.client.access_token, before)
        self.refused(40013, rewritten(WeChatClient('wx0000000000000000', 'x')).fetch_access_token)
        self.refused(40125, rewritten(WeChatClient(APPID, 'x')).fetch_access_token)

    def test_followers_are_listed_and_known(self):
        self.follow('liu')
        known = self.client.user.get(openid('liu'))
        self.assertEqual((known['subscribe'], known['openid']), (1, openid('liu')))
        self.refused(40003, self.client.user.get, 'o' + 'x' * 27)

    def test_many_people_are_asked_about_at_once_and_remarked(self):
        self.follow('liu')
        self.client.user.update_remark(openid('liu'), '老客')
        batch = self.client.user.get_batch([openid('liu'), openid('chenchen')])
        self.assertEqual([one['openid'] for one in batch], [openid('liu'), openid('chenchen')])
        self.assertEqual(batch[0]['remark'], '老客')

    def test_a_menu_is_made_read_and_removed(self):
        self.client.menu.create(MENU)
        self.assertEqual(self.client.menu.get()['menu']['button'][0]['name'], '附近的店')
        self.refused(40016, self.client.menu.create, {'button': MENU['button'] * 2})
        self.follow('liu')
        control('people/liu/menu', {'key': 'BOOKINGS'})
        self.heard_of('liu', 'click', 'BOOKINGS')
        self.client.menu.delete()
        self.assertIsNone(self.client.menu.get())

    def test_a_menu_for_a_tag_stands_before_the_common_one(self):
        tag = self.client.tag.create(f'菜单{time.time_ns() % 10**6}')['id']
        self.follow('liu')
        self.client.tag.tag_user(tag, [openid('liu')])
        self.client.menu.create(MENU)
        own = [{'type': 'click', 'name': '会员专享', 'key': 'VIP'}]
        made = self.client.menu.add_conditional({'button': own, 'matchrule': {'tag_id': str(tag)}})
        self.assertEqual(self.client.menu.try_match(openid('liu'))['button'][0]['name'], '会员专享')
        self.client.menu.del_conditional(made['menuid'])
        self.assertEqual(self.client.menu.try_match(openid('liu'))['button'][0]['name'], '附近的店')

    def test_a_template_message_arrives_and_its_end_is_told(self):
        self.follow('liu')
        template = CREDENTIALS['templates'][0]
        listed = self.client.template.get_all_private_template()['template_list']
        self.assertIn(template['template_id'], [one['template_id'] for one in listed])
        data = {key: {'value': '2026'} for key, _ in template['keys']}
        sent = self.client.message.send_template(openid('liu'), template['template_id'], data, 'http://127.0.0.1/')
        finished = self.heard_of('liu', 'templatesendjobfinish')
        self.assertEqual(str(finished.id), str(sent['msgid']))
        self.refused(40037, self.client.message.send_template, openid('liu'), 'x', data)
        self.refused(47003, self.client.message.send_template, openid('liu'), template['template_id'], {})

    def test_a_person_is_answered_at_once_and_by_customer_service(self):
        self.follow('liu')
        Account.reply = '您好，😀 <a href="http://127.0.0.1/">附近的店</a>'
        try:
            said = control('people/liu/text', {'text': '你好 <b>&amp; ]]> 😀'})
        finally:
            Account.reply = None
        self.assertEqual((said['delivered'], said['attempts']), (True, 1))
        self.assertEqual(self.heard_of('liu', 'text').content, '你好 <b>&amp; ]]> 😀')
        self.assertIn('您好，😀', str(said['messages']))
        self.client.message.send_text(openid('liu'), '客服消息')
        self.assertIn('客服消息', str(control('people/liu/messages')))

    def test_who_never_wrote_is_not_written_to(self):
        self.refused(45015, self.client.message.send_text, openid('wangjianguo'), '您好')

    def test_codes_with_scenes_are_made_and_scanned(self):
        made = self.client.qrcode.create({
            'expire_seconds': 1800, 'action_name': 'QR_STR_SCENE', 'action_info': {'scene': {'scene_str': 'shop_7'}}})
        self.assertEqual(made['expire_seconds'], 1800)
        picture = requests.get(f'{SANDBOX}/cgi-bin/showqrcode', {'ticket': made['ticket']}, timeout=10)
        self.assertTrue(picture.headers['content-type'].startswith('image/'))
        control('people/chenchen/scan', {'ticket': made['ticket']})
        self.assertEqual(self.heard_of('chenchen', 'subscribe_scan', 'shop_7').ticket, made['ticket'])
        control('people/chenchen/scan', {'ticket': made['ticket']})
        self.heard_of('chenchen', 'scan', 'shop_7')
        self.refused(40052, self.client.qrcode.create, {'action_name': 'X'})

    def test_a_page_signed_by_the_client_may_use_the_js_sdk(self):
        ticket = self.client.jsapi.get_jsapi_ticket()
        page = {'appId': APPID, 'timestamp': '1714036504', 'nonceStr': 'n0nce', 'url': 'http://127.0.0.1:8700/?a=1&b=店'}
        page['signature'] = self.client.jsapi.get_jsapi_signature('n0nce', ticket, page['timestamp'], page['url'])
        verdict = requests.post(f'{SANDBOX}/phone/config', json=page, timeout=10).json()
        self.assertEqual(verdict['errMsg'], 'config:ok')
        page['url'] += '2'
        verdict = requests.post(f'{SANDBOX}/phone/config', json=page, timeout=10).json()
        self.assertEqual(verdict['errMsg'], 'config:invalid signature')

    def test_a_person_signs_in_with_a_code_that_is_good_once(self):
        oauth = rewritten(WeChatOAuth(APPID, CREDENTIALS['app_secret'], 'http://127.0.0.1:8700/back?to=/a', 'snsapi_userinfo',
                                      'st8'))
        asked = oauth.authorize_url.replace('https://open.weixin.qq.com', SANDBOX)
        location = urlsplit(control('people/zhangli/authorize', {'url': asked, 'consent': True})['location'])
        back = parse_qs(location.query)
        self.assertEqual((back['state'], back['to']), (['st8'], ['/a']))
        granted = oauth.fetch_access_token(back['code'][0])
        self.assertEqual((granted['openid'], granted['scope']), (openid('zhangli'), 'snsapi_userinfo'))
        self.assertEqual(oauth.get_user_info()['openid'], openid('zhangli'))
        self.assertTrue(oauth.get_user_info()['nickname'])
        oauth.refresh_access_token(oauth.refresh_token)
        self.assertTrue(oauth.check_access_token())
        self.refused(40163, oauth.fetch_access_token, back['code'][0])
        self.refused(40029, oauth.fetch_access_token, 'nobody')

    def test_people_are_tagged_listed_and_untagged(self):
        name = f'会员{time.time_ns() % 10**6}'
        tag = self.client.tag.create(name)['id']
        self.refused(45157, self.client.tag.create, name)
        self.client.tag.update(tag, f'{name}改')
        self.assertIn((tag, f'{name}改'), [(one['id'], one['name']) for one in self.client.tag.get()])
        self.follow('liu')
        self.client.tag.tag_user(tag, [openid('liu')])
        self.assertIn(tag, self.client.tag.get_user_tag(openid('liu')))
        self.assertEqual(list(self.client.tag.iter_tag_users(tag)), [openid('liu')])
        self.client.tag.untag_user(tag, openid('liu'))
        self.assertNotIn(tag, self.client.tag.get_user_tag(openid('liu')))
        self.client.tag.delete(tag)
        self.assertNotIn(tag, [one['id'] for one in self.client.tag.get()])

    def test_a_message_goes_to_many_once_and_its_end_is_told(self):
        for person in ['liu', 'zhangli']:
            self.follow(person)
        many = [openid('liu'), openid('zhangli')]
        words, number = f'节日快乐{time.time_ns()}', f'mass{time.time_ns()}'
        sent = self.client.message.send_mass_text(many, words, client_msg_id=number)
        self.assertEqual(sent['errcode'], 0)
        for person in ['liu', 'zhangli']:
            until(lambda: words in str(control(f'people/{person}/messages')), f'{person} did not get it')
        self.refused(45065, self.client.message.send_mass_text, many, words, client_msg_id=number)
        finished = until(lambda: next((one for one in self.heard if getattr(one, 'event', '') == 'masssendjobfinish'
                                       and str(one.id) == str(sent['msg_id'])), None), 'the end was not told')
        self.assertEqual(finished.status.lower(), 'send success')
        self.assertEqual(self.client.message.get_mass(sent['msg_id'])['msg_status'], 'SEND_SUCCESS')

    def test_a_message_goes_to_a_tag_and_only_there(self):
        for person in ['liu', 'zhangli']:
            self.follow(person)
        tag = self.client.tag.create(f'群发{time.time_ns() % 10**6}')['id']
        self.client.tag.tag_user(tag, [openid('zhangli')])
        words = f'只给会员{time.time_ns()}'
        self.client.post('message/mass/sendall', data={
            'filter': {'is_to_all': False, 'tag_id': tag}, 'msgtype': 'text', 'text': {'content': words}})
        until(lambda: words in str(control('people/zhangli/messages')), 'the tag did not get it')
        self.assertNotIn(words, str(control('people/liu/messages')))

    def test_a_picture_is_kept_and_fetched(self):
        kept = self.client.media.upload('image', ('shop.png', io.BytesIO(PNG), 'image/png'))
        self.assertEqual(kept['type'], 'image')
        self.assertEqual(self.client.media.download(kept['media_id']).content, PNG)
        self.refused(40007, self.client.media.download, 'nothing')
        control('people/liu/text', {'text': '图片'})
        self.client.message.send_image(openid('liu'), kept['media_id'])
        self.assertTrue(self.client.media.upload_image(('shop.png', io.BytesIO(PNG), 'image/png')).startswith('http'))
