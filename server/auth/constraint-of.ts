/** Which rule of the schema refused a write; drivers tell by their message alone, some of them in a cause. */
export function constraintOf(thrown: unknown): 'email' | 'last-admin' | 'setup' | 'password' | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error.message.includes('users.email_index')) return 'email';
    if (error.message.includes('last-admin')) return 'last-admin';
    if (error.message.includes('setup.id')) return 'setup';
    if (/sessions\.user|users\.password_hash/.test(error.message)) return 'password';
  }
  return undefined;
}
