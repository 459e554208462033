// Keeps focus where the person is: at the result of what was pressed, after a refusal, after a partial update, after Esc.
// Also gives htmx the session's token and says in words what htmx could not do.
(function () {
  'use strict';

  var status = document.getElementById('status');
  var saidAt = 0;
  // So long, in ms, the focus stays where it is after something was said.
  var HEARD = 400;

  // A live region is spoken when its text changes; the same words twice need an empty moment between.
  function say(words) {
    if (!status || !words) return;
    saidAt = Date.now();
    status.textContent = '';
    setTimeout(function () { status.textContent = words; }, 60);
  }

  function said(root) {
    var node = root.querySelector('[data-said]');
    return node ? node.getAttribute('data-said') : '';
  }

  function arrive() {
    // Whoever pressed a button hears first what came of it: a reader begins where the focus is, not at the banner.
    var result = document.getElementById('error-summary') || document.querySelector('[data-said]');
    if (result) result.focus();
  }

  // The error summary's links: jump to the control itself, with its label in sight.
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('#error-summary a[href^="#"]');
    if (!link) return;
    var control = document.getElementById(link.getAttribute('href').slice(1));
    if (!control) return;
    event.preventDefault();
    var field = control.closest('.field') || control;
    field.scrollIntoView({ block: 'start' });
    control.focus({ preventScroll: true });
  });

  // Esc goes back one page, but never out of something that uses Esc itself.
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    if (/^(input|textarea|select)$/i.test(event.target.tagName) && event.target.type !== 'radio') return;
    var back = document.querySelector('a[data-back]');
    if (back) back.click();
  });

  // Where the focus could go when the focused element is gone after an update: the items that followed, then those before.
  var place = null;

  function remember() {
    var active = document.activeElement;
    // Between two quick updates the focus has fallen to the body: the place remembered before still counts.
    if (!active || active === document.body) return;
    var item = active.closest('[data-item]');
    var after = [], before = [], list = item && item.parentElement;
    if (list) {
      var ids = Array.prototype.map.call(list.querySelectorAll(':scope > [data-item]'), function (node) { return node.id; });
      var at = ids.indexOf(item.id);
      after = ids.slice(at + 1);
      before = ids.slice(0, at).reverse();
    }
    place = { node: active, id: active.id, name: active.textContent, item: item && item.id, next: after.concat(before) };
  }

  function heading(id) {
    var item = id && document.getElementById(id);
    return item && item.querySelector('.entry-title');
  }

  function restore() {
    var was = place;
    place = null;
    if (!was || was.node.isConnected && document.activeElement === was.node) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    var target = was.id && document.getElementById(was.id);
    for (var i = 0; !target && i < was.next.length; i++) target = heading(was.next[i]);
    target = target || heading(was.item) || document.querySelector('h1');
    if (!target) return;
    if (!target.matches('a,button,input,select,textarea,[tabindex]')) target.setAttribute('tabindex', '-1');
    // The result comes first, then the place: a focus that moves at once would be spoken before it.
    if (was.at && Date.now() >= was.at || Date.now() - saidAt > 1000) { target.focus(); return; }
    setTimeout(function () { if (document.activeElement === document.body) target.focus(); }, HEARD);
  }

  document.addEventListener('htmx:configRequest', function (event) {
    var meta = document.querySelector('meta[name="csrf"]');
    if (meta) event.detail.headers['X-CSRF-Token'] = meta.content;
  });
  document.addEventListener('htmx:beforeSwap', function (event) {
    remember();
    var answer = event.detail.xhr && event.detail.xhr.responseText || '';
    // A refusal comes as a page that says why; where the whole page is renewed, it takes its place.
    if (event.detail.target.id === 'main' && answer.indexOf('id="error-summary"') >= 0) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (answer.indexOf('data-said') < 0) return;
    var page = new DOMParser().parseFromString(answer, 'text/html');
    say(said(page));
    if (!place || !place.id || page.getElementById(place.id)) return;
    // What was pressed will be gone. The result is heard first, and only then the focus moves: lost in between, a reader
    // tells everything that it leaves.
    event.detail.swapOverride = 'morph:outerHTML swap:' + HEARD + 'ms';
    place.at = Date.now() + HEARD;
  });
  document.addEventListener('htmx:afterSettle', function () {
    var summary = document.getElementById('error-summary');
    if (summary && !summary.dataset.seen) { place = null; summary.focus(); } else { restore(); }
    if (summary) summary.dataset.seen = '1';
  });
  document.addEventListener('htmx:responseError', function () { say(status && status.dataset.failed); });
  document.addEventListener('htmx:sendError', function () { say(status && status.dataset.offline); });

  arrive();
})();
