"use strict";
(() => {
  const tree = document.getElementById("tree");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const nodes = () => tree.querySelectorAll("details");
  const setAll = open => nodes().forEach(node => { node.open = open; });

  document.getElementById("tools").hidden = false;
  document.getElementById("open").addEventListener("click", () => setAll(true));
  document.getElementById("close").addEventListener("click", () => setAll(false));

  // What was open before a search, and before printing, is open again afterwards.
  let before = null;
  const remember = () => { before ??= [...nodes()].filter(node => node.open); };
  const restore = () => {
    if (before) {
      setAll(false);
      before.forEach(node => { node.open = true; });
      before = null;
    }
  };

  const text = row => [row.firstElementChild.title, ...[...row.children].slice(4).map(cell => cell.textContent)]
    .join(" ").toLowerCase();

  // Shows a line that has the words, all around it, and, if it is open by itself, all below.
  const filter = (element, words, shown) => {
    const row = element.tagName === "DETAILS" ? element.firstElementChild : element;
    const matches = words.every(word => text(row).includes(word));
    let below = 0;
    if (element.tagName === "DETAILS") {
      for (const child of [...element.children].slice(1)) {
        below += filter(child, words, shown || matches);
      }
      element.open = below > 0;
    }
    element.classList.toggle("gone", !(shown || matches || below > 0));
    return below + (matches ? 1 : 0);
  };

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const words = search.value.toLowerCase().split(/\s+/).filter(word => word);
      if (words.length === 0) {
        tree.querySelectorAll(".gone").forEach(element => element.classList.remove("gone"));
        found.textContent = "";
        restore();
        return;
      }
      remember();
      let count = 0;
      for (const root of tree.children) {
        count += filter(root, words, false);
      }
      found.textContent = count + " found";
    }, 150);
  });
  search.addEventListener("keydown", event => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      visible()[0]?.focus();
    }
  });

  const lead = row => row.tagName === "SUMMARY" ? row.parentElement : null;
  // What is in closed details has a place in some browsers, so the place doesn't tell.
  const isVisible = row => !row.closest(".gone") && !(lead(row) ?? row).parentElement.closest("details:not([open])");
  const visible = () => [...tree.querySelectorAll(".row")].filter(isVisible);

  tree.addEventListener("keydown", event => {
    const row = event.target.closest(".row");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const rows = visible();
    const at = rows.indexOf(row);
    const node = lead(row);
    const outer = (node ?? row).parentElement.closest("details");
    let next = null;
    switch (event.key) {
      case "ArrowDown": next = rows[at + 1]; break;
      case "ArrowUp": next = rows[at - 1] ?? search; break;
      case "Home": next = rows[0]; break;
      case "End": next = rows[rows.length - 1]; break;
      case "ArrowRight":
        if (node && !node.open) { node.open = true; next = row; } else { next = node ? rows[at + 1] : null; }
        break;
      case "ArrowLeft":
        if (node && node.open) { node.open = false; next = row; } else { next = outer?.firstElementChild; }
        break;
      default: return;
    }
    event.preventDefault();
    next?.focus();
  });

  let printing = null;
  addEventListener("beforeprint", () => {
    printing = [...nodes()].filter(node => !node.open);
    setAll(true);
  });
  addEventListener("afterprint", () => printing?.forEach(node => { node.open = false; }));
})();
