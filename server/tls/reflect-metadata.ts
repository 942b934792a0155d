/**
 * The three functions of the abandoned decorator metadata proposal that @peculiar/x509's injector calls when it is loaded.
 * Load this before that. Only `npx fieldray tls` does, so no other program sees a changed `Reflect`.
 */

const kept = new WeakMap<object, Map<unknown, unknown>>();

function get(key: unknown, target: object): unknown {
  return kept.get(target)?.get(key);
}

function define(key: unknown, value: unknown, target: object): void {
  const own = kept.get(target) ?? new Map<unknown, unknown>();
  kept.set(target, own.set(key, value));
}

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getMetadata: get, getOwnMetadata: get, defineMetadata: define });
}
