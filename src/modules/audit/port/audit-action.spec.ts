import { AUDIT_ACTIONS, defineAuditAction } from './audit-action.js';

describe('the registry of audit actions', () => {
  it('lists registered actions in alphabetical order, also for those who hold the array', () => {
    const held = AUDIT_ACTIONS;
    const [write, read] = [defineAuditAction('specs.write'), defineAuditAction('specs.read')];
    expect(held).toEqual([read, write]);
  });

  it('refuses a name that is registered or malformed', () => {
    defineAuditAction('specs.twice');
    expect(() => defineAuditAction('specs.twice')).toThrow('registered twice');
    for (const name of ['specs', 'Specs.read', 'specs.read.all', 'specs:read', ''])
      expect(() => defineAuditAction(name)).toThrow('must be like sessions.read');
  });
});
