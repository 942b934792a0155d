import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../shared/kernel/errors.ts';

/**
 * Guessing is made slow: by who is guessed at and from where. One address may not lock a person out elsewhere: the narrow
 * limit is for both together, and the account alone has a wide one. From where the person has signed in before, the wide one
 * does not count: many addresses together may not lock the person out there either.
 */
export interface AttemptLimits {
  /**
   * Counts one attempt, before it costs anything.
   * @param account a blind index or an id; undefined for a stranger, who registers or shows a token that is none
   * @param from the client's address, if it is known
   * @returns `locked` once, for the attempt that uses up what the account had
   * @throws AppError `account.too-many-attempts` with `retryAfterS`
   */
  spend(account: string | undefined, from: string | undefined): Promise<'counted' | 'locked'>;
  /** It was the right person: the account's attempts do not count. */
  forgive(account: string, from: string | undefined): Promise<void>;
}

const pairLimit = { points: 10, duration: 15 * 60 };
const accountLimit = { points: 50, duration: 60 * 60 };
const addressLimit = { points: 100, duration: 15 * 60 };
/** Apart from the one above: whoever registers again and again keeps nobody of the same network from signing in. */
const strangerLimit = { points: 30, duration: 60 * 60 };
/** Of all accounts together; the one that was used longest ago is forgotten. */
const mostKnownPlaces = 5000;

/** Whole networks of IPv6 belong to one client, who would have 2^64 addresses to guess from. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address.replace(/^::ffff:/i, '');
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}

export function createAttemptLimits(): AttemptLimits {
  const byPair = new RateLimiterMemory({ keyPrefix: 'pair', ...pairLimit });
  const byAccount = new RateLimiterMemory({ keyPrefix: 'account', ...accountLimit });
  const byAddress = new RateLimiterMemory({ keyPrefix: 'address', ...addressLimit });
  const byStranger = new RateLimiterMemory({ keyPrefix: 'stranger', ...strangerLimit });
  const knownPlaces = new Set<string>();

  function remember(place: string): void {
    knownPlaces.delete(place);
    knownPlaces.add(place);
    const [oldest] = knownPlaces;
    if (knownPlaces.size > mostKnownPlaces && oldest !== undefined) knownPlaces.delete(oldest);
  }

  async function consume(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes> {
    try {
      return await limiter.consume(key);
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown;
      const retryAfterS = Math.max(1, Math.ceil(thrown.msBeforeNext / 1000));
      throw new AppError('account.too-many-attempts', `again in ${retryAfterS} s`, {
        details: { retryAfterS },
      });
    }
  }

  return {
    async spend(account, from) {
      const network = from === undefined ? undefined : networkOf(from);
      if (account === undefined) {
        if (network !== undefined) await consume(byStranger, network);
        return 'counted';
      }
      if (network !== undefined) await consume(byAddress, network);
      const place = `${account} ${network ?? ''}`;
      const { remainingPoints: here } = await consume(byPair, place);
      if (knownPlaces.has(place)) return here === 0 ? 'locked' : 'counted';
      const { remainingPoints: everywhere } = await consume(byAccount, account);
      return Math.min(here, everywhere) === 0 ? 'locked' : 'counted';
    },
    async forgive(account, from) {
      const place = `${account} ${from === undefined ? '' : networkOf(from)}`;
      await byPair.delete(place);
      if (knownPlaces.has(place)) return remember(place);
      await byAccount.reward(account, 1);
      if (from !== undefined) remember(place);
    },
  };
}
