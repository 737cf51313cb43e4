/** Settings of queues and tenants in a database, and what they allow now. */
package dev.architect.store.jdbi.lane;
