/** The page of the local issuer: a name and a password, or what is wrong. It says that it is the local one. */

export interface SignInView {
  /** Where the form goes; without it there is none. */
  readonly action?: string;
  readonly problem?: string;
}

/** The whole document. */
export function signInPage({ action, problem }: SignInView): string {
  const form = `<form method="post" action="${escaped(action ?? '')}">
<label>Name <input name="username" autocomplete="username" required autofocus></label>
<label>One-time password <input name="password" type="password" autocomplete="one-time-code" required></label>
<button>Sign in</button></form>
<p>The terminal that runs the stack shows both. Another sign-in: <code>npx filmroom staff sign-in</code></p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in (local)</title>
<meta name="viewport" content="width=device-width"><style>
body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}
label{display:block;margin:0 0 1rem}input,button{font:inherit;box-sizing:border-box;width:100%;padding:.5rem}
</style></head><body><main><h1>Sign in</h1><p>The issuer of this machine: it stands in for the user pool.</p>
${problem === undefined ? '' : `<p role="alert"><strong>${escaped(problem)}</strong></p>`}
${action === undefined ? '' : form}</main></body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
