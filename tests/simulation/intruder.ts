import { answerOf, type Ask, questionOf } from './ask.ts';
import { HostileWriter } from './hostile-writer.ts';
import type { HubHost } from './hub-host.ts';
import type { Office, Person } from './office.ts';
import { randomBytes } from './outside.ts';
import { type DeviceKey, Session } from './session.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

interface IntruderParts {
  readonly world: World;
  readonly hub: HubHost;
  readonly office: Office;
  readonly images: readonly string[];
}

/** Somebody with a good account, an enrolled device and bad intentions. */
export async function intrude(parts: IntruderParts, person: Person, isOver: () => boolean): Promise<void> {
  const { world, hub, office, images } = parts;
  const dice = world.dice();
  const writer = new HostileWriter(dice);
  const key: DeviceKey = {
    device: writer.device,
    signer: { publicKey: writer.publicKey, sign: async (message) => writer.sign(message) },
    signNow: (message) => writer.sign(message),
  };
  const session = new Session();
  const ask: Ask = (question) => hub.handle(question);

  async function push(body: unknown): Promise<Record<string, unknown>> {
    for (let tries = 0; tries < 4; tries++) {
      try {
        const { status, json } = answerOf(
          await ask(questionOf('POST', '/sync/push', session.accessToken, body)),
        );
        if (status !== 401 && json['code'] !== 'sync.unknown-device') return json;
        await session.signIn(ask, person, key);
      } catch {
        await world.pause(30_000, 'the intruder waits');
      }
    }
    return {};
  }

  while (!isOver()) {
    await world.pause(dice.int(hourMs, 24 * hourMs), 'the intruder comes');
    const entries = world.rules.order.flatMap((h) => {
      const entry = world.rules.written.get(h);
      return entry === undefined ? [] : [{ h, entry }];
    });
    if (entries.length === 0 || images.length === 0 || isOver()) continue;
    if (dice.chance(0.3)) {
      world.faults.count('malformed push');
      const answer = await push(writer.malformed());
      const isRefused = answer['stored'] === undefined || (answer['stored'] as unknown[]).length === 0;
      world.rules.check('forged entries are never taken', isRefused, () => 'what is no push was taken');
      continue;
    }
    const people = office.people.map(({ id }) => id);
    const { clinic } = office;
    const erased = entries.flatMap(({ h, entry }) => {
      const body = world.rules.said.get(entry.bodyHash ?? '');
      return body !== undefined && world.rules.erasing.has(h) ? [{ entry, body }] : [];
    });
    const targets = { clinic, self: person.id, people, images, entries, erased };
    const { intention, request } = writer.push(targets, world.now);
    world.faults.count('hostile entries');
    world.scheduler.note('intruder', intention);
    const answer = await push({
      ...request,
      epoch: dice.chance(0.5) ? null : Buffer.from(randomBytes(16)).toString('hex'),
    });
    const stored = (answer['stored'] ?? []) as string[];
    const taken = stored.filter((h) => writer.forged.has(h));
    world.rules.check(
      'forged entries are never taken',
      taken.length === 0,
      () => `${intention}: ${taken.join()}`,
    );
    writer.taken(stored);
  }
}
