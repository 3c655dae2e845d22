import { startServer } from "/work/main/test/truth/server.ts"
import { openWorkbench } from "/work/main/test/truth/workbench.ts"
import { observeSchema } from "/work/main/test/truth/database.ts"
const [majors, schema, ...sqls] = process.argv.slice(2)
for (const m of majors!.split(",").map(Number)) {
const s = await startServer(m as any); const b = await openWorkbench(s)
try { const r = await observeSchema(b, { sql: schema! }, sqls.map(sql => ({ id: sql, schema: "", sql })))
r.forEach((o, i) => console.log(m, sqls[i], "|", o.locks.map(l => `${l.relation} ${l.mode}`).join(", "), "| RW", o.rewrites.join(), "SC", o.scans.join(), "BU", o.builds.join(), o.transaction === "forbidden" ? "FORBID" : "", o.fails ? o.fails.code + " " + o.fails.message : "")) } catch (e) { console.log(m, e) }
await b.close(); await s.stop() }
