import { type AppliedRecord, ImportRun, type Reject } from './import-run.js';
import type { LogItem } from './log-reader.js';

const item = (n: number): LogItem => ({
  position: `line ${n}`,
  record: {
    ...{ externalId: `${n}`, clientGuid: `pc${n % 2}`, clientName: `PC${n % 2}`, userName: 'ann' },
    ...{ loginDate: `2021-03-0${n}T10:00:00Z`, logoutDate: n === 1 ? '2021-03-09T00:00:00+02:00' : null },
  },
});

function target(status: (externalId: string) => AppliedRecord['status'] = () => 'created') {
  const applied: string[] = [];
  const rejects: Reject[] = [];
  return {
    ...{ applied, rejects, batchRecords: 2 },
    apply: (records: readonly unknown[]) => {
      const ids = (records as { externalId: string }[]).map(({ externalId }) => externalId);
      applied.push(...ids);
      return Promise.resolve(ids.map((id) => ({ status: status(id), activities: 0 })));
    },
    reject: (reject: Reject) => void rejects.push(reject),
  };
}

async function* several(count: number): AsyncGenerator<LogItem> {
  for (let n = 1; n <= count; n++) yield await Promise.resolve(item(n));
}

describe('a run of an import', () => {
  it('counts, and knows the machines and the span of what was accepted', async () => {
    const to = target((id) => (id === '3' ? 'rejected' : 'created'));
    const { counts, machines, firstMs, lastMs } = await new ImportRun(to).run(several(3));
    expect([counts.created, counts.rejected, [...machines]]).toEqual([2, 1, ['PC1', 'PC0']]);
    const span = [firstMs, lastMs].map((ms) => new Date(ms).toISOString());
    expect(span).toEqual(['2021-03-01T10:00:00.000Z', '2021-03-08T22:00:00.000Z']);
    expect(to.rejects).toMatchObject([{ position: 'line 3' }]);
  });

  it('stops while its reader is still working, and knows what was applied', async () => {
    const stop = new AbortController();
    async function* endless(): AsyncGenerator<LogItem> {
      yield* several(3);
      stop.abort();
      await new Promise(() => {});
    }
    const to = target();
    const { counts } = await new ImportRun(to, stop.signal).run(endless());
    expect([counts.created, to.applied]).toEqual([2, ['1', '2']]);
  });

  it('completes and counts the batch that is being applied when it is stopped', async () => {
    const stop = new AbortController();
    const to = target();
    const apply = async (records: readonly unknown[]) => {
      stop.abort();
      return to.apply(await Promise.resolve(records));
    };
    const { counts } = await new ImportRun({ ...to, apply }, stop.signal).run(several(9));
    expect([counts.created, to.applied]).toEqual([2, ['1', '2']]);
  });
});
