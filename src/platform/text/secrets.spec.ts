import { pathWithoutSecrets, withoutSecrets } from './secrets.js';

const SECRET = 'AbC-_'.repeat(8) + 'xyz';
const KEY = `sak_k4mq2zxa_${SECRET}`;
const TOKEN = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.${SECRET}`;

describe('a text that is repeated', () => {
  it('loses the secret of a key, keeps what names it, and loses all of a token', () => {
    expect(withoutSecrets(`"${KEY}" and ${KEY}x, ${TOKEN}.`)).toBe('"sak_k4mq2zxa_…" and sak_k4mq2zxa_…, (token).');
  });

  it('stays as it is without one', () => {
    for (const text of ['', 'sak_', 'sak_k4mq2zxa', '/api/v1/keys/k4mq2zxa/rotate', 'a.b.c'])
      expect(withoutSecrets(text)).toBe(text);
  });

  it.each([
    ['as it is', KEY],
    ['percent-encoded', KEY.replaceAll('_', '%5F').replaceAll('A', '%41')],
    ['beside what is no valid encoding', `${KEY.replaceAll('_', '%5f')}/%ff`],
  ])('loses a key %s in a path', (_how, part) => {
    const shown = pathWithoutSecrets(`/api/v1/keys/${part}/rotate`);
    expect(shown).toMatch(/^\/api\/v1\/keys\/sak_k4mq2zxa_…/);
    expect(shown).not.toContain('xyz');
  });

  it('keeps the encoding of a path that holds none', () => {
    expect(pathWithoutSecrets('/a%20b/%ff')).toBe('/a%20b/%ff');
  });
});
