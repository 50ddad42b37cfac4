// What only pages of work need: forms, papers, reports; overview, inbox and lists do without.
import "./bank.js";
import "./dates.js";
import "./drops.js";
import "./mentions.js";
import "./options.js";
import "./passkeys.js";
import "./reports.js";
import "./settings.js";
import "./suggest.js";
import "./viewer.js";
