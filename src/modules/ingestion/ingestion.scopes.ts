import { defineScope } from '../../platform/http/scopes.js';

declare module '../../platform/http/scopes.js' {
  interface ScopeRegistry {
    'ingest:write': true;
  }
}

defineScope('ingest:write', {
  description: 'Send sessions and activities.',
  order: 20,
});
