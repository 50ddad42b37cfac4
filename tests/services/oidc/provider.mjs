// A real OpenID Connect provider for the tests; says one line of JSON once it listens.
//
// People are told apart by the name that they type into its sign-in form; PEOPLE (JSON) says what is
// known of each: the claims as Keycloak names them.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const people = JSON.parse(process.env.PEOPLE);
const redirect = JSON.parse(process.env.RETURN_ADDRESSES);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const server = createServer();
await new Promise((done) => server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", kid: "test", alg: "RS256" }] },
  clients: [{
    client_id: "guilder",
    client_secret: "a secret of the tests & nobody else",
    redirect_uris: redirect,
    response_types: ["code"],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: process.env.AUTH_METHOD ?? "client_secret_basic",
    require_auth_time: true,
  }],
  pkce: { required: () => true },
  conformIdTokenClaims: process.env.CLAIMS_IN === "userinfo",
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name", "given_name", "family_name", "preferred_username", "groups", "realm_access"],
  },
  cookies: { keys: ["only of the tests"] },
  findAccount: (_ctx, id) => (people[id] ? { accountId: id, claims: () => ({ sub: id, ...people[id] }) } : undefined),
  features: { devInteractions: { enabled: true } },
});
provider.on("server_error", (_ctx, error) => console.error(error));
server.on("request", provider.callback());
console.log(JSON.stringify({ issuer }));
process.on("SIGTERM", () => process.exit(0));
