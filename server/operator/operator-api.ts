import { z } from 'zod';
import { ClinicName, Email, Password, RoleName } from '../../shared/api/auth.ts';
import { UserStatus } from '../../shared/api/users.ts';
import { Receipt } from '../../shared/log/checkpoint.ts';
import { DeviceId, Millis, RecordId } from '../../shared/log/names.ts';

/** What the person at the hub's own terminal may ask for: whoever may open the data folder is the operator. */

export const OperatorCommand = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('add'),
    email: Email,
    password: Password,
    role: RoleName,
    /** Needed where there is more than one; it is made where there is none, or where `newClinic` asks for it. */
    clinic: ClinicName.optional(),
    newClinic: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal('list') }),
  z.strictObject({ do: z.literal('approve'), email: Email, role: RoleName }),
  z.strictObject({ do: z.literal('disable'), email: Email }),
  z.strictObject({ do: z.literal('enable'), email: Email }),
  z.strictObject({ do: z.literal('set-password'), email: Email, password: Password }),
  z.strictObject({ do: z.literal('set-role'), email: Email, role: RoleName }),
  z.strictObject({
    do: z.literal('take-bundle'),
    /** Where it lies on the hub's own machine; absolute. */
    file: z.string().min(1).max(4096),
    /** Whether the receipts are wanted. */
    receipts: z.boolean().default(false),
  }),
]);
export type OperatorCommand = z.input<typeof OperatorCommand>;

const Count = z.int().nonnegative();

/** What became of a bundle. */
export const OperatorBundle = z.object({
  clinic: RecordId,
  device: DeviceId,
  madeAt: Millis,
  entries: z.object({ stored: Count, orphans: Count, refused: Count }),
  pictures: z.object({ fresh: Count, known: Count, refused: Count, later: Count }),
  receipts: z.array(Receipt),
});
export type OperatorBundle = z.infer<typeof OperatorBundle>;

export const OperatorAnswer = z.object({
  users: z.array(z.object({ email: z.string(), role: RoleName, status: UserStatus, clinic: z.string() })),
  bundle: OperatorBundle.optional(),
});
export type OperatorAnswer = z.infer<typeof OperatorAnswer>;

/** A hub that takes the operator's commands, in this process or in another. */
export interface Operator {
  /** @throws AppError as the accounts do, `request.invalid` */
  run(command: OperatorCommand): Promise<OperatorAnswer>;
}

/** What goes over the socket when a command fails. */
export const OperatorFailure = z.object({ code: z.string(), message: z.string() });
