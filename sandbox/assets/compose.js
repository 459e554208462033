// What a person sends besides words: pictures, voices, places.
import {announce, byId, make} from './dom.js';
import {openSheet} from './sheet.js';
import {act, pause, state} from './state.js';
import {LONGEST_S, record, toWav} from './voice.js';

/** Puts a file into the phone's album; gives `{id, url}`. */
export async function keep(blob) {
  const response = await fetch('/phone/files', {method: 'POST', headers: {'Content-Type': blob.type}, body: blob});
  if (!response.ok) throw new Error(response.status === 413 ? '文件太大：最多 10 MB' : `这个文件发不了（${response.status}）`);
  return response.json();
}

/** Lets the person choose files of a kind; an empty list when none was chosen. */
function choose(accept, multiple = false) {
  return new Promise((resolve) => {
    const input = make('input', {type: 'file', accept});
    input.multiple = multiple;
    input.addEventListener('change', () => resolve([...input.files]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** The sample picture as a JPEG, the way a camera would give it. */
async function samplePicture() {
  const picture = make('img', {src: '/phone/picture.svg'});
  await picture.decode();
  const canvas = make('canvas', {width: '640', height: '480'});
  canvas.getContext('2d').drawImage(picture, 0, 0, 640, 480);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}

/** Asks for pictures, at most `most`, and puts them into the album; an empty list when the person goes away. */
export async function choosePictures(most = 1) {
  const answer = await openSheet({
    title: most > 1 ? `选择图片，最多 ${most} 张` : '选择图片',
    picture: '/phone/picture.svg',
    buttons: [['sample', '用这张示例图片'], ['album', '从相册选择'], ['cancel', '取消']],
  });
  if (answer === 'cancel') return [];
  try {
    const pictures = answer === 'sample' ? [await samplePicture()] : (await choose('image/*', most > 1)).slice(0, most);
    return await Promise.all(pictures.map(keep));
  } catch (error) {
    await openSheet({title: '没有选成', body: error.message, buttons: [['close', '知道了']]});
    return [];
  }
}

async function sendPicture() {
  for (const {id} of await choosePictures(9)) await act('image', {file: id});
}

async function sendVoice() {
  const answer = await openSheet({
    title: '发语音',
    body: `录一段、选一个声音文件，或发示例语音。最长 ${LONGEST_S} 秒。`,
    buttons: [['record', '开始录音'], ['file', '选择声音文件'], ['sample', '发示例语音'], ['cancel', '取消']],
  });
  if (answer === 'cancel') return;
  if (answer === 'sample') return act('voice');
  try {
    const sound = answer === 'record' ? await listenToPerson() : (await choose('audio/*'))[0];
    if (!sound) return;
    const {id} = await keep(await toWav(sound));
    await act('voice', {file: id});
  } catch (error) {
    await openSheet({title: '没有发成', body: `${error.message}。可以发示例语音。`, buttons: [['close', '知道了']]});
  }
}

async function listenToPerson() {
  const recording = await record();
  const answer = await openSheet({
    title: '正在录音…',
    buttons: [['send', '停止并发送'], ['cancel', '取消']],
    until: pause(LONGEST_S * 1000).then(() => 'send'),
  });
  const sound = await recording.stop();
  return answer === 'send' ? sound : null;
}

async function sendPlace() {
  const own = make('option', {value: ''}, '我现在的位置');
  const stations = [...byId('station').options].slice(1).map((option) => option.cloneNode(true));
  const select = make('select', {id: 'sheet-place'}, own, ...stations);
  const answer = await openSheet({
    title: '发送位置',
    content: [make('label', {for: 'sheet-place'}, '哪里'), select],
    buttons: [['send', '发送'], ['cancel', '取消']],
  });
  if (answer !== 'send') return;
  await act('location', select.value ? {station: select.value} : {label: byId('station').value || '我的位置'});
}

/** Wires the field and the tiles at the foot of a chat. */
export function startCompose() {
  byId('say').addEventListener('submit', (event) => {
    event.preventDefault();
    const words = byId('words');
    const friend = state.thread.startsWith('friend:') ? state.thread.slice(7) : null;
    if (friend) act('letters', {to: friend, text: words.value});
    else act('text', {text: words.value});
    words.value = '';
  });
  byId('plus').addEventListener('click', (event) => {
    const open = byId('tools').hidden;
    byId('tools').hidden = !open;
    event.currentTarget.setAttribute('aria-expanded', String(open));
  });
  byId('send-picture').addEventListener('click', sendPicture);
  byId('send-voice').addEventListener('click', sendVoice);
  byId('send-place').addEventListener('click', sendPlace);
  byId('slow').addEventListener('change', (event) => {
    act('network', {slow: event.currentTarget.checked});
    announce(event.currentTarget.checked ? '网络变慢了' : '网络恢复了');
  });
}
