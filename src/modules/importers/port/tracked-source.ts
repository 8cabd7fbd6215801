/** Logs that can be followed while they grow. */
export const TRACKED_SOURCES = ['wtmp', 'authlog', 'journald'] as const;
export type TrackedSource = (typeof TRACKED_SOURCES)[number];
