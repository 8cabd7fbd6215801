import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { text } from '../../../platform/database/schema/columns.js';

export const USER_NAME_INDEX = 'uq_users_name';
export const USER_BY_NAME_INDEX = 'ix_users_name';

/** An account, known by its name and an optional domain (empty when there is none). */
@Entity('users')
@Unique(USER_NAME_INDEX, ['domain', 'name'])
@Index(USER_BY_NAME_INDEX, ['name'])
export class User {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  @Column({ ...text(128), default: '' }) domain!: string;
  @Column(text(128)) name!: string;
}
