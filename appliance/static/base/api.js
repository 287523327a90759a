/** The server's API, called as the person who is signed in at this browser. */

const PREFIX = "/api/v1";
const SLOWEST = 60_000; // milliseconds for an answer, unless the caller has a signal of its own

/** The server has refused. `code`: Zulip's; `data`: the whole answer. */
export class ApiError extends Error {
  /** @param {number} status @param {Record<string, any>} data */
  constructor(status, data) {
    super(data.msg || `The server answered ${status}`);
    this.status = status;
    this.code = data.code ?? "";
    this.data = data;
  }
}

/** There was no answer: no network, or no server. Whether the request was carried out is unknown. */
export class NetworkError extends Error {}

let signedOut = () => location.assign("/");
let whose = /** @type {Record<string, string>} */ ({});

/** @param {() => void} run when the session has ended, in place of leaving for the sign-in page */
export function onSignedOut(run) {
  signedOut = run;
}

/** From now on nothing is done in the name of anybody else who may sign in at this browser. @param {number} userId */
export function actFor(userId) {
  whose = { "X-User-Id": String(userId) };
}

/** What tells the server that a page of its own asks, and for whom. */
export const identity = () => ({ "X-Requested-With": "page", ...whose });

/** @typedef {{signal?: AbortSignal, headers?: Record<string, string>}} Options */
/** @typedef {Record<string, any>} Params lists, objects, numbers and booleans go as JSON, null and undefined not at all */

/** @param {string} path below /api/v1 @param {Params} [params] @param {Options} [options] */
export const get = (path, params, options) => call("GET", path, params, options);
/** @param {string} path @param {Params} [params] @param {Options} [options] */
export const post = (path, params, options) => call("POST", path, params, options);
/** @param {string} path @param {Params} [params] @param {Options} [options] */
export const patch = (path, params, options) => call("PATCH", path, params, options);
/** @param {string} path @param {Params} [params] @param {Options} [options] */
export const remove = (path, params, options) => call("DELETE", path, params, options);

/**
 * @param {string} method
 * @param {string} path
 * @param {Params} [params]
 * @param {Options} [options]
 * @returns {Promise<Record<string, any>>} the answer. Rejects with ApiError or NetworkError.
 */
async function call(method, path, params = {}, options = {}) {
  const encoded = encode(params);
  const inBody = method !== "GET";
  const address = PREFIX + path + (!inBody && encoded.size ? `?${encoded}` : "");
  return answer(address, {
    method,
    body: inBody && encoded.size ? encoded : undefined,
    signal: options.signal ?? AbortSignal.timeout(SLOWEST),
    headers: { ...identity(), ...options.headers },
  });
}

/**
 * Send one file.
 * @param {string} path @param {Blob} file @param {Params} [params] @param {Options} [options]
 */
export function upload(path, file, params = {}, options = {}) {
  const body = new FormData();
  for (const [name, value] of encode(params)) body.append(name, value);
  body.append("file", file);
  const headers = { ...identity(), ...options.headers };
  return answer(PREFIX + path, { method: "POST", body, signal: options.signal ?? AbortSignal.timeout(5 * SLOWEST), headers });
}

/** @param {string} address @param {RequestInit} request */
async function answer(address, request) {
  let response, data;
  try {
    response = await fetch(address, { credentials: "same-origin", ...request });
    data = await response.json();
  } catch (error) {
    throw new NetworkError(`The server does not answer (${error instanceof Error ? error.message : error})`);
  }
  if (response.ok) return data;
  if (response.status === 401) signedOut();
  throw new ApiError(response.status, data);
}

/** @param {Params} params */
function encode(params) {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined) continue;
    encoded.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return encoded;
}
