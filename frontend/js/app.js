// The interface's own script: htmx with morphing swaps, and small helpers told apart by data-do.
import htmx from "htmx.org/dist/htmx.esm.js";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { listen } from "./act.js";
import "./shared.js";
import "./dialogs.js";
import "./keys.js";
import "./live.js";
import "./menus.js";
import "./messages.js";
import "./notices.js";
import "./palette.js";
import "./sessions.js";
import "./sheets.js";
import "./swaps.js";
import "./switches.js";
import "./tabs.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  attributesToSettle: ["class"],
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [{ code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "422", swap: true }, { code: "[45]..", swap: false, error: true }],
});

htmx.defineExtension("morph", {
  isInlineSwap: (style) => style.startsWith("morph"),
  handleSwap(style, target, fragment) {
    if (!style.startsWith("morph")) return false;
    const morphStyle = style.endsWith("innerHTML") ? "innerHTML" : "outerHTML";
    return Idiomorph.morph(target, fragment.children, { morphStyle });
  },
});

listen();
