// What WeChat's JS-SDK adds to a page: the person's place, WeChat's map, the pay sheet, sharing, the scanner.
// Everything here has a way without it; the page's JSON block `wx` says what is wanted.
(function () {
  'use strict';

  var block = document.getElementById('wx');
  var page = block ? JSON.parse(block.textContent) : {};
  var words = page.words || {};
  var status = document.getElementById('status');
  var sdk = window.wx && page.config ? window.wx : null;
  // WeChat refuses every call that is not on the list.
  var SDK_CALLS = ['getLocation', 'openLocation', 'scanQRCode', 'updateAppMessageShareData', 'updateTimelineShareData',
    'openAddress'];

  function say(text) {
    if (!status || !text) return;
    status.textContent = '';
    setTimeout(function () { status.textContent = text; }, 60);
  }

  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  // --- The person's place -------------------------------------------------------------------------------------------

  function send(form, place, datum) {
    form.elements.lat.value = place.latitude.toFixed(6);
    form.elements.lng.value = place.longitude.toFixed(6);
    form.elements.datum.value = datum;
    form.submit();
  }

  function locate(form) {
    say(words.locating);
    var denied = function () { say(words.denied); };
    if (sdk) {
      sdk.getLocation({
        type: 'gcj02',
        success: function (place) { send(form, { latitude: +place.latitude, longitude: +place.longitude }, 'gcj02'); },
        fail: denied,
        cancel: denied
      });
    } else {
      navigator.geolocation.getCurrentPosition(function (found) { send(form, found.coords, 'wgs84'); }, denied,
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
    }
  }

  each('form[data-wx-locate]', function (form) {
    if (!sdk && !navigator.geolocation) return;
    form.hidden = false;
    form.addEventListener('submit', function (event) { event.preventDefault(); locate(form); });
    // A plain browser would ask for permission out of the blue, so only WeChat is asked without a press.
    if (form.dataset.wxLocate === 'auto' && sdk) sdk.ready(function () { locate(form); });
  });

  // The position goes into the form around the button, and leaves with it.
  each('button[data-wx-position]', function (button) {
    if (!sdk && !navigator.geolocation) return;
    var fields = button.form.elements;
    var taken = function (lat, lng, datum) {
      fields.lat.value = (+lat).toFixed(6);
      fields.lng.value = (+lng).toFixed(6);
      fields.datum.value = datum;
      if (fields.station) fields.station.value = '';
      say(button.dataset.wxPosition);
    };
    var denied = function () { say(words.denied); };
    button.hidden = false;
    button.addEventListener('click', function () {
      say(words.locating);
      if (sdk) {
        sdk.getLocation({
          type: 'gcj02',
          success: function (place) { taken(place.latitude, place.longitude, 'gcj02'); },
          fail: denied,
          cancel: denied
        });
      } else {
        navigator.geolocation.getCurrentPosition(
          function (found) { taken(found.coords.latitude, found.coords.longitude, 'wgs84'); }, denied,
          { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
      }
    });
  });

  // --- WeChat's map, scanner, sharing ---------------------------------------------------------------------------------

  function whenReady() {
    each('a[data-open-location]', function (link) {
      link.addEventListener('click', function (event) {
        event.preventDefault();
        sdk.openLocation({
          latitude: +link.dataset.lat, longitude: +link.dataset.lng, scale: 17,
          name: link.dataset.name, address: link.dataset.address,
          fail: function () { location.assign(link.href); }
        });
      });
    });
    each('button[data-wx-scan]', function (button) {
      var input = document.getElementById(button.dataset.wxScan);
      if (!input) return;
      button.hidden = false;
      button.addEventListener('click', function () {
        sdk.scanQRCode({
          needResult: 1, scanType: ['qrCode'],
          success: function (found) { input.value = found.resultStr; input.focus(); }
        });
      });
    });
    each('button[data-wx-address]', function (button) {
      var input = document.getElementById(button.dataset.wxAddress);
      if (!input || !sdk.openAddress) return;
      button.hidden = false;
      button.addEventListener('click', function () {
        sdk.openAddress({
          success: function (found) { input.value = found.detailInfo || ''; input.focus(); }
        });
      });
    });
    if (page.share) {
      if (sdk.updateAppMessageShareData) sdk.updateAppMessageShareData(page.share);
      if (sdk.updateTimelineShareData) sdk.updateTimelineShareData(page.share);
    }
  }

  // --- Paying ---------------------------------------------------------------------------------------------------------

  function withBridge(act, absent) {
    if (window.WeixinJSBridge) { act(); return; }
    var done = false;
    var timer = setTimeout(function () { if (!done) { done = true; absent(); } }, 3000);
    document.addEventListener('WeixinJSBridgeReady', function () {
      if (done) return;
      done = true;
      clearTimeout(timer);
      act();
    }, { once: true });
  }

  each('button[data-wx-pay]', function (button) {
    if (!page.pay) return;
    button.hidden = false;
    button.addEventListener('click', function () {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      say(words.paying);
      var free = function (text) { button.removeAttribute('aria-disabled'); say(text); };
      withBridge(function () {
        window.WeixinJSBridge.invoke('getBrandWCPayRequest', page.pay.params, function (answer) {
          var result = answer && answer.err_msg || '';
          // Even "ok" is only this telephone's word: the page it goes to asks the server, which asks WeChat.
          if (/:ok$/.test(result)) location.assign(page.pay.return);
          else free(/:cancel$/.test(result) ? words.cancelled : words.failed);
        });
      }, function () { free(words.outside); });
    });
  });

  if (sdk) {
    page.config.jsApiList = SDK_CALLS;
    sdk.config(page.config);
    sdk.ready(whenReady);
    sdk.error(function (problem) { console.warn('wx.config', problem && problem.errMsg); });
  }
})();
