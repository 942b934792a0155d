import { type Failing, firstFailing, type Wanted } from './check-form.ts';
import { tokenOf } from './link-token.ts';
import { type SetupOutcome, sendSetup } from './send-setup.ts';

/** The page behind the link for the first administrator: one form, once. */

function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new TypeError(`the page has no ${id}`);
  return element;
}

const input = (id: string): HTMLInputElement => byId(id, HTMLInputElement);

/** One of the three states of the page; a reader of the screen hears its title. */
function show(id: 'incomplete' | 'begin' | 'done'): void {
  for (const section of document.querySelectorAll<HTMLElement>('.form-screen')) {
    section.hidden = section.id !== id;
  }
  byId(id, HTMLElement).querySelector('h1')?.focus();
}

function values(): Wanted {
  const [clinic, email] = [input('clinic').value.trim(), input('email').value.trim()];
  return { clinic, email, password: input('password').value };
}

function showProblem(sentences: readonly string[], field?: Failing['field']): void {
  const problem = byId('problem', HTMLDivElement);
  const paragraphs = sentences.map((sentence, index) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = sentence;
    if (index === 0) paragraph.className = 'notice-title';
    return paragraph;
  });
  problem.replaceChildren(...paragraphs);
  problem.hidden = sentences.length === 0;
  for (const name of ['clinic', 'email', 'password'] as const) {
    input(name).ariaInvalid = name === field ? 'true' : 'false';
  }
  if (field !== undefined) input(field).focus();
}

function showDone({ email, clinic }: Wanted): void {
  byId('done-email', HTMLElement).textContent = email;
  byId('done-clinic', HTMLElement).textContent = clinic;
  byId('form', HTMLFormElement).reset();
  show('done');
}

function answerWith(outcome: SetupOutcome, wanted: Wanted): void {
  if (outcome.kind === 'done') showDone(wanted);
  else showProblem(outcome.sentences, outcome.field);
}

function begin(token: string): void {
  const form = byId('form', HTMLFormElement);
  const submit = form.querySelector('button')!;
  input('show').addEventListener('change', ({ currentTarget }) => {
    input('password').type = (currentTarget as HTMLInputElement).checked ? 'text' : 'password';
  });

  const send = async (): Promise<void> => {
    const wanted = values();
    const failing = firstFailing(wanted);
    if (failing !== undefined) return showProblem([failing.sentence], failing.field);
    submit.disabled = true;
    try {
      answerWith(await sendSetup({ token, ...wanted }), wanted);
    } finally {
      submit.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!submit.disabled) void send();
  });
  show('begin');
}

const token = tokenOf(location.hash);
if (token !== undefined) {
  // The word that opens the hub stays neither in the address bar nor in the history.
  history.replaceState(null, '', location.pathname);
  begin(token);
} else {
  show('incomplete');
}
