// Starts Swagger UI on the address that the page names.
const place = document.getElementById("swagger");
window.ui = window.SwaggerUIBundle({
  url: place.dataset.spec,
  domNode: place,
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
