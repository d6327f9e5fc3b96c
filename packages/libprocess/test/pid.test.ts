import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPid, parsePid } from '../src/index.ts';

it('reads the forms that are seen on the wire', () => {
  expect(parsePid('master@10.0.0.1:5050')).toEqual({ ok: true, value: { id: 'master', ip: '10.0.0.1', port: 5050 } });
  expect(parsePid('slave(1)@127.0.0.1:5051')).toMatchObject({ value: { id: 'slave(1)' } });
  expect(parsePid('scheduler-c6a64641-d9dc@node-1.example:1')).toMatchObject({ value: { ip: 'node-1.example' } });
  expect(parsePid('a@b@127.0.0.1:5050')).toMatchObject({ value: { id: 'a@b' } });
  expect(parsePid('@127.0.0.1:5050')).toMatchObject({ value: { id: '' } });
});

it.each([
  ['', 'id@ip:port'],
  ['master', 'id@ip:port'],
  ['master@127.0.0.1', 'must end in ip:port'],
  ['master@127.0.0.1:', 'port of PID'],
  ['master@127.0.0.1:0', 'port of PID'],
  ['master@127.0.0.1:65536', 'port of PID'],
  ['master@127.0.0.1:+5', 'port of PID'],
  ['master@[::1]:5050', 'host of PID'],
  ['master@:5050', 'host of PID'],
  ['a/b@127.0.0.1:5050', 'id of PID'],
  ['a b@127.0.0.1:5050', 'id of PID'],
  ['a\r\nX: y@127.0.0.1:5050', 'id of PID'],
  ['ü@127.0.0.1:5050', 'id of PID'],
  [`${'a'.repeat(1100)}@127.0.0.1:5050`, 'longer than 1024'],
])('refuses %j and names the part that is wrong', (text, part) => {
  const parsed = parsePid(text);
  expect(parsed.ok ? parsed.value : parsed.error).toContain(part);
});

it('gives back what it was given', () => {
  const id = fc.string({ unit: fc.constantFrom(...'abz09()-_.~!%@#?:'), maxLength: 40 });
  fc.assert(
    fc.property(id, fc.ipV4(), fc.integer({ min: 1, max: 65_535 }), (id, ip, port) => {
      expect(parsePid(formatPid({ id, ip, port }))).toEqual({ ok: true, value: { id, ip, port } });
    }),
  );
});

it('answers anything with a value, never with an exception', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parsePid(text).ok === 'boolean'));
});
