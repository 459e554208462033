// 账单: what was paid and what came back.
import {byId, icon, make, moment, table, yuan} from './dom.js';
import {backTo, show, state} from './state.js';

const STATUS = {PROCESSING: '退款处理中', SUCCESS: '退款已到账', ABNORMAL: '退款异常', CLOSED: '退款已关闭'};
let drawn = '';
let open = null;

const returned = ({refunds}) => refunds.filter(({status}) => status === 'SUCCESS').reduce((sum, {amount}) => sum + amount, 0);

/** One line for each movement of money: payments go out, refunds come in. */
function movements(bills) {
  const lines = bills.flatMap((bill) => [
    {bill, at: bill.at, title: bill.title, sum: -bill.total, note: note(bill)},
    ...bill.refunds.map((refund) => ({bill, at: refund.at, title: `退款 · ${bill.title}`, sum: refund.amount, note: STATUS[refund.status] ?? refund.status})),
  ]);
  return lines.sort((a, b) => b.at - a.at);
}

function note(bill) {
  const back = returned(bill);
  return back === 0 ? '支付成功' : back === bill.total ? '已全额退款' : `已退款 ${yuan(back)}`;
}

/** Draws the list, and the bill that is open. */
export function renderBills() {
  const now = JSON.stringify(state.bills);
  if (now === drawn) return;
  drawn = now;
  const out = state.bills.reduce((sum, bill) => sum + bill.total, 0);
  const back = state.bills.reduce((sum, bill) => sum + returned(bill), 0);
  const lines = movements(state.bills).map(({bill, at, title, sum, note: words}) => make('li', {},
    make('button', {type: 'button', onclick: () => openBill(bill.number)},
      make('span', {class: 'lines'}, make('strong', {}, title), make('span', {}, `${moment(at)} · ${words}`)),
      make('span', {class: sum > 0 ? 'sum in' : 'sum'}, `${sum > 0 ? '+' : '-'}${(Math.abs(sum) / 100).toFixed(2)}`))));
  byId('bill-list').replaceChildren(
    make('p', {class: 'totals'}, `支出 ${yuan(out)}　收入 ${yuan(back)}`),
    lines.length ? make('ul', {class: 'rows'}, ...lines) : make('p', {class: 'empty'}, '还没有账单'));
  if (open) drawBill();
}

function openBill(number) {
  open = number;
  drawBill();
  show('bill');
}

function drawBill() {
  const bill = state.bills.find(({number}) => number === open);
  if (!bill) return;
  const refunds = bill.refunds.flatMap((refund) => [make('h3', {}, '退款'), table([
    ['退款金额', yuan(refund.amount)], ['当前状态', STATUS[refund.status] ?? refund.status], ['退款原因', refund.reason || '无'],
    ['时间', moment(refund.at)], ['退款单号', refund.number],
  ])]);
  byId('bill-body').replaceChildren(
    make('div', {class: 'bill-head'}, icon('pay'), make('p', {}, bill.title), make('p', {class: 'amount'}, `-${(bill.total / 100).toFixed(2)}`)),
    table([
      ['当前状态', note(bill)], ['支付时间', moment(bill.at)], ['支付方式', '零钱'], ['收款商户', bill.payee],
      ['交易单号', bill.transaction], ['商户单号', bill.number],
    ]), ...refunds);
}

/** Wires the way to the bills and back. */
export function startBills() {
  byId('open-bills').addEventListener('click', () => show('bills'));
  byId('bills-back').addEventListener('click', () => backTo('me'));
  byId('bill-back').addEventListener('click', () => {
    open = null;
    backTo('bills');
  });
}
