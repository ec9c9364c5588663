/** The look of the report's page, on a screen and on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1d21, #e6e8ea); --dim: light-dark(#5c6670, #9aa4ae);
  --paper: light-dark(#ffffff, #15181b); --line: light-dark(#d9dee3, #31373d);
  --indexed: #2c7a5b; --duplicate: #7fae9b; --ignored: #aab2ba; --quarantined: #c4572b; --pending: #d9a520; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
header p, footer { color: var(--dim); margin: 0; font-size: .87rem; }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 600; margin: .15rem 0 .25rem; }
h2 { font-size: 1rem; font-weight: 600; margin: 2rem 0 .4rem; break-after: avoid; }
code { font: .87em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.bar { display: flex; gap: 2px; height: .8rem; margin-top: 1.5rem; }
.bar span { min-width: 3px; border-radius: 2px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.indexed { background: var(--indexed); } .duplicate { background: var(--duplicate); }
.ignored { background: var(--ignored); } .quarantined { background: var(--quarantined); }
.pending { background: var(--pending); }
.tables { display: flex; flex-wrap: wrap; gap: 0 3rem; }
.tables section { flex: 1 1 18rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { font-weight: 500; color: var(--dim); font-size: .87rem; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.uid { font: .8em/1.9 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
td i { display: inline-block; width: .6rem; height: .6rem; border-radius: 2px; margin-right: .5rem;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.wide { overflow-x: auto; }
tfoot td { font-weight: 600; border-bottom: 0; }
tr { break-inside: avoid; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media print { :root { color-scheme: light; } body { padding: 0; max-width: none; font-size: 10pt; }
  @page { margin: 15mm; } }
`;
