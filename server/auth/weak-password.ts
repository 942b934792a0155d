import { AppError } from '../../shared/kernel/errors.ts';

// Length before kinds of characters, and a list of what is tried first (NIST SP 800-63B section 3.1.1.2).

const leastLength = 10;
const leastDifferent = 5;

/** What people put a few digits around. */
const favouriteWords = `
  password passwort passw qwerty qwertz azerty asdfgh zxcvbn iloveyou welcome letmein sunshine
  princess football baseball superman dragon monkey administrator admin changeme secret default login
  master michael charlie hospital clinic doctor radiology xray medical health nurse fieldray trustno
  whatever computer internet jesus liverpool chelsea arsenal shadow
`
  .trim()
  .split(/\s+/);

/** Rows of keyboards, the alphabet and the digits: any stretch of them, also backwards. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '!@#$%^&*()',
];
const runs = rows.flatMap((row) => [row, Array.from(row).toReversed().join('')]);

/** Zeros for o and the like do not make a word harder. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('0', 'o')
    .replaceAll('1', 'i')
    .replaceAll('3', 'e')
    .replaceAll('4', 'a')
    .replaceAll('5', 's')
    .replaceAll('@', 'a')
    .replaceAll('$', 's');

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '');

function whyWeak(password: string, email: string): string | undefined {
  const lower = password.normalize('NFKC').toLowerCase();
  const length = Array.from(lower).length;
  if (length < leastLength) return `it needs at least ${leastLength} characters`;
  if (new Set(lower).size < leastDifferent) return 'it repeats a few characters';
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  const names = [local, ...local.split(/[^\p{L}\p{N}]+/u), ...domain.split('.')];
  const rest = names
    .filter((name) => name.length >= 4)
    .reduce((left, name) => left.replaceAll(name, ''), lower);
  if (Array.from(rest).length <= leastLength / 2) return 'it is mostly the address';
  if (runs.some((run) => run.includes(lower))) return 'it is a row of the keyboard';
  const [half] = lower.match(/^(.{1,8}?)\1+$/u)?.slice(1) ?? [];
  if (half !== undefined) return 'it repeats itself';
  const letters = [lettersOf(lower), lettersOf(plain(lower))];
  const isFavourite = letters.some(
    (text) => text === '' || favouriteWords.some((word) => text === word || text === `${word}${word}`),
  );
  // Digits alone are dates and telephone numbers, until they are many.
  if (isFavourite && length < 16) return 'it is among those that are tried first';
  return undefined;
}

/** @throws AppError `account.weak-password`, whose message says what to change and nothing of the password */
export function assertStrongPassword(password: string, email: string): void {
  const why = whyWeak(password, email);
  if (why !== undefined) throw new AppError('account.weak-password', why);
}
