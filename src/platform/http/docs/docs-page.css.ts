/** Makes the page of Swagger UI fit a phone: wide tables and rows are stacked, and long words break. */
export const DOCS_PAGE_CSS = `
.swagger-ui .topbar { display: none }
@media (max-width: 640px) {
  .swagger-ui { overflow-wrap: anywhere }
  .swagger-ui .wrapper, .swagger-ui .scheme-container, .swagger-ui .scheme-container .schemes { box-sizing: border-box; max-width: 100%; padding-left: 8px; padding-right: 8px }
  .swagger-ui table, .swagger-ui thead, .swagger-ui tbody, .swagger-ui tr, .swagger-ui td, .swagger-ui th { display: block; box-sizing: border-box; width: 100%; min-width: 0; max-width: 100% }
  .swagger-ui .opblock-summary, .swagger-ui .opblock-section-header, .swagger-ui .opblock-summary-path-description-wrapper { flex-wrap: wrap; min-width: 0 }
  .swagger-ui .opblock .opblock-summary-control { flex-wrap: wrap; min-width: 0 }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; flex-shrink: 1; padding: 0 4px }
  .swagger-ui input, .swagger-ui select, .swagger-ui textarea { box-sizing: border-box; width: 100% !important; min-width: 0 !important; max-width: 100% !important }
  .swagger-ui pre, .swagger-ui code { white-space: pre-wrap !important; word-break: break-word; max-width: 100% }
  .swagger-ui .highlight-code, .swagger-ui .model-box, .swagger-ui .model-box-control, .swagger-ui section.models { max-width: 100%; overflow-x: auto }
  .swagger-ui .dialog-ux .modal-ux { min-width: 0; width: 100%; max-width: 100% }
}
`;
