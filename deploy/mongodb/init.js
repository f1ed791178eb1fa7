// Makes the replica set once; a second run changes nothing.
try {
  rs.status();
} catch (err) {
  if (err.codeName !== "NotYetInitialized") throw err;
  rs.initiate({
    _id: "sanad",
    members: [
      { _id: 0, host: "mongo-1:27017" },
      { _id: 1, host: "mongo-2:27017" },
      { _id: 2, host: "mongo-3:27017" },
    ],
  });
}
while (!db.hello().setName || !db.hello().primary) sleep(500);
