import { RestartDelay } from './restart-delay.js';

describe('the delay before a worker starts again', () => {
  it('doubles up to half a minute while workers end soon', () => {
    const delay = new RestartDelay(() => 0);
    expect(Array.from({ length: 11 }, () => delay.next())).toEqual([
      ...[100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000],
    ]);
  });

  it('is short again once a worker has served for a minute', () => {
    let now = 0;
    const delay = new RestartDelay(() => now);
    delay.next();
    delay.started();
    now = 59_999;
    expect(delay.next()).toBe(200);
    delay.started();
    now += 60_000;
    expect(delay.next()).toBe(100);
  });
});
