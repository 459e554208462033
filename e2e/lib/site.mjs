// A small web server for pages that a test holds in memory: the harness proves itself on them.
import http from 'node:http';

/**
 * Serves `pages`, a map from path to HTML text, on a free port of the loopback address.
 *
 * @returns `{ url, close() }`
 */
export async function serveSite(pages) {
  const server = http.createServer((request, response) => {
    const html = pages[new URL(request.url, 'http://localhost').pathname];
    const type = html === undefined ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8';
    response.writeHead(html === undefined ? (request.url === '/favicon.ico' ? 204 : 404) : 200, { 'content-type': type });
    response.end(html ?? '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
