import type { Context } from 'hono';
import type { z } from 'zod';
import type { Endpoint } from '../../shared/api/endpoint.ts';
import type { AppEnv, SignedIn } from '../deps.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type SchemaOf<Row, Part extends 'body' | 'params' | 'query'> = Row extends {
  readonly [P in Part]: infer Schema;
}
  ? Parsed<Schema>
  : undefined;

/** What a handler gets: all of it checked against the row of the table before the handler is called. */
export interface HandlerInput<Row extends Endpoint> {
  readonly body: SchemaOf<Row, 'body'>;
  readonly params: SchemaOf<Row, 'params'>;
  readonly query: SchemaOf<Row, 'query'>;
  /** Who asks; undefined where the row is for anyone, whether or not somebody is signed in. */
  readonly member: Row['access'] extends 'anyone' ? undefined : SignedIn;
  /** For cookies, headers and streams. */
  readonly c: Context<AppEnv>;
}

type Answer<Row extends Endpoint> = Row['response'] extends z.ZodType
  ? z.output<Row['response']> | Response
  : Row['response'] extends 'none'
    ? void | Response
    : Response;

/** Gives the value that the row promises, or writes the response itself; with `none` and no response, a 204 is written. */
export type EndpointHandler<Row extends Endpoint> = (
  input: HandlerInput<Row>,
) => Answer<Row> | Promise<Answer<Row>>;

/** One handler for each row: a row without one, or one without a row, is a type error. */
export type HandlersFor<Rows extends readonly Endpoint[]> = {
  readonly [Row in Rows[number] as Row['name']]: EndpointHandler<Row>;
};
