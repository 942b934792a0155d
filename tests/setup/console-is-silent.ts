import { afterEach, beforeEach, expect, vi } from 'vitest';

/** A test that prints to the console fails: what it wanted to say belongs into an assertion. */
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;

beforeEach(() => {
  for (const method of methods) vi.spyOn(console, method).mockImplementation(() => undefined);
});

afterEach(() => {
  for (const method of methods)
    expect(console[method], `console.${method} was called`).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
