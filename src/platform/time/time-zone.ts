import { Temporal } from 'temporal-polyfill';
import { fromInstantText } from './instant.js';

export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Modern offset changes fall on quarter hours of UTC. A slot with a change inside is not cached. */
const SLOT_MS = 15 * 60_000;
const MAX_SLOTS = 10_000;
/** Size of the cache of formatted minutes. Answers are ordered by login, so adjacent rows share minutes. */
const MAX_MINUTES = 20_000;
const MAX_DATES = 10_000;
const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
/** A zone name; Temporal would also accept an offset or a bracketed date. */
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;

/** An IANA time zone: converts local fields to instants, and instants to text with the local offset. */
export class TimeZone {
  private readonly dates = new Map<number, string | null>();
  private readonly slots = new Map<number, number | null>();
  /** Whether every instant has the offset +00:00. */
  readonly isUtc: boolean;

  /** @throws RangeError if the name is unknown */
  constructor(readonly id: string) {
    if (!isKnown(id)) throw new RangeError(`is not an IANA time zone such as UTC or Europe/Berlin: ${id.slice(0, 64)}`);
    this.isUtc = /^(UTC|Etc\/UTC|Etc\/UCT|Zulu)$/i.test(id);
  }

  /** A skipped local time moves forward by the gap; for a repeated one the earlier instant is used. */
  toEpochMs(local: LocalTime): number {
    if (this.isUtc) return utcMs(local);
    const plain = Temporal.PlainDateTime.from({ ...local }, { overflow: 'reject' });
    return plain.toZonedDateTime(this.id, { disambiguation: 'compatible' }).epochMilliseconds;
  }

  /** Offset at an instant in whole minutes; the few historic offsets with seconds are truncated, and so are the local fields. */
  offsetMinutesAt(ms: number): number {
    if (this.isUtc) return 0;
    const slot = Math.floor(ms / SLOT_MS);
    let minutes = this.slots.get(slot);
    if (minutes === undefined) {
      if (this.slots.size >= MAX_SLOTS) this.slots.clear();
      const first = this.exactOffset(slot * SLOT_MS);
      minutes = first === this.exactOffset((slot + 1) * SLOT_MS - 1) ? first : null;
      this.slots.set(slot, minutes);
    }
    return minutes ?? this.exactOffset(ms);
  }

  /** Formats as `2000-01-23T04:56:07.000+00:00`; in UTC if the local year does not have four digits. */
  formatMs(ms: number): string {
    const minutes = this.offsetMinutesAt(ms);
    const local = ms + minutes * 60_000;
    const day = Math.floor(local / DAY_MS);
    const date = this.dateText(day);
    if (date === null) return new Date(ms).toISOString().slice(0, 23) + offsetText(0);
    const time = Math.floor(local) - day * DAY_MS;
    const [seconds, rest] = [Math.floor(time / 1000), 1000 + (time % 1000)];
    const clock = `${TWO[Math.floor(seconds / 3600)]}:${TWO[Math.floor(seconds / 60) % 60]}:${TWO[seconds % 60]}`;
    return `${date}T${clock}.${String(rest).slice(1)}${offsetText(minutes)}`;
  }

  /** `2000-01-23`, null if the year does not have four digits. Answers have many instants of few days. */
  private dateText(day: number): string | null {
    let text = this.dates.get(day);
    if (text === undefined) {
      if (this.dates.size >= MAX_DATES) this.dates.clear();
      const iso = new Date(day * DAY_MS).toISOString();
      text = iso.length > 24 ? null : iso.slice(0, 10);
      this.dates.set(day, text);
    }
    return text;
  }

  /** @returns a function that converts instant text to local text, with a cache for many rows */
  formatter(): (instantText: string) => string {
    if (this.isUtc) return (text) => `${text.slice(0, 10)}T${text.slice(11)}+00:00`;
    const minutes = new Map<string, MinuteForm | null>();
    return (text) => {
      const minute = text.slice(0, 16);
      let form = minutes.get(minute);
      if (form === undefined) {
        if (minutes.size >= MAX_MINUTES) minutes.clear();
        form = this.minuteForm(minute);
        minutes.set(minute, form);
      }
      return form ? form.local + text.slice(16) + form.offset : this.formatMs(fromInstantText(text));
    };
  }

  /** Offsets are whole minutes, so seconds can be copied; null if the offset changes within the minute. */
  private minuteForm(minute: string): MinuteForm | null {
    const ms = fromInstantText(`${minute}:00.000`);
    if (this.offsetMinutesAt(ms) !== this.offsetMinutesAt(ms + 59_999)) return null;
    const text = this.formatMs(ms);
    return { local: text.slice(0, 16), offset: text.slice(23) };
  }

  private exactOffset(ms: number): number {
    const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.id);
    return Math.trunc(zoned.offsetNanoseconds / 60e9);
  }
}

interface MinuteForm {
  readonly local: string;
  readonly offset: string;
}

function isKnown(id: string): boolean {
  if (!IANA_NAME.test(id)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
    return true;
  } catch {
    return false;
  }
}

/** `Date.UTC` maps years below 100 to the 20th century. */
export function utcMs(local: LocalTime): number {
  const date = new Date(0);
  date.setUTCFullYear(local.year, local.month - 1, local.day);
  return date.setUTCHours(local.hour, local.minute, local.second, local.millisecond);
}

function offsetText(minutes: number): string {
  const abs = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(abs / 60)).padStart(2, '0')}:${String(abs % 60).padStart(2, '0')}`;
}
