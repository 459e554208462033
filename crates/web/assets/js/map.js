// The map beside a list: our own subway diagram as lines, the list's entries as markers, tiles only where configured.
// All coordinates on a page are GCJ-02; a diagram in another datum is not drawn, since it would lie by half a kilometre.
(function () {
  'use strict';

  var box = document.querySelector('[data-map]');
  if (!box || !window.L) return;
  var L = window.L;
  var ATTRIBUTION = '© OpenStreetMap contributors';

  box.hidden = false;
  var still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  var map = L.map(box, {
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, preferCanvas: false,
    // One finger scrolls the page, not the map; two fingers or the buttons move the map.
    scrollWheelZoom: false, dragging: !L.Browser.mobile, touchZoom: true
  });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(ATTRIBUTION);
  // A marker has an element only once the map has a view; `fit` moves it afterwards.
  map.setView([+box.dataset.lat || 39.9087, +box.dataset.lng || 116.3975], 12, { animate: false });
  map.createPane('subway').style.zIndex = 350;

  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.tilesCredit || '', maxZoom: 18, opacity: 0.8 }).addTo(map);
  }

  var list = document.getElementById(box.dataset.list);
  var places = [];

  function markers() {
    if (!list) return;
    Array.prototype.forEach.call(list.querySelectorAll('[data-lat][data-lng]'), function (item, index) {
      var at = L.latLng(+item.dataset.lat, +item.dataset.lng);
      var link = item.querySelector('.entry-title a');
      var title = (link || item).textContent.trim();
      var marker = L.marker(at, {
        title: title, riseOnHover: true, keyboard: false,
        icon: L.divIcon({ className: 'map-pin' + (index === 0 ? ' lead' : ''), html: String(index + 1), iconSize: [44, 44], iconAnchor: [22, 44] })
      }).addTo(map);
      var go = function () {
        item.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
        var heading = item.querySelector('.entry-title');
        if (link) link.focus({ preventScroll: true }); else if (heading) heading.focus({ preventScroll: true });
      };
      marker.on('click', go);
      var node = marker.getElement();
      // A pin only leads to its entry in the list, where keyboards and screen readers are already; pins may lie over one
      // another and would be targets too small.
      if (node) node.setAttribute('aria-hidden', 'true');
      var mark = function (on) { return function () { if (node) node.classList.toggle('hot', on); }; };
      item.addEventListener('mouseenter', mark(true));
      item.addEventListener('mouseleave', mark(false));
      item.addEventListener('focusin', mark(true));
      item.addEventListener('focusout', mark(false));
      places.push(at);
    });
  }

  function here() {
    if (!box.dataset.hereLat) return;
    var at = L.latLng(+box.dataset.hereLat, +box.dataset.hereLng);
    var words = box.dataset.hereWords || '';
    L.marker(at, { title: words, alt: words, keyboard: false, interactive: false,
      icon: L.divIcon({ className: 'map-here', html: '', iconSize: [24, 24] }) }).addTo(map);
    places.push(at);
  }

  function fit() {
    if (places.length > 1) map.fitBounds(L.latLngBounds(places).pad(0.15), { maxZoom: 16, animate: false });
    else if (places.length === 1) map.setView(places[0], 15, { animate: false });
  }

  function subway(diagram) {
    if (diagram.datum !== 'gcj02') { console.warn('subway diagram in another datum', diagram.datum); return; }
    diagram.lines.forEach(function (line) {
      L.polyline(line.points, { pane: 'subway', color: line.color, weight: 5, opacity: 0.9, lineJoin: 'round', interactive: false }).addTo(map);
    });
    var dots = L.layerGroup(), names = L.layerGroup();
    diagram.stations.forEach(function (station) {
      var dot = L.circleMarker([station.lat, station.lng], {
        pane: 'subway', radius: station.lines.length > 1 ? 6 : 4, className: 'map-station', weight: 2, fillOpacity: 1, interactive: false
      });
      dots.addLayer(dot);
      names.addLayer(L.marker([station.lat, station.lng], {
        pane: 'subway', interactive: false, keyboard: false,
        icon: L.divIcon({ className: 'map-name', html: '', iconSize: null, iconAnchor: [-9, 10] })
      }).on('add', function () {
        // Names of stations are for the eye; hundreds of them would drown the list for a screen reader.
        this.getElement().textContent = station.name;
        this.getElement().setAttribute('aria-hidden', 'true');
      }));
    });
    function detail() {
      toggle(dots, map.getZoom() >= 12);
      toggle(names, map.getZoom() >= 14);
    }
    function toggle(layer, on) { if (on) layer.addTo(map); else layer.remove(); }
    map.on('zoomend', detail);
    detail();
  }

  markers();
  here();
  fit();
  if (box.dataset.subway) {
    fetch(box.dataset.subway).then(function (answer) {
      if (!answer.ok) throw new Error('subway ' + answer.status);
      return answer.json();
    }).then(subway).catch(function (problem) { console.warn('subway diagram', problem); });
  }
  document.addEventListener('htmx:afterSettle', function () { map.invalidateSize(); });
})();
