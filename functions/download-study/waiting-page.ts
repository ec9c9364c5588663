/** What a browser shows while an archive is prepared. It has no script and no style, and nothing of the study. */

/** The page; the answer's `Refresh` header makes the browser ask again. */
export function waitingPage(done: number, parts: number): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Preparing the download · Filmroom</title>
<h1>The download is being prepared</h1>
<p>It is a large study. The download begins by itself.
<p><progress max="${parts}" value="${done}" aria-label="Prepared"></progress>
</html>
`;
}
