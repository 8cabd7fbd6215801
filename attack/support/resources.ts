import { readFileSync, readdirSync } from 'node:fs';
import type { AttackDatabase } from './attack-database.js';
import { pause } from './raw-connection.js';

/** What a server process holds. */
export interface Resources {
  readonly descriptors: number;
  /** Resident memory. */
  readonly memoryMiB: number;
  readonly transactions: number;
}

/** Idle keep-alive and database connections come and go. */
const SPARE_DESCRIPTORS = 12;
/** The heap of Node grows with the first load and is not returned to the system at once. */
const SPARE_MIB = 250;
const SETTLE_MS = 15_000;

export async function readResources(pid: number, database: AttackDatabase): Promise<Resources> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    memoryMiB: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024),
    transactions: await database.openTransactions(),
  };
}

/** Waits until everything is back to `before` and no transaction is open, at most 15 seconds. @returns a text for the table */
export async function settled(
  read: () => Promise<Resources>,
  before: Resources,
): Promise<{ readonly text: string; readonly held: boolean }> {
  const isBack = ({ descriptors, memoryMiB, transactions }: Resources) =>
    descriptors <= before.descriptors + SPARE_DESCRIPTORS &&
    memoryMiB <= before.memoryMiB + SPARE_MIB &&
    transactions === 0;
  const until = Date.now() + SETTLE_MS;
  let after = await read();
  while (!isBack(after) && Date.now() < until) {
    await pause(250);
    after = await read();
  }
  const change = (name: keyof Resources) => `${before[name]} → ${after[name]}`;
  const text = `descriptors ${change('descriptors')}, MiB ${change('memoryMiB')}, transactions ${change('transactions')}`;
  return { text, held: isBack(after) };
}
