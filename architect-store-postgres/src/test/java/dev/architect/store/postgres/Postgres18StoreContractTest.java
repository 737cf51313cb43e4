package dev.architect.store.postgres;

import dev.architect.postgres.PostgresServer.Version;

class Postgres18StoreContractTest extends PostgresStoreContract {

    Postgres18StoreContractTest() {
        super(Version.V18);
    }
}
