import type { Session } from '../api/types.js';
import { t } from '../texts.js';
import { formatDuration, formatInstant } from '../time/format.js';
import type { Zone } from '../time/zone.js';
import type { Column } from './table.js';

export const userName = ({ name, domain }: { name: string; domain: string }): string =>
  domain ? `${domain}\\${name}` : name;

/** The columns of a list of sessions. @param at instant up to which durations are shown; null = their own end, or now */
export function sessionColumns(zone: Zone, at: number | null, now: number): Column<Session>[] {
  const login = (s: Session) => Date.parse(s.loginDate);
  const end = (s: Session) => at ?? (s.logoutDate === null ? now : Date.parse(s.logoutDate));
  const seconds = (s: Session) => Math.max(0, end(s) - login(s)) / 1_000;
  const origin = (s: Session) => [s.remoteHost, s.remoteAddress].filter(Boolean).join(' ');
  const logon = (s: Session) => (s.logonType ? t.filters.logonTypes[s.logonType] : '');
  return [
    {
      id: 'user',
      label: t.common.user,
      text: (s) => userName(s.user),
      by: (s) => userName(s.user),
      href: (s) => `/sessions/${s.sessionId}`,
    },
    { id: 'machine', label: t.common.machine, text: (s) => s.client.name, by: (s) => s.client.name },
    { id: 'login', kind: 'time', label: t.common.login, text: (s) => formatInstant(s.loginDate, zone), by: login },
    {
      id: 'logout',
      kind: 'time',
      label: t.common.logout,
      text: (s) => logoutText(s, zone),
      by: (s) => (s.logoutDate ? Date.parse(s.logoutDate) : Infinity),
    },
    {
      id: 'duration',
      label: at === null ? t.common.duration : t.at.loggedInFor,
      text: (s) => formatDuration(seconds(s)),
      by: seconds,
      kind: 'number',
    },
    {
      id: 'state',
      label: t.common.state,
      text: (s) => t.states[s.state],
      by: (s) => s.state,
      kind: 'badge',
      tone: (s) => s.state,
    },
    { id: 'origin', label: t.session.origin, text: origin, by: origin },
    { id: 'logon', label: t.filters.logonType, text: logon, by: logon },
  ];
}

export function logoutText(s: Session, zone: Zone): string {
  if (s.logoutDate === null) return '';
  return formatInstant(s.logoutDate, zone) + (s.endEstimated ? ` (${t.estimated})` : '');
}
