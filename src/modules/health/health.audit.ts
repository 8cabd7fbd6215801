import { defineAuditAction } from '../audit/port/audit-action.js';

export const HEALTH_READ = defineAuditAction('health.read');
export const LIMITS_READ = defineAuditAction('limits.read');
