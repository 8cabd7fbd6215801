import { type RecordResult, rejected } from './record-result.js';
import { ResultSpool } from './result-spool.js';

const MIB = 1024 * 1024;
const accepted = (externalId: string): RecordResult => ({
  ...{ externalId, sessionId: 1, status: 'unchanged', activities: 0 },
});
const refused = Array.from({ length: 10 }, (_, i) => rejected(null, `line ${i + 1}: is not valid JSON`));

describe('ResultSpool', () => {
  it('ends a request with more rejected records than accepted ones, and names the first reason', async () => {
    const spool = new ResultSpool({ surplusRejected: 15, length: MIB });
    await spool.add(refused);
    await spool.add([accepted('a'), ...refused.slice(0, 6)]);
    const detail = expect.stringMatching(
      /15 more records were rejected.*The first reason: line 1: is not valid JSON\.$/,
    );
    await expect(spool.add(refused.slice(0, 1))).rejects.toMatchObject({ code: 'invalid-body', detail });
    await spool.close();
  });

  it('takes any number of rejected records beside as many accepted ones', async () => {
    const spool = new ResultSpool({ surplusRejected: 15, length: MIB });
    for (let i = 0; i < 50; i++) await spool.add([...refused, ...refused.map(() => accepted('a'))]);
    expect(spool.counts).toEqual({ accepted: 500, rejected: 500, activities: 0 });
    await spool.close();
  });

  it('ends a request whose results are too large, also when they are in a file', async () => {
    const spool = new ResultSpool({ surplusRejected: 15, length: 3 * MIB });
    const large = accepted('x'.repeat(MIB));
    await spool.add([large]);
    await spool.add([large]);
    await expect(spool.add([large])).rejects.toMatchObject({
      ...{ code: 'payload-too-large', detail: expect.stringContaining('exceed 3 MiB') },
    });
    await spool.close();
  });
});
