package dev.architect.store.postgres;

import dev.architect.postgres.PostgresServer.Version;
import org.junit.jupiter.api.Tag;

/** From a server to one of a newer version. */
@Tag("slow")
class PostgresUpgradeShardContractTest extends PostgresShardContract {

    PostgresUpgradeShardContractTest() {
        super(Version.V15, Version.V18);
    }
}
