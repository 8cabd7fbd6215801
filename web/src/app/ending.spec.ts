import { watchOfEnd } from './ending.js';

const MINUTE = 60_000;
const end = { idleUntil: 30 * MINUTE, expiresAt: 720 * MINUTE, idle: 30 * MINUTE };

describe('watchOfEnd', () => {
  it('warns two minutes before the end, or half of a short idle limit', () => {
    expect(watchOfEnd(end, 0)).toEqual({ warn: false, wait: 28 * MINUTE });
    expect(watchOfEnd(end, 28 * MINUTE).warn).toBe(true);
    expect(watchOfEnd({ ...end, idleUntil: MINUTE, idle: MINUTE }, 0)).toEqual({ warn: false, wait: MINUTE / 2 });
  });

  it('warns before the last instant of the session as well', () => {
    expect(watchOfEnd({ ...end, expiresAt: 20 * MINUTE }, 0)).toEqual({ warn: false, wait: 18 * MINUTE });
  });

  it('asks again every ten seconds while it warns, and just after the end', () => {
    expect(watchOfEnd(end, 29 * MINUTE).wait).toBe(10_000);
    expect(watchOfEnd(end, 30 * MINUTE - 2_000).wait).toBe(2_500);
    expect(watchOfEnd(end, 31 * MINUTE).wait).toBe(500);
  });
});
