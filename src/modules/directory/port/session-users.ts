import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';

/**
 * Who has sessions where. The directory needs it to answer a key limited to some clients, but does not know sessions: the
 * sessions module implements this.
 */
export abstract class SessionUsers {
  /** Ids of the users that have a session on one of these clients, ascending. */
  abstract onClients(clientIds: readonly number[], snapshot: Snapshot): Promise<number[]>;
}
