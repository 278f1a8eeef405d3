// SPDX-License-Identifier: MIT
// The example links in Hono on Node; ../README.md has the endpoints.

import { randomInt } from "node:crypto";
import { serve } from "@hono/node-server";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { html } from "hono/html";
import { HTTPException } from "hono/http-exception";
import { verify } from "hono/jwt";
import postgres from "postgres";
import { z } from "zod";

const env = z
  .object({
    DATABASE_URL: z.string().optional(), // or PGHOST, PGDATABASE, ...
    MAYFLY_TOKEN_SECRET: z.string().min(32),
    PORT: z.coerce.number().default(3000),
  })
  .parse(process.env);

const sql = postgres(env.DATABASE_URL, {
  types: {
    // Numbers in JSON; a count stays below 2^53.
    bigint: { to: 20, from: [20], parse: Number, serialize: String },
  },
});
const columns = sql`slug, url, note, hits, created_at AS "createdAt"`;

// Lengths are of characters, as PostgreSQL counts them, not of UTF-16 units.
const line = (max) =>
  z
    .string()
    .trim()
    .regex(
      new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${max}}$`, "u"),
      `must be one line of 1 to ${max} characters`,
    );
const newLink = z.object({
  url: z
    .string()
    .regex(/^[!-~]*$/, "must be ASCII without blanks")
    .pipe(z.url({ protocol: z.regexes.httpProtocol }).max(2048)),
  slug: z
    .string()
    .regex(/^[a-z0-9-]{3,32}$/)
    .optional(),
  note: line(200).nullable().default(null),
});
const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(10000).default(0),
});
const newEntry = z.object({
  name: line(80),
  message: z
    .string()
    .trim()
    .regex(/^[^\0]{1,1000}$/u, "must have 1 to 1000 characters"),
});
const claims = z.object({
  sub: z.string().regex(/^[1-9]\d{0,18}$/),
  iat: z.number(),
  exp: z.number(),
});

const fail = (c, status, key, message) =>
  c.json({ errors: { [key]: [message] } }, status);

const unauthorized = (c, message) => {
  c.header("WWW-Authenticate", "Bearer");
  return fail(c, 401, "token", message);
};

const valid = (target, schema) =>
  zValidator(target, schema, (result, c) => {
    if (result.success) return;
    const { fieldErrors, formErrors } = z.flattenError(result.error);
    const errors = formErrors.length ? { body: formErrors } : fieldErrors;
    return c.json({ errors }, 422);
  });

const needsOwner = createMiddleware(async (c, next) => {
  const [, token] =
    c.req.header("Authorization")?.match(/^(?:Bearer|Token) (.+)$/) ?? [];
  if (!token) return unauthorized(c, "is missing");
  try {
    const payload = await verify(token, env.MAYFLY_TOKEN_SECRET, "HS256");
    c.set("owner", claims.parse(payload).sub);
  } catch {
    return unauthorized(c, "is invalid");
  }
  await next();
});

const randomSlug = () =>
  randomInt(36 ** 8)
    .toString(36)
    .padStart(8, "0");

const csvLine = (fields) =>
  fields
    .map((field) => String(field ?? ""))
    .map((text) =>
      /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
    )
    .join(",") + "\r\n";

const app = new Hono();

app.use(
  bodyLimit({
    maxSize: 1024 * 1024,
    onError: (c) => fail(c, 413, "body", "is too large"),
  }),
);

app.post("/links", needsOwner, valid("json", newLink), async (c) => {
  const { url, slug, note } = c.req.valid("json");
  const owner = c.get("owner");
  let link;
  do {
    [link] = await sql`
      INSERT INTO link (slug, url, note, owner)
      VALUES (${slug ?? randomSlug()}, ${url}, ${note}, ${owner})
      ON CONFLICT DO NOTHING
      RETURNING ${columns}
    `;
  } while (!link && !slug);
  if (!link) return fail(c, 409, "slug", "has already been taken");
  return c.json({ link }, 201);
});

app.get("/links", needsOwner, valid("query", page), async (c) => {
  const { limit, offset } = c.req.valid("query");
  const owner = c.get("owner");
  const [links, [{ count }]] = await Promise.all([
    sql`
      SELECT ${columns}
      FROM link
      WHERE owner = ${owner}
      ORDER BY created_at DESC, slug
      LIMIT ${limit} OFFSET ${offset}
    `,
    sql`SELECT count(*) FROM link WHERE owner = ${owner}`,
  ]);
  return c.json({ links, linksCount: count });
});

app.get("/l/:slug{[a-z0-9-]+}", async (c) => {
  const [link] = await sql`
    UPDATE link
    SET hits = hits + 1
    WHERE slug = ${c.req.param("slug")}
    RETURNING url
  `;
  if (!link) return fail(c, 404, "link", "not found");
  return c.redirect(link.url, 303);
});

app.delete("/links/:slug{[a-z0-9-]+}", needsOwner, async (c) => {
  const slug = c.req.param("slug");
  const owner = c.get("owner");
  const { count } = await sql`
    DELETE FROM link
    WHERE slug = ${slug} AND owner = ${owner}
  `;
  if (count) return c.body(null, 204);
  const [link] = await sql`SELECT FROM link WHERE slug = ${slug}`;
  return link
    ? fail(c, 403, "link", "forbidden")
    : fail(c, 404, "link", "not found");
});

app.get("/links.csv", needsOwner, async (c) => {
  const links = await sql`
    SELECT ${columns}
    FROM link
    WHERE owner = ${c.get("owner")}
    ORDER BY created_at DESC, slug
  `;
  const rows = links.map(({ slug, url, note, hits, createdAt }) =>
    csvLine([slug, url, note, hits, createdAt.toISOString()]),
  );
  return c.body(
    csvLine(["slug", "url", "note", "hits", "createdAt"]) + rows.join(""),
    200,
    { "Content-Type": "text/csv; charset=utf-8" },
  );
});

app.get("/guestbook", async (c) => {
  const [entries, [{ n }]] = await Promise.all([
    sql`
      SELECT name, message, created_at AS "createdAt"
      FROM guestbook_entry
      ORDER BY id DESC
      LIMIT 50
    `,
    sql`SELECT n FROM guestbook_counter`,
  ]);
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>Guestbook</title>
        </head>
        <body>
          <h1>Guestbook</h1>
          <p>Entries: ${n}</p>
          <form method="post" action="/guestbook">
            <label>Name <input name="name" maxlength="80" required /></label>
            <label>
              Message
              <textarea name="message" maxlength="1000" required></textarea>
            </label>
            <button>Sign</button>
          </form>
          ${entries.map(
            ({ name, message, createdAt }) =>
              html`<article>
                <h2>${name}</h2>
                <p>${message}</p>
                <time>${createdAt.toISOString()}</time>
              </article>`,
          )}
        </body>
      </html>`,
  );
});

app.post("/guestbook", valid("form", newEntry), async (c) => {
  const { name, message } = c.req.valid("form");
  await sql.begin(async (sql) => {
    await sql`
      INSERT INTO guestbook_entry (name, message)
      VALUES (${name}, ${message})
    `;
    await sql`UPDATE guestbook_counter SET n = n + 1`;
  });
  return c.redirect("/guestbook", 303);
});

app.notFound((c) => fail(c, 404, "path", "not found"));

app.onError((error, c) => {
  if (error instanceof HTTPException)
    return fail(c, error.status, "body", error.message);
  console.error(error);
  return fail(c, 500, "server", "failed");
});

serve({ fetch: app.fetch, port: env.PORT });
