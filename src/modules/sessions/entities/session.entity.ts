import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { counter, instant, ipAddress, text } from '../../../platform/database/schema/columns.js';
import { OnSqlite } from '../../../platform/database/schema/on-sqlite.js';
import { serverNode, sqliteNode } from './node-expression.js';

export const SESSION_EXTERNAL_ID_INDEX = 'uq_sessions_external';
export const SESSION_LOGIN_INDEX = 'ix_sessions_login';
export const SESSION_NODE_LOGIN_INDEX = 'ix_sessions_node_login';
export const SESSION_ENDED_INDEX = 'ix_sessions_node_ended';
export const SESSION_CLIENT_INDEX = 'ix_sessions_client_login';
export const SESSION_USER_INDEX = 'ix_sessions_user_login';

/**
 * One user on one client from login to logout. Instants are UTC with milliseconds. The indexes contain
 * all columns that a window needs, except the one by user.
 */
@Entity('sessions')
@Unique(SESSION_EXTERNAL_ID_INDEX, ['clientId', 'externalId'])
@Index(SESSION_LOGIN_INDEX, ['loginAt', 'id', 'clientId', 'userId', 'endedAt', 'lastSeenAt'])
@Index(SESSION_NODE_LOGIN_INDEX, ['node', 'loginAt', 'endedAt', 'lastSeenAt', 'clientId', 'userId'])
@Index(SESSION_ENDED_INDEX, ['node', 'endedAt', 'lastSeenAt', 'loginAt', 'clientId', 'userId'])
@Index(SESSION_CLIENT_INDEX, ['clientId', 'loginAt', 'id', 'userId', 'endedAt', 'lastSeenAt', 'logoutAt'])
@Index(SESSION_USER_INDEX, ['userId', 'loginAt'])
@Check('ck_sessions_order', 'logout_at IS NULL OR logout_at >= login_at')
@Check('ck_sessions_range', "login_at >= '1970-01-01 00:00:01.000' AND login_at < '2106-02-07 06:28:14.000'")
export class Session {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  @Column('int', { name: 'client_id' }) clientId!: number;
  @Column('int', { name: 'user_id' }) userId!: number;
  /** Identifies the session permanently, together with the client. */
  @Column({ ...text(128), name: 'external_id' }) externalId!: string;
  @Column({ ...instant, name: 'login_at' }) loginAt!: string;
  @Column({ ...instant, name: 'logout_at', nullable: true }) logoutAt!: string | null;
  /** The latest sign of life: login, `lastSeen`, an activity or the logout. */
  @Column({ ...instant, name: 'last_seen_at' }) lastSeenAt!: string;
  /** The logout; the last sign of life of a lost session; null while the session is live. */
  @Column({ ...instant, name: 'ended_at', nullable: true }) endedAt!: string | null;
  /** Node of the interval index, computed by the database. */
  @OnSqlite({ unsigned: false, generatedType: 'VIRTUAL', asExpression: sqliteNode() })
  @Column({
    ...counter,
    ...{ unsigned: true, nullable: true, generatedType: 'STORED', asExpression: serverNode() },
    ...{ select: false, insert: false, update: false },
  })
  node!: number;
  /** The address that the user came from: 16 bytes, an IPv4 address as IPv4-mapped IPv6 address; see `ip-address.ts`. */
  @Column({ ...ipAddress, name: 'remote_address', nullable: true }) remoteAddress!: Buffer | null;
  /** The latest instant that came with this value, as for the following three: the value with the later one is kept. */
  @Column({ ...instant, name: 'remote_address_at', nullable: true }) remoteAddressAt!: string | null;
  @Column({ ...text(255), name: 'remote_host', nullable: true }) remoteHost!: string | null;
  @Column({ ...instant, name: 'remote_host_at', nullable: true }) remoteHostAt!: string | null;
  /** A code of `port/logon-type.ts`. */
  @Column('smallint', { name: 'logon_type', nullable: true }) logonType!: number | null;
  @Column({ ...instant, name: 'logon_type_at', nullable: true }) logonTypeAt!: string | null;
  /** Terminal, display or protocol session on the client, as its log names it. */
  @Column({ ...text(128), nullable: true }) terminal!: string | null;
  @Column({ ...instant, name: 'terminal_at', nullable: true }) terminalAt!: string | null;
  /** Number of changes in the change log; 0 = the session is older than the log, and not in it yet. */
  @Column('int', { default: 0 }) version!: number;
  /** Random, for the commitments of the change log; null with version 0. */
  @Column('binary', { length: 16, nullable: true }) salt!: Buffer | null;
}
