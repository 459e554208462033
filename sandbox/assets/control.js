// The control desk's forms and lists.
const byId = (id) => document.getElementById(id);

async function call(path, body, method = 'POST') {
  const response = await fetch(path, {method, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const result = await response.json();
  byId('status').textContent = response.ok ? `已办：${JSON.stringify(result)}` : `没有办成：${result.error}`;
  refresh();
}

function cell(text) {
  const td = document.createElement('td');
  td.textContent = text;
  return td;
}

async function refresh() {
  const [state, payments, notices] = await Promise.all(
    ['state', 'payments', 'notices'].map((name) => fetch(`/control/${name}`).then((response) => response.json())));
  byId('waiting').replaceChildren(...state.faults.map((fault) => {
    const item = document.createElement('li');
    item.textContent = `${fault.kind} × ${fault.times}`;
    return item;
  }));
  byId('payments').replaceChildren(...payments.payments.map((order) => {
    const row = document.createElement('tr');
    const told = notices.notices.filter((notice) => notice.out_trade_no === order.out_trade_no)
      .map((notice) => `${notice.event_type} ${notice.lost ? '丢失' : notice.attempts.join(' ')}`).join('；');
    row.append(cell(order.out_trade_no), cell(`¥${(order.total / 100).toFixed(2)}`), cell(order.state), cell(order.person), cell(told));
    return row;
  }));
}

byId('time').addEventListener('submit', (event) => {
  event.preventDefault();
  call('/control/time', {scale: Number(byId('scale').value)});
});
byId('forward').addEventListener('submit', (event) => {
  event.preventDefault();
  call('/control/time', {forward_minutes: Number(byId('minutes').value)});
});
byId('fault').addEventListener('submit', (event) => {
  event.preventDefault();
  call('/control/faults', {kind: byId('kind').value, times: Number(byId('times').value), delay_ms: Number(byId('delay').value)});
});
byId('clear').addEventListener('click', () => call('/control/faults', {}, 'DELETE'));
for (const button of document.querySelectorAll('[data-post]')) button.addEventListener('click', () => call(button.dataset.post, {}));
refresh();
setInterval(refresh, 3000);
