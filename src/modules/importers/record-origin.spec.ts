import { recordOrigin } from './record-origin.js';

describe('recordOrigin', () => {
  it('keeps only what the log knows', () => {
    expect(recordOrigin({ address: '-', host: '', terminal: undefined })).toEqual({});
    expect(recordOrigin({ address: '192.0.2.1', host: 'laptop', logonType: 'network', terminal: 'pts/1' })).toEqual({
      ...{ remoteAddress: '192.0.2.1', remoteHost: 'laptop', logonType: 'network', terminal: 'pts/1' },
    });
  });

  it('takes an address in the place of a name as an address, and a name in the place of an address as a name', () => {
    expect(recordOrigin({ host: '2001:db8::1' })).toEqual({ remoteAddress: '2001:db8::1' });
    expect(recordOrigin({ address: 'laptop' })).toEqual({ remoteHost: 'laptop' });
    expect(recordOrigin({ address: '192.0.2.1', host: '192.0.2.1' })).toEqual({ remoteAddress: '192.0.2.1' });
  });

  it('cuts names to what ingestion accepts', () => {
    const { remoteHost, terminal } = recordOrigin({ host: '😀'.repeat(300), terminal: 'x'.repeat(200) });
    expect([[...remoteHost!].length, terminal!.length]).toEqual([255, 128]);
  });
});
