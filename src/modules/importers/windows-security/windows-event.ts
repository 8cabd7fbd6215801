/** An event of a Windows log, independent of the format of the file. */
export interface WindowsEvent {
  readonly id: number;
  /** Name of the computer in the event. */
  readonly computer: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** In lower case; empty when unknown. */
  readonly channel: string;
  /** Record number in its channel on its computer; it increases even when the clock is set back. Undefined when missing. */
  readonly record: number | undefined;
  /** Fields of the event by name. */
  readonly data: ReadonlyMap<string, string>;
}

/**
 * An event, or the reason why a piece of the file is not one; undefined for an event of other software.
 *
 * `localMs` is the local time of an event whose offset is unknown, read as if it were UTC.
 */
export type EventOrReason =
  | { readonly event: WindowsEvent; readonly localMs?: number; readonly hasOwnTime?: boolean }
  | { readonly rejected: string }
  | undefined;

/** Events that begin, end or bound sessions; see "Audit logon events" of Microsoft's security auditing reference. */
export const LOGON = 4624;
export const LOGOFF = 4634;
export const USER_LOGOFF = 4647;
/** Windows is starting up; and of the System log: the event log service started. */
export const BOOTS = new Set([4608, 6005]);
/** Event logging has shut down; Windows is shutting down; and of the System log: the event log service was stopped. */
export const SHUTDOWNS = new Set([1100, 4609, 6006]);

/** Names of the most frequent events; others have only their number. */
export const EVENT_TITLES: ReadonlyMap<number, string> = new Map([
  [1, 'Process created (Sysmon)'],
  [4627, 'Group membership'],
  [4648, 'Logon with explicit credentials'],
  [4656, 'Handle requested'],
  [4658, 'Handle closed'],
  [4660, 'Object deleted'],
  [4661, 'Handle requested'],
  [4662, 'Operation on a directory object'],
  [4663, 'Object accessed'],
  [4670, 'Permissions changed'],
  [4672, 'Special privileges assigned'],
  [4673, 'Privileged service called'],
  [4674, 'Operation on a privileged object'],
  [4688, 'Process created'],
  [4689, 'Process exited'],
  [4690, 'Handle duplicated'],
  [4697, 'Service installed'],
  [4698, 'Scheduled task created'],
  [4702, 'Scheduled task updated'],
  [4703, 'Token right adjusted'],
  [4720, 'User account created'],
  [4732, 'Member added to a local group'],
  [4778, 'Session reconnected'],
  [4779, 'Session disconnected'],
  [4800, 'Workstation locked'],
  [4801, 'Workstation unlocked'],
  [5140, 'Network share accessed'],
  [5145, 'Network share object checked'],
]);

/** Normalises `0x3e7` or a decimal number; undefined when it is neither, and for the empty id 0. */
export function logonId(text: string | undefined): string | undefined {
  if (text === undefined || !/^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text)) return undefined;
  const value = BigInt(text);
  return value === 0n ? undefined : `0x${value.toString(16)}`;
}

/** Logon ids of the sessions to which an event may belong: first the acting one, then the target. */
export function logonIdsOf({ data }: WindowsEvent): string[] {
  const ids = ['SubjectLogonId', 'TargetLogonId', 'LogonId', 'LogonID'].map((name) => logonId(data.get(name)));
  return [...new Set(ids.filter((id) => id !== undefined))];
}
