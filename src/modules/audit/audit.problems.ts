import { defineProblems } from '../../platform/http/problems/problem-registry.js';

declare module '../../platform/http/problems/problem-registry.js' {
  interface ProblemRegistry {
    'audit-unavailable': true;
  }
}

defineProblems({
  'audit-unavailable': { status: 503, title: 'The call cannot be recorded, so it is not answered' },
});
