// Lets ReDoc run under style-src 'self': its style elements become constructed sheets, its search worker a file.
{
  const base = document.currentScript.dataset.worker;
  const sheets = new WeakMap();
  const create = Document.prototype.createElement;

  const sheetOf = (element) => {
    if (!sheets.has(element)) {
      const sheet = new CSSStyleSheet();
      sheets.set(element, sheet);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
    return sheets.get(element);
  };

  // An element that the browser does not know is never applied, so the policy has nothing to refuse.
  Document.prototype.createElement = function createElement(name, options) {
    if (String(name).toLowerCase() !== "style") return create.call(this, name, options);
    const element = create.call(this, "x-style");
    Object.defineProperty(element, "sheet", { get: () => sheetOf(element) });
    // Text means a whole sheet; an empty text node is only the place that rules are inserted after.
    const read = () => { if (element.textContent) sheetOf(element).replaceSync(element.textContent); };
    new MutationObserver(read).observe(element, { childList: true, characterData: true, subtree: true });
    return element;
  };

  const Native = window.Worker;
  window.Worker = class extends Native {
    constructor(address, options) {
      super(String(address).startsWith("blob:") ? base : address, options);
    }
  };
}
