import fc from 'fast-check';
import { type AuditEntry, type AuditRecord, GENESIS, chained } from '../chain/audit-record.js';
import { ChainVerifier, type Fault, Faults } from './chain-verifier.js';

function entry(path: string): AuditEntry & { at: string } {
  return {
    ...{ kind: 'refused', requestSeq: null, requestId: 'r', caller: null, callerName: null, address: '192.0.2.7' },
    ...{ action: null, method: 'GET', path, filter: '{}', status: 404, rows: null, bytes: null, durationMs: 1 },
    ...{ cutShort: null, at: '2021-04-01T10:00:00.000Z' },
  };
}

function chainOf(length: number): AuditRecord[] {
  const chain: AuditRecord[] = [];
  for (let seq = 1; seq <= length; seq++) chain.push(chained(entry(`/${seq}`), seq, chain.at(-1)?.hash ?? GENESIS));
  return chain;
}

const headOf = (chain: readonly AuditRecord[]) => ({
  seq: chain.at(-1)?.seq ?? 0,
  hash: chain.at(-1)?.hash ?? GENESIS,
});

function faultsOf(records: readonly AuditRecord[], head: { seq: number; hash: string }): Fault[] {
  const faults = new Faults();
  const verifier = new ChainVerifier({ seq: 0, hash: GENESIS }, faults);
  for (const record of records) verifier.add(record);
  verifier.finish(head);
  expect(faults.count).toBeGreaterThanOrEqual(faults.listed.length);
  return faults.listed;
}

const places = fc.integer({ min: 2, max: 12 }).chain((length) => fc.tuple(fc.constant(length), fc.nat(length - 1)));

describe('a chain', () => {
  it('without changes has no fault', () => {
    for (const length of [0, 1, 2, 10]) expect(faultsOf(chainOf(length), headOf(chainOf(length)))).toEqual([]);
  });

  it('with one edited record has one fault, at that record', () => {
    fc.assert(
      fc.property(places, ([length, at]) => {
        const chain = chainOf(length);
        const edited = chain.with(at, { ...chain[at]!, status: 200 });
        expect(faultsOf(edited, headOf(chain)).map(({ kind, seq }) => [kind, seq])).toEqual([['altered', at + 1]]);
      }),
    );
  });

  it('with one edited record whose hash was recomputed has one fault, at that record', () => {
    fc.assert(
      fc.property(places, ([length, at]) => {
        const chain = chainOf(length);
        const forged = chained({ ...chain[at]!, status: 200 }, at + 1, chain[at]!.previousHash);
        expect(faultsOf(chain.with(at, forged), headOf(chain)).map(({ kind, seq }) => [kind, seq])).toEqual([
          ['replaced', at + 1],
        ]);
      }),
    );
  });

  it('with one record that was replaced completely has one fault, at that record', () => {
    fc.assert(
      fc.property(places, ([length, at]) => {
        const chain = chainOf(length);
        const forged = chained(entry('/forged'), at + 1, 'a'.repeat(64));
        expect(faultsOf(chain.with(at, forged), headOf(chain)).map(({ kind, seq }) => [kind, seq])).toEqual([
          ['replaced', at + 1],
        ]);
      }),
    );
  });

  it('with deleted records has one fault, which names them', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 5 }), ([length, at], count) => {
        const chain = chainOf(length);
        const rest = chain.toSpliced(at, count);
        const to = Math.min(at + count, length);
        expect(faultsOf(rest, headOf(chain)).map(({ kind, seq, to }) => [kind, seq, to])).toEqual([
          ['missing', at + 1, to],
        ]);
      }),
    );
  });

  it('with two swapped records has faults at both', () => {
    fc.assert(
      fc.property(places, places, ([length, at], [, other]) => {
        fc.pre(other < length && other !== at);
        const chain = chainOf(length);
        const swapped = chain
          .with(at, { ...chain[other]!, seq: at + 1 })
          .with(other, { ...chain[at]!, seq: other + 1 });
        const altered = faultsOf(swapped, headOf(chain)).filter(({ kind }) => kind === 'altered');
        expect(altered.map(({ seq }) => seq)).toEqual([at + 1, other + 1].sort((a, b) => a - b));
      }),
    );
  });

  it('with an inserted record has its first fault there, or at the first record that it moved', () => {
    fc.assert(
      fc.property(places, ([length, at]) => {
        const chain = chainOf(length);
        const inserted = chained(entry('/forged'), at + 1, chain[at - 1]?.hash ?? GENESIS);
        const moved = chain.slice(at).map((record) => ({ ...record, seq: record.seq + 1 }));
        const records = [...chain.slice(0, at), inserted, ...moved];
        const [first] = faultsOf(records, { seq: length + 1, hash: headOf(chain).hash });
        expect([first!.kind, first!.seq]).toEqual(['altered', at + 2]);
      }),
    );
  });

  it('is intact after arbitrary overwrites only if they changed nothing', () => {
    const pick = fc.record({
      at: fc.nat(7),
      name: fc.constantFrom('status', 'path', 'caller', 'hash', 'previousHash'),
    });
    fc.assert(
      fc.property(fc.array(pick, { minLength: 1, maxLength: 4 }), (edits) => {
        const chain = chainOf(8);
        const records = chain.map((record) => ({ ...record }));
        for (const { at, name } of edits) Object.assign(records[at]!, { [name]: 'b'.repeat(64) });
        const first = Math.min(...edits.map(({ at }) => at + 1));
        expect(faultsOf(records, headOf(chain))[0]!.seq).toBe(first);
      }),
    );
  });
});
