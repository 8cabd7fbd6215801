import type { Session } from '../../api/types.js';
import { t } from '../../texts.js';
import { formatClock, formatDay, formatDuration } from '../../time/format.js';
import type { Zone } from '../../time/zone.js';
import type { Bar, RowKind } from './data/model.js';

/** What a bar stands for, as a heading and short lines. */
export function describeBar(
  bar: Bar,
  kind: RowKind,
  session: Session | undefined,
  zone: Zone,
  now: number,
): { title: string; lines: string[] } {
  if (bar.sessions > 1)
    return {
      title: t.timeline.group(bar.sessions),
      lines: [period(bar.start, Math.min(bar.end, now), zone), t.timeline.zoomIn],
    };
  const start = session ? Date.parse(session.loginDate) : bar.start;
  const end = session?.logoutDate ? Date.parse(session.logoutDate) : bar.end;
  const other = session && (kind === 'client' ? nameOf(session.user) : session.client.name);
  const isOpen = end === Infinity;
  const shown = isOpen
    ? `${formatDay(start, zone)}, ${formatClock(start, zone)} – ${t.timeline.now}`
    : period(start, end, zone);
  const state = bar.state === 'lost' ? `${t.states.lost}, ${t.timeline.endEstimated}` : t.states[bar.state];
  return {
    title: other ?? t.session.title,
    lines: [shown, `${formatDuration((Math.min(end, now) - start) / 1_000)} · ${state}`],
  };
}

export function nameOf({ name, domain }: { name: string; domain: string }): string {
  return domain ? `${domain}\\${name}` : name;
}

/** The day of the end is left out when it is that of the start. */
function period(start: number, end: number, zone: Zone): string {
  const [first, last] = [formatDay(start, zone), formatDay(end, zone)];
  return `${first}, ${formatClock(start, zone)} – ${first === last ? '' : `${last}, `}${formatClock(end, zone)}`;
}
