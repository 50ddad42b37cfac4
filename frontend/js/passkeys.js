// Passkeys: what the server asks goes to the browser, and what it signed goes back.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const token = (near) => (near.closest("form") ?? document).querySelector("[name=csrfmiddlewaretoken]").value;

const post = async (url, near, body = "{}") => {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token(near) },
  });
  const type = answer.headers.get("Content-Type") ?? "";
  return type.includes("json") ? answer.json() : { problem: answer.statusText };
};

const asked = ({ publicKey }) => {
  const found = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (found.user) found.user = { ...found.user, id: bytes(found.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (found[list]) found[list] = found[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: found };
};

const told = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};

const problem = (near, words) => {
  const place = (near.closest(".card") ?? document).querySelector("[data-passkey-problem]");
  place.textContent = words;
  place.hidden = !words;
};

const use = async (button) => {
  problem(button, "");
  button.disabled = true;
  try {
    const options = await post(button.dataset.passkey, button);
    const credential = await navigator.credentials.get(asked(options));
    const { to, problem: words } = await post(button.dataset.passkeyTo, button, JSON.stringify(told(credential)));
    if (to) location.assign(to);
    else problem(button, words);
  } catch (error) {
    if (error.name !== "NotAllowedError" && error.name !== "AbortError") problem(button, error.message);
  } finally {
    button.disabled = false;
  }
};

const make = async (form) => {
  problem(form, "");
  try {
    const options = await post(form.dataset.newPasskey, form);
    if (options.to) {
      location.assign(options.to);
      return;
    }
    const credential = told(await navigator.credentials.create(asked(options)));
    form.elements.answer.value = JSON.stringify({ name: form.elements.called.value, credential });
    form.submit();
  } catch (error) {
    if (error.name !== "NotAllowedError" && error.name !== "AbortError") problem(form, error.message);
  }
};

if (globalThis.PublicKeyCredential && isSecureContext) {
  for (const one of document.querySelectorAll("[data-passkey-shown]")) one.hidden = false;
  for (const one of document.querySelectorAll("[data-passkey-missing]")) one.hidden = true;
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-passkey]");
  if (button) use(button);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-new-passkey]");
  if (!form) return;
  event.preventDefault();
  make(form);
});
