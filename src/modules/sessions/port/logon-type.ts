/**
 * How a user logged on (docs/contract.md, section 6). The database stores the position in this list, from 1; the list may
 * only grow at its end.
 */
export const LOGON_TYPES = [
  'interactive',
  'remoteInteractive',
  'network',
  'batch',
  'service',
  'unlock',
  'other',
] as const;

export type LogonType = (typeof LOGON_TYPES)[number];

export function logonTypeCode(type: LogonType): number {
  return LOGON_TYPES.indexOf(type) + 1;
}

/** @throws RangeError for a number that is no code */
export function logonTypeOf(code: number): LogonType {
  const type = LOGON_TYPES[code - 1];
  if (type === undefined) throw new RangeError(`${code} is not the code of a logon type.`);
  return type;
}
