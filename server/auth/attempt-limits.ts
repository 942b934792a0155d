import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../shared/kernel/errors.ts';

/**
 * Guessing is made slow: by who is guessed at and from where. One address may not lock a person out elsewhere: the narrow
 * limit is for both together, and the account alone has a wide one.
 */
export interface AttemptLimits {
  /**
   * Counts one attempt, before it costs anything.
   * @param account a blind index or an id, undefined where nobody in particular is meant
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
      if (network !== undefined) await consume(byAddress, network);
      if (account === undefined) return 'counted';
      const pair = await consume(byPair, `${account} ${network ?? ''}`);
      const { remainingPoints } = await consume(byAccount, account);
      return Math.min(pair.remainingPoints, remainingPoints) === 0 ? 'locked' : 'counted';
    },
    async forgive(account, from) {
      const network = from === undefined ? '' : networkOf(from);
      await byPair.delete(`${account} ${network}`);
      await byAccount.reward(account, 1);
    },
  };
}
