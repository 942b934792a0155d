/** What the browser says of the room on this device; undefined where it does not say. */
export interface StorageFacts {
  readonly usageBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** True: the browser deletes nothing of its own accord. */
  readonly persisted: boolean | undefined;
}

/** Absent on a page without a secure origin, whatever the types say. */
function storage(): Partial<StorageManager> {
  return (navigator as { storage?: StorageManager }).storage ?? {};
}

export async function readStorageFacts(): Promise<StorageFacts> {
  const estimate = await orUndefined(() => storage().estimate?.());
  return {
    usageBytes: estimate?.usage,
    quotaBytes: estimate?.quota,
    persisted: await orUndefined(() => storage().persisted?.()),
  };
}

/** Whether the browser promised to delete nothing of its own accord. Some ask the person, some decide silently. */
export async function askToPersist(): Promise<boolean> {
  return (await orUndefined(() => storage().persist?.())) ?? false;
}

async function orUndefined<Value>(ask: () => Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
