import { recordableFilter, recordableName, recordablePath } from './recordable-text.js';

const SECRET = 'A'.repeat(20) + '_-' + 'b'.repeat(21);
const KEY = `sak_abcd2345_${SECRET}`;

describe('the text of a record', () => {
  it('contains only the prefix of a key, wherever the key is and however it is encoded', () => {
    const encoded = [...KEY].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    for (const text of [recordablePath(`/api/${KEY}/x`), recordablePath(`/api/${encoded}/x`)])
      expect(text).toBe('/api/sak_abcd2345_…/x');
    expect(recordableName(KEY)).toBe('sak_abcd2345_…');
    expect(recordableFilter({ name: `my ${KEY}`, rows: 3, end: null })).toBe(
      '{"name":"my sak_abcd2345_…","rows":3,"end":null}',
    );
  });

  it('keeps the percent-encoding that a path needs', () => {
    expect(recordablePath('/api/a%2Fb%20c%C3%A9%zz')).toBe('/api/a%2Fb%20c%C3%A9%zz');
  });

  it('fits the column of the filter, even with long values', () => {
    const text = recordableFilter({ clientGuids: '\u0001'.repeat(40_000), name: 'siem', limit: 3 });
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    expect(JSON.parse(text)).toEqual({ clientGuids: `${'\u0001'.repeat(999)}…`, name: 'siem', limit: 3 });
  });

  it('is cut to the length of its column, and is valid UTF-8', () => {
    expect(recordablePath(`/${'a'.repeat(5000)}`)).toHaveLength(1024);
    expect(recordableName('😀'.repeat(100)).isWellFormed()).toBe(true);
    expect(recordableName('\ud800')).toBe('\ufffd');
  });
});
