import { defineProblems } from '../../platform/http/problems/problem-registry.js';

declare module '../../platform/http/problems/problem-registry.js' {
  interface ProblemRegistry {
    'cross-site-request': true;
    'https-required': true;
  }
}

defineProblems({
  'cross-site-request': { status: 403, title: 'The request does not come from a page of the console' },
  'https-required': { status: 403, title: 'The console needs https' },
});
