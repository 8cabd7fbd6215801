import { defineProblems } from '../../platform/http/problems/problem-registry.js';

declare module '../../platform/http/problems/problem-registry.js' {
  interface ProblemRegistry {
    'limited-to-clients': true;
  }
}

defineProblems({
  'limited-to-clients': { status: 403, title: 'The API key is limited to some clients' },
});
