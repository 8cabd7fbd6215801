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

/** Offsets of our days change on a quarter of an hour of UTC; a slot in which one changes otherwise is not cached. */
const SLOT_MS = 15 * 60_000;
const MAX_SLOTS = 10_000;
/** Formatted minutes that one formatter remembers: answers are ordered by login, so neighbours share them. */
const MAX_MINUTES = 20_000;
/** A name, not an offset or a bracketed date, both of which Temporal would take as well. */
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;

/** An IANA time zone: local fields to instants, and instants to text with the offset that holds there. */
export class TimeZone {
  private readonly slots = new Map<number, number | null>();
  /** Every instant has the offset +00:00. */
  readonly isUtc: boolean;

  /** @throws RangeError when the name is unknown */
  constructor(readonly id: string) {
    if (!isKnown(id)) throw new RangeError(`is not an IANA time zone such as UTC or Europe/Berlin: ${id.slice(0, 64)}`);
    this.isUtc = /^(UTC|Etc\/UTC|Etc\/UCT|Zulu)$/i.test(id);
  }

  /** A local time that does not exist moves forward by the gap; of two equal ones the earlier is meant. */
  toEpochMs(local: LocalTime): number {
    if (this.isUtc) return utcMs(local);
    const plain = Temporal.PlainDateTime.from({ ...local }, { overflow: 'reject' });
    return plain.toZonedDateTime(this.id, { disambiguation: 'compatible' }).epochMilliseconds;
  }

  /** Offset in whole minutes at an instant; the few old ones with seconds are cut, and the local fields with them. */
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

  /** `2000-01-23T04:56:07.000+00:00`; in UTC where the local year would not have four digits. */
  formatMs(ms: number): string {
    const minutes = this.offsetMinutesAt(ms);
    const iso = new Date(ms + minutes * 60_000).toISOString();
    if (iso.length > 24) return new Date(ms).toISOString().slice(0, 23) + offsetText(0);
    return iso.slice(0, 23) + offsetText(minutes);
  }

  /** A function from instant text to text of the zone, for many rows. */
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

  /** Offsets are whole minutes, so seconds can be copied; null where the offset changes within the minute. */
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

/** `Date.UTC` takes years below 100 for ones of the 20th century. */
export function utcMs(local: LocalTime): number {
  const date = new Date(0);
  date.setUTCFullYear(local.year, local.month - 1, local.day);
  return date.setUTCHours(local.hour, local.minute, local.second, local.millisecond);
}

function offsetText(minutes: number): string {
  const abs = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(abs / 60)).padStart(2, '0')}:${String(abs % 60).padStart(2, '0')}`;
}
