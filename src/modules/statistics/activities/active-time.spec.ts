import { ActiveTime } from './active-time.js';

function spans(idle: number, script: (time: ActiveTime<string>) => void): [number, number, string][] {
  const told: [number, number, string][] = [];
  script(new ActiveTime<string>(idle, (from, to, value) => told.push([from, to, value])));
  return told;
}

describe('a session is active after an activity', () => {
  it('until the next activity', () =>
    expect(spans(100, (t) => (t.activity(10, 'a'), t.activity(30, 'b'), t.until(40)))).toEqual([
      [10, 30, 'a'],
      [30, 40, 'b'],
    ]));
  it('no longer than the idle time-out', () =>
    expect(spans(15, (t) => (t.activity(10, 'a'), t.activity(30, 'b'), t.until(1000)))).toEqual([
      [10, 25, 'a'],
      [30, 45, 'b'],
    ]));
  it('up to an activity exactly at the time-out', () =>
    expect(spans(20, (t) => (t.activity(10, 'a'), t.activity(30, 'b'), t.until(30)))).toEqual([[10, 30, 'a']]));
  it('for no time when another activity has the same instant', () =>
    expect(spans(20, (t) => (t.activity(10, 'a'), t.activity(10, 'b'), t.until(12)))).toEqual([[10, 12, 'b']]));
  it('for no time at the very end of the session', () =>
    expect(spans(20, (t) => (t.activity(10, 'a'), t.until(10)))).toEqual([]));
  it('once, when the session is measured in consecutive parts', () =>
    expect(
      spans(20, (t) => (t.activity(10, 'a'), t.until(15), t.until(15), t.until(100), t.activity(200, 'b'))),
    ).toEqual([
      [10, 15, 'a'],
      [15, 30, 'a'],
    ]));
});

it('a session without activities has no active time', () => expect(spans(20, (t) => t.until(1000))).toEqual([]));
