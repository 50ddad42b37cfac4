// What only pages of work need: forms, lists, papers, reports; the overview does without.
import "./bank.js";
import "./dates.js";
import "./drops.js";
import "./lists.js";
import "./mentions.js";
import "./options.js";
import "./passkeys.js";
import "./reports.js";
import "./settings.js";
import "./setup.js";
import "./suggest.js";
import "./viewer.js";
