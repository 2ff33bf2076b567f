/// How the page looks: in light and dark, narrow and wide, on paper, and without colour.
extension HTMLPage {
  static let style = """
    :root { color-scheme: light dark; --ground: #fff; --raised: #f4f5f7; --text: #1b1f24; --soft: #545d68; --line: #d3d8de;
      --link: #0b57a4; --error: #b3261e; --warning: #8a5300; --info: #33607f; --box: #c9daea; --medicare: #6b2fa0; }
    @media (prefers-color-scheme: dark) { :root { --ground: #14171b; --raised: #1e2329; --text: #e8eaed; --soft: #a5afba;
      --line: #39414a; --link: #85b9f2; --error: #ff8a80; --warning: #f0b35a; --info: #8ec3e6; --box: #2f4a63; --medicare: #d0a8f5; } }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 1rem; }
    body { margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 96rem; background: var(--ground); color: var(--text);
      font: 0.9375rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
    h1 { font-size: 1.6rem; margin: 0 0 0.25rem; }
    h2 { font-size: 1.15rem; margin: 2rem 0 0.25rem; }
    h3 { font-size: 1rem; margin: 1.25rem 0 0.25rem; }
    p { margin: 0.25rem 0; }
    a { color: var(--link); }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { position: static; }
    .patterns { position: absolute; }
    .lead { font-size: 1.125rem; }
    .facts, .note, small { color: var(--soft); }
    .facts, .note { max-width: 60rem; font-size: 0.875rem; }
    small { display: block; font-size: 0.8125rem; }
    small:empty { display: none; }
    .alert { border: 1px solid var(--error); border-left-width: 0.4rem; padding: 0.5rem 0.75rem; margin: 0.75rem 0; max-width: 60rem; }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.75rem 0 0; padding: 0.5rem 0; border: solid var(--line);
      border-width: 1px 0; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.75rem; margin: 0.5rem 0 0; }
    .cards div { background: var(--raised); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.6rem 0.8rem; }
    .cards dt { color: var(--soft); }
    .cards dd { margin: 0; color: var(--soft); font-size: 0.8125rem; }
    .cards .value { color: var(--text); font-size: 1.25rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(44rem, 100%), 1fr)); gap: 0 2.5rem; align-items: start; }
    .charts section { min-width: 0; }
    #by-rule { grid-column: 1 / -1; }
    #by-rule tbody th { width: 40%; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); font-weight: normal; }
    thead th { color: var(--soft); vertical-align: bottom; border-bottom-color: var(--soft); white-space: nowrap; }
    thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
    thead button:hover { text-decoration: underline; }
    th[aria-sort=ascending] button::after { content: " ▲"; }
    th[aria-sort=descending] button::after { content: " ▼"; }
    tbody tr:hover { background: var(--raised); }
    .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .date { white-space: nowrap; }
    .id, .where { overflow-wrap: anywhere; }
    bdi { unicode-bidi: isolate; }
    .chart { min-width: 32rem; }
    .chart th, .chart td { padding-left: 0.35rem; padding-right: 0.35rem; }
    .plot { min-width: 58rem; }
    .chart td, .chart tbody th { vertical-align: middle; }
    .chart tbody th { width: 8rem; min-width: 7rem; overflow-wrap: break-word; }
    .chart .bar { width: 32%; min-width: 6rem; }
    .plot .bar { width: 36%; min-width: 14rem; }
    .plot td, .plot tbody th { vertical-align: middle; }
    .plot thead th:last-child { white-space: normal; }
    svg { display: block; overflow: visible; }
    .bar rect.error { fill: var(--error); }
    .bar rect.warning { fill: url(#hatch); stroke: var(--warning); }
    .bar rect.info { fill: var(--ground); stroke: var(--info); }
    .hatch-ground { fill: var(--ground); }
    .hatch-line { fill: var(--warning); }
    th i { width: 0.7rem; height: 0.7rem; border: 1px solid; display: inline-block; margin-right: 0.3rem; }
    th .error { background: var(--error); border-color: var(--error); }
    th .warning { border-color: var(--warning); background: repeating-linear-gradient(135deg, var(--warning) 0 2px, transparent 2px 4px); }
    th .info { border-color: var(--info); }
    .plot text { fill: var(--soft); font-size: 0.75rem; }
    .plot .beyond { text-anchor: end; fill: var(--text); font-size: 1rem; }
    .tick { stroke: var(--line); }
    .whisker { stroke: var(--text); }
    .box { fill: var(--box); stroke: var(--text); }
    .median { stroke: var(--text); stroke-width: 3; }
    .greatest { fill: var(--ground); stroke: var(--text); }
    .medicare { stroke: var(--medicare); stroke-width: 2; stroke-dasharray: 4 3; }
    .severity { display: inline-block; border: 1px solid; border-radius: 0.25rem; padding: 0 0.35rem; white-space: nowrap; }
    .severity.error { color: var(--ground); background: var(--error); border-color: var(--error); font-weight: 600; }
    .severity.warning { color: var(--warning); border-style: dashed; }
    .severity.info { color: var(--info); border-color: transparent; }
    .findings { margin-top: 0.5rem; }
    .findings .text { min-width: 16rem; overflow-wrap: anywhere; }
    .findings .where { min-width: 15rem; max-width: 18rem; }
    .findings td:nth-child(2) { white-space: nowrap; }
    .findings td:nth-child(3) { min-width: 6.5rem; }
    .tools input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 0.25rem; padding: 0.25rem 0.5rem;
      width: min(20rem, 60vw); }
    details { border-bottom: 1px solid var(--line); padding: 0.35rem 0; max-width: 70rem; }
    summary { cursor: pointer; }
    .count { color: var(--soft); white-space: nowrap; }
    .rule { padding: 0.25rem 0 0.5rem 1.1rem; }
    .rule dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0 0; }
    .rule dt { color: var(--soft); }
    .rule dd { margin: 0; }
    @media screen and (max-width: 52rem) {
      .chart tbody th, .plot tbody th { position: sticky; left: 0; background: var(--ground); z-index: 1; }
      #by-rule tbody th { width: auto; min-width: 10rem; }
      table.rows.findings, .findings tbody, .findings tr, .findings td { display: block; width: auto; }
      .findings td, .findings .where { min-width: 0; max-width: none; }
      .findings thead { display: none; }
      .findings tr { border-bottom: 1px solid var(--soft); padding: 0.5rem 0; }
      .findings td { border: 0; padding: 0.1rem 0; text-align: left; }
      .findings td:nth-child(-n+2), .findings td:nth-child(4), .findings td:nth-child(5) { display: inline-block; margin-right: 0.75rem; }
      .findings td:nth-child(7)::before { content: "At risk: $"; color: var(--soft); }
    }
    @media print {
      :root { color-scheme: light; --ground: #fff; --raised: #fff; --text: #000; --soft: #333; --line: #999; --link: #000; --error: #b3261e;
        --warning: #8a5300; --info: #33607f; --box: #c9daea; --medicare: #6b2fa0; }
      @page { margin: 14mm 12mm; }
      body { padding: 0; max-width: none; font-size: 9pt; }
      table { font-size: 8pt; }
      small, .cards dd { font-size: 7.5pt; }
      .facts, .note { font-size: 8.5pt; }
      thead { display: table-header-group; }
      .findings .where { width: 22%; min-width: 0; }
      .findings .text { width: 40%; }
      /* As boxes of their own they are missing where a page repeats the head. */
      thead button { display: contents; }
      details::details-content { content-visibility: visible; }
      .findings td:nth-child(3) { min-width: 20mm; }
      nav, .tools, .skip { display: none !important; }
      .charts { display: block; }
      .scroll { overflow: visible; }
      .chart, .plot, .findings .text, .chart .bar, .plot .bar { min-width: 0; }
      .plot .bar { width: 25%; }
      th, td { padding: 0.15rem 0.25rem; }
      tr, .cards div, details { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      .bar, .bar *, .severity, th i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      a { text-decoration: none; }
    }
    """
}
