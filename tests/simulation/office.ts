import type { HubHost } from './hub-host.ts';
import { type Answer, answerOf, questionOf, textOf } from './ask.ts';
import type { World } from './world.ts';

export type RoleName = 'user' | 'doctor' | 'admin';

export interface Person {
  readonly id: string;
  readonly email: string;
  role: RoleName;
  disabled: boolean;
}

export const password = 'seven lungs under glass';

/** The clinic's administrator, beside the hub: no network between them, but the hub can die at any moment. */
export class Office {
  readonly #world: World;
  readonly #hub: HubHost;
  #token = '';
  readonly people: Person[] = [];
  clinic = '';
  /** The administrator's own id. */
  self = '';
  rootKey = '';

  constructor(world: World, hub: HubHost) {
    this.#world = world;
    this.#hub = hub;
  }

  /** Founds the clinic, with its first people. */
  async open(count: number): Promise<void> {
    const { setupToken, hubLog } = await this.#hub.ready();
    const email = 'office@clinic.example';
    const request = { token: setupToken, email, password, clinic: 'First clinic' };
    const { json } = await this.#ask('POST', '/auth/setup', request);
    this.self = textOf(json['id']);
    this.clinic = (json['clinic'] as { id: string }).id;
    this.rootKey = hubLog.rootKey();
    for (let number = 1; number <= count; number++) {
      await this.#hire(`person${number}@clinic.example`, number % 3 === 0 ? 'user' : 'doctor');
    }
  }

  async #hire(email: string, role: RoleName): Promise<void> {
    const { json } = await this.ask('POST', '/users', { email, password, role });
    this.people.push({ id: textOf(json['id']), email, role, disabled: false });
  }

  /** Somebody registers, and is let in. */
  async approve(email: string, role: RoleName): Promise<void> {
    const { status } = await this.#ask('POST', '/auth/register', { email, password });
    if (status >= 300) return;
    const { json } = await this.ask('GET', '/users?limit=200');
    const users = (json['users'] ?? []) as { id: string; email: string; status: string }[];
    const waiting = users.find((user) => user.email === email && user.status === 'waiting');
    if (waiting === undefined) return;
    const answer = await this.ask('POST', `/users/${waiting.id}/approve`, { role });
    if (answer.status === 200) this.people.push({ id: waiting.id, email, role, disabled: false });
  }

  async setRole(person: Person, role: RoleName): Promise<void> {
    const { status } = await this.ask('PUT', `/users/${person.id}/role`, { role });
    if (status === 200) person.role = role;
  }

  async disable(person: Person): Promise<void> {
    const { status } = await this.ask('POST', `/users/${person.id}/disable`, {});
    if (status === 200) person.disabled = true;
  }

  async enable(person: Person): Promise<void> {
    const { status } = await this.ask('POST', `/users/${person.id}/enable`);
    if (status === 200) person.disabled = false;
  }

  /** The whole of the clinic's records. */
  async exported(): Promise<Uint8Array> {
    // Signs in again where it must.
    await this.ask('GET', '/auth/me');
    const { text } = await this.#hub.handle(questionOf('GET', '/audit/export', this.#token));
    return new TextEncoder().encode(text);
  }

  async revoke(device: string): Promise<boolean> {
    const { status } = await this.ask('POST', `/devices/${device}/revoke`, {});
    return status === 200;
  }

  /** With the administrator's token, again and again until the hub answers. */
  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    for (;;) {
      const answer = await this.#ask(method, path, body, this.#token);
      if (answer.status !== 401) return answer;
      const credentials = { email: 'office@clinic.example', password, client: 'program' };
      const { json } = await this.#ask('POST', '/auth/login', credentials);
      this.#token = textOf(json['accessToken'] ?? '');
    }
  }

  async #ask(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
    for (;;) {
      try {
        const answer = answerOf(await this.#hub.handle(questionOf(method, path, token, body)));
        if (answer.status < 500) return answer;
      } catch {
        // It died over it, or has not come back.
      }
      await this.#world.pause(5000, 'the office tries again');
    }
  }
}
