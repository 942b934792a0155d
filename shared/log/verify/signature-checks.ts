/**
 * Signatures are checked beside the reading, many at a time where the platform has threads for it. What follows from one is
 * done when all have come.
 */
export interface SignatureChecks {
  /** `told` gets the outcome in the order of the calls, by `settle`. Waits while too many are under way. */
  add(check: Promise<boolean>, told: (isSound: boolean) => void): Promise<void>;
  settle(): Promise<void>;
}

const mostUnderWay = 256;

export function createSignatureChecks(): SignatureChecks {
  let underWay: Promise<boolean>[] = [];
  const outcomes: { isSound: boolean; told: (isSound: boolean) => void }[] = [];
  let waiting: ((isSound: boolean) => void)[] = [];

  async function drain(): Promise<void> {
    const settled = await Promise.all(underWay);
    settled.forEach((check, index) => outcomes.push({ isSound: check, told: waiting[index]! }));
    underWay = [];
    waiting = [];
  }

  return {
    async add(check, told) {
      underWay.push(check);
      waiting.push(told);
      if (underWay.length >= mostUnderWay) await drain();
    },
    async settle() {
      await drain();
      for (const { isSound, told } of outcomes.splice(0)) told(isSound);
    },
  };
}
