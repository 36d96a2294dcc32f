/** Reports: one page with everything about a network. */
export { Report, type ReportParts, type ReportSection, type ReportTable } from './report.js';
