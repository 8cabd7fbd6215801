const DAY_MS = 86_400_000;
/** `00` to `59`. A month of statistics has a million durations; `Date.toISOString` takes four times as long. */
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/**
 * A duration as .NET writes a TimeSpan (format "c"), always with seven digits: `00:02:50.3010000`, `1.02:00:00.0000000`.
 *
 * @param ms whole milliseconds, not negative
 */
export function timeSpanText(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const seconds = Math.floor((ms % DAY_MS) / 1000);
  const clock = `${TWO[Math.floor(seconds / 3600)]!}:${TWO[Math.floor(seconds / 60) % 60]!}:${TWO[seconds % 60]!}`;
  return `${days > 0 ? `${days}.` : ''}${clock}.${String(ms % 1000).padStart(3, '0')}0000`;
}

const TIME_SPAN = /^(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)\.(\d{3})\d{4}$/;

/** The milliseconds of a text of `timeSpanText`. @throws RangeError for any other text */
export function timeSpanMs(text: string): number {
  const parts = TIME_SPAN.exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) throw new RangeError(`"${text}" is no time span.`);
  const [days, hours, minutes, seconds, ms] = parts as [number, number, number, number, number];
  return days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
}
