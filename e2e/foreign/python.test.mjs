// The sandbox judged by the Python packages wechatpayv3 and wechatpy.
import { freePort } from '../lib/children.mjs';
import { runPython } from './python.mjs';
import { startSandbox } from './sandbox.mjs';

const port = await freePort();
const sandbox = await startSandbox({ program: `http://127.0.0.1:${port}` });
try {
  const env = { TUINA_CREDENTIALS: sandbox.credentialsFile, TUINA_PUSH_PORT: String(port) };
  await runPython(['pay_test', 'account_test'], env, 25);
} finally {
  await sandbox.stop();
}
