import { auditVerdict } from '../../scripts/audit.mjs';

const metadata = { dependencies: { total: 3 } };

describe('npm run audit', () => {
  it.each([
    ['no vulnerability', { vulnerabilities: {}, metadata }, 0, 'No known vulnerability in 3 packages.'],
    [
      'a vulnerability',
      { vulnerabilities: { a: { name: 'a', severity: 'high', range: '<2' } }, metadata },
      1,
      'high: a <2\nRun: npm audit',
    ],
    ['a registry that refuses', { message: '405 Method Not Allowed' }, 2, expect.stringContaining('405 Method')],
  ])('reports %s', (_what, report, code, text) => {
    expect(auditVerdict(JSON.stringify(report))).toEqual({ code, text });
  });

  it('does not take silence for a good answer', () => {
    for (const nothing of ['', '{}', 'null', '[]']) expect(auditVerdict(nothing)).toMatchObject({ code: 2 });
  });
});
