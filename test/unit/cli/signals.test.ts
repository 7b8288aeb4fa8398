import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenForStop, type StopSignal } from '../../../src/cli/signals.ts';

type Handler = (signal: NodeJS.Signals) => void;
const handlers = new Map<string, Handler>();
let exits: number[];
let stop: StopSignal;

beforeEach(() => {
  vi.useFakeTimers();
  exits = [];
  // The test runner has handlers of its own: the real signal is the e2e tests' business.
  vi.spyOn(process, 'on').mockImplementation((name, handler) => {
    handlers.set(String(name), handler as Handler);
    return process;
  });
  stop = listenForStop((code) => exits.push(code));
});

afterEach(() => {
  stop.dispose();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const send = (signal: NodeJS.Signals): void => handlers.get(signal)?.(signal);

test('the first signal asks for a drain and forces nothing', async () => {
  expect(stop.isAsked()).toBe(false);
  send('SIGTERM');
  expect(stop.isAsked()).toBe(true);
  await expect(stop.asked).resolves.toBe('SIGTERM');
  vi.advanceTimersByTime(24_999);
  expect(exits).toEqual([]);
});

test('a drain that has not ended after 25 seconds ends the process with 1', () => {
  send('SIGTERM');
  vi.advanceTimersByTime(25_000);
  expect(exits).toEqual([1]);
});

test('a second signal ends the process with 1', () => {
  send('SIGINT');
  send('SIGTERM');
  expect(exits).toEqual([1]);
});

test('Ctrl-C that npm passes on as well is one signal; pressed again later it is two', () => {
  send('SIGINT');
  vi.advanceTimersByTime(50);
  send('SIGINT');
  expect(exits).toEqual([]);
  vi.advanceTimersByTime(400);
  send('SIGINT');
  expect(exits).toEqual([1]);
});

test('after dispose nothing is forced any more', () => {
  send('SIGTERM');
  stop.dispose();
  vi.advanceTimersByTime(60_000);
  expect(exits).toEqual([]);
});
