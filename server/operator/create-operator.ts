import { prettifyError, type z } from 'zod';
import type { User } from '../../shared/api/users.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Accounts, Actor } from '../auth/accounts-api.ts';
import { type Operator, type OperatorBundle, OperatorCommand } from './operator-api.ts';

type Command = z.output<typeof OperatorCommand>;
type Clinic = { readonly id: string; readonly name: string };

const pageSize = 200;

/** Takes a file with a device's records in, which lies on the hub's machine. @throws AppError `bundle.*`, `usage.file-problem` */
export type TakeBundleFile = (path: string) => Promise<OperatorBundle>;

/** The operator's commands, carried out on these accounts. In the log they stand in the name of the hub. */
export function createOperator(
  { users, clinics }: Pick<Accounts, 'users' | 'clinics'>,
  takeBundleFile: TakeBundleFile,
): Operator {
  const at = (clinic: Clinic): Actor => ({ clinic: clinic.id, userId: 'hub' });
  const shown = ({ email, role, status }: User, clinic: string) => ({ email, role, status, clinic });

  async function known(email: string): Promise<{ readonly user: User; readonly clinic: Clinic }> {
    const found = await users.find(email);
    if (found === undefined) throw new AppError('account.unknown', `There is no account ${email}.`);
    return found;
  }

  async function add(command: Extract<Command, { do: 'add' }>) {
    const all = await clinics.list();
    const { clinic: wanted, newClinic, email, password, role } = command;
    const named = all.filter(({ name }) => wanted === undefined || name === wanted);
    if (wanted !== undefined && named.length === 0 && (all.length === 0 || newClinic)) {
      return shown(await clinics.found(wanted, { email, password, role }), wanted);
    }
    const [clinic, ...more] = named;
    if (clinic === undefined || more.length > 0) {
      const names = all.map(({ name }) => `"${name}"`).join(', ');
      const why =
        all.length === 0
          ? 'There is no clinic yet: name the first one with --clinic.'
          : `Say in which clinic, with --clinic: there are ${names}. --new-clinic makes another one.`;
      throw new AppError('usage.invalid', why);
    }
    return shown(await users.add(at(clinic), { email, password, role }), clinic.name);
  }

  async function list() {
    const shownUsers: ReturnType<typeof shown>[] = [];
    for (const clinic of await clinics.list()) {
      let after: string | undefined;
      do {
        const page = await users.list(clinic.id, { after, limit: pageSize });
        shownUsers.push(...page.items.map((user) => shown(user, clinic.name)));
        after = page.next;
      } while (after !== undefined);
    }
    return shownUsers;
  }

  async function change(command: Exclude<Command, { do: 'add' | 'list' | 'take-bundle' }>) {
    const { user, clinic } = await known(command.email);
    const actor = at(clinic);
    switch (command.do) {
      case 'approve':
        return shown(await users.approve(actor, user.id, command.role), clinic.name);
      case 'disable':
        return shown(await users.disable(actor, user.id, undefined), clinic.name);
      case 'enable':
        return shown(await users.enable(actor, user.id), clinic.name);
      case 'set-password':
        return shown(await users.resetPassword(actor, user.id, command.password), clinic.name);
      case 'set-role':
        return shown(await users.setRole(actor, user.id, command.role), clinic.name);
    }
  }

  return {
    async run(input) {
      const parsed = OperatorCommand.safeParse(input);
      if (!parsed.success) throw new AppError('usage.invalid', prettifyError(parsed.error));
      const command = parsed.data;
      if (command.do === 'add') return { users: [await add(command)] };
      if (command.do === 'list') return { users: await list() };
      if (command.do === 'take-bundle') {
        const bundle = await takeBundleFile(command.file);
        return { users: [], bundle: { ...bundle, receipts: command.receipts ? bundle.receipts : [] } };
      }
      return { users: [await change(command)] };
    },
  };
}
