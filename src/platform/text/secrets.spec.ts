import { mayContainSecret, pathWithoutSecrets, withoutSecrets } from './secrets.js';

const SECRET = 'AbC-_'.repeat(8) + 'xyz';
const KEY = `sak_k4mq2zxa_${SECRET}`;
const TOKEN = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.${SECRET}`;

describe('a text that is repeated', () => {
  it('loses the secret of a key, keeps what names it, and loses all of a token', () => {
    expect(withoutSecrets(`"${KEY}" and ${KEY}x, ${TOKEN}.`)).toBe('"sak_k4mq2zxa_…" and sak_k4mq2zxa_…, (token).');
  });

  it('loses the secret of a key whose underscores are encoded, once or twice', () => {
    for (const encoded of ['%5F', '%5f', '%255F']) {
      const text = withoutSecrets(`name ${KEY.replaceAll('_', encoded)}.`);
      expect(text).toBe('name sak_k4mq2zxa_….');
    }
  });

  it('stays as it is without one', () => {
    for (const text of ['', 'sak_', 'sak_k4mq2zxa', '/api/v1/keys/k4mq2zxa/rotate', 'a.b.c'])
      expect(withoutSecrets(text)).toBe(text);
  });

  it.each([
    ['as it is', KEY],
    ['percent-encoded', KEY.replaceAll('_', '%5F').replaceAll('A', '%41')],
    ['beside what is no valid encoding', `${KEY.replaceAll('_', '%5f')}/%ff`],
    ['encoded twice', KEY.replaceAll('_', '%255F')],
    ['encoded four times', KEY.replaceAll('_', '%2525255F')],
    ['whose encoding is encoded', KEY.replaceAll('_', '%25%35%46')],
    ['in upper case', KEY.toUpperCase()],
    ['in upper case and encoded twice', KEY.toUpperCase().replaceAll('_', '%255F')],
  ])('loses a key %s in a path', (_how, part) => {
    const shown = pathWithoutSecrets(`/api/v1/keys/${part}/rotate`);
    expect(shown).toMatch(/^\/api\/v1\/keys\/sak_k4mq2zxa_…/i);
    expect(shown).not.toMatch(/xyz/i);
  });

  it('keeps the encoding of a path that holds none', () => {
    for (const path of ['/a%20b/%ff', '/a%2541', '/%25%25%25', '/%2']) expect(pathWithoutSecrets(path)).toBe(path);
  });

  it.each([
    [true, 'the secret of a key', SECRET],
    [true, 'a secret with more around it', `id:${SECRET}.1`],
    [false, 'a UUID', '6f1c1f0a-8f2e-4f7c-9d35-0a4b5c6d7e8f'],
    [false, 'a traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    [false, 'an id of mixed case', 'Root.1-67891233-AbcDef012345678912345678'],
  ])('may be a secret (%s): %s', (expected, _what, text) => expect(mayContainSecret(text)).toBe(expected));
});
