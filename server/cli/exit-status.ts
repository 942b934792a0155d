export const exitStatus = { ok: 0, failed: 1, someRefused: 2, modelFailed: 3 } as const;
