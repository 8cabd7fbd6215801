import { nextLink } from './next-link.js';

const link = (originalUrl: string, cursor = 'abc') => nextLink({ originalUrl }, cursor);

describe('nextLink', () => {
  it.each([
    ['/a', '</a?cursor=abc>; rel="next"'],
    ['/a?', '</a?cursor=abc>; rel="next"'],
    ['/a?x=1&&y=2', '</a?x=1&y=2&cursor=abc>; rel="next"'],
    ['/a?x=%C3%BC&y=a+b', '</a?x=%C3%BC&y=a+b&cursor=abc>; rel="next"'],
  ])('of %s keeps the other parameters', (url, expected) => expect(link(url)).toBe(expected));

  it.each(['/a?cursor=old&x=1', '/a?x=1&CURSOR=old', '/a?x=1&cursor', '/a?cursor=a&x=1&cursor=b'])(
    'of %s replaces the cursor',
    (url) => expect(link(url)).toBe('</a?x=1&cursor=abc>; rel="next"'),
  );

  it('keeps a parameter that only begins like the cursor', () =>
    expect(link('/a?cursors=1')).toBe('</a?cursors=1&cursor=abc>; rel="next"'));

  it('replaces another parameter than the cursor', () => {
    const value = nextLink({ originalUrl: '/a?after=log:1&cursor=c&x=1' }, 'log:2', 'after');
    expect(value).toBe('</a?cursor=c&x=1&after=log%3A2>; rel="next"');
  });

  it('encodes what would end the reference or the header', () => {
    const value = link('/a?x=1>; rel="prev"&y=ü\\', 'a b>');
    expect(value).toBe('</a?x=1%3E;%20rel=%22prev%22&y=%C3%BC%5C&cursor=a%20b%3E>; rel="next"');
  });
});
