package dev.architect.store.postgres;

import dev.architect.postgres.PostgresServer.Version;

class Postgres15ShardContractTest extends PostgresShardContract {

    Postgres15ShardContractTest() {
        super(Version.V15, Version.V15);
    }
}
