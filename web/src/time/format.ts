import type { Zone } from './zone.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** `2 Mar 2026, 10:15:00`. */
export function formatInstant(instant: number | string | null, zone: Zone, seconds = true): string {
  if (instant === null) return '';
  return `${formatDay(instant, zone)}, ${formatClock(instant, zone, seconds)}`;
}

export function formatDay(instant: number | string, zone: Zone): string {
  const { year, month, day } = zone.local(millisecondsOf(instant));
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

export function formatClock(instant: number | string, zone: Zone, seconds = true): string {
  const { hour, minute, second } = zone.local(millisecondsOf(instant));
  return `${two(hour)}:${two(minute)}${seconds ? `:${two(second)}` : ''}`;
}

/** For an input field: `2026-03-02 10:15` or, if there are seconds, `2026-03-02 10:15:30`. */
export function formatInput(instant: number, zone: Zone): string {
  const { year, month, day, hour, minute, second } = zone.local(instant);
  const time = `${two(hour)}:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${time}`;
}

/** `1 d 4 h`, `2 h 05 min`, `3 min 20 s`, `12 s`, `0.4 s`: the two largest units. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 1 && seconds > 0) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3_600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(s / 3_600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `+02:00`. */
export function formatOffset(instant: number, zone: Zone): string {
  const minutes = Math.round(zone.offset(instant) / 60_000);
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

export function formatBytes(n: number): string {
  if (n < 1_000) return `${n} B`;
  if (n < 1e6) return `${(n / 1e3).toFixed(1)} kB`;
  return `${(n / 1e6).toFixed(1)} MB`;
}

function millisecondsOf(instant: number | string): number {
  return typeof instant === 'number' ? instant : Date.parse(instant);
}
