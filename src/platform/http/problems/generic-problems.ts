import { defineProblems } from './problem-registry.js';

declare module './problem-registry.js' {
  interface ProblemRegistry {
    'invalid-parameter': true;
    'invalid-body': true;
    'invalid-request': true;
    'missing-scope': true;
    'not-found': true;
    'method-not-allowed': true;
    'request-timeout': true;
    conflict: true;
    'not-acceptable': true;
    'payload-too-large': true;
    'uri-too-long': true;
    'unsupported-media-type': true;
    'expectation-failed': true;
    'too-many-requests': true;
    'headers-too-large': true;
    internal: true;
    unavailable: true;
    'time-limit': true;
  }
}

defineProblems({
  'invalid-parameter': { status: 400, title: 'A parameter is not valid' },
  'invalid-body': { status: 400, title: 'The body is not valid' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'missing-scope': { status: 403, title: 'The API key lacks a scope' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The state of what is addressed does not allow this' },
  'not-acceptable': { status: 406, title: 'None of the accepted content types can be given' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'expectation-failed': { status: 417, title: 'The expectation of the request cannot be met' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'The server failed' },
  unavailable: { status: 503, title: 'The server is too busy, or its database cannot be reached' },
  'time-limit': { status: 503, title: 'The database took longer than the time limit' },
});
