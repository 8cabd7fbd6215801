import { pageAddress } from './page-paths.js';

const ORIGIN = 'https://sessions.example.org';

describe('pageAddress', () => {
  it.each(['/', '/timeline', '/timeline?from=2021-04-01&to=2021-04-02#now', '/sessions/124', '/admin/keys'])(
    'keeps %s',
    (address) => {
      expect(pageAddress(address, ORIGIN)).toBe(address);
      expect(pageAddress(`${ORIGIN}${address}`, ORIGIN)).toBe(address);
    },
  );

  it.each([
    ...['https://evil.example.org/timeline', '//evil.example.org/timeline', '/\\evil.example.org/timeline'],
    ...['\\\\evil.example.org', '/\t/evil.example.org/', '/.//evil.example.org', '/timeline/..//evil.example.org'],
    ...['javascript:alert(1)', 'data:text/html,x', 'http://sessions.example.org/timeline', 'https://[', ''],
    ...['/api/v1/sessions', '/console/oidc/login', '/nothing', 'https://sessions.example.org:444/timeline'],
    'https://sessions.example.org@evil.example.org/timeline',
  ])('replaces %j', (address) => {
    expect(pageAddress(address, ORIGIN)).toBe('/');
  });
});
