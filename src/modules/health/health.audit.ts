import { defineAuditAction } from '../audit/port/audit-action.js';

export const HEALTH_READ = defineAuditAction('health.read');
