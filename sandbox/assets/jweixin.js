// The JS-SDK of the local WeChat: the same calls as WeChat's own script, answered by the phone around this page.
// Everything goes by postMessage, because page and phone have different origins.
(() => {
  'use strict';
  if (window.wx && window.wx.config) return;
  const inside = window.parent !== window;
  const waiting = new Map();
  const ready = [];
  const failed = [];
  const state = {configured: null, allowed: [], tags: [], appId: '', problem: null};
  let next = 1;

  /** Asks the phone; the promise is settled by its answer. */
  const ask = (method, params) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      window.parent.postMessage({weixin: 'call', id, method, params: params || {}}, '*');
    });

  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || !event.data) return;
    if (event.data.weixin === 'reply') {
      const resolve = waiting.get(event.data.id);
      waiting.delete(event.data.id);
      if (resolve) resolve(event.data.result);
    } else if (event.data.weixin === 'back') {
      history.back();
    }
  });

  const address = () => location.href.split('#')[0];
  const tell = () => inside && window.parent.postMessage({weixin: 'page', title: document.title, url: location.href}, '*');

  /** Ends a call the way WeChat does: by the callback that fits errMsg, and by complete. */
  const settle = (options, result) => {
    const outcome = String(result.errMsg).split(':')[1] || '';
    if (outcome === 'ok') options.success && options.success(result);
    else if (outcome === 'cancel') options.cancel && options.cancel(result);
    else options.fail && options.fail(result);
    options.complete && options.complete(result);
  };

  const plain = (options) => {
    const copy = {};
    for (const [key, value] of Object.entries(options)) if (typeof value !== 'function') copy[key] = value;
    return copy;
  };

  const api = (name) => async (given) => {
    const options = given || {};
    if (!inside) return;
    // The two refusals of the documentation's list of errors: before config has succeeded, and of what is not in jsApiList.
    if (!state.configured) return settle(options, {errMsg: `${name}:fail, the permission value is offline verifying`});
    if (!state.allowed.includes(name)) return settle(options, {errMsg: `${name}:permission denied`});
    const params = plain(options);
    if (name === 'chooseWXPay') {
      params.appId = state.appId;
      params.timeStamp = String(params.timestamp || params.timeStamp);
      const result = await ask('getBrandWCPayRequest', params);
      const outcome = String(result.err_msg).split(':')[1];
      return settle(options, {errMsg: `chooseWXPay:${outcome}`});
    }
    settle(options, await ask(name, params));
  };

  /** The tag with which a page asks for subscription notices. It works once config has allowed it (openTagList). */
  class OpenSubscribe extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({mode: 'open'});
      for (const part of this.querySelectorAll('script[type="text/wxtag-template"], template')) {
        root.append(document.createRange().createContextualFragment(part.innerHTML));
      }
      root.addEventListener('click', () => this.ask());
    }

    async ask() {
      const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, {detail, bubbles: true}));
      if (!state.configured || !state.tags.includes('wx-open-subscribe')) {
        return tell('error', {errMsg: 'subscribe:fail, no permission', errCode: '10003'});
      }
      const ids = (this.getAttribute('template') || '').split(',').map((id) => id.trim()).filter(Boolean);
      const {errMsg, ...more} = await ask('subscribe', {templates: ids});
      tell(errMsg === 'subscribe:ok' ? 'success' : 'error', {errMsg, ...more});
    }
  }

  const wx = {
    config(given) {
      if (!inside) return;
      state.tags = given.openTagList || [];
      state.allowed = given.jsApiList || [];
      state.appId = given.appId;
      ask('config', {
        appId: String(given.appId || ''),
        timestamp: String(given.timestamp || ''),
        nonceStr: String(given.nonceStr || ''),
        signature: String(given.signature || ''),
        url: address(),
      }).then((result) => {
        state.configured = result.errMsg === 'config:ok';
        if (given.debug) alert(JSON.stringify(result));
        if (state.configured) ready.splice(0).forEach((done) => done());
        else {
          state.problem = result;
          failed.forEach((done) => done(result));
        }
      });
    },
    ready(done) {
      if (state.configured) done();
      else ready.push(done);
    },
    error(done) {
      if (state.problem) done(state.problem);
      failed.push(done);
    },
    checkJsApi(options) {
      const checkResult = {};
      for (const name of options.jsApiList || []) checkResult[name] = name in wx;
      settle(options, {errMsg: 'checkJsApi:ok', checkResult});
    },
  };
  for (const name of [
    'getLocation', 'openLocation', 'closeWindow', 'previewImage', 'updateAppMessageShareData',
    'updateTimelineShareData', 'onMenuShareAppMessage', 'onMenuShareTimeline', 'scanQRCode', 'chooseImage',
    'getLocalImgData', 'uploadImage', 'downloadImage', 'openAddress', 'chooseWXPay', 'hideOptionMenu', 'showOptionMenu',
    'hideMenuItems', 'showMenuItems', 'hideAllNonBaseMenuItem', 'showAllNonBaseMenuItem', 'getNetworkType',
  ]) {
    wx[name] = api(name);
  }
  window.wx = wx;
  window.jWeixin = wx;
  if (!inside) return;
  if (!customElements.get('wx-open-subscribe')) customElements.define('wx-open-subscribe', OpenSubscribe);

  // Pages ask the browser's name whether they stand in WeChat. Requests keep the browser's own.
  const agent = `${navigator.userAgent} MicroMessenger/8.0.50 Language/zh_CN`;
  Object.defineProperty(navigator, 'userAgent', {get: () => agent, configurable: true});

  const bridge = {
    invoke(name, params, done) {
      if (!['getBrandWCPayRequest', 'closeWindow', 'getNetworkType', 'hideOptionMenu', 'showOptionMenu'].includes(name)) {
        if (done) done({err_msg: `${name}:fail, function does not exist`});
        return;
      }
      ask(name, params).then((result) => {
        const answer = result.err_msg ? result : {...result, err_msg: result.errMsg};
        if (done) done(answer);
      });
    },
    call(name, params) {
      bridge.invoke(name, params);
    },
    on() {},
  };

  // WeChat puts its bridge into the page some time after the script; pages must wait for the event.
  const hello = () =>
    ask('hello', {title: document.title, url: location.href}).then(() => {
      window.WeixinJSBridge = bridge;
      document.dispatchEvent(new Event('WeixinJSBridgeReady'));
    });
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', hello);
  else hello();

  window.addEventListener('load', () => {
    tell();
    new MutationObserver(tell).observe(document.head, {subtree: true, childList: true, characterData: true});
  });
  window.addEventListener('popstate', tell);
  window.addEventListener('hashchange', tell);

  // A telephone number opens the phone's dialler, not the computer's.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href^="tel:"]');
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    ask('dial', {number: decodeURIComponent(link.getAttribute('href').slice(4))});
  });
})();
