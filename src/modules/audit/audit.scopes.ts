import { defineScope } from '../../platform/http/scopes.js';

declare module '../../platform/http/scopes.js' {
  interface ScopeRegistry {
    'audit:read': true;
  }
}

defineScope('audit:read', {
  description: 'Read and verify the audit log.',
  order: 30,
  reachesBeyondClients: true,
});
