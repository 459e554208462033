// 扫一扫: the codes of the account, or what somebody types.
import {openThread} from './chat.js';
import {openSheet} from './sheet.js';
import {act, state} from './state.js';
import {openPage} from './webview.js';

/** The scanner: gives what stands in the code, or null. */
export async function scan() {
  const codes = state.qrcodes.map((code) => [`code:${code.url}`, `公众号二维码：${code.scene}`]);
  const answer = await openSheet({
    title: '扫一扫',
    kind: 'scanner',
    body: '选一个二维码，或输入码里的内容。',
    field: '码里的内容',
    buttons: [['field', '识别'], [`code:${state.accountCode}`, '公众号的二维码'], ...codes, ['cancel', '取消']],
  });
  return answer.startsWith('code:') ? answer.slice(5) : answer.startsWith('field:') ? answer.slice(6).trim() || null : null;
}

/** Scans, and does what WeChat does with what it finds. */
export async function scanAndGo() {
  const content = await scan();
  if (!content) return;
  const scene = content.startsWith('http://weixin.qq.com/q/');
  if (scene || content === state.accountCode) {
    // A stranger is shown the account and decides; only then the account hears of the code.
    state.code = scene ? content : null;
    if (scene && state.following && !(await act('scan', {url: content}))) return;
    openThread('account');
  } else if (/^https?:/.test(content)) openPage(content);
  else await openSheet({title: '扫到的内容', body: content, buttons: [['close', '知道了']]});
}

/** Follows the account, by the code that led to it if there was one. */
export async function follow() {
  await act('follow', state.code ? {url: state.code} : {});
  state.code = null;
}
