/// The markup of the page, in the parts it is written in.
///
/// HTML that is also well-formed XML, so that a strict parser can prove that no value ended what it stands in: every element is
/// closed, every attribute quoted, and no entity is used that XML does not know.
extension HTMLPage {
  static var parts: [String] { [head, overview, chartMarkup, benchmarkMarkup, findingsMarkup, rulesMarkup, end] }

  private static var head: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '\(script.hash)'; img-src data:; base-uri 'none'; form-action 'none'"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="referrer" content="no-referrer"/>
    <meta name="generator" content="claimaudit {{version}}"/>
    <title>Claim audit</title>
    <style>
    \(style)
    </style>
    </head>

    """
  }

  private static let overview = """
    <body>
    <a class="skip" href="#main">To the report</a>
    <svg width="0" height="0" aria-hidden="true" focusable="false" class="patterns"><defs>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/><rect width="3" height="6" class="hatch-line"/></pattern>
    </defs></svg>
    <header>
    <h1>Claim audit</h1>
    <p class="lead">{{headline}}</p>
    {{#damage}}
    <p class="alert" role="note"><strong>Not all was read.</strong> {{damage}} See <a href="#files">files</a> and <a href="#issues">issues</a>.</p>
    {{/damage}}
    <p class="facts">claimaudit {{version}} · reported: {{scope}} · rule packs: {{packs}}{{#conditions}} · {{.}}{{/conditions}}</p>
    <p class="facts">This page holds claim numbers and dates of service. It is protected health information.</p>
    <nav aria-label="Sections"><ul>
    <li><a href="#overview">Overview</a></li>
    {{#charts}}
    <li><a href="#by-{{id}}">{{key}}</a></li>
    {{/charts}}
    {{#hasBenchmark}}
    <li><a href="#benchmark">Benchmark</a></li>
    {{/hasBenchmark}}
    <li><a href="#findings">Findings</a></li>
    {{#suppression}}
    <li><a href="#suppressed">Suppressed</a></li>
    {{/suppression}}
    <li><a href="#rules">Rules</a></li>
    <li><a href="#issues">Issues</a></li>
    <li><a href="#files">Files</a></li>
    </ul></nav>
    </header>
    <main id="main">
    <section id="overview" aria-labelledby="overview-title">
    <h2 id="overview-title">Overview</h2>
    <dl class="cards">
    {{#cards}}
    <div><dt>{{name}}</dt><dd class="value">{{value}}</dd><dd>{{note}}</dd></div>
    {{/cards}}
    </dl>
    </section>

    """

  private static let chartMarkup = """
    <div class="charts">
    {{#charts}}
    <section id="by-{{id}}" aria-labelledby="by-{{id}}-title">
    <h2 id="by-{{id}}-title">{{title}}</h2>
    {{#hasNote}}
    <p class="note">{{note}}</p>
    {{/hasNote}}
    {{#isEmpty}}
    <p class="note">None.</p>
    {{/isEmpty}}
    {{^isEmpty}}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="by-{{id}}-title">
    <table class="chart sortable">
    <thead><tr><th scope="col">{{key}}</th><th scope="col" class="plain bar">Findings</th><th scope="col" class="n">All</th><th scope="col" class="n"><i class="error"></i>Errors</th><th scope="col" class="n"><i class="warning"></i>Warnings</th><th scope="col" class="n"><i class="info"></i>Info</th><th scope="col" class="n">Lines</th><th scope="col" class="n">At risk</th></tr></thead>
    <tbody>
    {{#bars}}
    <tr><th scope="row">{{#link}}<a href="#rule-{{link}}">{{name}}</a>{{/link}}{{^link}}<bdi>{{name}}</bdi>{{/link}}<small>{{detail}}</small></th><td class="bar"><svg role="img" width="100%" height="16"><title>{{title}}</title>{{#pieces}}<rect class="{{kind}}" x="{{x}}" width="{{width}}" y="1" height="14"/>{{/pieces}}</svg></td><td class="n">{{total}}</td><td class="n">{{errors}}</td><td class="n">{{warnings}}</td><td class="n">{{infos}}</td><td class="n">{{lines}}</td><td class="n">{{atRisk}}</td></tr>
    {{/bars}}
    </tbody>
    </table>
    </div>
    {{/isEmpty}}
    </section>
    {{/charts}}
    </div>

    """

  private static let benchmarkMarkup = """
    {{#hasBenchmark}}
    <section id="benchmark" aria-labelledby="benchmark-title">
    <h2 id="benchmark-title">Payment benchmark</h2>
    <p class="note">Watched lines by payer, claim type and setting. The box holds the middle half, the bar in it is the median, the thin line runs from the least to the 90th percentile, the ring is the greatest value (an arrow when it is beyond the axis). Fewer than 5 values have no median, fewer than 10 no box. The dashed line is what Medicare pays for the watched procedure in that setting, where the packs say it; a charge is a free price and is no finding by being above it.</p>
    {{#benchmarks}}
    <h3>{{title}}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="{{title}}">
    <table class="plot">
    <thead><tr><th scope="col">Payer</th><th scope="col" class="bar"><svg width="100%" height="16" aria-hidden="true">{{#ticks}}<text x="{{x}}" y="12">{{label}}</text>{{/ticks}}</svg></th><th scope="col" class="n">Lines</th><th scope="col" class="n">Least</th><th scope="col" class="n">p25</th><th scope="col" class="n">Median</th><th scope="col" class="n">p75</th><th scope="col" class="n">p90</th><th scope="col" class="n">Greatest</th><th scope="col" class="n">Medicare</th><th scope="col" class="n">Median ÷ Medicare</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row"><bdi>{{payer}}</bdi><small>{{group}}</small></th><td class="bar"><svg role="img" width="100%" height="30"><title>{{title}}</title>{{#ticks}}<line class="tick" x1="{{x}}" x2="{{x}}" y1="0" y2="30"/>{{/ticks}}<line class="whisker" x1="{{minX}}" x2="{{endX}}" y1="15" y2="15"/><line class="whisker" x1="{{minX}}" x2="{{minX}}" y1="10" y2="20"/><line class="whisker" x1="{{endX}}" x2="{{endX}}" y1="10" y2="20"/>{{#box}}<rect class="box" x="{{x}}" width="{{width}}" y="6" height="18"/>{{/box}}{{#medianX}}<line class="median" x1="{{medianX}}" x2="{{medianX}}" y1="6" y2="24"/>{{/medianX}}{{#isBeyond}}<text class="beyond" x="100%" y="20">▸</text>{{/isBeyond}}{{^isBeyond}}<circle class="greatest" cx="{{maxX}}" cy="15" r="3"/>{{/isBeyond}}{{#medicareX}}<line class="medicare" x1="{{medicareX}}" x2="{{medicareX}}" y1="0" y2="30"/>{{/medicareX}}</svg></td><td class="n">{{count}}</td><td class="n">{{minimum}}</td><td class="n">{{p25}}</td><td class="n">{{median}}</td><td class="n">{{p75}}</td><td class="n">{{p90}}</td><td class="n">{{maximum}}</td><td class="n">{{medicare}}</td><td class="n">{{ratio}}</td></tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{/benchmarks}}
    </section>
    {{/hasBenchmark}}

    """

  private static let findingsMarkup = """
    <section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    <p class="note">{{findingsNote}}</p>
    {{#hasFindings}}
    <p class="tools" hidden="hidden"><label>Filter <input type="search" data-filter="finding-table" autocomplete="off"/></label> <output></output></p>
    <table class="rows findings sortable" id="finding-table">
    <thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col">Claim</th><th scope="col">Payer</th><th scope="col">Date</th><th scope="col">What and what to do</th><th scope="col" class="n">At risk</th><th scope="col">Where</th></tr></thead>
    <tbody>
    {{#findings}}
    <tr><td data-v="{{weight}}"><span class="severity {{severity}}">{{severity}}</span></td><td><a href="#rule-{{rule}}" title="{{title}}">{{rule}}</a></td><td><bdi class="id">{{claim_id}}</bdi><small>line {{line_number}} · <bdi>{{procedure}}</bdi></small></td><td><bdi>{{payer}}</bdi></td><td class="date">{{service_from}}</td><td class="text"><bdi>{{message}}</bdi><small>{{fix}}</small><small class="codes">{{codes}}</small></td><td class="n">{{at_risk}}</td><td class="where"><bdi class="id">{{source_file}}</bdi><small>record {{record}}, byte {{byte_offset}}<br/><bdi>{{element}}</bdi></small></td></tr>
    {{/findings}}
    </tbody>
    </table>
    {{/hasFindings}}
    {{#suppression}}
    <details id="suppressed"><summary><strong>{{title}}</strong></summary>
    <p class="note">{{note}}</p>
    {{#hasRows}}
    <div class="scroll" tabindex="0" role="region" aria-label="{{title}}">
    <table class="rows sortable">
    <thead><tr><th scope="col">Rule</th><th scope="col">Claim</th><th scope="col">Date</th><th scope="col">What</th><th scope="col">Why it is accepted</th><th scope="col">Until</th><th scope="col">Fingerprint</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr><td>{{rule}}<small>{{severity}}</small></td><td><bdi class="id">{{claim_id}}</bdi><small>line {{line_number}}</small></td><td class="date">{{service_from}}</td><td class="text"><bdi>{{message}}</bdi></td><td class="text"><bdi>{{reason}}</bdi><small><bdi>{{owner}}</bdi></small></td><td class="date">{{until}}</td><td class="id">{{fingerprint}}</td></tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{/hasRows}}
    </details>
    {{/suppression}}
    </section>

    """

  private static let rulesMarkup = """
    <section id="rules" aria-labelledby="rules-title">
    <h2 id="rules-title">Rules explained</h2>
    <p class="note">The rules that found something or could not be evaluated, with the codes a payer is likely to answer with.</p>
    {{#rules}}
    <details><summary><strong>{{id}}</strong> {{summary}} <span class="count">{{severity}} · {{findings}}</span></summary>
    <div id="rule-{{id}}" class="rule"><p>{{rationale}}</p>
    <dl><dt>What to do</dt><dd>{{fix}}</dd>{{#hasExamples}}<dt>Flagged</dt><dd>{{flagged}}</dd><dt>Left alone</dt><dd>{{clean}}</dd>{{/hasExamples}}<dt>Expect</dt><dd>{{codes}}</dd><dt>Source</dt><dd>{{source}}</dd></dl></div>
    </details>
    {{/rules}}
    {{^hasRules}}
    <p class="note">None.</p>
    {{/hasRules}}
    <h3>Not evaluated</h3>
    {{#hasNotEvaluated}}
    <p class="note">These rules need something the input does not hold. That they found nothing on those lines says nothing.</p>
    <table class="rows sortable">
    <thead><tr><th scope="col">Rule</th><th scope="col">What it checks</th><th scope="col" class="n">Watched lines</th></tr></thead>
    <tbody>
    {{#notEvaluated}}
    <tr><td>{{rule}}</td><td>{{title}}</td><td class="n">{{lines}}</td></tr>
    {{/notEvaluated}}
    </tbody>
    </table>
    {{/hasNotEvaluated}}
    {{^hasNotEvaluated}}
    <p class="note">Every rule of the run had what it needs.</p>
    {{/hasNotEvaluated}}
    </section>

    """

  private static var end: String {
    """
    <section id="issues" aria-labelledby="issues-title">
    <h2 id="issues-title">Issues of reading</h2>
    <p class="note">{{issuesNote}}</p>
    {{#hasIssues}}
    <table class="rows sortable">
    <thead><tr><th scope="col">Severity</th><th scope="col">Code</th><th scope="col">What</th><th scope="col">Effect</th><th scope="col">Claim</th><th scope="col">Where</th></tr></thead>
    <tbody>
    {{#issues}}
    <tr><td>{{severity}}</td><td>{{code}}</td><td class="text"><bdi>{{message}}</bdi></td><td>{{effect}}</td><td><bdi class="id">{{claim_id}}</bdi></td><td class="where"><bdi class="id">{{source_file}}</bdi><small>record {{record}}, byte {{byte_offset}} <bdi>{{segment}} {{element}}</bdi></small></td></tr>
    {{/issues}}
    </tbody>
    </table>
    {{/hasIssues}}
    </section>
    <section id="files" aria-labelledby="files-title">
    <h2 id="files-title">Files</h2>
    <p class="note">{{filesNote}}</p>
    {{#hasFiles}}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="files-title">
    <table class="rows sortable">
    <thead><tr><th scope="col">File</th><th scope="col">Status</th><th scope="col">Format</th><th scope="col">Packed</th><th scope="col" class="n">Bytes</th><th scope="col" class="n">Claims</th><th scope="col" class="n">Lines</th><th scope="col" class="n">Watched</th><th scope="col" class="n">Findings</th><th scope="col" class="n">Issues</th></tr></thead>
    <tbody>
    {{#files}}
    <tr><td class="where"><bdi class="id">{{path}}</bdi></td><td>{{#isBroken}}<strong>{{status}}</strong>{{/isBroken}}{{^isBroken}}{{status}}{{/isBroken}}</td><td>{{format}}</td><td>{{compression}}</td><td class="n">{{bytes}}</td><td class="n">{{claims}}</td><td class="n">{{lines}}</td><td class="n">{{watched}}</td><td class="n">{{findings}}</td><td class="n">{{issues}}</td></tr>
    {{/files}}
    </tbody>
    </table>
    </div>
    {{/hasFiles}}
    </section>
    </main>
    <script>\(script.source)</script>
    </body>
    </html>

    """
  }
}
