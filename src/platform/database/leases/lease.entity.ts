import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ascii, counter, instant } from '../schema/columns.js';

/** Which process does a background job. The instants are those of the clock of the database. */
@Entity('leases')
export class LeaseEntity {
  /** Of the job. */
  @PrimaryColumn(ascii(64)) name!: string;
  /** Random number of a process, hexadecimal. */
  @Column(ascii(32)) holder!: string;
  /** Grows with each change, so that each one writes the row. */
  @Column(counter) version!: number;
  @Column({ ...instant, name: 'renewed_at' }) renewedAt!: string;
  @Column({ ...instant, name: 'expires_at' }) expiresAt!: string;
}
