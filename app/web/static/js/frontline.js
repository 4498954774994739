// The front door of all scripts: each room looks for its own data attributes and does nothing where there are none.
import * as aliases from "./aliases.js";
import * as bell from "./bell.js";
import * as columns from "./columns.js";
import * as desk from "./desk.js";
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as filters from "./filters.js";
import * as forms from "./forms.js";
import * as frame from "./frame.js";
import * as keys from "./keys.js";
import * as moves from "./moves.js";
import * as passwords from "./passwords.js";
import * as pickers from "./pickers.js";
import * as progress from "./progress.js";
import * as rows from "./rows.js";
import * as schedules from "./schedules.js";
import * as toasts from "./toasts.js";
import * as uploads from "./uploads.js";

for (const room of [frame, bell, dialogs, drafts, toasts, keys, rows, desk, pickers, filters, columns, aliases, forms, moves, uploads, passwords, progress, schedules]) room.open(document);
