// Bluesky's own PDS with one account, on loopback only. Says one line of JSON when it is ready, ends with its stdin.
const net = require("node:net");
const path = require("node:path");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...others) {
  if (typeof first === "number" || typeof first === "string") return listen.call(this, { port: Number(first), host: "127.0.0.1" }, ...others.filter((other) => typeof other === "function"));
  return listen.call(this, { ...first, host: "127.0.0.1" }, ...others);
};

const [packages, folder] = process.argv.slice(2);
const { TestNetworkNoAppView } = require(path.join(packages, "node_modules", "@atproto", "dev-env"));

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function main() {
  const [plc, port] = [await freePort(), await freePort()];
  const network = await TestNetworkNoAppView.create({ plc: { port: plc }, pds: { port, hostname: "localhost", dataDirectory: folder } });
  const url = `http://localhost:${port}`;
  const account = { handle: "examples-press.test", email: "press@example.org", password: "the account's own password" };
  const agent = network.pds.getClient();
  await agent.createAccount(account);
  const { data } = await agent.com.atproto.server.createAppPassword({ name: "planner" });
  const friend = network.pds.getClient();
  await friend.createAccount({ handle: "helpful-one.test", email: "friend@example.org", password: "another password" });
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, public: url, handle: "examples-press.test", password: data.password, did: agent.assertDid, friend: friend.assertDid }));
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
