import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ascii, counter, instant } from '../../../platform/database/schema/columns.js';

/** The changes of one transaction that have no place in the log yet. SQLite needs none: its one writer gives places at once. */
@Entity('change_outbox')
export class ChangeOutbox {
  @PrimaryColumn({ ...counter, generated: 'increment' }) id!: number;
  @Column({ ...instant }) at!: string;
  /** JSON array of changes, see `log/change-entry.ts`. */
  @Column({ type: 'mediumtext', ...{ charset: 'ascii', collation: 'ascii_bin' } }) changes!: string;
}
