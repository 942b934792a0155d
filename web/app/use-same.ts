import { useState } from 'react';

/** The earlier value as long as the new one says the same: what hangs on it is not done again. Values are JSON. */
export function useSame<Value>(value: Value): Value {
  const [held, setHeld] = useState(value);
  if (held === value) return held;
  if (JSON.stringify(held) === JSON.stringify(value)) return held;
  setHeld(value);
  return value;
}
