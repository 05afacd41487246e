// Lets a long table be searched, filtered and sorted. Where this does not run, all of it stands.
(function () {
  var collator = new Intl.Collator("en", { numeric: true });

  function element(name, parent, text) {
    var made = parent.appendChild(document.createElement(name));
    made.textContent = text || "";
    return made;
  }

  function labelled(form, name, control) {
    var label = element("label", form);
    element("span", label, name);
    return label.appendChild(control);
  }

  function choice(form, name, rows) {
    var select = labelled(form, name, document.createElement("select"));
    select.name = name;
    element("option", select, "all").value = "";
    var values = new Set(rows.map(function (row) { return row.dataset[name]; }));
    Array.from(values).filter(Boolean).sort(collator.compare).forEach(function (value) {
      element("option", select, value).value = value;
    });
    return select;
  }

  function filter(table, rows) {
    var articles = document.querySelectorAll("article.claim");
    var told = {};
    articles.forEach(function (article) {
      var words = article.querySelectorAll("h3, .statement");
      told[article.id] = Array.from(words).map(function (one) { return one.textContent; }).join(" ");
    });
    var texts = rows.map(function (row) {
      return (row.textContent + " " + (told[row.dataset.partOf] || "")).toLowerCase();
    });
    var form = document.createElement("form");
    form.className = "filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Filter the table");
    var search = labelled(form, "search", document.createElement("input"));
    search.type = "search";
    search.name = "search";
    search.placeholder = "name or word of a statement";
    var facets = table.dataset.facets.split(" ").map(function (name) {
      return choice(form, name, rows);
    });
    element("button", form, "Show all").type = "reset";
    var count = element("output", form);
    function apply() {
      var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      var kept = new Set();
      rows.forEach(function (row, i) {
        var fits =
          words.every(function (word) { return texts[i].includes(word); }) &&
          facets.every(function (one) { return !one.value || row.dataset[one.name] === one.value; });
        row.hidden = !fits;
        if (fits) {
          shown++;
          kept.add(row.dataset.partOf);
        }
      });
      articles.forEach(function (article) { article.hidden = !kept.has(article.id); });
      count.textContent = shown + " of " + rows.length + (rows.length === 1 ? " row" : " rows");
    }
    form.addEventListener("input", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    // The fields are empty only after the event.
    form.addEventListener("reset", function () { setTimeout(apply); });
    table.parentNode.before(form);
    apply();
  }

  function key(row, column) {
    var cell = row.cells[column];
    if (!cell) {
      return "";
    }
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent;
  }

  function missing(one) {
    return one === "" || one === "–" || Number.isNaN(one);
  }

  function compare(a, b) {
    if (missing(a) || missing(b)) {
      return 0;
    }
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
  }

  function sortable(table, rows) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        var before = head.getAttribute("aria-sort");
        var next = before === "ascending" ? "descending" : before === "descending" ? "" : "ascending";
        heads.forEach(function (one) { one.removeAttribute("aria-sort"); });
        var sorted = rows;
        if (next) {
          head.setAttribute("aria-sort", next);
          var sign = next === "ascending" ? 1 : -1;
          sorted = rows
            .map(function (row) { return { row: row, key: key(row, column) }; })
            .sort(function (a, b) {
              // What is not known comes last, either way.
              return missing(a.key) - missing(b.key) || sign * compare(a.key, b.key);
            })
            .map(function (one) { return one.row; });
        }
        table.tBodies[0].append.apply(table.tBodies[0], sorted);
      });
    });
  }

  document.querySelectorAll("table[data-facets]").forEach(function (table) {
    var rows = Array.from(table.tBodies[0].rows);
    filter(table, rows);
    sortable(table, rows);
  });
})();
