import type { Engine } from '../../platform/database/engines/engine.js';
import type { SqlNames } from '../../platform/database/schema/sql-names.js';
import type { Session } from '../sessions/entities/session.entity.js';
import type { Dated, SessionOrigin } from './pipeline/merge-origin.js';

type Columns = SqlNames<Session>['column'];

/** The columns of the origin of a session: each value is followed by its instant. */
export function originColumns(c: Columns): string[] {
  return [
    ...[c.remoteAddress, c.remoteAddressAt, c.remoteHost, c.remoteHostAt],
    ...[c.logonType, c.logonTypeAt, c.terminal, c.terminalAt],
  ];
}

/** In the order of `originColumns`. */
export function originValues(origin: SessionOrigin | null): (string | number | Buffer | null)[] {
  const address = origin?.remoteAddress ?? null;
  const pair = (dated: Dated<string | number> | null | undefined) => [dated?.value ?? null, dated?.at ?? null];
  return [
    ...[address && Buffer.from(address.value, 'hex'), address && address.at],
    ...[origin?.remoteHost, origin?.logonType, origin?.terminal].flatMap(pair),
  ];
}

/** Expressions on the table `t`, for `readOrigin`. */
export function originSelect(engine: Engine, c: Columns): string[] {
  return originColumns(c).map((column, i) => {
    if (column === c.remoteAddress) return `HEX(t.${column})`;
    return i % 2 === 0 ? `t.${column}` : engine.instantText(`t.${column}`);
  });
}

/** @param values of `originSelect`; without them nothing is known */
export function readOrigin(values: readonly unknown[]): SessionOrigin | null {
  const [address, addressAt, host, hostAt, type, typeAt, terminal, terminalAt] = values as (string | null)[];
  const dated = <T>(value: unknown, at: string | null | undefined) =>
    typeof at === 'string' ? { value: value as T, at } : null;
  const origin: SessionOrigin = {
    remoteAddress: dated(address?.toLowerCase(), addressAt),
    remoteHost: dated(host, hostAt),
    logonType: dated(type, typeAt),
    terminal: dated(terminal, terminalAt),
  };
  return Object.values(origin).some((value) => value !== null) ? origin : null;
}
