import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ascii, instant, text } from '../../../platform/database/schema/columns.js';

export const CLIENT_GUID_INDEX = 'uq_clients_guid';
export const CLIENT_BY_NAME_INDEX = 'ix_clients_name';

/** A monitored machine. */
@Entity('clients')
@Unique(CLIENT_GUID_INDEX, ['guid'])
@Index(CLIENT_BY_NAME_INDEX, ['name'])
export class Client {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  /** Opaque, 1 to 64 visible ASCII characters, compared byte for byte. */
  @Column(ascii(64)) guid!: string;
  @Column(text(255)) name!: string;
  /** The latest instant that came with this name: of two names the later one is kept. */
  @Column({ ...instant, name: 'name_at' }) nameAt!: string;
}
