/**
 * Signatures are checked beside the reading, many at a time where the platform has threads for it. What follows from one is
 * done when all have come.
 */
export interface SignatureChecks {
  /** `then` is told the outcome in the order of the calls, by `settle`. Waits while too many are under way. */
  add(check: Promise<boolean>, then: (isSound: boolean) => void): Promise<void>;
  settle(): Promise<void>;
}

const mostUnderWay = 256;

export function createSignatureChecks(): SignatureChecks {
  let underWay: Promise<boolean>[] = [];
  const outcomes: { check: boolean; then: (isSound: boolean) => void }[] = [];
  let waiting: ((isSound: boolean) => void)[] = [];

  async function drain(): Promise<void> {
    const settled = await Promise.all(underWay);
    settled.forEach((check, index) => outcomes.push({ check, then: waiting[index]! }));
    underWay = [];
    waiting = [];
  }

  return {
    async add(check, then) {
      underWay.push(check);
      waiting.push(then);
      if (underWay.length >= mostUnderWay) await drain();
    },
    async settle() {
      await drain();
      for (const { check, then } of outcomes.splice(0)) then(check);
    },
  };
}
