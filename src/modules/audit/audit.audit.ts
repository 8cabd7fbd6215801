import { defineAuditAction } from './port/audit-action.js';

export const AUDIT_READ = defineAuditAction('audit.read');
export const AUDIT_VERIFY = defineAuditAction('audit.verify');
export const SCHEMA_MIGRATE = defineAuditAction('schema.migrate');
