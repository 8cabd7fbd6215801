import type { ClusterFaultReport } from '../../../bench/support/clusters/cluster-rounds.js';

/** Nothing is lost, doubled or broken, and callers saw only answers and 503 with Retry-After. */
export function expectIntact(report: ClusterFaultReport): void {
  const { lost, duplicated, halfApplied, logFaults, auditFaults, unequalTables, callsFailed, contradictions } = report;
  expect({ lost, duplicated, halfApplied, logFaults, auditFaults, unequalTables, callsFailed, contradictions }).toEqual(
    {
      ...{ lost: 0, duplicated: 0, halfApplied: 0, logFaults: 0, auditFaults: 0, unequalTables: 0, callsFailed: 0 },
      contradictions: [],
    },
  );
  expect(report.recordsAcknowledged).toBeGreaterThan(0);
  expect(report.entriesFollowed).toBeGreaterThanOrEqual(report.recordsAcknowledged);
}
