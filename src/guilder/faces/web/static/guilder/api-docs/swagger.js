(()=>{var e=document.getElementById("swagger");window.ui=window.SwaggerUIBundle({url:e.dataset.spec,domNode:e,deepLinking:!0,persistAuthorization:!1,tryItOutEnabled:!0,validatorUrl:null});})();
