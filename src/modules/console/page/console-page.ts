import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { PACKAGE_FOLDER } from '../../../config/package-folder.js';
import { PageFiles } from './page-files.js';
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

/** All that the page loads, and the licenses of what it contains. The document itself has the addresses of pages only. */
const FILES = /^\/(assets\/.+|licenses\.md)$/;

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
  const files = new PageFiles(folder);
  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return next();
    if (FILES.test(req.path)) return sendFile(files, req, res, next);
    if (!isPage(req.path) || !req.accepts('html')) return next();
    setHeaders(res, 'no-cache');
    res.vary('Accept');
    res.type('html').send(page);
  };
}

/** Names of files in `/assets` change with their content. */
function sendFile(files: PageFiles, req: Request, res: Response, next: NextFunction): void {
  if (!files.has(req.path)) return next();
  setHeaders(res, req.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  files.send(req, res);
}

function setHeaders(res: Response, cacheControl: string): void {
  res.setHeader('Content-Security-Policy', CSP);
  res.setHeader('Cache-Control', cacheControl);
}

function documentOf(folder: string): string {
  return join(folder, 'index.html');
}
