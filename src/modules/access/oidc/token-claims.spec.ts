import fc from 'fast-check';
import { callerOf } from './token-claims.js';

const NAMES = { scopes: 'scope', scopePrefix: '', clients: '' };
const caller = (claims: object) => callerOf({ sub: 's', ...claims }, NAMES);

describe('the caller of a token', () => {
  it('is named by name, client_id or sub, the first that there is', () => {
    expect(caller({ name: 'Ada', client_id: 'c' })!.name).toBe('Ada');
    expect(caller({ client_id: 'c' })!.name).toBe('c');
    expect(caller({})!.name).toBe('s');
    expect(callerOf({ client_id: 'c' }, NAMES)!.prefix).toBe('oidc:c');
    expect(callerOf({ name: 'Ada' }, NAMES)).toBeUndefined();
  });

  it('has a prefix that is short and visible ASCII, the same for the same subject alone', () => {
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

  it('has a name without control characters, of 128 characters at most', () => {
    expect(caller({ name: `a\nb\u0000${'😀'.repeat(200)}` })!.name).toBe(`a b ${'😀'.repeat(124)}`);
  });

  it.each([
    ['sessions:read  admin', ['sessions:read', 'admin']],
    [['admin', 'x', 5, null], ['admin']],
    [{ admin: true }, []],
    [undefined, []],
    ['Admin', []],
  ])('holds the scopes of ours in %j', (scope, scopes) => {
    expect([...caller({ scope })!.scopes].sort()).toEqual([...scopes].sort());
  });
});
