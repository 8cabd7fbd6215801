import type { NextFunction, Request, Response } from 'express';
import { ReadRouting } from '../../database/replicas/read-routing.js';

const DATA_AS_OF = 'Data-As-Of';

/** Lets replicas answer a request, unless it has `Prefer: writer` (RFC 7240), and says in `Data-As-Of` when they did. */
export function routeReads(req: Request, res: Response, next: NextFunction): void {
  const routing = new ReadRouting(prefersWriter(req), (instant) => {
    if (!res.headersSent) res.setHeader(DATA_AS_OF, `${instant.replace(' ', 'T')}Z`);
  });
  ReadRouting.storage.run(routing, next);
}

function prefersWriter({ headers }: Request): boolean {
  // Node joins repeated headers with a comma.
  const preferences = String(headers['prefer'] ?? '').split(',');
  return preferences.some((preference) => /^\s*writer\s*(?:;|$)/i.test(preference));
}
