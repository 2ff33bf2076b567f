/// What the page can do beyond being read: sort its tables, filter the findings, open the rule that is pointed at, print all folded text.
extension HTMLPage {
  /// The script and its hash, by which the policy of the page lets this script run and no other.
  ///
  /// Whoever changes the script runs the tests: the one that fails names the new hash. It holds no `<` and no `&`, which XML would take for markup.
  static let script = (
    source: """

    'use strict';
    (() => {
      const number = text => { const plain = text.replace(/[$,]/g, ''); return plain === '' ? NaN : Number(plain); };
      const compare = (a, b) => {
        const x = number(a), y = number(b);
        if (Number.isNaN(x) || Number.isNaN(y)) return a.localeCompare(b, 'en', {numeric: true});
        return x - y;
      };
      for (const table of document.querySelectorAll('table.sortable')) {
        const body = table.tBodies[0];
        const rows = Array.from(body.rows);
        const heads = Array.from(table.tHead.rows[0].cells);
        heads.forEach((head, column) => {
          if (head.classList.contains('plain')) return;
          const button = document.createElement('button');
          button.type = 'button';
          button.append(...head.childNodes);
          head.append(button);
          button.addEventListener('click', () => {
            const next = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
            const sign = next === 'ascending' ? 1 : -1;
            heads.forEach(other => other.removeAttribute('aria-sort'));
            head.setAttribute('aria-sort', next);
            const keyed = rows.map((row, index) => {
              const cell = row.cells[column];
              return {row, index, key: cell.dataset.v ?? cell.textContent.trim()};
            });
            keyed.sort((a, b) => sign * compare(a.key, b.key) || a.index - b.index);
            body.append(...keyed.map(entry => entry.row));
          });
        });
      }
      for (const input of document.querySelectorAll('[data-filter]')) {
        const tools = input.closest('.tools');
        const output = tools.querySelector('output');
        const rows = Array.from(document.getElementById(input.dataset.filter).tBodies[0].rows);
        const texts = rows.map(row => row.textContent.toLowerCase());
        tools.hidden = false;
        input.addEventListener('input', () => {
          const words = input.value.toLowerCase().split(/\\s+/);
          let shown = 0;
          rows.forEach((row, index) => {
            row.hidden = !words.every(word => texts[index].includes(word));
            if (!row.hidden) shown += 1;
          });
          output.textContent = input.value.trim() === '' ? '' : `${shown} of ${rows.length} shown`;
        });
      }
      const reveal = () => {
        const target = document.getElementById(location.hash.slice(1));
        const folded = target?.closest('details');
        if (folded) { folded.open = true; folded.scrollIntoView(); }
      };
      addEventListener('hashchange', reveal);
      reveal();
      let closed = [];
      addEventListener('beforeprint', () => {
        closed = Array.from(document.querySelectorAll('details:not([open])'));
        closed.forEach(folded => { folded.open = true; });
      });
      addEventListener('afterprint', () => { closed.forEach(folded => { folded.open = false; }); });
    })();

    """,
    hash: "sha256-dzkWxiMuA+9f//55GOCdGwgv5xcK9Zo0MCnH6LpQa2E="
  )
}
