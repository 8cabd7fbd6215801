import { type EventOrder, OrderedEvents } from './ordered-events.js';
import {
  BOOTS,
  LOGOFF,
  LOGON,
  logonId,
  logonIdsOf,
  SHUTDOWNS,
  USER_LOGOFF,
  type WindowsEvent,
} from './windows-event.js';

/** A logon and its end. */
export interface LogonSession {
  readonly position: string;
  readonly event: WindowsEvent;
  readonly logonId: string;
  /** Milliseconds since 1970, not before the logon; null without an end. */
  logoutMs: number | null;
  /** Number of boots in the file before it: Windows reuses logon ids after a boot. */
  boot: number;
}

export interface Orphan {
  readonly position: string;
  readonly event: WindowsEvent;
}

/** The events of one computer that begin or end sessions. */
interface Computer {
  readonly logons: Orphan[];
  readonly logoffs: Orphan[];
  bounds: WindowsEvent[];
  byRecord: boolean;
  boots: OrderedEvents<WindowsEvent>;
  /** By logon id, then by boot. */
  readonly sessions: Map<string, Map<number, OrderedEvents<LogonSession>>>;
}

const SECURITY = 'security';
const NO_BOOTS = new OrderedEvents<WindowsEvent>([], (event) => event);

/**
 * Pairs logons and logoffs by computer, boot and logon id. All events are added first, in any order.
 * Events of one computer are ordered by record number, which does not depend on clock changes, collectors or the order of the
 * export; by time where numbers are missing.
 */
export class LogonPairing {
  private readonly computers = new Map<string, Computer>();

  add(event: WindowsEvent, position: string): void {
    if (event.id === LOGON) this.computer(event).logons.push({ event, position });
    else if (event.id === LOGOFF || event.id === USER_LOGOFF) this.computer(event).logoffs.push({ event, position });
    else if (BOOTS.has(event.id) || SHUTDOWNS.has(event.id)) this.computer(event).bounds.push(event);
  }

  /** @returns the sessions, and the logoffs without a logon */
  pair(): { sessions: LogonSession[]; orphans: Orphan[] } {
    const orphans = [...this.computers.values()].flatMap(pairComputer);
    const sessions = [...this.computers.values()].flatMap(sessionsOf);
    return { sessions, orphans };
  }

  /** The session to which an event belongs; to be called after `pair`. */
  find(event: WindowsEvent): LogonSession | undefined {
    const computer = this.computers.get(event.computer);
    if (!computer) return undefined;
    for (const id of logonIdsOf(event)) {
      const session = nearest(computer, event, id);
      if (session) return session;
    }
    return undefined;
  }

  private computer({ computer: name }: WindowsEvent): Computer {
    let computer = this.computers.get(name);
    if (!computer) {
      computer = { logons: [], logoffs: [], bounds: [], boots: NO_BOOTS, byRecord: false, sessions: new Map() };
      this.computers.set(name, computer);
    }
    return computer;
  }
}

function pairComputer(computer: Computer): Orphan[] {
  // The System log has boots as well, with its own record numbers; they are used only if the Security log has none.
  const inSecurity = computer.bounds.filter((e) => !isSystem(e));
  if (inSecurity.some((e) => BOOTS.has(e.id))) computer.bounds = inSecurity;
  const all = [...computer.logons, ...computer.logoffs].map((o) => o.event).concat(computer.bounds);
  computer.byRecord = all.every((e) => e.record !== undefined && e.channel === all[0]!.channel);
  const order = (a: WindowsEvent, b: WindowsEvent) => orderOf(computer, a) - orderOf(computer, b);
  computer.bounds.sort(order);
  const boots = computer.bounds.filter((e) => BOOTS.has(e.id));
  computer.boots = new OrderedEvents(boots, (event) => event);
  begin(
    computer,
    computer.logons.sort((a, b) => order(a.event, b.event)),
  );
  const orphans = computer.logoffs.sort((a, b) => order(a.event, b.event)).filter((logoff) => !end(computer, logoff));
  endAtBoots(computer);
  return orphans;
}

/** An event that was delivered twice is one logon. */
function begin(computer: Computer, logons: readonly Orphan[]): void {
  const last = new Map<string, number>();
  const lists = new Map<string, Map<number, LogonSession[]>>();
  for (const { event, position } of logons) {
    const id = logonId(event.data.get('TargetLogonId')) ?? '';
    if (last.get(id) === event.timeMs) continue;
    last.set(id, event.timeMs);
    const session = { position, event, logonId: id, logoutMs: null, boot: bootOf(computer, event) };
    const byBoot = lists.get(id) ?? new Map<number, LogonSession[]>();
    lists.set(id, byBoot);
    const same = byBoot.get(session.boot);
    if (same) same.push(session);
    else byBoot.set(session.boot, [session]);
  }
  for (const [id, byBoot] of lists)
    computer.sessions.set(
      id,
      new Map([...byBoot].map(([boot, list]) => [boot, new OrderedEvents(list, (s: LogonSession) => s.event)])),
    );
}

/** @returns whether the session exists. Of two logoffs of one session (4647, then 4634) the later one counts. */
function end(computer: Computer, { event }: Orphan): boolean {
  const session = nearest(computer, event, logonId(event.data.get('TargetLogonId')) ?? '');
  if (!session) return false;
  session.logoutMs = Math.max(session.logoutMs ?? 0, event.timeMs, session.event.timeMs);
  return true;
}

/** A boot ends the open sessions: at the logged shutdown before it, otherwise at its own time. */
function endAtBoots(computer: Computer): void {
  const shutdowns = new Map<number, WindowsEvent>();
  for (const bound of computer.bounds) if (SHUTDOWNS.has(bound.id)) shutdowns.set(bootOf(computer, bound), bound);
  const ends = computer.boots.list.map((boot, i) => (shutdowns.get(i) ?? boot).timeMs);
  for (const session of sessionsOf(computer)) {
    const end = ends[session.boot];
    if (session.logoutMs === null && end !== undefined) session.logoutMs = Math.max(end, session.event.timeMs);
  }
}

function sessionsOf({ sessions }: Computer): LogonSession[] {
  return [...sessions.values()].flatMap((byBoot) => [...byBoot.values()].flatMap(({ list }) => list));
}

/**
 * Of the sessions with this id since the same boot, the last one that began before the event; otherwise the first one after
 * it, because a collector may deliver a logoff before its logon.
 */
function nearest(computer: Computer, event: WindowsEvent, id: string): LogonSession | undefined {
  const same = computer.sessions.get(id)?.get(bootOf(computer, event));
  return same && (same.lastUpTo(...place(computer, event)) ?? same.list[0]);
}

function bootOf(computer: Computer, event: WindowsEvent): number {
  return computer.boots.countUpTo(...place(computer, event));
}

/** Records are numbered within a channel; an event of another channel can only be compared by time. */
function place(computer: Computer, event: WindowsEvent): [EventOrder, number] {
  const isComparable = computer.byRecord && event.record !== undefined && !isOther(computer, event);
  return isComparable ? ['record', event.record] : ['timeMs', event.timeMs];
}

function isOther(computer: Computer, event: WindowsEvent): boolean {
  const first = computer.logons[0] ?? computer.logoffs[0];
  return first !== undefined && first.event.channel !== event.channel;
}

const orderOf = (computer: Computer, event: WindowsEvent) => (computer.byRecord ? event.record! : event.timeMs);
const isSystem = ({ channel }: WindowsEvent) => channel !== '' && channel !== SECURITY;
