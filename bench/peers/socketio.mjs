// The peer: socket.io with pg. Sign-in by a token, then a query for the membership and an INSERT for each message; the
// acknowledgement and the delivery follow the commit. One process, as few lines as such a server usually has.
import { createServer } from "node:http";
import pg from "pg";
import { Server } from "socket.io";

const pool = new pg.Pool({
  host: process.env.PGHOST, user: process.env.PGUSER, password: process.env.PGPASSWORD, database: process.env.PGDATABASE,
  max: 10,
});
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });

io.use(async (socket, next) => {
  const found = await pool.query("SELECT account FROM bench_place WHERE token = $1", [socket.handshake.auth.token]);
  if (found.rowCount === 0) return next(new Error("not signed in"));
  socket.data.account = found.rows[0].account;
  return next();
});

io.on("connection", (socket) => {
  socket.join(socket.handshake.auth.conversation);
  socket.on("send", async (said, answer) => {
    const place = await pool.query({
      name: "place", text: "SELECT 1 FROM bench_place WHERE conversation = $1 AND account = $2",
      values: [said.conversation, socket.data.account],
    });
    if (place.rowCount === 0) return answer({ error: "not_found" });
    const stored = await pool.query({
      name: "store",
      text: "INSERT INTO bench_naive_message (conversation, sender, client_id, body, sent_at)"
        + " VALUES ($1, $2, $3, $4, now()) RETURNING id, sent_at",
      values: [said.conversation, socket.data.account, said.client_id, said.body],
    });
    const { id, sent_at: sentAt } = stored.rows[0];
    const message = { conversation: said.conversation, id, seq: Number(id), sender: socket.data.account, body: said.body, sent_at: sentAt };
    socket.to(said.conversation).emit("message", message);
    return answer({ id, seq: Number(id), sent_at: sentAt });
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1");
