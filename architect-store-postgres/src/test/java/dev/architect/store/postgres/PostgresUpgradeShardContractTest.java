package dev.architect.store.postgres;

import dev.architect.postgres.PostgresServer.Version;

/** From a server to one of a newer version. */
class PostgresUpgradeShardContractTest extends PostgresShardContract {

    PostgresUpgradeShardContractTest() {
        super(Version.V15, Version.V18);
    }
}
