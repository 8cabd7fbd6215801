import { Column, Entity, PrimaryColumn } from 'typeorm';
import { counter } from '../../../platform/database/schema/columns.js';

/** The hash of one complete subtree of 256^level entries. Rows are only added. */
@Entity('change_nodes')
export class ChangeNode {
  /** From 1; the leaves are in `session_changes`. */
  @PrimaryColumn('int') level!: number;
  /** From 0: the subtree begins with leaf `position * 256^level`. */
  @PrimaryColumn(counter) position!: number;
  @Column('binary', { length: 32 }) hash!: Buffer;
}
