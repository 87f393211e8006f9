package dev.culvert.lab.matrix;

/** How the page looks: light, dark and on paper. */
final class MatrixStyle {
  /** The style sheet; every pair of colours has a contrast of 4.5 or more. */
  static final String CSS =
      """
      :root {
        --paper: #fff; --ink: #1c2329; --soft: #55606b; --line: #d4dae0; --panel: #f4f6f8;
        --good: #dcf1e4; --good-ink: #0b5a31; --bad: #fbe3df; --bad-ink: #8c2315;
        --other: #e4ebf5; --other-ink: #274a7c; --alarm: #b3261e;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #14181c; --ink: #e6eaee; --soft: #a3aeb8; --line: #343c44; --panel: #1d2328;
          --good: #123d27; --good-ink: #9fe3bd; --bad: #4a1d17; --bad-ink: #ffb9ad;
          --other: #1e3352; --other-ink: #b5cff5; --alarm: #ff8a7d;
        }
      }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
      main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
      h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
      h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
      h3 { font-size: 1rem; margin: 0 0 .5rem; }
      header p { max-width: 46rem; color: var(--soft); }
      code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85em;
        overflow-wrap: anywhere; }
      .sum { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0; }
      .sum div { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem;
        padding: .5rem 1rem; display: flex; flex-direction: column-reverse; }
      .sum dt { color: var(--soft); font-size: .85rem; }
      .sum dd { margin: 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; }
      .scroll { overflow-x: auto; }
      table { border-collapse: separate; border-spacing: 2px; }
      caption { text-align: left; color: var(--soft); font-size: .9rem; padding-bottom: .5rem; }
      .grid th { font-weight: 600; font-size: .85rem; }
      .grid thead th { vertical-align: bottom; padding: .25rem; }
      .grid thead th span { writing-mode: vertical-rl; transform: rotate(180deg);
        white-space: nowrap; }
      .grid tbody th { text-align: right; padding-right: .6rem; white-space: nowrap;
        position: sticky; left: 0; background: var(--paper); }
      .grid td { min-width: 3.6rem; height: 2.4rem; text-align: center; border-radius: .25rem;
        padding: 0; }
      .grid td a { display: flex; flex-direction: column; justify-content: center; height: 100%;
        position: relative; color: inherit; text-decoration: none; line-height: 1.15; }
      .grid td a:hover, .grid td a:focus-visible { outline: 2px solid currentColor;
        border-radius: .25rem; }
      .word { font-size: .75rem; }
      .flag { position: absolute; top: 1px; right: 5px; font-weight: 700; font-size: .8rem; }
      .direct { background: var(--good); color: var(--good-ink); }
      .unreachable, .fault { background: var(--bad); color: var(--bad-ink); }
      .other, .none { background: var(--other); color: var(--other-ink); }
      .unexpected { outline: 2px solid var(--alarm); outline-offset: -2px; }
      .legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; }
      .key { display: inline-block; min-width: 2rem; text-align: center; padding: .1rem .5rem;
        border-radius: .25rem; font-size: .85rem; }
      .list { border-spacing: 0; font-size: .92rem; }
      .list th, .list td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0;
        border-bottom: 1px solid var(--line); }
      .list tbody th { white-space: nowrap; }
      article { background: var(--panel); color: var(--ink); border: 1px solid var(--line);
        border-left: .4rem solid var(--line); border-radius: .4rem; padding: .8rem 1rem;
        margin: .6rem 0; break-inside: avoid; }
      article.direct { background: var(--panel); color: var(--ink);
        border-left-color: var(--good-ink); }
      article.unreachable, article.fault { background: var(--panel); color: var(--ink);
        border-left-color: var(--bad-ink); }
      article.other { background: var(--panel); color: var(--ink);
        border-left-color: var(--other-ink); }
      article:target { outline: 2px solid var(--other-ink); }
      article .word { font-weight: 400; color: var(--soft); font-size: .9rem; }
      article dl { margin: 0; font-size: .9rem; }
      article dl div { display: grid; grid-template-columns: 5rem 1fr; gap: .5rem; }
      article dt { color: var(--soft); }
      article dd { margin: 0; overflow-wrap: anywhere; }
      pre { overflow-x: auto; font-size: .8rem; line-height: 1.4; }
      footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
      @media print {
        main { max-width: none; padding: 0; }
        .grid td, .key, .sum div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .grid td { min-width: 0; border: 1px solid #999; }
        .scroll { overflow: visible; }
      }
      """;

  private MatrixStyle() {}
}
