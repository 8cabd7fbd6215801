import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row that counts all changes of keys, so that a process can tell whether the keys it holds are up to date. */
@Entity('api_key_changes')
export class ApiKeyChange {
  /** Always 1. */
  @PrimaryColumn('int') id!: number;
  @Column('int') changes!: number;
}
