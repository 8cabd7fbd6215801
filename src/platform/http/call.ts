import type { NextFunction, Request, Response } from 'express';
import type { Caller, RowScope } from './caller.js';

declare module 'express-serve-static-core' {
  interface Request {
    call: Call;
  }
}

/** The parameters of a call as understood, not as sent; instants as instant text. */
export type CallFilter = Readonly<Record<string, string | number | null>>;

/**
 * What one request turns out to be, filled in on its way: the guard names the caller, the handler says what it understood,
 * whoever sends counts. The audit reads it.
 */
export class Call {
  /** Null until a key was accepted. */
  caller: Caller | null = null;
  /** The audit action that the route declares, or `public`; undefined while no route was met. */
  route: string | undefined;
  /** Elements of the answer that were handed to the socket. */
  rows = 0;
  /** Bytes of the body that were handed to the socket, after compression. */
  bytes = 0;
  /** Resolves when the record of this call is durable; nothing protected leaves before. The audit puts its own here. */
  recorded: () => Promise<void> = async () => {};
  /** Called when the filter is known. The audit puts its own here, and writes its record while the handler works. */
  understood: () => void = () => {};
  private understoodFilter: CallFilter = {};

  get filter(): CallFilter {
    return this.understoodFilter;
  }

  set filter(filter: CallFilter) {
    this.understoodFilter = filter;
    this.understood();
  }

  /** @throws Error on a route that asks for no key: a handler there must not read sessions */
  get rowScope(): RowScope {
    if (!this.caller) throw new Error('This route knows no caller.');
    return this.caller.rowScope;
  }
}

export function newCall(req: Request, _res: Response, next: NextFunction): void {
  req.call = new Call();
  next();
}
