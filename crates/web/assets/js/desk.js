// The desk's voice. One long-lived page: the first button unlocks the sound, news comes by server-sent events, a new order
// sounds, is spoken, stands in the alert region and is repeated until someone has acknowledged it.
(function () {
  'use strict';

  var root = document.querySelector('[data-workstation]');
  var block = document.getElementById('desk');
  if (!root || !block) return;
  var desk = JSON.parse(block.textContent);
  var words = desk.words;
  var alertRegion = document.getElementById('alert');
  var statusRegion = document.getElementById('status');
  var REPEAT_MS = 20000;   // a new order is said again after so long
  var SILENCE_MS = 40000;  // beats come every 15 s: two missed ones mean the line is dead
  var DOUBT_MS = 5000;     // so long a broken line may mend itself unheard
  var GROUP_MS = 250;      // orders that come together are announced together

  function part(name) { return root.querySelector('[data-' + name + ']'); }

  // --- Sound --------------------------------------------------------------------------------------------------------

  var audio = null, volume = 0.8, muted = false;

  function unlocked() { return audio !== null && audio.state === 'running'; }

  // Must run inside the press itself: browsers unlock sound only there.
  function unlock() {
    var Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) { showSound(); return; }
    if (!audio) {
      audio = new Context();
      audio.onstatechange = showSound;
    }
    audio.resume().then(showSound, showSound);
    if (window.speechSynthesis) window.speechSynthesis.resume();
    stayAwake();
  }

  // Three earcons, told apart by pitch and rhythm; none longer than half a second. [start s, length s, Hz]
  var EARCONS = {
    order: [[0, 0.13, 660], [0.15, 0.13, 880], [0.3, 0.2, 1175]],
    cancelled: [[0, 0.2, 587], [0.24, 0.24, 392]],
    lost: [[0, 0.1, 220], [0.16, 0.1, 220], [0.32, 0.1, 220]]
  };

  function earcon(kind) {
    if (!unlocked() || muted || !EARCONS[kind]) return Promise.resolve();
    var now = audio.currentTime + 0.02;
    EARCONS[kind].forEach(function (note) {
      var tone = audio.createOscillator(), gain = audio.createGain();
      tone.type = 'triangle';
      tone.frequency.value = note[2];
      gain.gain.setValueAtTime(0, now + note[0]);
      gain.gain.linearRampToValueAtTime(0.5 * volume, now + note[0] + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.001, now + note[0] + note[1]);
      tone.connect(gain).connect(audio.destination);
      tone.start(now + note[0]);
      tone.stop(now + note[0] + note[1] + 0.02);
    });
    return new Promise(function (done) { setTimeout(done, 520); });
  }

  function chineseVoice() {
    if (!window.speechSynthesis) return null;
    var voices = window.speechSynthesis.getVoices().filter(function (voice) {
      return /^(zh|cmn)/i.test(voice.lang) && !/HK|TW|yue/i.test(voice.lang);
    });
    // A voice on the device speaks without the network, which may be the very thing that failed.
    return voices.filter(function (voice) { return voice.localService; })[0] || voices[0] || null;
  }

  function speakByBrowser(text, voice) {
    return new Promise(function (done, fail) {
      var utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.volume = volume;
      // Some engines never report the end; twice the usual pace of speech is enough to wait.
      var timer = setTimeout(done, 4000 + text.length * 400);
      utterance.onend = function () { clearTimeout(timer); done(); };
      utterance.onerror = function (event) { clearTimeout(timer); fail(event.error); };
      silence = function () { clearTimeout(timer); done(); window.speechSynthesis.cancel(); };
      window.speechSynthesis.speak(utterance);
    });
  }

  // "Connection lost" cannot be fetched once it is true, so the fixed phrases are fetched while the line is up.
  var FIXED = ['greeting', 'lost', 'back'];
  var stored = {};

  function fetchSound(id) {
    if (stored[id]) return Promise.resolve(stored[id]);
    return fetch(desk.speech + encodeURIComponent(id), { credentials: 'same-origin' }).then(function (answer) {
      if (!answer.ok) throw new Error('speech ' + answer.status);
      return answer.arrayBuffer();
    }).then(function (bytes) { return audio.decodeAudioData(bytes); }).then(function (sound) {
      if (FIXED.indexOf(id) >= 0) stored[id] = sound;
      return sound;
    });
  }

  function prepare() {
    if (!audio || chineseVoice()) return;
    FIXED.forEach(function (id) { fetchSound(id).catch(function (problem) { console.warn('speech', id, problem); }); });
  }

  function speakByServer(news) {
    return fetchSound(news.id).then(function (sound) {
      if (news.skip && news.skip()) return;
      return new Promise(function (done) {
        var source = audio.createBufferSource(), gain = audio.createGain();
        source.buffer = sound;
        gain.gain.value = volume;
        source.connect(gain).connect(audio.destination);
        source.onended = done;
        silence = function () { source.stop(); };
        source.start();
      });
    });
  }

  // One voice at a time: what is to be said waits in a line. Resolves to whether it was really said.
  var line = Promise.resolve(), last = null;
  // What is being said at this moment, and how to break it off.
  var saying = null, silence = null;

  function speak(news) {
    if (news.speech && !news.fixed) last = news;
    return queue(news);
  }

  function queue(news) {
    line = line.then(function () {
      saying = news;
      root.dataset.speaking = '';
      return sayNow(news);
    }).catch(function (problem) {
      console.warn('speech', problem);
      say(statusRegion, words.noVoice);
      return false;
    }).then(function (heard) {
      saying = silence = null;
      delete root.dataset.speaking;
      return heard;
    });
    return line;
  }

  function sayNow(news) {
    if (muted || !unlocked() || news.skip && news.skip()) return false;
    return earcon(news.earcon).then(function () {
      if (!news.speech) return true;
      if (news.skip && news.skip()) return false;
      var mandarin = chineseVoice();
      if (mandarin) {
        return speakByBrowser(news.speech, mandarin).catch(function () {
          if (!news.id) throw new Error('no voice');
          return speakByServer(news);
        }).then(function () { return true; });
      }
      if (!news.id) throw new Error('no voice');
      return speakByServer(news).then(function () { return true; });
    });
  }

  // --- Words on the page ----------------------------------------------------------------------------------------------

  function say(region, text) {
    if (!region || !text) return;
    region.textContent = '';
    setTimeout(function () { region.textContent = text; }, 60);
  }

  function showSound() {
    var state = part('sound'), button = part('start'), label = part('start-words');
    var blocked = audio !== null && !unlocked();
    var text = !audio ? words.off : blocked ? words.blocked : muted ? words.muted : words.on;
    if (state.textContent !== text) {
      state.textContent = text;
      if (audio) say(statusRegion, text);
    }
    root.dataset.state = !audio ? 'off' : blocked ? 'blocked' : muted ? 'muted' : 'on';
    label.textContent = audio ? words.resume : words.start;
    // The button must not vanish under the finger or the focus: it stays while it has it.
    if (unlocked() && document.activeElement !== button) part('start').parentElement.hidden = true;
    if (!unlocked()) part('start').parentElement.hidden = false;
    part('controls').hidden = !audio;
  }

  // --- Orders that nobody has acknowledged yet --------------------------------------------------------------------------

  var waiting = new Map();  // alert id → {news, timer}
  var fresh = [], groupTimer = 0;

  function order(news) {
    if (waiting.has(news.id)) return;
    news.earcon = 'order';
    news.skip = function () { return !waiting.has(news.id); };
    waiting.set(news.id, { news: news, timer: 0 });
    fresh.push(news);
    clearTimeout(groupTimer);
    groupTimer = setTimeout(announce, GROUP_MS);
    repeatLater(news);
    voice(news);
  }

  function voice(news) {
    speak(news).then(function (heard) { if (heard) report(news); });
  }

  // A burst is one announcement; the list below has each of them.
  function announce() {
    var text = fresh.length === 1 ? fresh[0].text : fresh.length + ' ' + words.orders;
    fresh = [];
    say(alertRegion, text);
  }

  function repeatLater(news) {
    var entry = waiting.get(news.id);
    if (!entry) return;
    entry.timer = setTimeout(function () {
      if (!waiting.has(news.id)) return;
      voice(news);
      repeatLater(news);
    }, REPEAT_MS);
  }

  function settle(id) {
    var entry = waiting.get(String(id));
    if (!entry) return;
    clearTimeout(entry.timer);
    waiting.delete(String(id));
    // Whoever has acted need not hear it out, and the next order must not wait for it.
    if (saying === entry.news && silence) silence();
    if (waiting.size === 0 && alertRegion) alertRegion.textContent = '';
  }

  // "Heard" is not "accepted": it only tells the ladder that a voice was really given to it.
  function report(news) {
    if (!news.heard || news.reported) return;
    news.reported = true;
    var meta = document.querySelector('meta[name="csrf"]');
    fetch(news.heard, {
      method: 'POST', credentials: 'same-origin', headers: { 'X-CSRF-Token': meta ? meta.content : '' }
    }).then(function (answer) { news.reported = answer.ok; }, function () { news.reported = false; });
  }

  document.addEventListener('submit', function (event) {
    var item = event.target.closest && event.target.closest('[data-alert]');
    if (item) settle(item.dataset.alert);
  });

  // --- The line to the server -------------------------------------------------------------------------------------------

  var source = null, lastId = '', seen = new Set(), heardAt = Date.now(), connected = null, retry = 0, doubt = 0;

  function connect() {
    if (source) source.close();
    // A new EventSource forgets the id of the last event, so it is told by the address.
    var address = desk.events + (lastId ? (desk.events.indexOf('?') < 0 ? '?' : '&') + 'last-event-id=' + encodeURIComponent(lastId) : '');
    source = new EventSource(address);
    source.onopen = function () { beat(); up(); };
    source.onerror = function () {
      if (source.readyState === EventSource.CLOSED) { down(); return; }
      // The browser tries again by itself; people hear of it only when that does not help at once.
      if (!doubt) doubt = setTimeout(function () { doubt = 0; if (source.readyState !== EventSource.OPEN) down(); }, DOUBT_MS);
    };
    on('beat', function () {});
    on('order', function (news) { news.id = String(news.id); order(news); });
    on('cancelled', function (news) {
      settle(news.id);
      news.id = String(news.id);
      news.earcon = 'cancelled';
      say(alertRegion, news.text);
      voice(news);
    });
    on('status', function (news) {
      say(statusRegion, news.text);
      if (news.speech) speak(news);
    });
    on('settled', function (news) { settle(news.id); });
    on('refresh', function (news) {
      Array.prototype.forEach.call(document.querySelectorAll(news.target), function (node) {
        if (window.htmx) window.htmx.trigger(node, 'refresh');
      });
    });
  }

  function on(kind, act) {
    source.addEventListener(kind, function (event) {
      beat();
      up();
      // After a replay the same event may come twice.
      if (event.lastEventId) {
        if (seen.has(event.lastEventId)) return;
        seen.add(event.lastEventId);
        lastId = event.lastEventId;
      }
      act(event.data ? JSON.parse(event.data) : {});
    });
  }

  function beat() { heardAt = Date.now(); }

  function up() {
    clearTimeout(retry);
    clearTimeout(doubt);
    retry = doubt = 0;
    if (connected === true) return;
    var again = connected === false;
    connected = true;
    part('line').textContent = words.connected;
    root.dataset.link = 'up';
    if (again) {
      if (waiting.size === 0 && alertRegion) alertRegion.textContent = '';
      say(statusRegion, words.back);
      speak({ id: 'back', speech: words.back, fixed: true });
    }
  }

  function down() {
    if (connected !== false) {
      connected = false;
      part('line').textContent = words.lost;
      root.dataset.link = 'down';
      say(alertRegion, words.lostHint);
      speak({ id: 'lost', speech: words.lost, earcon: 'lost', fixed: true });
    }
    if (!retry) retry = setTimeout(function () { retry = 0; connect(); }, 3000 + Math.random() * 2000);
  }

  setInterval(function () {
    if (Date.now() - heardAt > SILENCE_MS) { beat(); if (source) source.close(); down(); }
    if (audio) showSound();
  }, 5000);
  window.addEventListener('offline', down);
  window.addEventListener('online', function () { connect(); });

  // --- The screen ---------------------------------------------------------------------------------------------------------

  var lock = null;

  function stayAwake() {
    if (!navigator.wakeLock || lock || document.visibilityState !== 'visible') return;
    navigator.wakeLock.request('screen').then(function (held) {
      lock = held;
      part('awake').hidden = false;
      held.addEventListener('release', function () { lock = null; part('awake').hidden = true; });
    }, function () { part('awake').hidden = true; });
  }

  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState !== 'visible' || !audio) return;
    stayAwake();
    audio.resume().then(showSound, showSound);
    showSound();
  });

  // --- Buttons ------------------------------------------------------------------------------------------------------------

  part('start').addEventListener('click', function () {
    var first = audio === null;
    unlock();
    if (!first) return;
    speak({ id: 'greeting', speech: words.greeting, fixed: true });
    prepare();
    // Orders that came while the sound was locked are said now.
    waiting.forEach(function (entry) { voice(entry.news); });
  });
  part('start').addEventListener('blur', showSound);
  part('repeat').addEventListener('click', function () {
    unlock();
    if (last) speak({ id: last.id, speech: last.speech });
    var text = alertRegion && alertRegion.textContent;
    if (last && last.text && !text) say(statusRegion, last.text);
  });
  part('test').addEventListener('click', function () {
    unlock();
    queue({ earcon: 'order', speech: words.greeting, id: 'greeting' });
  });
  part('mute').addEventListener('click', function () {
    muted = !muted;
    this.setAttribute('aria-pressed', String(muted));
    if (muted && silence) silence();
    showSound();
  });
  part('volume').addEventListener('input', function () { volume = this.value / 100; });

  if (window.speechSynthesis) window.speechSynthesis.getVoices();  // asks the browser to load its list
  connect();
  showSound();
})();
