/** Reports: one page with everything about a network, one figure of a whole database. */
export { plotDatabase, toDatabasePoints } from './plot-database.js';
export { Report, type ReportParts, type ReportSection, type ReportTable } from './report.js';
