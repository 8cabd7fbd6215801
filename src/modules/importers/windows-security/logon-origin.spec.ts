import { logonOrigin } from './logon-origin.js';

const origin = (data: Record<string, string>) =>
  logonOrigin({
    ...{ id: 4624, computer: 'SRV-01.example.com', timeMs: 0, channel: 'security', record: 1 },
    data: new Map(Object.entries(data)),
  });

describe('logonOrigin', () => {
  it.each([
    ['0', 'other'],
    ['2', 'interactive'],
    ['3', 'network'],
    ['4', 'batch'],
    ['5', 'service'],
    ['7', 'unlock'],
    ['8', 'network'],
    ['9', 'other'],
    ['10', 'remoteInteractive'],
    ['11', 'interactive'],
    ['12', 'remoteInteractive'],
    ['13', 'unlock'],
  ])('reads LogonType %s as %s', (LogonType, logonType) => expect(origin({ LogonType })).toEqual({ logonType }));

  it('reads the address and the workstation', () => {
    const data = { LogonType: '10', IpAddress: '::ffff:192.0.2.7', WorkstationName: 'LAPTOP-4' };
    expect(origin(data)).toEqual({
      ...{ remoteAddress: '::ffff:192.0.2.7', remoteHost: 'LAPTOP-4', logonType: 'remoteInteractive' },
    });
  });

  it('leaves out what the event does not have, and the own name of the computer', () => {
    expect(origin({ IpAddress: '-', WorkstationName: '-' })).toEqual({});
    expect(origin({ IpAddress: '127.0.0.1', WorkstationName: 'srv-01' })).toEqual({ remoteAddress: '127.0.0.1' });
  });
});
