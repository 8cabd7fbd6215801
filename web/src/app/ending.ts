/** What is known of the end of a session, in milliseconds. */
export interface SessionEnd {
  readonly idleUntil: number;
  readonly expiresAt: number;
  /** Length of the idle limit. */
  readonly idle: number;
}

const WARN_MS = 120_000;
/** While there is a warning: another page, or a call of this one, may have postponed the end. */
const CHECK_MS = 10_000;

/** The next thing to do about the end of a session: ask the server again after `wait`, and warn now or not. */
export function watchOfEnd({ idleUntil, expiresAt, idle }: SessionEnd, now: number): { warn: boolean; wait: number } {
  const end = Math.min(idleUntil, expiresAt);
  const before = Math.min(WARN_MS, idle / 2);
  if (end - now > before) return { warn: false, wait: end - now - before };
  return { warn: true, wait: Math.max(500, Math.min(CHECK_MS, end - now + 500)) };
}
