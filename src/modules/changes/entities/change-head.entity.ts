import { Column, Entity, PrimaryColumn } from 'typeorm';
import { counter } from '../../../platform/database/schema/columns.js';

/** One row: the size of the change log. A writer locks it to append, so places have no gap and no fork. */
@Entity('change_head')
export class ChangeHead {
  /** Always 1. */
  @PrimaryColumn('int') id!: number;
  /** Number of entries, which is the place of the last one. */
  @Column(counter) size!: number;
  /** Place of the last entry that retention removed from the feed; 0 when none was. */
  @Column(counter) removed!: number;
  /** Hashes of the complete subtrees of the log, largest first: 32 bytes for each one bit of `size`. */
  @Column('blob') frontier!: Buffer;
}
