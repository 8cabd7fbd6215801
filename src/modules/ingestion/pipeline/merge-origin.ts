import { isGreaterText } from './merge-session.js';

/** Where and how the user of a session logged on, as one record says it; null = not known. */
export interface OriginValues {
  /** 32 hexadecimal digits, see platform/net/ip-address.ts. */
  readonly remoteAddress: string | null;
  readonly remoteHost: string | null;
  /** A code of sessions/port/logon-type.ts. */
  readonly logonType: number | null;
  readonly terminal: string | null;
}

/** A value and the latest instant of a record that contained it. */
export interface Dated<T> {
  readonly value: T;
  readonly at: string;
}

/** What is known of the origin of a session. Each value is merged separately. */
export type SessionOrigin = { readonly [Field in keyof OriginValues]: Dated<NonNullable<OriginValues[Field]>> | null };

/** @returns null when no value is known */
export function datedOrigin(values: OriginValues, at: string): SessionOrigin | null {
  const { remoteAddress, remoteHost, logonType, terminal } = values;
  if (remoteAddress === null && remoteHost === null && logonType === null && terminal === null) return null;
  const dated = <T>(value: T | null) => (value === null ? null : { value, at });
  return {
    remoteAddress: dated(remoteAddress),
    remoteHost: dated(remoteHost),
    logonType: dated(logonType),
    terminal: dated(terminal),
  };
}

/**
 * Keeps each value with the latest instant; of two values with the same instant the greater, so that the order of the
 * records does not matter. Null never removes a value.
 *
 * @returns `known` itself when nothing changed
 */
export function mergeOrigin(known: SessionOrigin | null, given: SessionOrigin | null): SessionOrigin | null {
  if (given === null || known === null) return known ?? given;
  const merged: SessionOrigin = {
    remoteAddress: later(known.remoteAddress, given.remoteAddress, isGreaterText),
    remoteHost: later(known.remoteHost, given.remoteHost, isGreaterText),
    logonType: later(known.logonType, given.logonType, (a, b) => a > b),
    terminal: later(known.terminal, given.terminal, isGreaterText),
  };
  return FIELDS.every((field) => merged[field] === known[field]) ? known : merged;
}

/** Whether both hold the same values; their instants may differ. */
export function sameValues(a: SessionOrigin | null, b: SessionOrigin | null): boolean {
  return a === b || FIELDS.every((field) => a?.[field]?.value === b?.[field]?.value);
}

const FIELDS = ['remoteAddress', 'remoteHost', 'logonType', 'terminal'] as const satisfies (keyof OriginValues)[];

function later<T>(known: Dated<T> | null, given: Dated<T> | null, isGreater: (a: T, b: T) => boolean): Dated<T> | null {
  if (given === null || known === null) return known ?? given;
  if (given.at !== known.at) return given.at > known.at ? given : known;
  return isGreater(given.value, known.value) ? given : known;
}
