import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, parseMultipart } from './multipart.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Uint8Array): string => new TextDecoder().decode(part);

function part(disposition: string, content: string): string {
  return `--b\r\nContent-Disposition: ${disposition}\r\nContent-Type: image/png\r\n\r\n${content}\r\n`;
}

function fileOf(body: string) {
  const [first] = parseMultipart(bytes(body), 'b');
  return first && { ...first, bytes: text(first.bytes) };
}

describe('parseMultipart', () => {
  it('reads what the platform writes, whatever is in the files and the names', async () => {
    const anyFile = fc.record({
      field: fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !/[\r\n]/.test(name)),
      name: fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !/[\\\r\n%]/.test(name)),
      content: fc.uint8Array({ maxLength: 300 }),
    });
    const property = fc.asyncProperty(fc.array(anyFile, { maxLength: 5 }), async (files) => {
      const form = new FormData();
      for (const { field, name, content } of files)
        form.append(field, new File([new Uint8Array(content)], name));
      const request = new Response(form);
      const boundary = boundaryOf(request.headers.get('Content-Type') ?? '');
      const parts = parseMultipart(new Uint8Array(await request.arrayBuffer()), boundary);
      const expected = [...form.values()].map((file, index) => [
        files[index]?.field,
        (file as File).name,
        files[index]?.content,
      ]);
      expect(parts.map((found) => [found.name, found.fileName, Uint8Array.from(found.bytes)])).toEqual(
        expected,
      );
    });
    await fc.assert(property, { seed: 20261122, numRuns: 200 });
  });

  it('hands out views, not copies', () => {
    const body = bytes(`${part('form-data; name="file"; filename="x"', 'pixels')}--b--\r\n`);
    expect(parseMultipart(body, 'b')[0]?.bytes.buffer).toBe(body.buffer);
  });

  it.each([
    ['form-data; name="file"; filename="a.png"', { name: 'file', fileName: 'a.png' }],
    ['form-data; name=file; filename=a.png', { name: 'file', fileName: 'a.png' }],
    ['FORM-DATA; FileName="a.png"; Name="file"', { name: 'file', fileName: 'a.png' }],
    ['form-data; name="file"; filename="a\\"b%22c.png"', { name: 'file', fileName: 'a"b"c.png' }],
    ['form-data; name="file"; filename="C:\\film.png"', { name: 'file', fileName: 'C:\\film.png' }],
    ['form-data; name="file"; filename=""', { name: 'file', fileName: '' }],
    ['form-data; filename="; name=x"; name="file"', { name: 'file', fileName: '; name=x' }],
    ['form-data; name="note"', { name: 'note' }],
  ])('understands %s', (disposition, names) => {
    expect(fileOf(`${part(disposition, 'pixels')}--b--`)).toEqual({ ...names, bytes: 'pixels' });
  });

  it.each(['', 'a\r\n', '\r\n\r\n', 'x\r\n--bc', '--b', 'x\r\n--b-', '\r\n--b x'])(
    'keeps %j as content',
    (content) => {
      expect(fileOf(`${part('form-data; name="file"', content)}--b--\r\n`)?.bytes).toBe(content);
    },
  );

  it('ignores what stands before the first and after the last boundary', () => {
    const body = `preamble\r\n${part('form-data; name="file"', 'pixels')}--b-- \r\nepilogue\r\n--b\r\n`;
    expect(fileOf(body)?.bytes).toBe('pixels');
  });

  it.each([
    ['an empty body', ''],
    ['another boundary', '--c\r\n\r\n\r\n--c--'],
    ['a body that is cut in a file', part('form-data; name="file"', 'pixels').slice(0, -8)],
    ['a body without its last boundary', part('form-data; name="file"', 'pixels')],
    ['headers without an end', '--b\r\nContent-Disposition: form-data; name="file"\r\n--b--'],
    ['headers without end, at length', `--b\r\nX: ${'x'.repeat(9000)}\r\n\r\n\r\n--b--`],
    ['a part without a name', `${part('form-data', 'pixels')}--b--`],
    ['a part of another kind', `${part('attachment; name="file"', 'pixels')}--b--`],
    ['very many parts', `${part('form-data; name="file"', '').repeat(17)}--b--`],
  ])('refuses %s', (_what, body) => {
    expect(() => parseMultipart(bytes(body), 'b')).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});

describe('boundaryOf', () => {
  it.each([
    'multipart/form-data; boundary=b',
    'Multipart/Form-Data;charset=utf-8; boundary="b"',
    'multipart/form-data;boundary=b;x=y',
  ])('finds it in %s', (type) => expect(boundaryOf(type)).toBe('b'));

  it.each([
    '',
    'application/json',
    'multipart/mixed; boundary=b',
    'multipart/form-data',
    `multipart/form-data; boundary=${'b'.repeat(71)}`,
  ])('refuses “%s”', (type) =>
    expect(() => boundaryOf(type)).toThrow(expect.objectContaining({ code: 'request.invalid' })),
  );
});
