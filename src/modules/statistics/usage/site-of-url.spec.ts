import { siteOfUrl, siteReader } from './site-of-url.js';

const CASES: [string, string | null][] = [
  ['https://Example.COM/a?b#c', 'example.com'],
  ['https://example.com:443', 'example.com'],
  ['http://example.com:443/', 'example.com:443'],
  ['http://example.com:80/', 'example.com'],
  ['https://user:secret@example.com:8443/', 'example.com:8443'],
  ['http://[2001:DB8::1]:8080/x', '[2001:db8::1]:8080'],
  ['https://bücher.example/', 'xn--bcher-kva.example'],
  ['ftp://Files.example:21/x', 'files.example'],
  ['app://Host.Name:99/x', 'host.name:99'],
  ['https://example.com\\evil.example/', 'example.com'],
  ['https:example.com/x', 'example.com'],
  ['about:blank', null],
  ['file:///C:/x.txt', null],
  ['mailto:ada@example.com', null],
  ['example.com/x', null],
  ['https://', null],
  ['https://a b/', null],
  ['', null],
];

describe('siteOfUrl', () => {
  it.each(CASES)('%s is %s', (url, site) => expect(siteOfUrl(url)).toBe(site));

  it('is the same with a cache', () => {
    const read = siteReader();
    for (const [url, site] of [...CASES, ...CASES].reverse()) expect([url, read(url)]).toEqual([url, site]);
  });
});
