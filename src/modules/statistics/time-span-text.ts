const DAY_MS = 86_400_000;

/**
 * A duration as .NET writes a TimeSpan (format "c"), always with seven digits: `00:02:50.3010000`, `1.02:00:00.0000000`.
 *
 * @param ms whole milliseconds, not negative
 */
export function timeSpanText(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const clock = new Date(ms % DAY_MS).toISOString().slice(11, 23);
  return `${days > 0 ? `${days}.` : ''}${clock}0000`;
}
