import { defineAuditAction } from '../audit/port/audit-action.js';

export const CHANGE_CHECKPOINT_READ = defineAuditAction('changes.checkpoint');
export const CHANGE_TILE_READ = defineAuditAction('changes.tile');
export const CHANGE_PROOF_READ = defineAuditAction('changes.proof');
