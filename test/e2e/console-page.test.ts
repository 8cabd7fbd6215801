import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { AppConfig } from '../../src/config/app-config.js';
import { consolePage } from '../../src/modules/console/page/console-page.js';
import { useHttpSecurity } from '../../src/platform/http/server/http-security.js';
import { rawRequest } from '../support/http.js';

const SCRIPT = 'export const answer = 42;\n'.repeat(20);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

describe('the page of the console', () => {
  let folder: string;
  let server: ReturnType<ReturnType<typeof express>['listen']>;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'console-page-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
    writeFileSync(join(folder, 'assets/app-1a2b.js'), SCRIPT);
    writeFileSync(join(folder, 'assets/app-1a2b.js.gz'), gzipSync(SCRIPT));
    writeFileSync(join(folder, 'assets/large-1a2b.js'), Buffer.alloc(8_000_000, ' '));
    const app = express();
    useHttpSecurity(app as unknown as NestExpressApplication, new AppConfig());
    app.use(consolePage(folder)!);
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['/', '/login', '/timeline', '/at', '/sessions', '/sessions/124', '/overlaps', '/audit', '/admin/keys'])(
    'is the answer at %s, with headers that keep other pages and scripts out',
    async (path) => {
      const { status, headers, body } = await rawRequest(url, `${path}?from=2021-04-01`, {
        headers: { Accept: 'text/html' },
      });
      expect([status, body]).toEqual([200, expect.stringContaining('<title>console')]);
      expect(headers).toMatchObject({
        ...{ 'content-security-policy': CSP, 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' },
        ...{ 'cache-control': 'no-cache', 'referrer-policy': 'no-referrer' },
        ...{ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' },
      });
    },
  );

  it('is not the answer at other addresses, to other methods, or to programs', async () => {
    const html = { Accept: 'text/html' };
    for (const path of [
      '/nothing',
      '/sessions/x',
      '/timeline/x',
      '/api/v1/sessions',
      '/console/session',
      '/index',
      '/index.html',
    ])
      expect((await rawRequest(url, path, { headers: html })).body).not.toContain('<title>console');
    const post = await rawRequest(url, '/timeline', { method: 'POST', headers: html });
    const json = await rawRequest(url, '/timeline', { headers: { Accept: 'application/json' } });
    expect([post.status, json.status]).toEqual([404, 404]);
  });

  it('has assets that are cached without end and sent compressed', async () => {
    const path = '/assets/app-1a2b.js';
    const plain = await rawRequest(url, path);
    expect([plain.status, plain.type, plain.body]).toEqual([200, 'text/javascript; charset=utf-8', SCRIPT]);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const packed = await rawRequest(url, path, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    for (const encoding of ['br', 'gzip;q=0', 'identity'])
      expect((await rawRequest(url, path, { headers: { 'Accept-Encoding': encoding } })).body).toBe(SCRIPT);
    expect((await rawRequest(url, path, { method: 'HEAD' })).body).toBe('');
  });

  it('gives no other file', async () => {
    writeFileSync(join(folder, '..', 'console-secret.txt'), 'secret');
    for (const path of ['/../console-secret.txt', '/assets/../../console-secret.txt', '/%2e%2e/console-secret.txt'])
      expect((await rawRequest(url, path)).status).toBe(404);
    rmSync(join(folder, '..', 'console-secret.txt'));
  });

  it('keeps no file open when browsers go away', async () => {
    const path = '/assets/large-1a2b.js';
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await once(socket, 'data');
      socket.destroy();
      await once(socket, 'close');
    }
    await new Promise((resolve) => server.getConnections((_error, count) => resolve(expect(count).toBeLessThan(20))));
    const open = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return ''; // that of this directory
      }
    });
    expect(open.filter((file) => file.endsWith(path))).toEqual([]);
  });

  it('is absent when it was not built', () => {
    expect(consolePage(join(folder, 'assets'))).toBeUndefined();
  });
});
