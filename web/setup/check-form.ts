/** What the person has written. */
export interface Wanted {
  readonly clinic: string;
  readonly email: string;
  readonly password: string;
}

/** A field, and what to do about it. */
export interface Failing {
  readonly field: keyof Wanted;
  readonly sentence: string;
}

/** The first thing that the hub would refuse anyway, in the order of the form. */
export function firstFailing({ clinic, email, password }: Wanted): Failing | undefined {
  if (clinic === '') return { field: 'clinic', sentence: 'Please write the name of the clinic.' };
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    return { field: 'email', sentence: 'Please write your e-mail address, such as ada@example.org.' };
  }
  if (Array.from(password).length < 10) {
    return { field: 'password', sentence: 'The password needs at least 10 characters.' };
  }
  return undefined;
}
