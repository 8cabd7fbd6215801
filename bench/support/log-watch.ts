import type { Application } from './application.js';
import { databaseRows } from './database-rows.js';
import { FeedFollower } from './feed-follower.js';
import { TreeCheck } from './tree-check.js';

/** Watches the change log: a follower reads it all the time, and after each round its copy and the tree are compared. */
export class LogWatch {
  private readonly follower: FeedFollower;
  private readonly tree: TreeCheck;
  private reported = 0;

  constructor(
    app: Application,
    key: string,
    private readonly databaseUrl: string,
  ) {
    this.follower = new FeedFollower(app, key);
    this.follower.start();
    this.tree = new TreeCheck((sql, params) => databaseRows(databaseUrl, sql, params));
  }

  /** @param prefix of the external ids of the sessions that may have changed */
  async check(
    prefix: string,
    report: { entriesFollowed: number; logFaults: number; contradictions: string[] },
  ): Promise<void> {
    await this.noPending();
    await this.follower.catchUp();
    const faults = [...this.follower.faults.slice(this.reported), ...(await this.tree.check())];
    this.reported = this.follower.faults.length;
    const sql = 'SELECT id, version FROM sessions WHERE external_id LIKE ?';
    for (const { id, version } of await databaseRows(this.databaseUrl, sql, [`${prefix}%`])) {
      const copied = this.follower.copy.get(Number(id));
      if (copied !== Number(version)) faults.push(`session ${id} has version ${version}, its copy has ${copied}`);
    }
    report.entriesFollowed = this.follower.entries;
    report.logFaults += faults.length;
    report.contradictions.push(...faults);
  }

  stop(): Promise<void> {
    return this.follower.stop();
  }

  private async noPending(): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      const [row] = await databaseRows(this.databaseUrl, 'SELECT COUNT(*) AS n FROM change_outbox');
      if (Number(row!['n']) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('changes remain without a place');
  }
}
