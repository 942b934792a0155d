import { text } from 'node:stream/consumers';
import { RoleName } from '../../../shared/api/auth.ts';
import type { Role } from '../../../shared/api/endpoint.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { OperatorAnswer, OperatorCommand } from '../../operator/operator-api.ts';
import { carryOut } from '../carry-out.ts';
import { exitStatus } from '../exit-status.ts';
import { parseCommand } from '../parse-command.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';

export const usersUsage = `npx fieldray users add EMAIL --role user|doctor|admin --password-stdin [--clinic NAME] [--new-clinic]
npx fieldray users list
npx fieldray users approve EMAIL [--role user|doctor|admin]
npx fieldray users set-role EMAIL --role user|doctor|admin
npx fieldray users set-password EMAIL --password-stdin
npx fieldray users disable EMAIL
npx fieldray users enable EMAIL

The accounts of the hub whose records lie in DATA_DIR (default ./data). A running hub carries the command out;
where none runs, the command opens the records itself.

  --role ROLE        what the account may do: user reads X-rays, doctor also signs reviews, admin also manages
  --password-stdin   the password is the first line of the input: printf '%s' "$PASSWORD" | npx fieldray …
  --clinic NAME      the clinic, where there is more than one; the first one is made by this
  --new-clinic       makes another clinic

Ends with 0 when it was done, 1 when not.
`;

const mostInput = 1024;

async function passwordFrom(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const [line = ''] = (await text(input)).slice(0, mostInput).split(/\r?\n/);
  if (line === '') throw new AppError('usage.invalid', 'the input holds no password');
  return line;
}

function roleFrom(given: string | undefined, fallback?: Role): Role {
  const role = RoleName.safeParse(given ?? fallback);
  if (!role.success) throw new AppError('usage.invalid', '--role takes user, doctor or admin');
  return role.data;
}

function lines({ users }: OperatorAnswer): string {
  const width = Math.max(...users.map(({ email }) => email.length), 0);
  return users
    .map(({ email, role, status, clinic }) =>
      printable(`${email.padEnd(width)}  ${role.padEnd(6)}  ${status.padEnd(8)}  ${clinic}`),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** `npx fieldray users …`: accounts from the hub's own terminal. */
export async function usersCommand(
  args: readonly string[],
  terminal: Terminal,
  input: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<number> {
  const { values, positionals } = parseCommand(args, {
    role: { type: 'string' },
    clinic: { type: 'string' },
    'new-clinic': { type: 'boolean', default: false },
    'password-stdin': { type: 'boolean', default: false },
  });
  const [what = '', email, ...rest] = positionals;
  if (rest.length > 0 || (email === undefined) !== (what === 'list')) {
    throw new AppError('usage.invalid', 'name one account; "users list" takes none');
  }
  const command = await commandFor(what, email ?? '', values, input);
  terminal.out(lines(await carryOut(command, terminal)));
  return exitStatus.ok;
}

async function commandFor(
  what: string,
  email: string,
  values: {
    readonly role?: string;
    readonly clinic?: string;
    readonly 'new-clinic': boolean;
    readonly 'password-stdin': boolean;
  },
  input: AsyncIterable<Uint8Array | string>,
): Promise<OperatorCommand> {
  switch (what) {
    case 'add': {
      // A password among the arguments would stand in the list of processes and in the shell's history.
      if (!values['password-stdin']) throw new AppError('usage.invalid', 'add takes --password-stdin');
      const role = roleFrom(values.role);
      const clinic = values.clinic === undefined ? {} : { clinic: values.clinic };
      const password = await passwordFrom(input);
      return { do: 'add', email, password, role, newClinic: values['new-clinic'], ...clinic };
    }
    case 'list':
      return { do: 'list' };
    case 'approve':
      return { do: 'approve', email, role: roleFrom(values.role, 'user') };
    case 'set-role':
      return { do: 'set-role', email, role: roleFrom(values.role) };
    case 'set-password': {
      if (!values['password-stdin'])
        throw new AppError('usage.invalid', 'set-password takes --password-stdin');
      return { do: 'set-password', email, password: await passwordFrom(input) };
    }
    case 'disable':
    case 'enable':
      return { do: what, email };
    default:
      throw new AppError('usage.invalid', `there is no command "users ${what}"`);
  }
}
