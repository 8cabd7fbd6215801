import { defineScope } from '../../platform/http/scopes.js';

declare module '../../platform/http/scopes.js' {
  interface ScopeRegistry {
    'sessions:read': true;
    'activities:read': true;
  }
}

defineScope('sessions:read', {
  description: 'Read sessions, their times, and the names of users and clients.',
  order: 10,
});

defineScope('activities:read', {
  description: 'Read what was done in sessions: applications, titles, URLs and keystrokes. Needs sessions:read, too.',
  order: 15,
});
