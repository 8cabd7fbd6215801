import '../../audit/audit.scopes.js';
import '../../ingestion/ingestion.scopes.js';
import '../../sessions/sessions.scopes.js';
import '../access.scopes.js';
import fc from 'fast-check';
import { callerOf } from './token-claims.js';

const NAMES = { scopes: 'scope', scopePrefix: '', clients: '' };
const caller = (claims: object) => callerOf({ sub: 's', ...claims }, NAMES);

describe('the caller of a token', () => {
  it('is named after the first of name, client_id and sub that is present', () => {
    expect(caller({ name: 'Ada', client_id: 'c' })!.name).toBe('Ada');
    expect(caller({ client_id: 'c' })!.name).toBe('c');
    expect(caller({})!.name).toBe('s');
    expect(callerOf({ client_id: 'c' }, NAMES)!.prefix).toBe('oidc:c');
    expect(callerOf({ name: 'Ada' }, NAMES)).toBeUndefined();
  });

  it('has a short prefix of visible ASCII characters that is unique to its subject', () => {
    const subject = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 50, maxLength: 80 }),
      fc.constant('a#b'),
    );
    fc.assert(
      fc.property(subject, subject, (a, b) => {
        const [first, second] = [caller({ sub: a })!.prefix, caller({ sub: b })!.prefix];
        expect(first).toMatch(/^oidc:[!-~]{1,56}$/);
        expect(first === second).toBe(a === b);
      }),
    );
  });

  it('has a name of at most 128 characters without control characters', () => {
    expect(caller({ name: `a\nb\u0000${'😀'.repeat(200)}` })!.name).toBe(`a b ${'😀'.repeat(124)}`);
  });

  it.each([
    ['sessions:read  admin', ['sessions:read', 'admin']],
    [['admin', 'x', 5, null], ['admin']],
    [{ admin: true }, []],
    [undefined, []],
    ['Admin', []],
  ])('has the known scopes of %j', (scope, scopes) => {
    expect([...caller({ scope })!.scopes].sort()).toEqual([...scopes].sort());
  });
});
