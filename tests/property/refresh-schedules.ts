import { accountsHub, goodPassword } from '../hub/accounts-hub.ts';
import { Dice } from './dice.ts';

/**
 * One random life of a session: five tabs that share a cookie, a network that loses requests and answers, and sometimes a
 * thief who copied the cookie. Everything follows from the seed; time is a number.
 */

export interface ScheduleOutcome {
  /** What happened, for the report of a failure. */
  readonly events: readonly string[];
  readonly violation?: string;
  readonly counts: Readonly<Record<Occurrence, number>>;
}

export type Occurrence =
  | 'refreshes'
  | 'lostRequests'
  | 'lostAnswers'
  | 'tabsAtOnce'
  | 'thefts'
  | 'seenAtTheThief'
  | 'seenAtTheOwner';

const tabs = 5;
/** A tab asks again when no answer has come; all its attempts lie within the 30 seconds of grace. */
const waitsMs = [3000, 5000, 7000, 9000];

type Refresh = { readonly token: string } | { readonly code: string };

export async function runSchedule(seed: number): Promise<ScheduleOutcome> {
  const dice = new Dice(seed);
  const hub = accountsHub();
  const { sessions } = hub.accounts;
  const email = 'ada@example.org';
  await hub.accounts.clinics.found('Clinic', { email, password: goodPassword, role: 'doctor' });
  const signIn = await sessions.login({ email, password: goodPassword, client: 'page' }, undefined);

  const events: string[] = [];
  const counts: Record<Occurrence, number> = {
    refreshes: 0,
    lostRequests: 0,
    lostAnswers: 0,
    tabsAtOnce: 0,
    thefts: 0,
    seenAtTheThief: 0,
    seenAtTheOwner: 0,
  };
  /** What the browser holds, and what the thief holds. */
  let cookie = signIn.refreshToken;
  let loot: string | undefined;
  let thiefUsedIt = false;
  let violation: string | undefined;
  const complain = (text: string): void => void (violation ??= text);

  const present = async (token: string): Promise<Refresh> => {
    try {
      return { token: (await sessions.refresh(token, undefined)).refreshToken };
    } catch (error) {
      return { code: (error as { code?: string }).code ?? String(error) };
    }
  };

  /** Some tabs at the same moment, each with its own luck. @returns whether one of them was signed out */
  async function ownerRefreshes(): Promise<boolean> {
    const asking = dice.chance(0.3) ? dice.int(2, tabs) : 1;
    if (asking > 1) counts.tabsAtOnce += 1;
    let waiting = asking;
    for (const [attempt, waitMs] of waitsMs.entries()) {
      const presented = cookie;
      const isLast = attempt === waitsMs.length - 1;
      const fates = Array.from({ length: waiting }, () => (isLast ? 'arrives' : dice.pick(fatesOfRequests)));
      const answers = await Promise.all(
        fates.map(async (fate) => (fate === 'request lost' ? undefined : present(presented))),
      );
      for (const [index, fate] of fates.entries()) {
        const answer = answers[index];
        events.push(`a tab presents ${short(presented)}: ${fate} ${JSON.stringify(answer ?? '')}`);
        counts.refreshes += 1;
        if (fate === 'request lost') counts.lostRequests += 1;
        if (fate === 'answer lost') counts.lostAnswers += 1;
        if (fate !== 'arrives' || answer === undefined) continue;
        waiting -= 1;
        if ('code' in answer) return true;
        cookie = answer.token;
      }
      if (waiting === 0) return false;
      hub.clock.pass(waitMs);
    }
    return false;
  }

  async function thiefRefreshes(): Promise<boolean> {
    const answer = await present(loot!);
    thiefUsedIt = true;
    events.push(`the thief presents ${short(loot!)}: ${JSON.stringify(answer)}`);
    if ('code' in answer) return true;
    loot = answer.token;
    return false;
  }

  const hasThief = dice.chance(0.6);
  const steps = dice.int(4, 20);
  const theftAt = dice.int(0, steps - 1);
  let isOver = false;
  for (let step = 0; step < steps && !isOver; step++) {
    const passedMs = dice.pick([0, 500, 10_000, 29_000, 31_000, 600_000, 3_600_000, 86_400_000]);
    hub.clock.pass(passedMs);
    events.push(`${passedMs / 1000} s pass`);
    if (hasThief && step === theftAt) {
      loot = cookie;
      counts.thefts += 1;
      events.push(`the thief copies ${short(cookie)}`);
    }
    if (loot !== undefined && dice.chance(0.4)) {
      isOver = await thiefRefreshes();
      if (isOver) counts.seenAtTheThief += 1;
    } else {
      isOver = await ownerRefreshes();
      if (isOver && !thiefUsedIt) complain('the owner was signed out without a theft');
      if (isOver && thiefUsedIt) counts.seenAtTheOwner += 1;
    }
  }

  // Both go on, neither within the other's grace: after two rounds one of them must have shown an old token.
  for (let round = 0; round < 2 && !isOver && loot !== undefined; round++) {
    hub.clock.pass(40_000);
    isOver = await thiefRefreshes();
    if (isOver) counts.seenAtTheThief += 1;
    hub.clock.pass(40_000);
    if (isOver) break;
    isOver = await ownerRefreshes();
    if (isOver) counts.seenAtTheOwner += 1;
  }

  hub.clock.pass(40_000);
  const last = { owner: await present(cookie), thief: loot === undefined ? undefined : await present(loot) };
  events.push(`at the end ${JSON.stringify(last)}`);
  if (loot === undefined && 'code' in last.owner) complain('the owner was signed out without a theft');
  if (loot !== undefined && 'token' in last.owner) complain('the session goes on after a theft');
  if (last.thief !== undefined && 'token' in last.thief) complain('the thief goes on');
  if (loot !== undefined && (await sessions.authenticate(signIn.accessToken)) !== undefined) {
    complain('an access token counts after a theft');
  }
  return { events, counts, ...(violation !== undefined && { violation }) };
}

const fatesOfRequests = ['arrives', 'arrives', 'request lost', 'answer lost'] as const;

const short = (token: string): string => token.split('.').slice(1).join('.').slice(0, 8);

/** Runs seeds one after the other; the message of a failure is enough to repeat it. */
export async function runSchedules(first: number, count: number): Promise<Record<Occurrence, number>> {
  const sums: Partial<Record<Occurrence, number>> = {};
  for (let seed = first; seed < first + count; seed++) {
    const { violation, events, counts } = await runSchedule(seed);
    if (violation !== undefined) throw new Error(`seed ${seed}: ${violation}\n${events.join('\n')}`);
    for (const [name, times] of Object.entries(counts) as [Occurrence, number][]) {
      sums[name] = (sums[name] ?? 0) + times;
    }
  }
  return sums as Record<Occurrence, number>;
}
