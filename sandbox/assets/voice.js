// Voices: what the microphone hears or a file holds, as a short WAV (PCM, mono, 16 kHz, 16 bit).

const RATE = 16_000;
/** WeChat takes no voice that is longer. */
export const LONGEST_S = 60;

/** Starts the microphone; `stop()` gives what was heard as a Blob. */
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({audio: true});
  const recorder = new MediaRecorder(stream);
  const parts = [];
  recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
  const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve, {once: true}));
  recorder.start();
  return {
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop();
      await ended;
      for (const track of stream.getTracks()) track.stop();
      return new Blob(parts, {type: recorder.mimeType});
    },
  };
}

/** Any sound that the browser can decode, as WAV of at most a minute. */
export async function toWav(sound) {
  const context = new AudioContext();
  try {
    const heard = await context.decodeAudioData(await sound.arrayBuffer());
    const seconds = Math.min(heard.duration, LONGEST_S);
    const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(seconds * RATE)), RATE);
    const source = offline.createBufferSource();
    source.buffer = heard;
    source.connect(offline.destination);
    source.start();
    return wav((await offline.startRendering()).getChannelData(0));
  } finally {
    await context.close();
  }
}

function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const words = (at, text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  words(0, 'RIFF');
  view.setUint32(4, 36 + samples.length * 2, true);
  words(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  words(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((value, index) => view.setInt16(44 + index * 2, Math.max(-1, Math.min(1, value)) * 0x7fff, true));
  return new Blob([view], {type: 'audio/wav'});
}
