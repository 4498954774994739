// The page for programs: Swagger's own bundle, started from a file because nothing runs inline here.
(function () {
  "use strict";
  var place = document.getElementById("swagger-ui");
  if (!place || !window.SwaggerUIBundle) return;
  window.SwaggerUIBundle({ url: place.dataset.swagger, dom_id: "#swagger-ui", presets: [window.SwaggerUIBundle.presets.apis], layout: "BaseLayout" });
})();
