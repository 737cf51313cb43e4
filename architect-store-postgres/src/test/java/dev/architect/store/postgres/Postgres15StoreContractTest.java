package dev.architect.store.postgres;

import dev.architect.postgres.PostgresServer.Version;

class Postgres15StoreContractTest extends PostgresStoreContract {

    Postgres15StoreContractTest() {
        super(Version.V15);
    }
}
