import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ascii, counter } from '../../../platform/database/schema/columns.js';

/** One row: number and hash of the last record. A writer locks it to append, so the chain has no forks. */
@Entity('audit_head')
export class AuditHead {
  /** Always 1. */
  @PrimaryColumn('int') id!: number;
  @Column(counter) seq!: number;
  @Column(ascii(64)) hash!: string;
}
