import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import sirv from 'sirv';
import { PACKAGE_FOLDER } from '../../../config/package-folder.js';
import { isPage } from './page-paths.js';

/** Where `npm run build` puts the page. */
const FOLDER = join(PACKAGE_FOLDER, 'dist', 'web');

/** Svelte makes its templates through this policy of Trusted Types; nothing else may write HTML. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

/** Whether the page is built; a checkout may have no more than the server. */
export function hasConsolePage(): boolean {
  return existsSync(documentOf(FOLDER));
}

/**
 * Serves the page and its files. Everything else is passed on, so unknown addresses stay problems.
 *
 * @returns undefined when the page is not built
 */
export function consolePage(folder = FOLDER): RequestHandler | undefined {
  const path = documentOf(folder);
  if (!existsSync(path)) return undefined;
  const page = readFileSync(path);
  const files = sirv(folder, { brotli: true, gzip: true, etag: true, extensions: [], setHeaders: setFileHeaders });
  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return next();
    if (!isPage(req.path)) return files(req, res, next);
    if (!req.accepts('html')) return next();
    setFileHeaders(res, req.path);
    res.setHeader('Vary', 'Accept');
    res.type('html').send(page);
  };
}

function documentOf(folder: string): string {
  return join(folder, 'index.html');
}

/** Names of files in `/assets` change with their content. */
function setFileHeaders(res: ServerResponse, path: string): void {
  res.setHeader('Content-Security-Policy', CSP);
  const isHashed = path.startsWith('/assets/');
  res.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}
