import { LogonPairing } from './logon-pairing.js';
import type { WindowsEvent } from './windows-event.js';

const event = (
  id: number,
  timeMs: number,
  record: number | undefined,
  logonId = '0x1',
  more: Partial<WindowsEvent> = {},
): WindowsEvent => ({
  ...{ id, computer: 'PC', timeMs, record, channel: 'security', data: new Map([['TargetLogonId', logonId]]) },
  ...more,
});

/** `login-logout` of each session, and `orphan time`. */
function pair(events: readonly WindowsEvent[]): string[] {
  const pairing = new LogonPairing();
  for (const e of events) pairing.add(e, '');
  const { sessions, orphans } = pairing.pair();
  const shown = sessions.map((s) => `${s.event.timeMs}-${s.logoutMs ?? ''}`);
  return [...shown, ...orphans.map((o) => `orphan ${o.event.timeMs}`)];
}

describe('pairing of Windows logons', () => {
  it('is the same in every order of the file', () => {
    const events = [
      event(4624, 100, 1),
      event(4634, 200, 2),
      event(4608, 300, 3),
      event(4624, 400, 4),
      event(4647, 500, 5),
    ];
    expect(pair(events)).toEqual(['100-200', '400-500']);
    expect(pair([...events].reverse())).toEqual(['100-200', '400-500']);
    expect(pair(events.map((e) => ({ ...e, record: undefined })).reverse())).toEqual(['100-200', '400-500']);
  });

  it('orders by record number rather than by time, and never ends a session before it began', () => {
    expect(pair([event(4624, 900, 1), event(4634, 300, 2), event(4624, 310, 3, '0x2')])).toEqual(['900-900', '310-']);
  });

  it('uses the later one of a logoff by the user and the end of the logon', () => {
    expect(pair([event(4624, 1, 1), event(4647, 5, 2), event(4634, 6, 3)])).toEqual(['1-6']);
  });

  it('ends open sessions of a boot at the shutdown before it, otherwise at the boot', () => {
    expect(pair([event(4624, 1, 1), event(1100, 5, 2), event(4608, 9, 3)])).toEqual(['1-5']);
    expect(pair([event(4624, 1, 1), event(4608, 9, 3)])).toEqual(['1-9']);
  });

  it('distinguishes an id reused after a boot, and computers', () => {
    const other = event(4634, 60, 9, '0x1', { computer: 'PC2' });
    const events = [event(4624, 1, 1), event(4608, 9, 2), event(4624, 20, 3), event(4634, 30, 4), other];
    expect(pair(events)).toEqual(['1-9', '20-30', 'orphan 60']);
  });

  it('uses boots of the System log by time if the Security log has none', () => {
    const boot = (timeMs: number) => event(6005, timeMs, 1, '', { channel: 'system' });
    expect(pair([boot(50), event(4624, 10, 70), event(4624, 60, 71, '0x2')])).toEqual(['10-50', '60-']);
  });

  it('treats an event that was delivered twice as one', () => {
    expect(pair([event(4624, 1, 1), event(4624, 1, 1), event(4634, 2, 2), event(4634, 2, 2)])).toEqual(['1-2']);
  });

  it('takes time in proportion to the number of events', () => {
    const boots = Array.from({ length: 20_000 }, (_, i) => event(i % 2 ? 6005 : 1100, i, i));
    const logons = Array.from({ length: 20_000 }, (_, i) => event(i % 2 ? 4634 : 4624, 20_000 + i, 20_000 + i));
    const started = performance.now();
    expect(pair([...boots, ...logons])).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('finds the session of an event by id and boot, also before its logon; in other channels by time', () => {
    const pairing = new LogonPairing();
    for (const e of [event(4624, 10, 5), event(4608, 20, 6), event(4624, 30, 7)]) pairing.add(e, '');
    pairing.pair();
    const find = (record: number | undefined, timeMs: number, channel = 'security') =>
      pairing.find(event(4688, timeMs, record, '0X1', { channel }))?.event.timeMs;
    expect([find(4, 99), find(9, 0), find(1, 12, 'sysmon'), find(1, 25, 'sysmon')]).toEqual([10, 30, 10, 30]);
    expect(pairing.find(event(4688, 10, 5, '0x0'))).toBeUndefined();
  });
});
