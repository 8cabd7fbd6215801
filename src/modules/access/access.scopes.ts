import { defineScope } from '../../platform/http/scopes.js';

declare module '../../platform/http/scopes.js' {
  interface ScopeRegistry {
    admin: true;
  }
}

defineScope('admin', {
  description: 'Manage API keys.',
  order: 40,
  reachesBeyondClients: true,
});
