import { useEffect, useState } from 'react';

/** A key that is held down would be read aloud for minutes. */
const pauseMs = 350;

/** The words, once they have stayed the same for a moment. */
export function useSpoken(words: string): string {
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(words), pauseMs);
    return () => clearTimeout(timer);
  }, [words]);
  return spoken;
}
